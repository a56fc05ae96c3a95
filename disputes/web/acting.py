"""Acting on a case from a page: the form of an action, and carrying it out through the door, once per form."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from rest_framework import serializers

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.errors import Conflict, DomainError
from casemgmt.rest.idempotency import Answer, Once
from disputes import casefile, workflow
from disputes.api.inputs import INPUTS
from disputes.models import Case, Clause
from disputes.states import Outcome, Remedy
from disputes.taxonomy import REMEDIES
from disputes.web import forms, posted, words


class FormOnce:
    """A `workflow.Recorder` for a form: sent twice, it is carried out once. The key came with the page."""

    def __init__(self, request: HttpRequest, *, at: Any) -> None:
        key, user = request.POST.get("once", ""), request.user.pk or 0
        said = sha256(f"{request.path}\n{request.body.decode(errors='replace')}".encode()).hexdigest()
        self._once = Once(user_id=user, key=f"form:{key}"[:255], fingerprint=said) if key else None
        self._at = at

    def replayed(self) -> bool:
        return self._once is not None and self._once.replay() is not None

    def keep(self, case: Case, made: workflow.Made | None = None) -> None:
        if self._once:
            self._once.keep(Answer.of(status=303, body={"reference": case.reference}), at=self._at)


def person(request: HttpRequest) -> tuple[User, Actor]:
    """Who is signed in; the views let nobody else in."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user, Actor.of(user)


def seen(request: HttpRequest, reference: str) -> tuple[Case, Actor]:
    """The case, if it exists for this person; else 404."""
    user, actor = person(request)
    try:
        return casefile.find(user=user, reference=reference), actor
    except DomainError as refusal:
        raise Http404(str(refusal.detail)) from refusal


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, reference: str, action: str) -> HttpResponse:
    """The form of one action; a POST carries it out and leads back to the case."""
    if action not in INPUTS:
        raise Http404
    case, actor = seen(request, reference)
    if request.method != "POST":
        return _form(request, case, action)
    form = INPUTS[action]
    blank = form(context={"request": request})
    said = form(data=posted.nested(request.POST, lists=forms.lists_of(blank)), context={"request": request})
    if not said.is_valid():
        return _form(request, case, action, errors=said.errors, status=422)
    at = clock.now()
    details = dict(said.validated_data)
    version = details.pop("version", None)
    once = FormOnce(request, at=at)
    try:
        workflow.perform(action, case_id=case.pk, actor=actor, at=at, version=version, recorder=once, details=details)
    except DomainError as refusal:
        case = casefile.find(user=person(request)[0], reference=reference)
        status = 409 if isinstance(refusal, Conflict) else 422
        return _form(request, case, action, refusal=refusal, status=status)
    messages.success(request, _("Done: %(what)s") % {"what": words.VERBS[action].name})
    return redirect("case-page", reference=case.reference)


def _form(
    request: HttpRequest, case: Case, action: str, *,
    errors: Any = None, refusal: DomainError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    form = INPUTS[action](context={"request": request})
    told = request.POST if request.method == "POST" else None
    shown = {
        "case": case, "action": action, "verb": words.VERBS[action], "grave": action in words.GRAVE,
        "boxes": forms.boxes(form, posted=told, errors=errors, only=fitting(case, form)),
        "refusal": refusal, "once": request.POST.get("once") or uuid4().hex, "version": case.version,
        "others": _others(errors),
    }  # fmt: skip
    name = "disputes/act_form.html" if request.headers.get("HX-Request") else "disputes/act.html"
    return render(request, name, shown, status=status)


def fitting(case: Case, form: serializers.Serializer[Any]) -> dict[str, list[tuple[str, str]]]:
    """Choices that make sense for this case: remedies of its family, clauses in force, outcomes of a ruling."""
    found = {"remedy": [(r.value, str(r.label)) for r in Remedy if r in REMEDIES[case.flow]]}
    if "citations" in form.fields:
        found["citations"] = _clauses()
    if "outcome" in form.fields:
        ruled = (Outcome.BUYER_FAVOUR, Outcome.SELLER_FAVOUR, Outcome.SPLIT)
        found["outcome"] = [(one.value, str(one.label)) for one in ruled]
    return found


def _clauses() -> list[tuple[str, str]]:
    """Every clause with what it says, in the reader's language."""
    chinese = (get_language() or "zh").startswith("zh")
    rows = Clause.objects.order_by("code", "-version")
    return [(row.code, f"{row.code}: {row.summary_zh if chinese else row.summary_en}") for row in rows]


def _others(errors: Any) -> list[str]:
    """What is wrong with the form as a whole."""
    return [str(text) for text in (errors or {}).get("non_field_errors", [])]
