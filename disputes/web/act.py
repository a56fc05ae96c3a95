"""The form of an action, carrying it out through the door, and keeping what was typed for later."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.errors import Conflict, DomainError
from disputes import unsent, workflow
from disputes.api.inputs import INPUTS
from disputes.models import Case
from disputes.web import answering, forms, page, posted, sheets, words
from disputes.web.acting import FormOnce, key_for, person, seen
from disputes.web.sheets import Trouble, sheet


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, reference: str, action: str) -> HttpResponse:
    """The form of one action; a POST carries it out and leads back to the case, or asks for one more row."""
    if action not in INPUTS:
        raise Http404
    case, actor = seen(request, reference)
    at = clock.now()
    if request.method != "POST" or posted.MORE in request.POST:
        return _shown(request, case, actor, action, sheets.bar(action, case, actor, at) or Trouble())
    blank = INPUTS[action](context={"request": request})
    answers = forms.completed(blank, posted.nested(request.POST, lists=forms.lists_of(blank)))
    said = INPUTS[action](data=answers, context={"request": request})
    if not said.is_valid():
        return _shown(request, case, actor, action, Trouble(errors=said.errors))
    details = dict(said.validated_data)
    version = details.pop("version", None)
    once = FormOnce(request, at=at)
    try:
        workflow.perform(action, case_id=case.pk, actor=actor, at=at, version=version, recorder=once, details=details)
    except DomainError as refusal:
        case = seen(request, reference)[0]
        changed = sheets.changes(case, actor, version) if isinstance(refusal, Conflict) else []
        return _shown(request, case, actor, action, Trouble(refusal=refusal, changed=changed))
    unsent.drop(user_id=person(request)[0].pk, case_id=case.pk, action=action)
    messages.success(request, _("Done: %(what)s") % {"what": words.VERBS[action].name})
    if not Case.objects.visible_to(person(request)[0]).filter(pk=case.pk).exists():
        return redirect("desk")  # it has gone to somebody else
    return redirect("case-page", reference=case.reference)


@login_required
@require_POST
def keep(request: HttpRequest, reference: str, action: str) -> HttpResponse:
    """Keep what was typed into the form of an action, or forget it; to a script as JSON, else back to the form."""
    if action not in INPUTS:
        raise Http404
    case, _actor = seen(request, reference)
    user = person(request)[0]
    forgotten = "forget" in request.POST
    own = {*posted.OWN, "version", "forget"}
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in own and not forgotten}
    try:
        unsent.keep(user_id=user.pk, case=case, action=action, fields=fields, at=clock.now())
    except DomainError as refusal:
        return _told(request, case, action, str(refusal.detail), status=refusal.status)
    said = _("What you typed was dropped.") if forgotten else _("Kept for you on every device until you send it.")
    return _told(request, case, action, said, status=200)


def _told(request: HttpRequest, case: Case, action: str, said: str, *, status: int) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"detail": said}, status=status)
    (messages.success if status < Conflict.status else messages.error)(request, said)
    if request.POST.get(posted.PLACE) == answering.PLACE:
        return redirect(f"{reverse('case-page', args=[case.reference])}?answer={action}#answer-{action}")
    return redirect("act", reference=case.reference, action=action)


def _shown(request: HttpRequest, case: Case, actor: Actor, action: str, trouble: Trouble) -> HttpResponse:
    """The form where it was filled in: in the case's page, in a dialog, or on a page of its own."""
    said = request.POST if request.method == "POST" else None
    once = key_for(request, trouble.refusal)
    if said is not None and said.get(posted.PLACE) == answering.PLACE:
        failed = sheet(case, action, once=once, said=said, trouble=trouble, place=answering.PLACE, request=request,
                       open_=True)  # fmt: skip
        found = page.shown(case, actor, clock.now(), failed=failed)
        if any(one.action == action for one in found["answers"]):
            return render(request, "disputes/case.html", found, status=trouble.status)
    kept = unsent.kept(user_id=person(request)[0].pk, case=case).get(action) if said is None else None
    one = sheet(case, action, once=once, said=said, trouble=trouble, kept=kept, request=request)
    name = "disputes/act_form.html" if request.headers.get("HX-Request") else "disputes/act.html"
    return render(request, name, {"case": case, "sheet": one}, status=trouble.status)
