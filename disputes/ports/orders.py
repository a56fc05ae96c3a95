"""Orders of the marketplace: the port, the embedded marketplace and the HTTP gateway to a real one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from casemgmt.accounts.models import Organisation
from disputes.models.order import Order, OrderSnapshot

# What a snapshot copies, by name, from whatever form of the order the port found.
COPIED = (
    "number", "currency", "paid_total", "freight", "free_shipping", "status", "items", "paid_at", "promised_ship_by",
    "shipped_at", "carrier", "waybill", "signed_at", "signed_by", "finished_at", "return_policy", "no_reason_eligible",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Found:
    """An order as the port knows it: whose it is, and the facts a case keeps."""

    buyer_id: int
    seller: Organisation
    status: str
    source: str
    facts: dict[str, Any] = field(default_factory=dict)

    def snapshot(self, at: datetime) -> OrderSnapshot:
        """A copy to keep, not stored yet."""
        return OrderSnapshot(taken_at=at, source=self.source, **self.facts)


class Orders(Protocol):
    def fetch(self, number: str) -> Found | None:
        """The order with this number, or None. Raises Unavailable when the marketplace does not answer."""


def port() -> Orders:
    return cast(Orders, import_string(settings.ORDERS_PORT)())


class EmbeddedOrders:
    """The orders that the marketplace sent through the API."""

    def fetch(self, number: str) -> Found | None:
        order = Order.objects.select_related("seller").filter(number=number).first()
        if order is None:
            return None
        facts = {name: getattr(order, name) for name in COPIED}
        return Found(buyer_id=order.buyer_id, seller=order.seller, status=order.status, source="embedded", facts=facts)
