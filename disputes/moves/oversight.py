"""Who handles a case, and what supervisors may do: transitions 45–48 and holding our promises."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from casemgmt.errors import Conflict, Invalid, TooLate
from disputes import hearings, promises, rules
from disputes.moves import terms
from disputes.moves.appeals import INTAKE
from disputes.moves.intake import enter_intervention, refuse_twin
from disputes.moves.law import Act, moves
from disputes.states import ARBITRATION, LIVE, Outcome, OutcomeReason, Status

if TYPE_CHECKING:
    from datetime import datetime

    from casemgmt.accounts.actors import Actor
    from disputes.models import Case

S = Status
REOPENABLE = frozenset({S.RESOLVED, S.LAPSED, S.WITHDRAWN, S.REFERRED_EXTERNAL})


def may_reopen(case: Case, actor: Actor, at: datetime) -> None:
    if case.reopened_count >= case.setting("max_reopenings"):
        raise Conflict("reopened_enough", _("A case can be reopened twice. File a new complaint."))
    days = case.setting("reopen_window_days")
    until = case.closed_at + timedelta(days=days) if case.closed_at else None
    if until and at >= until and actor.role != "supervisor":
        raise TooLate(
            "reopen_window_over",
            _("Reopening was possible for %(days)s days. Ask a supervisor, or file a new complaint.") % {"days": days},
            until=until.isoformat(),
        )


class OversightMoves:
    @moves(S.INTERVENTION_REQUESTED, None, number="47", by=rules.supervisor | rules.system, event="case.assigned")
    def assign(self, act: Act, *, handler_id: int | None = None, but_not: int | None = None) -> None:
        """Draw the free handler with the least open work and no conflict; a supervisor may name one."""
        chosen = hearings.named(act, handler_id) if handler_id else hearings.draw(act, but_not=but_not)
        if chosen is None:
            act.event = "case.unassigned"
            return
        hearings.seat(act, chosen)
        act.tell(handler=chosen)
        hearings.await_acceptance(act)

    @moves(S.INTERVENTION_REQUESTED, None, number="47b", by=rules.system, event="case.assignment_overdue")
    def assignment_timeout(self, act: Act) -> None:
        """Nobody was free for a working day: the supervisor has been told, the draw is tried again."""
        promises.start(act, "assignment")
        act.then("assign")

    @moves(S.INTERVENTION_REQUESTED, None, number="47c", by=rules.system, event="case.acceptance_overdue")
    def acceptance_timeout(self, act: Act) -> None:
        """The handler was silent for a working day: somebody else is drawn, the supervisor is told."""
        silent = act.case.owner_id
        hearings.release(act, reason="silent")
        promises.start(act, "assignment")
        act.then("assign", but_not=silent)

    @moves(ARBITRATION | {S.UNDER_APPEAL}, None, number="46", by=rules.supervisor, event="case.reassigned")
    def reassign(self, act: Act, *, reason: str, handler_id: int | None = None) -> None:
        previous = act.case.owner_id
        hearings.release(act, reason=terms.words(reason)[:300])
        appeal = act.case.status == S.UNDER_APPEAL
        chosen = hearings.named(act, handler_id) if handler_id else hearings.draw(act, appeal=appeal, but_not=previous)
        if chosen is None:
            raise Conflict("nobody_free", _("No other handler is free without a conflict."))
        hearings.seat(act, chosen, appeal=appeal)
        act.tell(reason, handler=chosen, previous=previous)
        hearings.await_acceptance(act)

    @moves(REOPENABLE, (S.INTERVENTION_REQUESTED, S.AWAITING_SELLER), number="45", by=rules.buyer | rules.supervisor,
           event="case.reopened", guard=may_reopen)  # fmt: skip
    def reopen(self, act: Act, *, text: str, to_seller: bool = False) -> Status:
        """Not fulfilled, or new facts (R1-28): new clocks, another handler."""
        case = act.case
        refuse_twin(case)
        case.reopened_count += 1
        case.repeat_count += 1
        case.closed_at = case.resolved_at = None
        case.offer_rounds = case.claim_revisions = 0
        case.fulfilment_rejected = False
        case.appealed_by = [mark for mark in case.appealed_by if mark == INTAKE]
        terms.supersede_ruling(case)
        terms.reopen_claim(act)
        hearings.release(act, reason="reopened")
        act.tell(terms.words(text))
        promises.start_first(act)
        if to_seller and case.seller_id:
            case.seller_contacted_at = act.at  # the seller has its time to answer again
            return S.AWAITING_SELLER
        enter_intervention(act)
        return S.INTERVENTION_REQUESTED

    @moves(LIVE - {S.UNDER_APPEAL, S.EXECUTING, S.RULED}, S.LAPSED, number="48", by=rules.intake_staff,
           event="case.merged")  # fmt: skip
    def merge(self, act: Act, *, into: int) -> None:
        """A duplicate ends in its parent, where its messages and evidence stay readable."""
        parent = hearings.locked_parent(act.case, into)
        orders = {parent.order_number, act.case.order_number} - {""} if parent else set()
        fits = parent is not None and parent.pk != act.case.pk and parent.consumer_id == act.case.consumer_id
        if parent is None or not fits or len(orders) > 1 or parent.status not in LIVE or parent.kind != act.case.kind:
            raise Invalid("parent_not_fitting", _("Name an open case of the same consumer about the same order."))
        act.case.parent_id = parent.pk
        act.tell(parent=parent.pk)
        terms.close(act, Outcome.LAPSED, OutcomeReason.DUPLICATE)

    @moves(LIVE, None, number="u1", by=rules.supervisor, event="promises.held")
    def hold_promises(self, act: Act, *, reason: str) -> None:
        """Force majeure: our promises stand still, with a reason everybody sees."""
        act.case.held_for = terms.words(reason)[:100]
        act.tell(reason)

    @moves(LIVE, None, number="u2", by=rules.supervisor, event="promises.released")
    def release_promises(self, act: Act) -> None:
        if not act.case.held_for:
            raise Conflict("not_held", _("The promises of this case are running."))
        act.case.held_for = ""

    @moves(LIVE, None, number="u3", by=rules.supervisor, event="promises.extended")
    def extend_promise(self, act: Act, *, kind: str, days: int, reason: str) -> None:
        """Give a complex case more working days, with a reason and notice to both sides (R1-27)."""
        if kind not in ("initial_response", "resolution", "review_opinion", "review_resolution"):
            raise Invalid("kind_unknown", _("Only a promise can be extended."))
        if act.batch.book.open(act.case.pk, kind) is None:
            raise Conflict("clock_not_open", _("This clock is not running."))
        if not 1 <= days <= act.case.setting("max_extension_days"):
            raise Invalid("extension_too_long", _("The policy does not allow so many days."))
        act.batch.book.extend(case_id=act.case.pk, kind=kind, days=days, reason=reason, at=act.at)
        act.tell(reason, kind=kind, days=days)
