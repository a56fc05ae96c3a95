"""The carrier's part: transitions 7 and 8."""

from __future__ import annotations

from disputes import rules
from disputes.moves import terms
from disputes.moves.intake import contact_seller, enter_intervention
from disputes.moves.law import Act, moves
from disputes.states import CarrierResult, Status

S = Status


class LogisticsMoves:
    @moves(S.AWAITING_CARRIER, (S.AWAITING_SELLER, S.AWAITING_BUYER_CONFIRM, S.INTERVENTION_REQUESTED), number="7",
           by=rules.intake_staff, event="case.carrier_answered")  # fmt: skip
    def carrier_result(self, act: Act, *, result: str, text: str, to_platform: bool = False) -> Status:
        """Delivered: the consumer confirms or rejects. Else the seller answers; danger or a dispute goes upstairs."""
        _answer(act, terms.one_of(CarrierResult, result), text)
        act.tell(text, result=result)
        if result == CarrierResult.LOST:
            act.case.received_goods = False  # whatever the tracking said: what is left to ask for is money or goods
        if to_platform:
            enter_intervention(act)
            return S.INTERVENTION_REQUESTED
        contact_seller(act)
        if result == CarrierResult.DELIVERED:
            act.case.agreed_basis = "delivered"
            return S.AWAITING_BUYER_CONFIRM
        return S.AWAITING_SELLER

    @moves(S.AWAITING_CARRIER, S.AWAITING_SELLER, number="8", by=rules.system, event="case.carrier_timed_out")
    def carrier_timeout(self, act: Act) -> None:
        """The sender carries the burden of delivery (淘宝平台争议处理规则 art. 38)."""
        _answer(act, CarrierResult.UNKNOWN, "")
        contact_seller(act)


def _answer(act: Act, result: str, text: str) -> None:
    act.case.inquiries.filter(answered_at=None).update(answered_at=act.at, result=result, answer=text)
