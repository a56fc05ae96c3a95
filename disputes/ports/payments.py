"""Paying consumers: the port, and its embedded ledger."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from disputes.models.money import MoneyMovement, SellerAccount
from disputes.states import OrderStatus

if TYPE_CHECKING:
    from disputes.models import Obligation


class Payments(Protocol):
    def pay(self, *, obligation: Obligation, at: datetime, from_deposit: bool) -> bool:
        """Move the amount to the consumer, once however often it is asked. False if there is too little."""


def port() -> Payments:
    return cast(Payments, import_string(settings.PAYMENTS_PORT)())


class EmbeddedPayments:
    """A ledger in the same database: the order's money until it is released, then the balance, then the deposit."""

    def pay(self, *, obligation: Obligation, at: datetime, from_deposit: bool) -> bool:
        key = f"obligation:{obligation.pk}"
        if MoneyMovement.objects.filter(key=key).exists():
            return True
        source = self._take(obligation, from_deposit=from_deposit)
        if source is None:
            return False
        order = obligation.case.order
        MoneyMovement.objects.create(
            case_id=obligation.case_id, key=key, source=source, amount=obligation.amount,
            currency=order.currency if order else "CNY", at=at,
        )  # fmt: skip
        return True

    def _take(self, obligation: Obligation, *, from_deposit: bool) -> str | None:
        order = obligation.case.order
        if order and order.status not in (OrderStatus.FINISHED, OrderStatus.CANCELLED):
            used = sum((m.amount for m in obligation.case.movements.filter(source="order")), Decimal(0))
            if used + obligation.amount <= order.paid_total + order.freight:
                return MoneyMovement.Source.ORDER
        account = SellerAccount.objects.select_for_update().filter(seller_id=obligation.case.seller_id).first()
        if account is None:
            return None
        for source in ("balance", "deposit") if from_deposit else ("balance",):
            held: Decimal = getattr(account, source)
            if held >= obligation.amount:
                setattr(account, source, held - obligation.amount)
                account.save(update_fields=[source])
                return MoneyMovement.Source(source)
        return None
