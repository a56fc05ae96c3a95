"""Whose turn it is, what, until when and what happens then; and when the platform can be asked to step in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from casemgmt.errors import DomainError
from disputes.moves.intake import filing_until
from disputes.moves.law import LAWS
from disputes.moves.negotiation import may_escalate
from disputes.states import CLOSED, EscalateReason, Party, Status
from disputes.turns import TURNS, WORKING_PROMISES, whose_turn

if TYPE_CHECKING:
    from casemgmt.accounts.actors import Actor
    from disputes.models import Case
    from sla.models import Clock

S = Status
REPORTED = "report_to_supervisor"  # what a promise of our own does when it is missed


def next_action(case: Case, clocks: Iterable[Clock]) -> dict[str, Any]:
    """{party, activity, due_at, on_timeout}. `clocks` are those that run, stand still or were missed unanswered."""
    activity, kind, on_timeout = _step(case)
    waiting = {clock.kind: clock for clock in clocks if clock.stopped_at is None}
    clock = waiting.get(kind or "")
    if clock is None and case.status not in CLOSED and on_timeout is None:
        clock, on_timeout = waiting.get("resolution"), REPORTED
    due_at = clock.due_at if clock else filing_until(case) if case.status == S.DRAFT else None
    return {
        "party": str(whose_turn(case)),
        "activity": activity,
        "due_at": due_at,
        "on_timeout": on_timeout if clock else None,
    }


def _step(case: Case) -> tuple[str, str | None, str | None]:
    """Activity, kind of its clock, and the move that its expiry makes."""
    status = S(case.status)
    turn = TURNS[status]
    if status == S.SUBMITTED and case.info_asked:
        return "provide_info", "info", "info_timeout"
    if status == S.INTERVENTION_REQUESTED:
        if case.owner_id is None:
            return "assign", "assignment", "assignment_timeout"
        return "accept_intervention", "intervention_accept", "acceptance_timeout"
    if turn.clock is None:
        kind = WORKING_PROMISES.get(status)
        return turn.activity, kind, REPORTED if kind else None
    return turn.activity, turn.clock, turn.on_timeout or REPORTED


def escalation(case: Case, actor: Actor, at: datetime, clocks: Iterable[Clock]) -> dict[str, Any]:
    """{eligible, from, until, reasons}: whether a side can ask the platform to step in now, from when, until when."""
    law = LAWS["escalate"]
    until = next((c.due_at for c in clocks if c.kind == "buyer_escalate" and c.stopped_at is None), None)
    nothing: dict[str, Any] = {"eligible": False, "from": None, "until": None, "reasons": []}
    if case.status not in law.sources or case.seller_contacted_at is None:
        return nothing
    reasons = [{"code": reason.value, "label": str(reason.label)} for reason in EscalateReason]
    begins = case.seller_contacted_at
    if case.status == S.AWAITING_SELLER and not case.fulfilment_rejected:
        begins += timedelta(hours=case.setting("escalate_after_hours"))
    try:
        may_escalate(case, actor, at)
        eligible = True
    except DomainError:
        eligible = False
    return {"eligible": eligible, "from": begins, "until": until, "reasons": reasons}


__all__ = ["REPORTED", "Party", "escalation", "next_action"]
