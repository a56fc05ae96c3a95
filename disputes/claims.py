"""Claims: what is asked for, and whether it is within reason."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from disputes.moves import terms
from disputes.states import MONEY, Flag, Remedy

if TYPE_CHECKING:
    from disputes.models import Case, Claim, OrderSnapshot
    from disputes.moves.law import Act


def replace_claim(act: Act, *, remedy: str, amount: Decimal, reason: str) -> Claim:
    """A new revision of the demand; the one before is superseded."""
    from disputes.models import Claim

    terms.check_remedy(act.case, remedy, amount)
    act.case.claims.filter(status="open").update(status=Claim.Status.SUPERSEDED)
    latest = act.case.claims.order_by("-revision").values_list("revision", flat=True).first() or 0
    claim = first_claim(act.case, remedy=remedy, amount=amount, at=act.at, revision=latest + 1, reason=reason)
    claim.save(force_insert=True)
    act.case.claim_remedy = remedy
    tag(act.case, claim)
    act.tell(reason, remedy=remedy, amount=str(amount), revision=claim.revision)
    return claim


def first_claim(
    case: Case, *, remedy: str, amount: Decimal, at: datetime, revision: int = 1, reason: str = ""
) -> Claim:
    """A claim that is not stored yet."""
    from disputes.models import Claim

    return Claim(
        case=case, revision=revision, remedy=remedy, amount=amount, reason=reason, created_at=at,
        reasonable_up_to=reasonable_up_to(case.order, remedy),
    )  # fmt: skip


def complete(case: Case) -> None:
    """The order is known now: a demand for money without an amount gets what is reasonable, and each its measure."""
    claim = case.claims.filter(status="open").first()
    if claim is None:
        return
    claim.reasonable_up_to = reasonable_up_to(case.order, claim.remedy)
    claim.amount = claim.amount or unsaid(case, claim.remedy)
    claim.save(update_fields=["amount", "reasonable_up_to"])
    tag(case, claim)


def tag(case: Case, claim: Claim) -> None:
    """A demand above what is reasonable is told so (R1-21); one within it no longer."""
    excessive = is_excessive(claim.amount, claim.reasonable_up_to)
    flags = set(case.flags) - {Flag.EXCESSIVE_CLAIM}
    case.flags = sorted(flags | {Flag.EXCESSIVE_CLAIM} if excessive else flags)


def reasonable_up_to(order: OrderSnapshot | None, remedy: str) -> Decimal | None:
    """What a claim of this kind usually reaches: what was paid, with freight only where all of it comes back.

    None without an order, or where no money is asked for. A demand above it is filed all the same, told so and tagged
    (R1-21); the statutory multiples of fraud and food cases are for a person to judge.
    """
    if order is None or remedy not in MONEY:
        return None
    whole = {Remedy.REFUND_ONLY, Remedy.RETURN_REFUND, Remedy.CANCEL_ORDER}
    return order.paid_total + order.freight if remedy in whole else order.paid_total


def unsaid(case: Case, remedy: str) -> Decimal:
    """The amount of a demand that names none: what is reasonable, less what went back already."""
    reasonable, ceiling = reasonable_up_to(case.order, remedy), terms.refundable(case)
    if reasonable is None or ceiling is None:
        return Decimal(0)
    return reasonable if remedy == Remedy.COMPENSATION else min(reasonable, ceiling)


def is_excessive(amount: Decimal, reasonable: Decimal | None) -> bool:
    return reasonable is not None and amount > reasonable
