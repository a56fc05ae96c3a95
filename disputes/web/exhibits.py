"""Exhibits from a page: handing in, submitting, taking back, looking at."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from casemgmt import clock
from casemgmt.errors import DomainError, NotFound
from disputes.api.inputs import INPUTS
from disputes.web.acting import person, seen
from evidence import items
from evidence.api.downloads import download
from evidence.api.serializers import ReasonSerializer, UploadSerializer
from evidence.receiving import HashingHandler, Received
from evidence.slots import Kind, Slot

FILING = "filing"  # `?to=` of a form on the pages of filing


@csrf_exempt
@login_required
@require_POST
def hand_in(request: HttpRequest, reference: str) -> HttpResponse:
    """Hashed on its way in: the handler must be there before the token's check reads the form."""
    request.upload_handlers = [HashingHandler(request)]
    try:
        return _hand_in(request, reference)
    except DomainError as refusal:  # while it streamed in, or by the rulebook
        return _told(request, reference, str(refusal.detail), status=422)


@csrf_protect
def _hand_in(request: HttpRequest, reference: str) -> HttpResponse:
    case, actor = seen(request, reference)
    file = cast("Received | None", request.FILES.get("file"))
    if file is None:
        return _told(request, reference, _("Choose a file first."), status=422)
    said = {name: request.POST.get(name, "") for name in ("slot", "title", "statement")}
    form = UploadSerializer(data={**said, "kind": kind_of(file, said["slot"]), "file": file, "submit": True})
    if not form.is_valid():
        wrong = " ".join(str(text) for one in form.errors.values() for text in one)
        return _told(request, reference, wrong, status=422)
    items.refuse_unless_may_add(actor=actor, case=case, at=clock.now())
    details = items.Details(**{name: form.validated_data[name] for name in (*said, "kind")})
    submit = request.POST.get("keep") is None
    items.upload(case=case, actor=actor, received=file, details=details, submit=submit, at=clock.now())
    said_so = _("The file was handed in.") if submit else _("The file is kept, not shown yet.")
    return _told(request, reference, said_so, status=201)


def _told(request: HttpRequest, reference: str, detail: str, *, status: int) -> HttpResponse:
    """To a script as JSON; to a form as a message on the page it came from."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"detail": detail}, status=status)
    (messages.success if status == HTTPStatus.CREATED else messages.error)(request, detail)
    return _back(request, reference)


def _back(request: HttpRequest, reference: str) -> HttpResponse:
    """To the page of filing that asks for evidence, to the answer it was handed in for, or to the case."""
    if request.GET.get("to") == FILING:
        return redirect(f"{reverse('draft', args=[reference])}?step=evidence")
    page = redirect("case-page", reference=reference)
    answering = request.POST.get("answer", "")
    if answering in INPUTS:
        page["Location"] += f"?answer={answering}#answer-{answering}"
    return page


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
    why = ReasonSerializer(data={"reason": request.POST.get("reason", "")})
    if verb not in ("submit", "withdraw"):
        raise Http404
    try:
        if verb == "submit":
            items.submit(case=case, actor=actor, uid=uid, at=at)
        elif why.is_valid():
            items.withdraw(case=case, actor=actor, uid=uid, reason=why.validated_data["reason"], at=at)
        else:
            messages.error(request, " ".join(str(text) for text in why.errors["reason"]))
    except NotFound as refusal:
        raise Http404(str(refusal.detail)) from refusal
    except DomainError as refusal:
        messages.error(request, str(refusal.detail))
    return _back(request, case.reference)


@login_required
@require_GET
def content(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The bytes, as a download. Looking is on the timeline, so that a mere HEAD is no way to ask."""
    user, actor = person(request)
    try:
        item = items.item_seen_by(user=user, uid=uid)
    except NotFound as refusal:
        raise Http404(str(refusal.detail)) from refusal
    try:
        return download(item.file, items.view(item=item, actor=actor, at=clock.now()))
    except DomainError as refusal:  # damaged, or the storage is away
        messages.error(request, str(refusal.detail))
        return redirect("case-page", reference=item.case.reference)
