"""Terms in force: what was agreed or ruled becomes obligations, and tells where the case goes next."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from casemgmt.errors import Invalid
from disputes.states import MONEY, NEEDS_RETURN, Outcome, OutcomeReason, Remedy, Status
from disputes.taxonomy import REMEDIES, Flow

if TYPE_CHECKING:
    from disputes.models import Case, Claim
    from disputes.moves.law import Act

# How the terms came about → what the case ends as once they are fulfilled.
OUTCOMES: dict[str, tuple[Outcome, OutcomeReason]] = {
    "granted": (Outcome.BUYER_FAVOUR, OutcomeReason.SELLER_CONCEDED),
    "conceded": (Outcome.BUYER_FAVOUR, OutcomeReason.SELLER_CONCEDED),
    "offer": (Outcome.SETTLED, OutcomeReason.AGREED),
    "settlement": (Outcome.SETTLED, OutcomeReason.AGREED),
    "silence": (Outcome.AUTO_BUYER_FAVOUR, OutcomeReason.SELLER_NO_RESPONSE),
}


def open_claim(case: Case) -> Claim:
    return case.claims.get(status="open")


def check_remedy(case: Case, remedy: str, amount: Decimal) -> None:
    """Refuse what lies outside the catalogue of the flow, or above what was paid (R2-39, R1-21)."""
    if remedy not in REMEDIES[case.flow]:
        named = ", ".join(sorted(REMEDIES[case.flow]))
        raise Invalid(
            "remedy_out_of_scope",
            _("This kind of complaint cannot lead to that remedy. Choose one of: %(named)s.") % {"named": named},
            remedies=sorted(REMEDIES[case.flow]),
        )
    if remedy not in MONEY and amount:
        raise Invalid("amount_not_fitting", _("This remedy takes no amount. Leave the amount out."))
    if remedy in MONEY and amount <= 0:
        raise Invalid("amount_missing", _("Give an amount above zero."))
    ceiling = refundable(case)
    if ceiling is not None and amount > ceiling:
        raise Invalid(
            "amount_too_high",
            _("At most %(ceiling)s can be given for this order: what was paid and its freight.") % {"ceiling": ceiling},
            ceiling=str(ceiling),
        )


def reopen_claim(act: Act) -> None:
    """The case goes back to the seller: the last claim stands again."""
    case = act.case
    drop_terms_in_force(act)
    last = case.claims.order_by("-revision").first()
    if last and not case.claims.filter(status="open").exists():
        last.status = "open"
        last.save(update_fields=["status"])
    case.agreed_remedy, case.agreed_amount, case.agreed_basis = "", Decimal(0), ""


def refundable(case: Case) -> Decimal | None:
    """What was paid with freight, in the order's currency; None while no order is known."""
    return case.order.paid_total + case.order.freight if case.order else None


def goods_go_back(case: Case, remedy: str) -> bool:
    """After-sales service has no return step (R3-52); what was never sent cannot be sent back."""
    return remedy in NEEDS_RETURN and case.flow != Flow.SERVICE


def agree_on(act: Act, *, remedy: str, amount: Decimal, basis: str, instructions: str = "") -> Status:
    """Put terms into force: one obligation, and a return to wait for where goods go back."""
    from disputes.models import Obligation, Offer

    case = act.case
    case.agreed_remedy, case.agreed_amount, case.agreed_basis = remedy, amount, basis
    case.claims.filter(status="open").update(
        status="accepted" if basis in ("granted", "conceded", "silence") else "superseded"
    )
    case.offers.filter(status="open").update(status=Offer.Status.SUPERSEDED, closed_at=act.at)
    case.offer_by = ""
    case.obligations.filter(status="pending").update(status="cancelled")
    case.returns.filter(closed_at=None).update(closed_at=act.at)
    Obligation.objects.create(case=case, remedy=remedy, amount=amount, created_at=act.at)
    act.tell(remedy=remedy, amount=str(amount), basis=basis)
    if not goods_go_back(case, remedy):
        return Status.AWAITING_FULFILMENT
    expect_return(act, instructions=instructions)
    return Status.AWAITING_RETURN


def expect_return(act: Act, *, instructions: str = "", address: dict[str, Any] | None = None) -> None:
    """Open a return to the given address, or to the shop's own."""
    from disputes.models import ReturnShipment

    case = act.case
    shown = address or (case.seller.return_address if case.seller else {})
    ReturnShipment.objects.create(case=case, address=shown, instructions=instructions, requested_at=act.at)


def conclude(act: Act) -> None:
    """The case is resolved: set its outcome from how the terms came about."""
    case = act.case
    case.resolved_at = case.closed_at = act.at
    if case.agreed_basis == "ruling":
        return  # the ruling has set it
    outcome, reason = OUTCOMES.get(case.agreed_basis, (Outcome.SETTLED, OutcomeReason.AGREED))
    if _unshipped_refund(case):
        outcome = Outcome.REFUNDED_UNSHIPPED
    case.outcome_code, case.outcome_reason = outcome, reason


def _unshipped_refund(case: Case) -> bool:
    unshipped = case.order is not None and case.order.status in ("unpaid", "unshipped")
    return unshipped and case.agreed_remedy in (Remedy.REFUND_ONLY, Remedy.CANCEL_ORDER)


def close(act: Act, outcome: Outcome, reason: str) -> None:
    """Set the result of a case that ends without fulfilment, and drop what was still to be done."""
    case = act.case
    case.outcome_code, case.outcome_reason, case.closed_at = outcome, reason, act.at
    drop_terms_in_force(act)
    if case.offer_by or case.terms_open:
        case.offers.filter(status="open").update(status="superseded", closed_at=act.at)
        case.offer_by, case.terms_open, case.terms_accepted_by = "", False, []


def drop_terms_in_force(act: Act) -> None:
    """Nothing is owed any more. The row tells whether there is anything, so that a sweep of thousands asks nothing."""
    if act.case.agreed_basis:
        act.case.obligations.filter(status="pending").update(status="cancelled")
        act.case.returns.filter(closed_at=None).update(closed_at=act.at)


def mark_seller(act: Act, kind: str) -> None:
    """Remember against the seller what it left undone (points are the policy's)."""
    from disputes.models import SellerMark

    if act.case.seller_id:
        points = act.case.setting("seller_points").get(kind, 1)
        SellerMark.objects.create(seller_id=act.case.seller_id, case=act.case, kind=kind, points=points, at=act.at)
        act.note("seller.marked", kind=kind, points=points)
