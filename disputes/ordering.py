"""Orders as the marketplace sends them: kept whole under its key, with the people and parcels they speak of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casemgmt.accounts.models import Organisation, User
from casemgmt.accounts.roles import Role
from casemgmt.errors import Conflict, Invalid, NotFound
from disputes.models import Case, LogisticsEvent, Order


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One order as it was sent. `facts`: columns of the order; `tracking`: [{at, status, text}] of its parcel."""

    number: str
    buyer: dict[str, Any]
    seller: dict[str, Any]
    facts: dict[str, Any]
    tracking: list[dict[str, Any]] = field(default_factory=list)


def receive(sent: Sent, *, at: datetime) -> tuple[Order, bool]:
    """Keep the order; True if it is new. What was sent before under the number is replaced whole.

    Raises Conflict where the number belongs to another buyer or seller.
    """
    with transaction.atomic():
        buyer, seller = buyer_of(**sent.buyer), seller_of(**sent.seller)
        defaults = {**sent.facts, "buyer": buyer, "seller": seller, "updated_at": at}
        order, created = Order.objects.select_for_update(of=("self",)).get_or_create(
            number=sent.number, defaults=defaults
        )
        if not created:
            _replace(order, defaults)
        _keep_tracking(order, sent.tracking)
    return order, created


def visible_to(user: User) -> QuerySet[Order]:
    """The orders a person may know of: one's own, one's shop's; the intake staff and the marketplace all."""
    orders = Order.objects.all()
    match Role(user.role):
        case Role.CONSUMER:
            return orders.filter(buyer=user)
        case Role.SELLER_STAFF:
            return orders.filter(seller__in=user.memberships.filter(is_active=True).values("organisation_id"))
        case Role.AGENT | Role.SUPERVISOR | Role.AUDITOR | Role.ADMINISTRATOR:
            return orders
    return orders.none()


def find(*, user: User, number: str) -> Order:
    """The order, if the person may know of it; else NotFound."""
    order = visible_to(user).select_related("seller").filter(number=number).first()
    if order is None:
        raise NotFound("order_not_found", _("There is no such order, or it is not yours to see."))
    return order


def cases_of(order: Order, user: User) -> QuerySet[Case]:
    """The cases about this order that the person may see, the latest first."""
    return Case.objects.visible_to(user).filter(order_number=order.number, consumer_id=order.buyer_id).order_by("-pk")


def buyer_of(*, external_ref: str, name: str = "", email: str = "", language: str = "zh-hans") -> User:
    """The consumer of this marketplace id; an account without a password is made for a new one.

    Raises Invalid where the id is a member of the staff.
    """
    fresh = {
        "username": f"buyer-{sha256(external_ref.encode()).hexdigest()[:16]}", "display_name": name or external_ref,
        "email": email, "language": language, "role": Role.CONSUMER, "password": make_password(None),
    }  # fmt: skip
    user, _created = User.objects.get_or_create(external_ref=external_ref, defaults=fresh)
    if user.role != Role.CONSUMER:
        raise Invalid("not_a_consumer", _("This marketplace id is not a consumer's."))
    return user


def seller_of(
    *, key: str, name: str = "", kind: str = "", return_address: dict[str, Any] | None = None
) -> Organisation:
    """The shop of this marketplace id, made if it is new; a name or an address that is sent replaces ours."""
    sent = {"name": name, "kind": kind, "return_address": return_address}
    changes = {column: value for column, value in sent.items() if value}
    shop, created = Organisation.objects.get_or_create(key=key, defaults={"name": key, **changes})
    stale = [column for column, value in changes.items() if getattr(shop, column) != value]
    if not created and stale:
        for column in stale:
            setattr(shop, column, changes[column])
        shop.save(update_fields=stale)
    return shop


def _replace(order: Order, values: dict[str, Any]) -> None:
    if (order.buyer_id, order.seller_id) != (values["buyer"].pk, values["seller"].pk):
        raise Conflict("order_of_others", _("This number belongs to an order of another buyer or seller."))
    for column, value in values.items():
        setattr(order, column, value)
    order.save(update_fields=list(values))


def _keep_tracking(order: Order, steps: list[dict[str, Any]]) -> None:
    """Steps of the parcel, each once however often it is sent."""
    if steps and not order.waybill:
        raise Invalid("waybill_missing", _("Tracking needs the waybill it belongs to (waybill)."))
    LogisticsEvent.objects.bulk_create(
        (LogisticsEvent(waybill=order.waybill, source="marketplace", **step) for step in steps), ignore_conflicts=True
    )
