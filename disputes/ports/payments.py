"""Paying consumers: the port, and its embedded ledger."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol, cast

from django.conf import settings
from django.db.models import Q, Sum
from django.utils.module_loading import import_string

from disputes.models.money import MoneyMovement, SellerAccount
from disputes.states import Kind, OrderStatus

if TYPE_CHECKING:
    from disputes.models import Case, Obligation


class Payments(Protocol):
    def pay(self, *, obligation: Obligation, at: datetime, from_deposit: bool) -> bool:
        """Move the amount to the consumer, once however often it is asked. False if there is too little."""

    def prepare(self, *, case_ids: Collection[int]) -> None:
        """Many cases are about to be paid for in one transaction: take what that needs, in an order all agree on."""


def port() -> Payments:
    return cast(Payments, import_string(settings.PAYMENTS_PORT)())


class EmbeddedPayments:
    """A ledger in the same database: the order's money until it is released, then the balance, then the deposit.

    In a complaint about ourselves the platform pays.
    """

    def pay(self, *, obligation: Obligation, at: datetime, from_deposit: bool) -> bool:
        key = f"obligation:{obligation.pk}"
        if MoneyMovement.objects.filter(Q(key=key) | Q(key__startswith=f"{key}:")).exists():
            return True
        taken = self._take(obligation, from_deposit=from_deposit)
        order = obligation.case.order
        for source, amount in taken:
            MoneyMovement.objects.create(
                case_id=obligation.case_id, key=f"{key}:{source}", source=source, amount=amount,
                currency=order.currency if order else "CNY", at=at,
            )  # fmt: skip
        return bool(taken)

    def prepare(self, *, case_ids: Collection[int]) -> None:
        accounts = SellerAccount.objects.filter(seller__cases__in=case_ids)
        # Of two sweeps that met the same accounts in different orders, PostgreSQL would have to end one.
        list(SellerAccount.objects.filter(pk__in=accounts.values("pk")).order_by("pk").select_for_update())

    def _take(self, obligation: Obligation, *, from_deposit: bool) -> list[tuple[str, Decimal]]:
        """(source, amount) that together cover the obligation, taken; empty where they would not."""
        case = obligation.case
        if case.seller_id is None:
            return [(MoneyMovement.Source.PLATFORM, obligation.amount)] if case.kind == Kind.SERVICE_COMPLAINT else []
        account = SellerAccount.objects.select_for_update().filter(seller_id=case.seller_id).first()
        held: list[tuple[str, Decimal]] = [(MoneyMovement.Source.ORDER, self._unreleased(case))]
        if account:
            held.append((MoneyMovement.Source.BALANCE, account.balance))
        if account and from_deposit:
            held.append((MoneyMovement.Source.DEPOSIT, account.deposit))
        taken: list[tuple[str, Decimal]] = []
        missing = obligation.amount
        for source, amount in held:
            if (part := min(amount, missing)) > 0:
                taken.append((source, part))
                missing -= part
        if missing > 0:
            return []
        for source, part in taken:
            if account and source != MoneyMovement.Source.ORDER:
                setattr(account, source, getattr(account, source) - part)
                account.save(update_fields=[source])
        return taken

    def _unreleased(self, case: Case) -> Decimal:
        """The order's money that the marketplace still holds, less what went back in any case about the order."""
        order = case.order
        if order is None or order.status in (OrderStatus.FINISHED, OrderStatus.CANCELLED):
            return Decimal(0)
        of_this_order = Q(case__order_number=case.order_number, case__consumer_id=case.consumer_id)
        used = MoneyMovement.objects.filter(of_this_order, source="order").aggregate(used=Sum("amount"))["used"]
        return max(Decimal(0), order.paid_total + order.freight - (used or Decimal(0)))
