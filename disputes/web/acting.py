"""Acting on a case from a page: the form of an action, and carrying it out through the door, once per form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Min
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
from casemgmt.errors import Conflict, DomainError, Invalid
from casemgmt.rest.idempotency import Answer, Once
from disputes import casefile, catalogue, workflow
from disputes.api.inputs import INPUTS
from disputes.models import Case, Clause
from disputes.moves.law import LAWS
from disputes.states import Outcome
from disputes.web import forms, happenings, posted, words

SENT_BEFORE = "form_sent_before"
MOST_SAID = 5  # complaints about what the page did not ask


class FormOnce:
    """A `workflow.Recorder` for a form: sent twice, it is carried out once. The key came with the page."""

    def __init__(self, request: HttpRequest, *, at: Any, about: str = "") -> None:
        """`about` tells apart what one form does to several cases."""
        key, user = request.POST.get("once", ""), request.user.pk or 0
        said = [(name, request.POST.getlist(name)) for name in sorted(request.POST) if name not in posted.OWN]
        self._once = (
            Once(user_id=user, key=f"form:{_hash(request.path, key, about)}", fingerprint=_hash(said)) if key else None
        )
        self._at = at

    def replayed(self) -> bool:
        return self.before() is not None

    def before(self) -> Answer | None:
        """What was answered when it was sent the first time. Raises Conflict where it said something else then."""
        try:
            return self._once.replay() if self._once else None
        except Invalid as reused:
            detail = _("This form was sent before, with other words, and carried out. Send it again if you mean both.")
            raise Conflict(SENT_BEFORE, detail) from reused

    def keep(self, case: Case, made: workflow.Made | None = None) -> None:
        if self._once:
            self._once.keep(Answer.of(status=303, body={"reference": case.reference}), at=self._at)


def _hash(*said: Any) -> str:
    return sha256(repr(said).encode(errors="replace")).hexdigest()


def key_for(request: HttpRequest, refusal: DomainError | None) -> str:
    """The key of the form to show: the one it had, as long as it was not used up."""
    used_up = refusal is not None and refusal.code == SENT_BEFORE
    return uuid4().hex if used_up else request.POST.get("once", "")[:64] or uuid4().hex


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
    at = clock.now()
    if request.method != "POST":
        return _form(request, case, action, bar=bar(action, case, actor, at))
    blank = INPUTS[action](context={"request": request})
    answers = forms.completed(blank, posted.nested(request.POST, lists=forms.lists_of(blank)))
    said = INPUTS[action](data=answers, context={"request": request})
    if not said.is_valid():
        return _form(request, case, action, errors=said.errors)
    details = dict(said.validated_data)
    version = details.pop("version", None)
    once = FormOnce(request, at=at)
    try:
        workflow.perform(action, case_id=case.pk, actor=actor, at=at, version=version, recorder=once, details=details)
    except DomainError as refusal:
        case = seen(request, reference)[0]
        changed = changes(case, actor, version) if isinstance(refusal, Conflict) else []
        return _form(request, case, action, refusal=refusal, changed=changed)
    messages.success(request, _("Done: %(what)s") % {"what": words.VERBS[action].name})
    if not Case.objects.visible_to(person(request)[0]).filter(pk=case.pk).exists():
        return redirect("desk")  # it has gone to somebody else
    return redirect("case-page", reference=case.reference)


def bar(action: str, case: Case, actor: Actor, at: datetime) -> DomainError | None:
    """Why there is nothing to fill in: it is not the person's to do, or not now."""
    try:
        workflow.refuse_unless_lawful(LAWS[action], case=case, actor=actor, at=at)
    except DomainError as refusal:
        return refusal
    return None


def changes(case: Case, actor: Actor, version: int | None) -> list[dict[str, Any]]:
    """What has happened since the person read this version, as far as they may know it; the latest first."""
    if version is None or version >= case.version:
        return []
    since = case.events.filter(data__set__version__gt=version).aggregate(first=Min("seq"))["first"]
    return happenings.told(case, casefile.side_of(actor, case), since=since)


def _form(
    request: HttpRequest, case: Case, action: str, *, errors: Any = None, refusal: DomainError | None = None,
    bar: DomainError | None = None, changed: Sequence[dict[str, Any]] = (),
) -> HttpResponse:  # fmt: skip
    form = INPUTS[action](context={"request": request})
    told = request.POST if request.method == "POST" else None
    boxes = [] if bar else forms.boxes(form, posted=told, errors=errors, only=fitting(case, form))
    why = refusal or bar
    shown = {
        "case": case, "action": action, "verb": words.VERBS[action], "grave": action in words.GRAVE,
        "boxes": boxes, "refusal": why, "barred": bar is not None, "changed": changed,
        "once": key_for(request, refusal), "version": _version(request) if errors else case.version,
        "others": list(forms.unplaced(errors, frozenset(box.name for box in boxes)))[:MOST_SAID],
    }  # fmt: skip
    name = "disputes/act_form.html" if request.headers.get("HX-Request") else "disputes/act.html"
    return render(request, name, shown, status=why.status if why else 422 if errors else 200)


def _version(request: HttpRequest) -> str:
    """The version that the person has read: mending a form is not reading the case again."""
    said = request.POST.get("version", "")
    return said if re.fullmatch(r"[0-9]{1,9}", said) else ""


def fitting(case: Case, form: serializers.Serializer[Any]) -> dict[str, list[tuple[str, str]]]:
    """Choices that make sense for this case: remedies of its family, clauses in force, outcomes of a ruling."""
    found = {"remedy": catalogue.remedies(case.flow)}
    asked = forms.names_in(form)
    if "citations" in asked:
        found["citations"] = _clauses(clock.now())
    if "outcome" in asked:
        ruled = (Outcome.BUYER_FAVOUR, Outcome.SELLER_FAVOUR, Outcome.SPLIT)
        found["outcome"] = [(one.value, str(one.label)) for one in ruled]
    return found


def _clauses(at: datetime) -> list[tuple[str, str]]:
    """The clauses in force with what they say, in the reader's language."""
    chinese = (get_language() or "zh").startswith("zh")
    rows = Clause.objects.in_force(at).order_by("code")
    return [(row.code, f"{row.code}: {row.summary_zh if chinese else row.summary_en}") for row in rows]
