"""Goods going back: transitions 19–23."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from casemgmt.errors import Conflict, Invalid
from disputes import promises, rules
from disputes.moves import terms
from disputes.moves.intake import enter_intervention
from disputes.moves.law import Act, moves
from disputes.states import MONEY, Outcome, OutcomeReason, ReturnCondition, Status

if TYPE_CHECKING:
    from datetime import datetime

    from disputes.models import ReturnShipment

S = Status
LEAST_NOTICE = timedelta(hours=24)  # a carrier's late news never leaves the seller without a day to answer


class ReturnMoves:
    @moves(S.AWAITING_RETURN, S.RETURN_IN_TRANSIT, number="19", by=rules.buyer, event="return.shipped")
    def ship_return(self, act: Act, *, carrier: str, waybill: str) -> None:
        shipment = _open_return(act)
        if terms.address_gaps(shipment.address):
            raise Conflict("no_return_address", _("The seller has given no address yet. Ask the platform to step in."))
        shipment.carrier, shipment.waybill, shipment.shipped_at = carrier, waybill, act.at
        shipment.save(update_fields=["carrier", "waybill", "shipped_at"])
        act.tell(carrier=carrier, waybill=waybill)

    @moves(S.AWAITING_RETURN, (S.LAPSED, S.RESOLVED, S.INTERVENTION_REQUESTED), number="20", by=rules.system,
           event="return.timed_out")  # fmt: skip
    def return_timeout(self, act: Act) -> Status:
        """Nothing was sent: given up, unless no address was known; after a ruling the money stays the seller's."""
        if terms.address_gaps(_open_return(act).address):
            enter_intervention(act)
            return S.INTERVENTION_REQUESTED
        if act.case.agreed_basis == "ruling":
            terms.close(act, Outcome.SELLER_FAVOUR, OutcomeReason.BUYER_NO_RETURN)
            act.case.resolved_at = act.at
            return S.RESOLVED
        terms.close(act, Outcome.AUTO_SELLER_FAVOUR, OutcomeReason.BUYER_NO_RETURN)
        return S.LAPSED

    @moves(S.RETURN_IN_TRANSIT, None, number="19b", by=rules.agent | rules.supervisor | rules.system,
           event="return.carrier_signed")  # fmt: skip
    def record_return_signed(self, act: Act, *, signed_at: datetime) -> None:
        """The carrier delivered the return: the seller has 72 h from then, if that is earlier than its ten days."""
        shipment = _open_return(act)
        if (
            shipment.carrier_signed_at
            or (shipment.shipped_at and signed_at < shipment.shipped_at)
            or signed_at > act.at
        ):
            raise Invalid("signed_at_wrong", _("Give the instant of signing once, between the shipping and now."))
        shipment.carrier_signed_at = signed_at
        shipment.save(update_fields=["carrier_signed_at"])
        running = act.batch.book.open(act.case.pk, "return_receipt")
        due_at = max(signed_at + act.case.term("return_receipt", "signed"), act.at + LEAST_NOTICE)
        if running and due_at < running.due_at:
            act.clock_terms["return_receipt"] = {"seconds": int((due_at - act.at).total_seconds())}
            act.batch.book.cancel(case_id=act.case.pk, kinds=["return_receipt"], at=act.at)
            promises.start(act, "return_receipt", variant="signed")
        act.tell(signed_at=signed_at.isoformat())

    @moves(S.RETURN_IN_TRANSIT, S.AWAITING_FULFILMENT, number="21", by=rules.seller, event="return.received")
    def confirm_receipt(self, act: Act) -> None:
        _receive(act, ReturnCondition.OK, "")

    @moves(S.RETURN_IN_TRANSIT, S.INTERVENTION_REQUESTED, number="22", by=rules.seller, event="return.contested")
    def contest_return(self, act: Act, *, condition: str, text: str) -> None:
        """The seller bears the burden of what it says is wrong with the return (art. 38)."""
        if terms.one_of(ReturnCondition, condition) == ReturnCondition.OK:
            raise Invalid("condition_is_ok", _("Nothing is contested: confirm the receipt instead."))
        act.case.seller_heard = True
        _receive(act, condition, text)
        act.tell(terms.words(text), condition=condition)
        enter_intervention(act)

    @moves(S.RETURN_IN_TRANSIT, S.AWAITING_FULFILMENT, number="23", by=rules.system, event="return.receipt_timed_out")
    def receipt_timeout(self, act: Act) -> None:
        _receive(act, ReturnCondition.OK, "")


def _open_return(act: Act) -> ReturnShipment:
    return act.case.returns.get(closed_at=None)


def _receive(act: Act, condition: str, note: str) -> None:
    if act.case.agreed_basis == "ruling" and act.case.agreed_remedy in MONEY:
        # The execution of a ruling with a return begins at the receipt, with the seller's own day.
        act.clock_terms["fulfil"] = {"seconds": int(act.case.term("execution").total_seconds())}
    shipment = _open_return(act)
    shipment.received_at, shipment.condition, shipment.note, shipment.closed_at = act.at, condition, note, act.at
    shipment.save(update_fields=["received_at", "condition", "note", "closed_at"])
