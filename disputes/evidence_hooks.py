"""What `evidence` asks the rulebook: who sees a case, who may add to it or ask, and the door for its events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.errors import DomainError, NotPermitted, WrongState
from disputes import record, rules, workflow
from disputes.models import Case, CaseQuerySet
from disputes.states import CLOSED, Party, Status
from evidence import registry
from evidence.models import Item
from sla import sweep
from sla.batch import Batch


def hooks() -> registry.Hooks:
    return registry.Hooks(
        visible_cases=visible_cases,
        settle=settle,
        lock=lock,
        may_add=may_add,
        may_ask=may_ask,
        may_see=may_see,
        party_of=party_of,
        record=record_event,
    )


def visible_cases(user: User) -> CaseQuerySet:
    return Case.objects.visible_to(user)


def settle(case_id: int, at: datetime) -> None:
    sweep.fire_case(case_id, at=at)


def lock(case_id: int, at: datetime) -> tuple[Case, datetime]:
    case = workflow.lock(case_id)
    return case, max(at, case.touched_at)


def party_of(actor: Actor, case: Case) -> str:
    return rules.party_of(actor, case) or Party.PLATFORM


def may_add(actor: Actor, case: Case) -> DomainError | None:
    """Both sides and the intake staff, while the case is open; a seller once it was told. Who judges adds nothing."""
    if not (rules.party | rules.intake_staff)(actor, case):
        return NotPermitted("not_permitted", _("Evidence is handed in by the parties and the platform's intake."))
    if case.status in CLOSED:
        return WrongState("case_closed", _("The case is closed. Reopen it or appeal, then hand in what is new."))
    return None


def may_ask(actor: Actor, case: Case) -> DomainError | None:
    if not rules.arbitrator(actor, case):
        return NotPermitted("not_permitted", _("Only the handler asks for evidence or waives it."))
    return (
        None if case.status == Status.EVIDENCE_PERIOD else WrongState("wrong_state", _("No evidence period is open."))
    )


def may_see(actor: Actor, case: Case, item: Item) -> bool:
    """Nothing beyond evidence's own rule: who sees the case sees what was submitted on it."""
    return True


def record_event(*, case_id: int, actor: Actor, at: datetime, code: str, data: dict[str, Any], text: str = "") -> None:
    """Through the door's own move, inside the transaction that holds the lock."""
    case = workflow.lock(case_id)
    batch = Batch.open([case_id], at=at)
    details = {"code": code, "data": data, "text": text}
    workflow.move("record_evidence", case=case, actor=actor, at=at, batch=batch, details=details)
    record.store([case])
    batch.write()
