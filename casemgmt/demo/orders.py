"""Orders of the demo marketplace, with their goods, prices and parcels, dated around a given instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from casemgmt.accounts.models import User
from casemgmt.demo import facts
from casemgmt.demo.cast import MARK, Cast
from disputes.models import LogisticsEvent, Order

_PREFIX = "8801"  # begins every order number here; then the generation and the place in it
_CARRIERS = (("SF", "顺丰速运"), ("YT", "圆通速递"), ("ZT", "中通快递"), ("JD", "京东物流"))
_SINCE: dict[str, dict[str, float]] = {  # days before the instant
    "unshipped": {"paid_at": 5, "promised_ship_by": 3},
    "shipped": {"paid_at": 7, "promised_ship_by": 5, "shipped_at": 6},
    "signed": {"paid_at": 7, "promised_ship_by": 5, "shipped_at": 6, "signed_at": 1.2},
    "finished": {"paid_at": 9, "promised_ship_by": 7, "shipped_at": 8, "signed_at": 4, "finished_at": 2},
}
_STEPS = (
    (0.0, "collected", "快件已揽收,正发往分拨中心 Collected"),
    (0.3, "in_transit", "快件已离开分拨中心 Left the sorting centre"),
    (0.9, "out_for_delivery", "快件正在派送 Out for delivery"),
    (1.0, "signed", "快件已签收,签收人:本人 Signed for"),
)


def number(generation: int, place: int) -> str:
    return f"{_PREFIX}{generation:06d}{place:08d}"


def latest_generation() -> int:
    """How often the demo was told; 0 before the first time."""
    ours = Order.objects.filter(number__startswith=_PREFIX, buyer__external_ref__startswith=MARK)
    last = ours.order_by("-number").values_list("number", flat=True).first()
    return int(last[4:10]) if last else 0


def place_order(
    *, cast: Cast, buyer: User, sku: str, number: str, shape: str, at: datetime, freight: Decimal = Decimal(0)
) -> Order:
    """One article, bought so long before `at` that the order is `shape` now: unshipped, shipped, signed or finished."""
    shop, article = facts.goods()[sku]
    price = Decimal(article["price"])
    item = {**{key: article[key] for key in ("sku", "title", "attrs", "category")}, "qty": 1}
    item |= {"unit_price": str(price), "paid": str(price)}
    instants = {name: at - timedelta(days=days) for name, days in _SINCE[shape].items()}
    parcel = _parcel(number) if "shipped_at" in instants else {}
    order = Order.objects.create(
        number=number,
        buyer=buyer,
        seller=cast.shops[shop],
        paid_total=price,
        freight=freight,
        free_shipping=not freight,
        status=shape,
        items=[item],
        return_policy="七天无理由退货 Seven days to return without a reason",
        updated_at=at,
        **instants,
        **parcel,
    )
    LogisticsEvent.objects.bulk_create(_journey(order, at))
    return order


def spare_orders(*, cast: Cast, generation: int, at: datetime, buyers: Sequence[User]) -> None:
    """Orders nobody has complained about yet, one for each buyer, so that there is something to try."""
    shapes, skus = ("signed", "finished", "shipped", "unshipped"), list(facts.goods())
    for place, buyer in enumerate(buyers):
        own = number(generation, 900 + place)
        if not Order.objects.filter(number=own).exists():
            sku, shape = skus[(place * 5) % len(skus)], shapes[place % len(shapes)]
            place_order(cast=cast, buyer=buyer, sku=sku, number=own, shape=shape, at=at)


def _parcel(number: str) -> dict[str, Any]:
    code, name = _CARRIERS[int(number[-2:]) % len(_CARRIERS)]
    return {"carrier": name, "waybill": f"{code}{number[4:10]}{number[-6:]}"}


def _journey(order: Order, at: datetime) -> list[LogisticsEvent]:
    """A signed parcel went all the way; one on its way stopped at the sorting centre days ago."""
    if order.shipped_at is None:
        return []
    whole = (order.signed_at or at) - order.shipped_at
    steps = _STEPS if order.signed_at else _STEPS[:2]
    return [
        LogisticsEvent(
            waybill=order.waybill, at=order.shipped_at + whole * part, status=code, text=text, source="carrier"
        )
        for part, code, text in steps
    ]
