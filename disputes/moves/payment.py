"""Carrying out obligations through the payment port."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from casemgmt.errors import Conflict
from disputes.moves.law import Act
from disputes.moves.terms import refundable
from disputes.ports import payments
from disputes.states import GOODS, MONEY, Party, Remedy

if TYPE_CHECKING:
    from disputes.models import Obligation


def pay_obligations(act: Act, *, by: str) -> bool:
    """Pay every pending money obligation. The seller pays from the order's money and its balance, the platform also
    from the deposit. False where the platform finds too little for one of them; the seller is refused.
    """
    paid_all = True
    for obligation in act.case.obligations.filter(status="pending", remedy__in=sorted(MONEY)).order_by("pk"):
        if _nothing_left(act, obligation):
            continue
        paid = payments.port().pay(obligation=obligation, at=act.at, from_deposit=by == Party.PLATFORM)
        if not paid and by == Party.SELLER:
            raise Conflict(
                "balance_too_low",
                _("Your balance does not cover %(amount)s. Top it up.") % {"amount": obligation.amount},
            )
        if not paid:
            paid_all = False
            continue
        obligation.status, obligation.done_by, obligation.done_at = "done", by, act.at
        obligation.save(update_fields=["status", "amount", "done_by", "done_at"])
        act.note("money.paid", obligation=obligation.pk, amount=str(obligation.amount), by=by)
    return paid_all


def _nothing_left(act: Act, obligation: Obligation) -> bool:
    """No money twice: of a refund only what has not gone back yet is owed, whichever case it went back in."""
    left = refundable(act.case)
    if left is not None and obligation.remedy != Remedy.COMPENSATION:
        obligation.amount = min(obligation.amount, left)
    if obligation.amount > 0:
        return False
    obligation.status = "cancelled"
    obligation.save(update_fields=["status"])
    return True


def turn_goods_into_refund(act: Act) -> None:
    """An exchange, repair or reshipment that did not come becomes a refund of the order (transition 25)."""
    amount = refundable(act.case) or Decimal(0)
    pending = act.case.obligations.filter(status="pending", remedy__in=sorted(GOODS))
    if amount > 0 and pending.update(remedy=Remedy.REFUND_ONLY, amount=amount):  # paid up to the whole, once
        act.case.agreed_remedy, act.case.agreed_amount = Remedy.REFUND_ONLY, amount
        act.tell(remedy=Remedy.REFUND_ONLY, amount=str(amount))
