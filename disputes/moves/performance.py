"""Keeping what was agreed: transitions 24–28."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casemgmt.errors import Conflict, Invalid
from disputes import promises, rules
from disputes.moves import terms
from disputes.moves.intake import enter_intervention
from disputes.moves.law import Act, moves
from disputes.moves.payment import pay_obligations, turn_goods_into_refund
from disputes.states import GOODS, MONEY, Party, Status

S = Status


class PerformanceMoves:
    @moves(S.AWAITING_FULFILMENT, (S.RESOLVED, S.AWAITING_BUYER_CONFIRM), number="24", by=rules.seller,
           event="case.fulfilled")  # fmt: skip
    def fulfil(self, act: Act, *, proof: str = "") -> Status:
        """Money moves through the payment port and ends the case; goods and words wait for the buyer."""
        case = act.case
        others = case.obligations.filter(status="pending").exclude(remedy__in=sorted(MONEY))
        if others.filter(remedy__in=sorted(GOODS)).exists() and not proof:
            raise Invalid("waybill_missing", _("Give the waybill of what you sent (proof)."))
        pay_obligations(act, by=Party.SELLER)
        act.tell(proof=proof)
        if not others.update(status="done", done_by=Party.SELLER, proof=proof, done_at=act.at):
            terms.conclude(act)
            return S.RESOLVED
        return S.AWAITING_BUYER_CONFIRM

    @moves(S.AWAITING_FULFILMENT, (S.EXECUTING, S.INTERVENTION_REQUESTED), number="25", by=rules.system,
           event="case.fulfilment_timed_out")  # fmt: skip
    def fulfil_timeout(self, act: Act) -> Status:
        """Money and goods become a payment that the platform enforces; an invoice or an apology needs a person."""
        terms.mark_seller(act, "not_performed")
        if act.case.obligations.filter(status="pending", remedy__in=sorted(MONEY | GOODS)).exists():
            turn_goods_into_refund(act)
            return S.EXECUTING
        enter_intervention(act)
        return S.INTERVENTION_REQUESTED

    @moves(S.AWAITING_BUYER_CONFIRM, None, number="24b", by=rules.agent | rules.supervisor | rules.system,
           event="case.reshipment_signed")  # fmt: skip
    def record_reshipment_signed(self, act: Act) -> None:
        """The buyer has seven days from the carrier's signature, if that is earlier than fifteen from the waybill."""
        running = act.batch.book.open(act.case.pk, "buyer_confirm")
        if running is None or running.due_at - act.at <= act.case.term("buyer_confirm", "signed"):
            raise Conflict("already_counted", _("The term already ends earlier than that."))
        act.batch.book.cancel(case_id=act.case.pk, kinds=["buyer_confirm"], at=act.at)
        promises.start(act, "buyer_confirm", variant="signed")

    @moves(S.AWAITING_BUYER_CONFIRM, S.RESOLVED, number="26", by=rules.buyer, event="case.confirmed")
    def buyer_confirm(self, act: Act) -> None:
        terms.conclude(act)

    @moves(S.AWAITING_BUYER_CONFIRM, S.RESOLVED, number="27", by=rules.system, event="case.confirmation_timed_out")
    def confirm_timeout(self, act: Act) -> None:
        terms.conclude(act)

    @moves(S.AWAITING_BUYER_CONFIRM, S.AWAITING_SELLER, number="28", by=rules.buyer, event="case.fulfilment_rejected")
    def reject_fulfilment(self, act: Act, *, text: str) -> None:
        if act.case.fulfilment_rejected:
            raise Conflict("already_rejected_once", _("This can be done once. Ask the platform to step in (escalate)."))
        act.case.fulfilment_rejected = True
        terms.reopen_claim(act)
        act.tell(terms.words(text))
