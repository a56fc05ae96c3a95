"""Ways to a status: each walks there through the one door."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from casemgmt.accounts.models import User
from casemgmt.errors import DomainError
from sla.models import Clock
from tests.world import Story, World

SECOND = timedelta(seconds=1)
RULING: dict[str, Any] = {
    "outcome": "buyer_favour",
    "reason": "defect_proven",
    "facts": "照片显示杯子在送达前已碎。",
    "reasoning": "卖家未能证明规范签收。",
    "citations": ["taobao-75"],
    "liability": {"seller": 100},
    "remedies": [{"remedy": "refund_only", "amount": "110.00"}],
}
FOR_SELLER: dict[str, Any] = {**RULING, "outcome": "seller_favour", "liability": {"consumer": 100}, "remedies": []}


@contextmanager
def refused(code: str, **extra: Any) -> Iterator[None]:
    """The block is refused with this code (and these machine-readable facts)."""
    with pytest.raises(DomainError) as caught:
        yield
    assert caught.value.code == code, f"{caught.value.code} instead of {code}"
    for name, value in extra.items():
        assert caught.value.extra[name] == value


def only(story: Story, action: str, *, by: list[User], **details: Any) -> None:
    """Everybody of the cast who is not named is refused."""
    w = story.world
    everybody = [w.buyer, w.stranger, w.seller, w.other_seller, w.agent, w.arbitrator, w.arbitrator2, w.reviewer,
                 w.supervisor, w.auditor, w.administrator]  # fmt: skip
    for person in everybody:
        if person not in by:
            with refused("not_permitted"):
                story.does(person, action, **details)


def clock(story: Story, kind: str) -> Clock:
    """The latest clock of that kind."""
    return story.case.clocks.filter(kind=kind).latest("id")


def pauses(story: Story, kind: str) -> list[str]:
    """Why that clock stood, in order."""
    return list(clock(story, kind).pauses.order_by("from_at", "id").values_list("reason", flat=True))


def last(story: Story) -> str:
    """The code of the last event that moved the case."""
    return str(story.case.events.exclude(to_status="").latest("seq").code)


def to(story: Story, at: datetime) -> Story:
    """Time passes to that instant; nobody sweeps."""
    assert at >= story.world.now
    story.world.now = at
    return story


def before(story: Story, kind: str) -> Story:
    """The last second of a term."""
    return to(story, story.due(kind) - SECOND)


def lost_parcel(world: World, **facts: Any) -> Story:
    order = world.order(status="shipped", signed_at=None, finished_at=None)
    values = {"type": "logistics", "subtype": "lost", "remedy": "refund_only", "order_number": order.number}
    return world.files(**{**values, **facts})


def not_shipped(world: World, **facts: Any) -> Story:
    order = world.order(status="unshipped", waybill="", carrier="", shipped_at=None, signed_at=None, finished_at=None)
    values = {"type": "shipping_by_seller", "subtype": "late_shipment", "remedy": "refund_only"}
    return world.files(**{**values, "order_number": order.number, **facts})


def service(world: World, **facts: Any) -> Story:
    values = {"type": "after_sales_service", "subtype": "bad_attitude", "remedy": "apology"}
    return world.files(**{**values, **facts})


def incomplete(world: World, **facts: Any) -> Story:
    """Filed without an order number: it stays at intake."""
    return world.files(**{"order_number": "", "no_order_reason": "丢了订单号", "amount": None, **facts})


def about_us(world: World, *, complained_of: User | None = None, **facts: Any) -> Story:
    """F5: about the supervisor, unless another is named."""
    values: dict[str, Any] = {
        "type": "service_complaint", "subtype": "attitude", "remedy": "apology", "order_number": "",
        "no_order_reason": "about you", "complained_of": (complained_of or world.supervisor).pk,
    }  # fmt: skip
    return world.files(**{**values, **facts})


def refused_by_seller(world: World, **facts: Any) -> Story:
    return world.files(**facts).does(world.seller, "refuse", reason="goods_fine", text="商品没有问题")


def at_platform(world: World, **facts: Any) -> Story:
    return refused_by_seller(world, **facts).does(world.buyer, "escalate", reason="seller_refused")


def under_review(world: World, **facts: Any) -> Story:
    story = at_platform(world, **facts)
    return story.does(story.handler, "accept_intervention", opinion="初步认为商品有问题")


def ruled(world: World, ruling: dict[str, Any] = RULING, **facts: Any) -> Story:
    story = under_review(world, **facts)
    return story.does(story.handler, "issue_ruling", **ruling)


def executing(world: World, ruling: dict[str, Any] = RULING, **facts: Any) -> Story:
    return both_accept(ruled(world, ruling, **facts))


def both_accept(story: Story) -> Story:
    return story.does(story.world.buyer, "accept_ruling").does(story.world.seller, "accept_ruling")


def returning(world: World, **facts: Any) -> Story:
    """Agreed, and the goods are on their way back."""
    story = world.files(**facts).does(world.seller, "agree")
    return story.does(world.buyer, "ship_return", carrier="SF", waybill="R1")


def confirming(world: World) -> Story:
    """An exchange was sent: the buyer is to confirm."""
    story = returning(world, remedy="exchange").does(world.seller, "confirm_receipt")
    return story.does(world.seller, "fulfil", proof="SF200")


# What a member of staff could try on a complaint at the platform, with details that would do.
APPROACH: dict[str, dict[str, Any]] = {
    "assign": {}, "reassign": {"reason": "x"}, "hold_promises": {"reason": "x"}, "release_promises": {},
    "extend_promise": {"kind": "resolution", "days": 1, "reason": "x"}, "give_initial_opinion": {"text": "x"},
    "accept_intervention": {"opinion": "x"},
    "log_contact": {"channel": "phone", "direction": "inbound", "summary": "x"},
    "post_message": {"text": "x", "thread": "internal"}, "decide_recusal": {"granted": False},
    "merge": {"into": 1}, "reopen": {"text": "x"}, "no_ruling": {"bodies": ["court"]}, "approve_ruling": {},
}  # fmt: skip
