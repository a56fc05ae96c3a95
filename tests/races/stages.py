"""How a case gets to where two people meet, each walked once and then copied."""

from datetime import timedelta
from typing import Any

from tests.world import Story, World

RULING: dict[str, Any] = {
    "outcome": "buyer_favour", "reason": "defect_proven", "facts": "杯子到货时已碎。",
    "reasoning": "签收前的风险由卖家承担。", "citations": ["taobao-10"], "liability": {"seller": 100},
    "remedies": [{"remedy": "refund_only", "amount": "100.00"}],
}  # fmt: skip
ASKED = [{"party": "seller", "slot": "dispatch_proof", "mandatory": True, "text": "发货证明"}]


def awaiting_seller(world: World) -> Story:
    return world.files()


def without_order(world: World) -> Story:
    """Filed without an order number: any two of one consumer may be the same."""
    return world.files(no_order_reason="在店里买的", remedy="return_refund")


def refused(world: World) -> Story:
    return awaiting_seller(world).after(hours=1).does(world.seller, "refuse", reason="goods_fine", text="到货时完好。")


def offered(world: World) -> Story:
    story = awaiting_seller(world).after(hours=1)
    return story.does(world.seller, "offer", remedy="partial_refund", amount=30)


def requested(world: World) -> Story:
    return refused(world).after(hours=1).does(world.buyer, "escalate", reason="seller_refused", text="请平台介入。")


def under_review(world: World) -> Story:
    story = requested(world).after(hours=1)
    return story.does(story.handler, "accept_intervention", opinion="已受理。")


def evidence_period(world: World) -> Story:
    story = under_review(world).after(hours=1)
    return story.does(story.handler, "open_evidence", requests=ASKED)


def ruled(world: World) -> Story:
    story = under_review(world).after(hours=1)
    return story.does(story.handler, "issue_ruling", **RULING)


def executing(world: World) -> Story:
    story = ruled(world)
    world.now = story.due("appeal_window")
    world.sweeps()
    assert story.status == "executing"
    return story


def just_before(story: Story, kind: str) -> Any:
    """The last instant at which somebody may still act."""
    return story.due(kind) - timedelta(microseconds=1)
