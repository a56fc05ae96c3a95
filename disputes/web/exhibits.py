"""Exhibits from a page: handing in, submitting, taking back, looking at."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from casemgmt import clock
from casemgmt.errors import DomainError
from disputes.web.acting import person, seen
from evidence import items
from evidence.api.downloads import download
from evidence.api.serializers import UploadSerializer
from evidence.receiving import HashingHandler, Received
from evidence.slots import Kind, Slot


@csrf_exempt
@require_POST
def hand_in(request: HttpRequest, reference: str) -> HttpResponse:
    """Hashed on its way in: the handler must be there before the token's check reads the form."""
    request.upload_handlers = [HashingHandler(request)]
    try:
        return _hand_in(request, reference)
    except DomainError as refusal:  # while it streamed in, or by the rulebook
        messages.error(request, str(refusal.detail))
        return redirect("case-page", reference=reference)


@csrf_protect
@login_required
def _hand_in(request: HttpRequest, reference: str) -> HttpResponse:
    case, actor = seen(request, reference)
    back = redirect("case-page", reference=case.reference)
    file = cast("Received | None", request.FILES.get("file"))
    if file is None:
        messages.error(request, _("Choose a file first."))
        return back
    said = {name: request.POST.get(name, "") for name in ("slot", "title", "statement")}
    form = UploadSerializer(data={**said, "kind": kind_of(file, said["slot"]), "file": file, "submit": True})
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for wrong in form.errors.values() for text in wrong))
        return back
    items.refuse_unless_may_add(actor=actor, case=case, at=clock.now())
    details = items.Details(**{**said, "kind": form.validated_data["kind"]})
    submit = request.POST.get("keep") is None
    items.upload(case=case, actor=actor, received=file, details=details, submit=submit, at=clock.now())
    messages.success(request, _("The file was handed in.") if submit else _("The file is kept, not shown yet."))
    return back


def kind_of(file: Received, slot: str) -> Kind:
    """What the browser says it is; judged by its content later."""
    declared = file.content_type or ""
    if declared.startswith("image/"):
        return Kind.PHOTO
    if declared.startswith("video/"):
        return Kind.VIDEO
    return Kind.CHAT_LOG if slot == Slot.CHAT_LOG else Kind.DOCUMENT


@login_required
@require_POST
def change(request: HttpRequest, reference: str, uid: UUID, verb: str) -> HttpResponse:
    """Submit a kept exhibit, or take one back."""
    case, actor = seen(request, reference)
    at = clock.now()
    try:
        if verb == "submit":
            items.submit(case=case, actor=actor, uid=uid, at=at)
        elif verb == "withdraw":
            items.withdraw(case=case, actor=actor, uid=uid, reason=request.POST.get("reason", ""), at=at)
        else:
            raise Http404
    except DomainError as refusal:
        messages.error(request, str(refusal.detail))
    return redirect("case-page", reference=case.reference)


@login_required
@require_safe
def content(request: HttpRequest, uid: UUID) -> FileResponse:
    """The bytes, as a download."""
    user, actor = person(request)
    try:
        item = items.item_seen_by(user=user, uid=uid)
    except DomainError as refusal:
        raise Http404(str(refusal.detail)) from refusal
    return download(item.file, items.view(item=item, actor=actor, at=clock.now()))
