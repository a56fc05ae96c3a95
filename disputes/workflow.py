"""The one door: every change of a stored case goes through `perform` (one act) or `carry_out` (a sweep's time-outs)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from casemgmt.accounts.actors import SYSTEM, Actor
from casemgmt.errors import Conflict, DomainError, NotFound, NotPermitted, WrongState
from casemgmt.failpoints import failpoint
from casemgmt.timeline.log import Entry
from disputes import persons, promises, record
from disputes.models import Case, Claim
from disputes.moves.law import LAWS, Act, Law
from disputes.states import Status
from sla import sweep
from sla.batch import Batch
from sla.models import Clock


@dataclass(frozen=True, kw_only=True)
class Made:
    """What belongs to a case that was filed in this transaction, in memory."""

    clocks: list[Clock]
    claims: list[Claim]


class Recorder(Protocol):
    """Keeps an answer with its idempotency key, in the door's own transaction."""

    def replayed(self) -> bool:
        """True if this request was answered before: then nothing is done again."""

    def keep(self, case: Case, made: Made | None = None) -> None:
        """Render and store the answer; `made` where the case was filed in this transaction."""


def perform(
    action: str,
    *,
    case_id: int,
    actor: Actor,
    at: datetime,
    version: int | None = None,
    recorder: Recorder | None = None,
    details: dict[str, Any] | None = None,
) -> Case | None:
    """Settle what is overdue, then carry out one action. None if `recorder` had the answer already.

    Raises NotFound, Conflict (stale `version`), WrongState, NotPermitted and the action's own refusals; then nothing of
    the action is stored, but what was overdue stays settled.
    """
    law = LAWS.get(action)
    if law and law.prepare:
        details = law.prepare(details or {})
    while True:
        sweep.fire_case(case_id, at=at)
        with transaction.atomic(durable=True):
            if recorder and recorder.replayed():
                return None
            case = lock(case_id)
            batch = Batch.open([case_id], at=at)
            if batch.book.due(at):
                continue  # a deadline passed while we waited for the lock: settle it first
            move(action, case=case, actor=actor, at=at, batch=batch, version=version, details=details or {})
            _finish([case], batch)
            if recorder:
                recorder.keep(case)
            failpoint("before_commit")
        failpoint("after_commit")
        return case


def lock(case_id: int) -> Case:
    """The case with its row locked; its clocks are read after this, never before."""
    case = Case.objects.select_for_update(of=("self",)).select_related("order").filter(pk=case_id).first()
    if case is None:
        raise NotFound("case_not_found", _("There is no such case, or it is not yours to see."))
    return case


def carry_out(action: str, dues: Sequence[Clock], batch: Batch) -> None:
    """A sweep's time-outs: the same move on many cases, each at its own deadline. The sweep holds the locks."""
    instants = {clock.case_id: clock.due_at for clock in dues}
    cases = list(Case.objects.select_related("order").filter(pk__in=instants).order_by("pk"))
    for case in cases:
        move(action, case=case, actor=SYSTEM, at=instants[case.pk], batch=batch)
    record.store(cases)


def move(
    action: str,
    *,
    case: Case,
    actor: Actor,
    at: datetime,
    batch: Batch,
    version: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """One action on one locked case, with everything that follows from it, in memory; the caller stores it."""
    law = LAWS.get(action)
    if law is None:
        raise NotFound("unknown_action", _("There is no action %(action)s.") % {"action": action})
    try:
        refuse_unless_lawful(law, case=case, actor=actor, at=at, version=version)
    except Conflict as refusal:
        refusal.extra.setdefault("allowed_actions", allowed(case, actor, at)[0])
        raise
    batch.cases[case.pk] = case
    act = Act(case=case, actor=actor, at=max(at, case.touched_at), batch=batch)
    before = record.snapshot(case)
    try:
        getattr(case, law.name)(act, **(details or {}))
    except TransitionNotAllowed as refused:
        raise WrongState("wrong_state", _("The case has moved on."), case_status=case.status) from refused
    _aftermath(act, law, before)
    for follower, more in act.followers:
        move(follower, case=case, actor=SYSTEM, at=act.at, batch=batch, details=more)


def refuse_unless_lawful(law: Law, *, case: Case, actor: Actor, at: datetime, version: int | None = None) -> None:
    """Raise the refusal that stands against this action now, if any. No query, so that lists can ask it too."""
    if not law.by(actor, case):
        who = persons.named(law.by.name)
        raise NotPermitted("not_permitted", _("This action belongs to: %(who)s.") % {"who": who}, who=law.by.name)
    if case.status not in law.sources:
        raise _wrong_state(case)
    if version is not None and version != case.version:
        raise Conflict(
            "stale_version",
            _("The case has changed since you read it. Read it again and decide anew."),
            version=case.version,
        )
    if law.guard:
        law.guard(case, actor, at)


def allowed(case: Case, actor: Actor, at: datetime) -> tuple[list[str], list[dict[str, Any]]]:
    """The actions this person may take now, and those not now: [{action, code, detail, from?, until?}]."""
    possible, blocked = [], []
    elsewhere = _told(_wrong_state(case))  # the same words for every action of another status
    for law in LAWS.values():
        if not law.by(actor, case):
            continue
        if case.status not in law.sources:
            blocked.append({"action": law.name, **elsewhere})
            continue
        try:
            refuse_unless_lawful(law, case=case, actor=actor, at=at)
            possible.append(law.name)
        except DomainError as refusal:
            blocked.append({"action": law.name, **_told(refusal)})
    return possible, blocked


def _told(refusal: DomainError) -> dict[str, Any]:
    return {"code": refusal.code, "detail": str(refusal.detail), **refusal.extra}


def _wrong_state(case: Case) -> WrongState:
    words = _("A case in the status “%(status)s” does not allow this.") % {"status": case.get_status_display()}
    return WrongState("wrong_state", words, case_status=case.status)


def _aftermath(act: Act, law: Law, before: dict[str, Any]) -> None:
    case = act.case
    case.touched_at = act.at
    if not law.quiet:
        case.version += 1
    promises.keep(act, law, before["status"])
    changed = record.changes(before, case)
    case.unsaved.update(changed)
    if before["status"] == Status.DRAFT:  # the first event tells everything: a draft has left no trace
        changed = record.changes(record.blank(), case)
    moved = case.status != before["status"]
    entry = Entry(
        case_id=case.pk,
        at=act.at,
        actor=act.actor,
        code=act.event or law.event,
        from_status=before["status"] if moved else "",
        to_status=case.status if moved else "",
        data={**act.data, **({"set": changed} if changed else {}), **act.batch.book.ended(case.pk)},
        text=act.text,
    )
    act.batch.journal.record(entry)


def _finish(cases: list[Case], batch: Batch) -> None:
    record.store(cases)
    failpoint("after_state")
    batch.write()
