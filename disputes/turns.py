"""Whose turn it is, with which clock, and what a status does to the promises: one row per status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from disputes.states import CLOSED, GOODS, MONEY, NEEDS_RETURN, OrderStatus, Party, Remedy, Status, SuspendReason

if TYPE_CHECKING:
    from disputes.models import Case

S = Status
PROMISES = ("initial_response", "resolution", "review_resolution")  # the clocks that pauses hold


@dataclass(frozen=True, kw_only=True)
class Turn:
    """`clock` is the kind started on entering the status; `on_timeout` the move its expiry makes, if any."""

    party: Party
    activity: str
    clock: str | None = None
    on_timeout: str | None = None


TURNS: dict[Status, Turn] = {
    S.DRAFT: Turn(party=Party.CONSUMER, activity="submit"),
    S.SUBMITTED: Turn(party=Party.PLATFORM, activity="admit"),
    S.AWAITING_CARRIER: Turn(
        party=Party.PLATFORM, activity="carrier_result", clock="carrier_inquiry", on_timeout="carrier_timeout"
    ),
    S.AWAITING_SELLER: Turn(
        party=Party.SELLER, activity="answer_claim", clock="seller_response", on_timeout="seller_timeout"
    ),
    S.OFFER_PENDING: Turn(party=Party.CONSUMER, activity="answer_offer", clock="offer", on_timeout="offer_timeout"),
    S.SELLER_REFUSED: Turn(
        party=Party.CONSUMER, activity="revise_or_escalate", clock="buyer_escalate", on_timeout="escalate_timeout"
    ),
    S.AWAITING_RETURN: Turn(
        party=Party.CONSUMER, activity="ship_return", clock="return_ship", on_timeout="return_timeout"
    ),
    S.RETURN_IN_TRANSIT: Turn(
        party=Party.SELLER, activity="confirm_receipt", clock="return_receipt", on_timeout="receipt_timeout"
    ),
    S.AWAITING_FULFILMENT: Turn(party=Party.SELLER, activity="fulfil", clock="fulfil", on_timeout="fulfil_timeout"),
    S.AWAITING_BUYER_CONFIRM: Turn(
        party=Party.CONSUMER, activity="buyer_confirm", clock="buyer_confirm", on_timeout="confirm_timeout"
    ),
    S.INTERVENTION_REQUESTED: Turn(
        party=Party.PLATFORM, activity="accept_intervention", clock="assignment", on_timeout="assignment_timeout"
    ),
    S.UNDER_REVIEW: Turn(party=Party.PLATFORM, activity="rule"),
    S.EVIDENCE_PERIOD: Turn(party=Party.BOTH, activity="give_evidence", clock="evidence", on_timeout="close_evidence"),
    S.MEDIATION: Turn(party=Party.BOTH, activity="answer_proposal", clock="mediation", on_timeout="end_mediation"),
    S.SUSPENDED: Turn(party=Party.NOBODY, activity="resume", clock="suspension", on_timeout="resume"),
    S.RULING_IN_APPROVAL: Turn(party=Party.PLATFORM, activity="approve_ruling", clock="approval"),
    S.RULED: Turn(party=Party.BOTH, activity="accept_or_appeal", clock="appeal_window", on_timeout="carry_out"),
    S.UNDER_APPEAL: Turn(party=Party.PLATFORM, activity="decide_appeal", clock="appeal"),
    S.EXECUTING: Turn(party=Party.SELLER, activity="perform", clock="execution", on_timeout="execution_timeout"),
    S.RESOLVED: Turn(party=Party.NOBODY, activity="none"),
    S.INADMISSIBLE: Turn(party=Party.NOBODY, activity="none"),
    S.WITHDRAWN: Turn(party=Party.NOBODY, activity="none"),
    S.LAPSED: Turn(party=Party.NOBODY, activity="none"),
    S.REFERRED_EXTERNAL: Turn(party=Party.NOBODY, activity="none"),
}

# Who holds the pen on each side when a status waits for "both".
WORKING_PROMISES = {S.SUBMITTED: "initial_response", S.UNDER_REVIEW: "review_resolution"}


def whose_turn(case: Case) -> Party:
    """The side that must act next; follows the offer's addressee and who was asked for information."""
    status = Status(case.status)
    if status == S.SUBMITTED and case.info_asked:
        return Party.CONSUMER
    if status == S.OFFER_PENDING:
        return Party.SELLER if case.offer_by == Party.CONSUMER else Party.CONSUMER
    if case.seller_id is None and TURNS[status].party == Party.SELLER:
        return Party.PLATFORM  # a complaint about ourselves: we perform
    return TURNS[status].party


def pause_for(case: Case) -> str | None:
    """Why the promises stand still in this status, or None. Never for the seller's slowness or our own."""
    if case.held_for and case.status not in CLOSED:
        return "force_majeure"
    match Status(case.status):
        case S.SUBMITTED if case.info_asked:
            return "awaiting_buyer"
        case S.EVIDENCE_PERIOD if case.in_extension:
            return "evidence_extended"
        case S.OFFER_PENDING if case.offer_by != Party.CONSUMER:
            return "awaiting_buyer"
        case S.SELLER_REFUSED | S.AWAITING_RETURN | S.AWAITING_BUYER_CONFIRM:
            return "awaiting_buyer"
        case S.RETURN_IN_TRANSIT:
            return "return_in_transit"
        case S.AWAITING_FULFILMENT if case.agreed_remedy in GOODS:
            return "performance_agreed"
        case S.AWAITING_CARRIER:
            return "carrier_investigation"
        case S.SUSPENDED:
            return "testing" if case.suspended_for == SuspendReason.TESTING else "suspended"
    return None


PAUSE_LIMIT_DAYS = {"carrier_investigation": 2}  # working days; then our promise runs again


def clock_variant(case: Case, kind: str) -> str:
    """Which of the policy's targets of this kind applies to the case as it is now."""
    match kind:
        case "seller_response":
            return _response_variant(case)
        case "fulfil":
            return _fulfil_variant(case.agreed_remedy)
        case "suspension":
            return {"court": "court_document", "police": "police_document"}.get(case.suspended_for, case.suspended_for)
        case "return_receipt":
            return "waybill"
        case "buyer_confirm":
            return "shipped" if case.agreed_remedy in GOODS else "immediate"
    return ""


def _response_variant(case: Case) -> str:
    """Unshipped and not received ask for the money; a return, exchange or repair needs goods; the rest is `other`."""
    if case.claim_remedy in (Remedy.REFUND_ONLY, Remedy.CANCEL_ORDER):
        if case.order and case.order.status in (OrderStatus.UNPAID, OrderStatus.UNSHIPPED):
            return "unshipped_refund"
        if case.received_goods is False:
            return "not_received"
    return "return" if case.claim_remedy in NEEDS_RETURN else "other"


def _fulfil_variant(remedy: str) -> str:
    if remedy in GOODS:
        return remedy
    return "refund" if remedy in MONEY and remedy not in (Remedy.COMPENSATION, Remedy.PRICE_DIFFERENCE) else "payment"
