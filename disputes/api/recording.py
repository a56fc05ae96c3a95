"""An act over HTTP: once per Idempotency-Key, answered with the case's file, refused with a way out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.http import HttpResponse
from rest_framework.request import Request

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.errors import Conflict
from casemgmt.rest.idempotency import Answer, Once
from disputes import casefile, workflow
from disputes.models import Case
from disputes.workflow import Made


class Keeper:
    """A `workflow.Recorder`: replays the answer to a repeated request, keeps the answer to a first one.

    With an Idempotency-Key the file is rendered inside the door's transaction, so that answer and effect stand or fall
    together; without one it is rendered after the commit.
    """

    def __init__(self, request: Request, *, actor: Actor, at: datetime, fresh: int = 200) -> None:
        self._once = Once.of(request)
        self._actor, self._at, self._fresh = actor, at, fresh
        self._answer: Answer | None = None
        self._kept: tuple[Case, Made | None] | None = None
        self._status = fresh

    def replayed(self) -> bool:
        self._answer = self._once.replay() if self._once else None
        return self._answer is not None

    def keep(self, case: Case, made: Made | None = None) -> None:
        # A complaint that was open already is 200, not 201; a case just made has never been repeated.
        self._status = 200 if case.repeat_count else self._fresh
        self._kept = case, made
        if self._once:
            self._answer = self._render()
            self._once.keep(self._answer, at=self._at)

    def response(self) -> HttpResponse:
        return (self._answer or self._render()).response()

    def _render(self) -> Answer:
        if self._kept is None:
            raise RuntimeError("Nothing was kept: the door answers only for what it carried out.")
        case, made = self._kept
        if made:
            body = casefile.full(case, actor=self._actor, at=self._at, made=made)
        else:
            body = casefile.read(case_id=case.pk, actor=self._actor, at=self._at)
        return Answer.of(status=self._status, body=body)


def who(request: Request) -> tuple[User, Actor]:
    """The person who asks; nobody comes here who is not signed in."""
    user = cast(User, request.user)
    return user, Actor.of(user)


def act(request: Request, reference: str, action: str, form: type[Any]) -> HttpResponse:
    """Carry out one action on a case that the person may see, with the details that `form` reads from the body."""
    user, actor = who(request)
    case = casefile.find(user=user, reference=reference)
    details = read(form, request)
    at = clock.now()
    version = details.pop("version", None)
    keeper = Keeper(request, actor=actor, at=at)
    try:
        workflow.perform(action, case_id=case.pk, actor=actor, at=at, version=version, recorder=keeper, details=details)
    except Conflict as refusal:
        point_out(refusal, case_id=case.pk, actor=actor, at=at)
        raise
    return keeper.response()


def read(form: type[Any], request: Request) -> dict[str, Any]:
    """The body, judged by its serializer: a ValidationError names every wrong field."""
    said = form(data=request.data, context={"request": request})
    said.is_valid(raise_exception=True)
    return dict(said.validated_data)


def point_out(refusal: Conflict, *, case_id: int, actor: Actor, at: datetime) -> None:
    """Add to a 409 where the case stands now and what can be done instead."""
    case = Case.objects.select_related("order").get(pk=case_id)
    ways = casefile.actions(case, actor=actor, at=at)["allowed_actions"]
    refusal.extra.update(version=case.version, case_status=str(case.status), allowed_actions=ways)
