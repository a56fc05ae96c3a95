"""Appeals: transitions 37, 37b and 38. Once each side, by somebody who has not handled the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from casemgmt.errors import Conflict, TooLate
from disputes import decisions, hearings, promises, rules
from disputes.moves import terms
from disputes.moves.intake import refuse_twin
from disputes.moves.law import Act, moves
from disputes.states import AppealGround, Status

if TYPE_CHECKING:
    from datetime import datetime

    from casemgmt.accounts.actors import Actor
    from disputes.models import Case

S = Status
INTAKE = "intake"  # in `appealed_by`: the one appeal against not being admitted has been used, those to come have not


def may_appeal(case: Case, actor: Actor, at: datetime) -> None:
    if case.status == S.EXECUTING and case.agreed_basis != "ruling":
        raise Conflict("nothing_to_appeal", _("The platform has not ruled here; it carries out what silence granted."))
    if case.ruling_final and case.ruling_on_appeal:
        raise Conflict(
            "ruling_is_final", _("This ruling was made on appeal and is final. The courts remain open to you.")
        )
    decided_at = case.closed_at if case.status == S.INADMISSIBLE else case.ruled_at
    until = decided_at + case.term("appeal_window") if decided_at else None
    if until and at >= until:
        raise TooLate("appeal_window_over", _("The time to appeal is over."), until=until.isoformat())
    if case.status == S.INADMISSIBLE and rules.party_of(actor, case) != "consumer":
        raise Conflict("not_yours_to_appeal", _("Only the consumer can appeal against this."))
    used_up = case.status == S.INADMISSIBLE and INTAKE in case.appealed_by
    if used_up or rules.party_of(actor, case) in case.appealed_by:
        raise Conflict(
            "appealed_already", _("This was appealed once. The consumer association and the courts remain open.")
        )


class AppealMoves:
    @moves((S.RULED, S.EXECUTING, S.INADMISSIBLE), S.UNDER_APPEAL, number="37",
           by=rules.party, event="appeal.filed", guard=may_appeal)  # fmt: skip
    def appeal(self, act: Act, *, grounds: str, text: str) -> None:
        case = act.case
        if case.status == S.EXECUTING and case.obligations.filter(ruling__status="final", status="done").exists():
            raise Conflict("already_paid", _("The ruling has been carried out."))
        if case.status == S.INADMISSIBLE:
            refuse_twin(case)
        terms.one_of(AppealGround, grounds)
        terms.words(text)
        decisions.file_appeal(act, grounds=grounds, text=text)
        case.return_to = case.status
        case.appealed_by = [*case.appealed_by, act.party]
        case.closed_at = None
        hearings.seat_for_appeal(act)
        act.tell(text, by=act.party, grounds=grounds)

    @moves(S.UNDER_APPEAL, (S.RULED, S.EXECUTING, S.INADMISSIBLE), number="37b",
           by=rules.party & rules.appellant, event="appeal.withdrawn")  # fmt: skip
    def withdraw_appeal(self, act: Act) -> Status:
        """Back to where it came from; the window to appeal goes on where it stood."""
        decisions.withdraw_appeal(act)
        return back(act)

    @moves(S.UNDER_APPEAL, (S.RULED, S.INADMISSIBLE, S.SUBMITTED, S.UNDER_REVIEW, S.RULING_IN_APPROVAL), number="38",
           by=rules.arbitrator, event="appeal.decided")  # fmt: skip
    def decide_appeal(self, act: Act, *, decision: str, reasons: str, ruling: dict[str, Any] | None = None) -> Status:
        """upheld, changed (with a new ruling), sent_back; from inadmissible: rejected or allowed. Reasons say why."""
        made = decisions.decide_appeal(act, decision=decision, reasons=terms.words(reasons))
        act.tell(reasons, decision=decision, appeal=made.pk)
        if decision == "changed":
            return decisions.change_on_appeal(act, ruling or {})
        if decision == "upheld":
            decisions.confirm(act)
            act.then("carry_out")
            return S.RULED
        if decision == "rejected":
            return back(act)
        if decision == "allowed":
            act.case.outcome_code = act.case.outcome_reason = act.case.return_to = ""
            act.case.appealed_by = [INTAKE]
            terms.reopen_claim(act)  # it may have been settled, and turned down after that
            hearings.release(act)
            promises.start_first(act)
            return S.SUBMITTED
        decisions.overturn(act)
        promises.start(act, "review_resolution")
        return S.UNDER_REVIEW


def back(act: Act) -> Status:
    """To the status before the appeal, with what is left of its window."""
    case = act.case
    target = Status(case.return_to)
    case.return_to = ""
    if target == S.INADMISSIBLE:
        case.closed_at = act.at
    elif target == S.RULED and case.ruled_at:
        end = case.ruled_at + case.term("appeal_window")
        act.clock_terms["appeal_window"] = {"seconds": max(1, int((end - act.at).total_seconds()))}
    hearings.give_back(act)
    return target
