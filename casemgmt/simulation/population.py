"""Who and what is simulated: people, shops, orders and the complaints to come, all drawn from one seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import Membership, Organisation, User
from casemgmt.accounts.roles import Role
from disputes.intake import Complaint
from disputes.models import Order, SellerAccount

_ADDRESS = {"recipient": "Returns", "phone": "057100000000", "line": "1 Harbour Road", "region": "Z", "mainland": True}
# How often each kind of complaint comes: type, subtype, remedies to ask for, the order's shape, weight.
_MIX: tuple[tuple[str, str, tuple[str, ...], str, int], ...] = (
    ("product_quality", "damaged", ("return_refund", "refund_only", "exchange"), "signed", 16),
    ("product_quality", "malfunction", ("return_refund", "repair", "partial_refund"), "finished", 14),
    ("product_quality", "counterfeit", ("return_refund",), "finished", 3),
    ("product_quality", "safety", ("refund_only",), "finished", 1),
    ("not_as_described", "wrong_color", ("return_refund", "exchange", "partial_refund"), "signed", 12),
    ("not_as_described", "missing_item", ("reship", "partial_refund"), "signed", 7),
    ("logistics", "lost", ("refund_only", "reship"), "shipped", 9),
    ("logistics", "stale_tracking", ("refund_only",), "shipped", 6),
    ("logistics", "damaged_in_transit", ("refund_only", "reship"), "signed", 4),
    ("shipping_by_seller", "late_shipment", ("refund_only", "cancel_order"), "unshipped", 9),
    ("after_sales_service", "promise_not_kept", ("price_difference", "compensation"), "finished", 6),
    ("after_sales_service", "bad_attitude", ("apology",), "finished", 3),
    ("no_reason_return", "refused_return", ("return_refund",), "signed", 6),
    ("order_issue", "double_charge", ("refund_only",), "signed", 3),
    ("other", "gift", ("reship", "apology"), "signed", 2),
)
_PARTIAL = frozenset({"partial_refund", "price_difference", "compensation"})
_SINCE: dict[str, dict[str, int]] = {  # days before the complaint
    "unshipped": {"paid_at": 4},
    "shipped": {"paid_at": 7, "shipped_at": 6},
    "signed": {"paid_at": 6, "shipped_at": 5, "signed_at": 1},
    "finished": {"paid_at": 9, "shipped_at": 8, "signed_at": 4, "finished_at": 2},
}


@dataclass(frozen=True, kw_only=True)
class ToFile:
    """A complaint that somebody files at an instant. `number` counts from 0 and seeds what its people are like."""

    number: int
    at: datetime
    consumer: User
    complaint: Complaint


@dataclass(kw_only=True)
class Population:
    """`actors` of everybody by id; `speakers`: of each shop the member who answers; `staff` by role, in order."""

    actors: dict[int, Actor]
    speakers: dict[int, int]
    staff: dict[Role, list[int]]
    coming: list[ToFile]


def settle(*, cases: int, seed: str, start: datetime, days: int) -> Population:
    """Fill the empty database. Complaints come in the first two thirds of the days, by day rather than by night."""
    chance = random.Random(f"{seed}:population")  # noqa: S311  a simulation, not a secret
    staff = {
        Role.AGENT: _people(Role.AGENT, max(2, cases // 200)),
        Role.ARBITRATOR: _people(Role.ARBITRATOR, max(4, cases // 100)),
        Role.REVIEWER: _people(Role.REVIEWER, 2),
        Role.SUPERVISOR: _people(Role.SUPERVISOR, 2),
    }
    consumers = _people(Role.CONSUMER, max(20, cases // 2))
    sellers = _people(Role.SELLER_STAFF, max(8, cases // 20))
    shops = _shops(sellers, chance)
    everybody = [person for group in (*staff.values(), consumers) for person in group]
    actors = {person.pk: Actor(id=person.pk, role=Role(person.role)) for person in everybody}
    for shop, seller in zip(shops, sellers, strict=True):
        actors[seller.pk] = Actor(id=seller.pk, role=Role.SELLER_STAFF, organisation_ids=frozenset({shop.pk}))
    return Population(
        actors=actors,
        speakers={shop.pk: seller.pk for shop, seller in zip(shops, sellers, strict=True)},
        staff={role: [person.pk for person in people] for role, people in staff.items()},
        coming=_complaints(cases, chance, start, days, consumers, shops),
    )


def _people(role: Role, count: int) -> list[User]:
    """Without an e-mail address: notices stay in the application."""
    return User.objects.bulk_create(
        User(username=f"{role}-{n}", display_name=f"{role} {n}", role=role, password="!")  # noqa: S106
        for n in range(count)
    )


def _shops(sellers: list[User], chance: random.Random) -> list[Organisation]:
    shops = Organisation.objects.bulk_create(
        Organisation(key=f"shop-{n}", name=f"Shop {n}", return_address=_ADDRESS) for n in range(len(sellers))
    )
    Membership.objects.bulk_create(
        Membership(organisation=shop, user=seller, role=Membership.Role.OWNER)
        for shop, seller in zip(shops, sellers, strict=True)
    )
    SellerAccount.objects.bulk_create(
        SellerAccount(
            seller=shop, balance=Decimal(chance.choice((0, 2000, 20_000))), deposit=Decimal(chance.choice((100, 5000)))
        )
        for shop in shops
    )
    return shops


def _complaints(
    cases: int, chance: random.Random, start: datetime, days: int, consumers: list[User], shops: list[Organisation]
) -> list[ToFile]:
    instants = sorted(_instant(chance, start, days) for _case in range(cases))
    orders, coming = [], []
    for number, at in enumerate(instants):
        kind, subtype, remedies, shape, _weight = chance.choices(_MIX, weights=[row[-1] for row in _MIX])[0]
        consumer, shop = chance.choice(consumers), chance.choice(shops)
        order = _order(number, at, consumer, shop, shape, chance)
        orders.append(order)
        remedy = chance.choice(remedies)
        amount = (
            (order.paid_total * chance.randrange(20, 70) / 100).quantize(Decimal(1)) if remedy in _PARTIAL else None
        )
        complaint = Complaint(
            type=kind, subtype=subtype, description=f"{subtype}, complaint {number}", contact="13800000000",
            remedy=remedy, amount=amount, order_number=order.number, evidence_waiver="to follow",
            received_goods=False if subtype in ("lost", "stale_tracking") else None,
        )  # fmt: skip
        coming.append(ToFile(number=number, at=at, consumer=consumer, complaint=complaint))
    Order.objects.bulk_create(orders)
    return coming


def _order(number: int, at: datetime, buyer: User, seller: Organisation, shape: str, chance: random.Random) -> Order:
    paid = Decimal(chance.choice((39, 89, 129, 199, 359, 599, 1299, 2899, 6299)))
    instants: dict[str, Any] = {name: at - timedelta(days=since) for name, since in _SINCE[shape].items()}
    parcel = {"carrier": "SF", "waybill": f"SF{number:08d}"} if "shipped_at" in instants else {}
    item = {"sku": f"S{number}", "title": "Article", "qty": 1, "unit_price": str(paid), "paid": str(paid)}
    return Order(
        number=f"SIM{number:09d}", buyer=buyer, seller=seller, paid_total=paid,
        freight=Decimal(chance.choice((0, 0, 10))), status=shape, items=[item], updated_at=at, **parcel, **instants,
    )  # fmt: skip


def _instant(chance: random.Random, start: datetime, days: int) -> datetime:
    """A second of the first two thirds; three of four complaints come between 8:00 and 23:00."""
    day = timedelta(days=chance.randrange(max(1, days * 2 // 3)))
    hour = chance.randrange(8, 23) if chance.random() < 0.75 else chance.randrange(24)
    return start + day + timedelta(hours=hour, seconds=chance.randrange(3600))
