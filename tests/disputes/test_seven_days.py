"""Every flow with every party using all its time: the seven working days of R1-26 are kept, and by which pauses."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.disputes.walks import RULING, about_us, before, clock, incomplete, lost_parcel, not_shipped, service
from tests.world import Story, World

pytestmark = pytest.mark.promise("R1-26")
STARTS = {
    "a Monday morning": datetime(2026, 11, 2, 2, 0, tzinfo=UTC),
    "the last second of a Friday": datetime(2026, 11, 6, 15, 59, 59, tzinfo=UTC),
    "the eve of the National Day": datetime(2026, 9, 30, 9, 0, tzinfo=UTC),
}
ASKED: list[dict[str, Any]] = [
    {"party": "consumer", "slot": "unboxing_video"},
    {"party": "seller", "slot": "signing_proof"},
]


def heard_and_ruled(story: Story, asked: list[dict[str, Any]] = ASKED) -> None:
    """Staff act at once; the parties let the whole evidence period and a whole extension pass."""
    w = story.world
    story.does(story.handler, "accept_intervention", opinion="初步意见")
    story.does(story.handler, "open_evidence", requests=asked)
    before(story, "evidence").does(w.buyer, "extend_evidence", hours=72)
    story.runs_out("evidence").runs_out("evidence")
    if story.case.complained_of_id:
        story.does(
            story.handler, "log_contact", channel="phone", direction="outbound", summary="x", with_party="handler"
        )
    remedies = [{"remedy": "apology"}] if story.case.claim_remedy == "apology" else RULING["remedies"]
    story.does(story.handler, "issue_ruling", **{**RULING, "remedies": remedies})


def contested(story: Story) -> None:
    """The seller refuses at its last second, the buyer goes on at its own."""
    w = story.world
    before(story, "seller_response").does(w.seller, "refuse", reason="goods_fine", text="不同意")
    before(story, "buyer_escalate").does(w.buyer, "escalate", reason="seller_refused")
    heard_and_ruled(story)


def f1_refused(w: World) -> Story:
    story = w.files()
    contested(story)
    return story


def f1_agreed(w: World) -> Story:
    story = w.files()
    sent_back(story)
    before(story, "fulfil").does(w.seller, "fulfil")
    return story


def sent_back(story: Story) -> None:
    w = story.world
    before(story, "seller_response").does(w.seller, "agree")
    before(story, "return_ship").does(w.buyer, "ship_return", carrier="SF", waybill="R1")
    before(story, "return_receipt").does(w.seller, "confirm_receipt")


def f1_exchanged(w: World) -> Story:
    story = w.files(remedy="exchange")
    sent_back(story)
    before(story, "fulfil").does(w.seller, "fulfil", proof="SF2")
    return story.runs_out("buyer_confirm")


def f1_repaired(w: World) -> Story:
    story = w.files(remedy="repair")
    sent_back(story)
    before(story, "fulfil").does(w.seller, "fulfil", proof="SF2")
    before(story, "buyer_confirm").does(w.buyer, "buyer_confirm")
    return story


def f1_silent(w: World) -> Story:
    story = w.files().runs_out("seller_response")
    before(story, "return_ship").does(w.buyer, "ship_return", carrier="SF", waybill="R1")
    return story.runs_out("return_receipt").runs_out("fulfil").runs_out("execution")


def f1_bargained(w: World) -> Story:
    story = w.files()
    before(story, "seller_response").does(w.seller, "offer", remedy="partial_refund", amount=Decimal(9))
    before(story, "offer").does(w.buyer, "decline_offer")
    contested(story)
    return story


def f2_lost(w: World) -> Story:
    story = lost_parcel(w)
    before(story, "carrier_inquiry").does(w.agent, "carrier_result", result="lost", text="丢失")
    before(story, "seller_response").does(w.seller, "agree")
    return story.runs_out("fulfil").runs_out("execution")


def f2_refused(w: World) -> Story:
    story = lost_parcel(w).runs_out("carrier_inquiry")
    contested(story)
    return story


def f2_delivered(w: World) -> Story:
    story = lost_parcel(w)
    before(story, "carrier_inquiry").does(w.agent, "carrier_result", result="delivered", text="签收")
    before(story, "buyer_confirm").does(w.buyer, "reject_fulfilment", text="没收到")
    contested(story)
    return story


def f2s_silent(w: World) -> Story:
    return not_shipped(w).runs_out("seller_response").runs_out("fulfil").runs_out("execution")


def f3_silent(w: World) -> Story:
    story = service(w).runs_out("seller_response")
    heard_and_ruled(story)
    return story


def f3_refused(w: World) -> Story:
    story = service(w)
    contested(story)
    return story


def f4_asked_back(w: World) -> Story:
    story = incomplete(w, type="order_issue", subtype="price_error", remedy="price_difference", amount=Decimal(20))
    story.does(w.agent, "request_info", text="订单号?")
    before(story, "info").does(w.buyer, "link_order", order_number=w.order().number)
    story.does(w.agent, "admit")
    contested(story)
    return story


def f5_ourselves(w: World) -> Story:
    story = about_us(w)
    heard_and_ruled(story, ASKED[:1])
    return story


BUYER, TRANSIT, CARRIER, EXTRA = (
    {"awaiting_buyer"},
    {"return_in_transit"},
    {"carrier_investigation"},
    {"evidence_extended"},
)
FLOWS: dict[Callable[[World], Story], set[str]] = {
    f1_refused: BUYER | EXTRA,
    f1_agreed: BUYER | TRANSIT,
    f1_exchanged: BUYER | TRANSIT | {"performance_agreed"},
    f1_repaired: BUYER | TRANSIT | {"performance_agreed"},
    f1_silent: BUYER | TRANSIT,
    f1_bargained: BUYER | EXTRA,
    f2_lost: CARRIER,
    f2_refused: CARRIER | BUYER | EXTRA,
    f2_delivered: CARRIER | BUYER | EXTRA,
    f2s_silent: set(),
    f3_silent: EXTRA,
    f3_refused: BUYER | EXTRA,
    f4_asked_back: BUYER | EXTRA,
    f5_ourselves: EXTRA,
}


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_the_seven_days_are_kept(db: None, flow: Callable[[World], Story], start: str) -> None:
    story = flow(World(at=STARTS[start]))
    assert story.status in ("resolved", "ruled")
    promise = clock(story, "resolution")
    assert promise.status == "met"
    assert not story.case.events.filter(
        code="clock.breached", data__kind__in=["resolution", "review_resolution"]
    ).exists()
    assert set(promise.pauses.values_list("reason", flat=True)) == FLOWS[flow]
    shown = [step for step in promise.steps if step["step"] == "paused"]
    assert {step["reason"] for step in shown} <= FLOWS[flow]
    running = [step for step in promise.steps if step["step"] == "counted"]
    assert len(running) == 7  # what the pauses took out was counted out, and nothing else
