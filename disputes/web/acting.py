"""Acting on a case from a page: who does, on which case, and once per form."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.errors import Conflict, DomainError, Invalid
from casemgmt.rest.idempotency import Answer, Once
from disputes import casefile, workflow
from disputes.models import Case
from disputes.web import posted

SENT_BEFORE = "form_sent_before"


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
