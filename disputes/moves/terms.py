"""Terms in force: what was agreed or ruled becomes obligations, and tells where the case goes next."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from casemgmt.errors import Invalid
from disputes.states import MONEY, NEEDS_RETURN, OrderStatus, Outcome, OutcomeReason, Remedy, Status
from disputes.taxonomy import REMEDIES, Flow
from evidence import asking

if TYPE_CHECKING:
    from disputes.models import Case, Claim
    from disputes.moves.law import Act

# How the terms came about → what the case ends as once they are fulfilled.
OUTCOMES: dict[str, tuple[Outcome, OutcomeReason]] = {
    "granted": (Outcome.BUYER_FAVOUR, OutcomeReason.SELLER_CONCEDED),
    "conceded": (Outcome.BUYER_FAVOUR, OutcomeReason.SELLER_CONCEDED),
    "offer": (Outcome.SETTLED, OutcomeReason.AGREED),
    "settlement": (Outcome.SETTLED, OutcomeReason.AGREED),
    "delivered": (Outcome.SETTLED, OutcomeReason.DELIVERED_PROVEN),
    "silence": (Outcome.AUTO_BUYER_FAVOUR, OutcomeReason.SELLER_NO_RESPONSE),
}
# Clause → multiple of the price and least amount that the law adds to a refund: fraud, unsafe food.
STATUTORY = {"cpl-55": (3, Decimal(500)), "fsl-148": (10, Decimal(1000))}
# By hand: every filing asks this, and making the statement anew from expressions costs more than running it.
_PAID_BACK = """
SELECT coalesce(sum(owed.amount), 0) FROM disputes_obligation AS owed
JOIN disputes_case AS about ON about.id = owed.case_id
WHERE about.consumer_id = %s AND about.order_number = %s AND owed.status = 'done' AND owed.remedy = ANY(%s)
"""
UNSENT = (OrderStatus.UNPAID, OrderStatus.UNSHIPPED)


def open_claim(case: Case) -> Claim:
    return case.claims.get(status="open")


def one_of(choices: type[TextChoices], value: str) -> str:
    """The code, if the list has it. Raises Invalid with the list."""
    if value not in choices.values:
        named = ", ".join(choices.values)
        raise Invalid("reason_unknown", _("Choose one of: %(named)s.") % {"named": named}, choices=choices.values)
    return value


def words(text: str) -> str:
    """A person's own words, where something has to be said. Raises Invalid for none."""
    if not text.strip():
        raise Invalid("text_missing", _("Say why in your own words; the other side reads it (text)."))
    return text


def check_catalogue(case: Case, remedy: str) -> None:
    """Refuse what lies outside the rule frame of this flow (R2-39)."""
    if remedy not in REMEDIES[case.flow]:
        named = ", ".join(sorted(REMEDIES[case.flow]))
        raise Invalid(
            "remedy_out_of_scope",
            _("This kind of complaint cannot lead to that remedy. Choose one of: %(named)s.") % {"named": named},
            remedies=sorted(REMEDIES[case.flow]),
        )
    if remedy == Remedy.CANCEL_ORDER and case.order and case.order.status not in UNSENT:
        raise Invalid(
            "order_already_shipped",
            _("An order can be cancelled only while it has not been shipped. Ask for a refund or a return instead."),
        )


def check_remedy(case: Case, remedy: str, amount: Decimal) -> None:
    """Refuse what lies outside the catalogue, or above what was paid and a law may add (R2-39, R0-24)."""
    check_catalogue(case, remedy)
    if remedy not in MONEY and amount:
        raise Invalid("amount_not_fitting", _("This remedy takes no amount. Leave the amount out."))
    if remedy in MONEY and amount <= 0:
        raise Invalid("amount_missing", _("Give an amount above zero."))
    ceiling = refundable(case)
    if ceiling is not None and remedy == Remedy.COMPENSATION:
        ceiling += statutory(case, STATUTORY)
    if ceiling is not None and remedy in MONEY and amount > ceiling:
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
    """What was paid with freight, less what went back already, in any case; None while no order is known.

    Compensation is not counted: it comes on top of the price (cpl-55, fsl-148).
    """
    if case.order is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_PAID_BACK, [case.consumer_id, case.order_number, sorted(MONEY - {Remedy.COMPENSATION})])
        back: Decimal = cursor.fetchone()[0]
    return max(Decimal("0.00"), case.order.paid_total + case.order.freight - back)


def statutory(case: Case, clauses: Iterable[str]) -> Decimal:
    """How much a law among these clauses adds to the price paid, at most: multiples, with a floor."""
    paid = case.order.paid_total if case.order else Decimal(0)
    return max(
        (max(paid * STATUTORY[code][0], STATUTORY[code][1]) for code in set(clauses) & set(STATUTORY)),
        default=Decimal(0),
    )


def goods_go_back(case: Case, remedy: str) -> bool:
    """After-sales service has no return step (R3-52); what was never sent cannot be sent back."""
    return remedy in NEEDS_RETURN and case.flow != Flow.SERVICE


def agree_on(act: Act, *, remedy: str, amount: Decimal, basis: str, instructions: str = "") -> Status:
    """Put terms into force: one obligation, and a return to wait for where goods go back."""
    from disputes.models import Obligation

    case = act.case
    case.agreed_remedy, case.agreed_amount, case.agreed_basis = remedy, amount, basis
    case.claims.filter(status="open").update(
        status="accepted" if basis in ("granted", "conceded", "silence") else "superseded"
    )
    drop_pending(act)
    Obligation.objects.create(case=case, remedy=remedy, amount=amount, created_at=act.at)
    act.tell(remedy=remedy, amount=str(amount), basis=basis)
    if not goods_go_back(case, remedy):
        return Status.AWAITING_FULFILMENT
    expect_return(act, instructions=instructions)
    return Status.AWAITING_RETURN


def address_gaps(address: dict[str, Any]) -> list[str]:
    """What a return address lacks: a recipient, a phone, a line, and it must lie in the mainland (art. 42)."""
    gaps = [key for key in ("recipient", "phone", "line") if not address.get(key)]
    return gaps if address.get("mainland", False) else [*gaps, "mainland"]


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
    if case.agreed_basis == "delivered" and act.actor.id is None:
        outcome = Outcome.AUTO_SELLER_FAVOUR  # the consumer said nothing against the carrier's word
    if _unshipped_refund(case):
        outcome = Outcome.REFUNDED_UNSHIPPED
    case.outcome_code, case.outcome_reason = outcome, reason


def _unshipped_refund(case: Case) -> bool:
    unshipped = case.order is not None and case.order.status in UNSENT
    return unshipped and case.agreed_remedy in (Remedy.REFUND_ONLY, Remedy.CANCEL_ORDER)


def close(act: Act, outcome: Outcome, reason: str) -> None:
    """Set the result of a case that ends without fulfilment, and drop what was still to be done."""
    case = act.case
    case.outcome_code, case.outcome_reason, case.closed_at = outcome, reason, act.at
    drop_pending(act)


def drop_pending(act: Act) -> None:
    """Other terms are in force, or none: what was on the table, to be done, asked for or stayed is so no more.

    The row tells whether there can be anything, so that a sweep of thousands asks nothing.
    """
    case = act.case
    drop_terms_in_force(act)
    if case.offer_by or case.terms_open:
        case.offers.filter(status="open").update(status="superseded", closed_at=act.at)
    if case.intervention_at:
        case.rulings.filter(status="in_approval").update(status="returned")
        case.suspensions.filter(resumed_at=None).update(resumed_at=act.at)
        asking.close_requests(case_id=case.pk, at=act.at)
    case.offer_by, case.terms_open, case.terms_accepted_by = "", False, []
    case.return_to, case.suspended_for, case.no_ruling_proposed = "", "", ""
    case.in_extension, case.extension_hours = False, 0


def drop_terms_in_force(act: Act) -> None:
    """Nothing is owed and nothing has to come back any more."""
    if act.case.agreed_basis:
        act.case.obligations.filter(status="pending").update(status="cancelled")
        act.case.returns.filter(closed_at=None).update(closed_at=act.at)


def supersede_ruling(case: Case) -> None:
    """The platform hears the case anew: a ruling that was carried out so far stands in the file, not in force."""
    case.rulings.filter(status__in=["issued", "final"]).update(status="superseded")
    case.ruling_final = case.ruling_on_appeal = False
    case.ruling_accepted_by, case.ruled_at = [], None
    case.outcome_code = case.outcome_reason = ""


def mark_seller(act: Act, kind: str) -> None:
    """Remember against the seller what it left undone (points are the policy's)."""
    from disputes.models import SellerMark

    if act.case.seller_id:
        points = act.case.setting("seller_points").get(kind, 1)
        SellerMark.objects.create(seller_id=act.case.seller_id, case=act.case, kind=kind, points=points, at=act.at)
        act.note("seller.marked", kind=kind, points=points)
