"""Transitions 7 and 8: what the carrier says, or does not say."""

from datetime import timedelta

import pytest

from tests.disputes.walks import SECOND, clock, last, lost_parcel, only, pauses, refused, to
from tests.world import World


@pytest.mark.promise("R1-13", "R3-31")
def test_a_parcel_on_its_way_is_asked_after_at_the_carrier(world: World) -> None:
    story = lost_parcel(world)
    assert (story.status, story.case.stage, story.case.seller_contacted_at) == (
        "awaiting_carrier",
        "contact_seller",
        None,
    )
    inquiry = story.case.inquiries.get()
    assert (inquiry.waybill, inquiry.answered_at) == ("SF100", None)
    assert clock(story, "carrier_inquiry").due_at.isoformat() == "2026-11-04T16:00:00+00:00"  # two working days
    with refused("not_permitted"):
        story.does(world.seller, "agree")


@pytest.mark.promise("R1-13", "R3-32")
@pytest.mark.parametrize("result", ["lost", "delayed", "damaged", "unknown"])
def test_a_parcel_that_did_not_arrive_is_the_sellers_to_answer(world: World, result: str) -> None:
    story = lost_parcel(world)
    only(story, "carrier_result", by=[world.agent, world.supervisor], result=result, text="快递回复")
    story.does(world.agent, "carrier_result", result=result, text="快递回复")
    assert (story.status, story.case.inquiries.get().result) == ("awaiting_seller", result)
    assert clock(story, "seller_response").variant == "not_received"
    assert story.due("seller_response") == world.now + timedelta(hours=36)
    assert (clock(story, "carrier_inquiry").status, clock(story, "resolution").status) == ("met", "running")


def test_a_false_signature_that_the_carrier_takes_back_counts_as_not_received(world: World) -> None:
    story = lost_parcel(world, received_goods=True)
    story.does(world.agent, "carrier_result", result="lost", text="丢失")
    assert (story.case.received_goods, clock(story, "seller_response").variant) == (False, "not_received")


@pytest.mark.promise("R3-30")
def test_a_delivered_parcel_is_the_buyers_to_confirm_or_to_reject(world: World) -> None:
    story = lost_parcel(world).does(world.agent, "carrier_result", result="delivered", text="已签收")
    assert (story.status, story.due("buyer_confirm")) == ("awaiting_buyer_confirm", world.now + timedelta(days=3))
    assert pauses(story, "resolution") == ["carrier_investigation", "awaiting_buyer"]


def test_a_delivered_parcel_confirmed_ends_the_case(world: World) -> None:
    story = lost_parcel(world).does(world.agent, "carrier_result", result="delivered", text="已签收")
    story.does(world.buyer, "buyer_confirm")
    assert (story.status, story.case.outcome_code, story.case.outcome_reason) == (
        "resolved",
        "settled",
        "delivered_proven",
    )


def test_silence_about_a_delivered_parcel_is_for_the_seller(world: World) -> None:
    story = lost_parcel(world).does(world.agent, "carrier_result", result="delivered", text="已签收")
    story.runs_out("buyer_confirm")
    assert (story.status, story.case.outcome_code) == ("resolved", "auto_seller_favour")


def test_rejecting_a_delivery_brings_the_seller_in_and_the_platform_if_need_be(world: World) -> None:
    story = lost_parcel(world).does(world.agent, "carrier_result", result="delivered", text="已签收")
    story.does(world.buyer, "reject_fulfilment", text="不是我签收的")
    assert story.status == "awaiting_seller"
    story.does(world.buyer, "escalate", reason="no_refund")
    assert story.status == "intervention_requested"


def test_the_agent_can_send_a_dispute_straight_to_the_platform(world: World) -> None:
    story = lost_parcel(world).does(world.agent, "carrier_result", result="unknown", text="争议", to_platform=True)
    assert story.status == "intervention_requested"
    with refused("reason_unknown"):
        lost_parcel(world).does(world.agent, "carrier_result", result="vanished", text="?")


@pytest.mark.promise("R1-13")
def test_a_silent_carrier_leaves_the_seller_with_the_burden(world: World) -> None:
    story = lost_parcel(world)
    to(story, story.due("carrier_inquiry") - SECOND)
    world.sweeps()
    assert story.status == "awaiting_carrier"
    story.runs_out("carrier_inquiry")
    assert (story.status, last(story), story.case.inquiries.get().result) == (
        "awaiting_seller", "case.carrier_timed_out", "unknown",
    )  # fmt: skip
    with refused("wrong_state"):
        story.does(world.agent, "carrier_result", result="lost", text="太晚")


def test_the_carriers_time_is_ours_for_two_working_days_at_most(world: World) -> None:
    story = lost_parcel(world)
    promised = story.due("resolution")
    to(story, story.due("carrier_inquiry") - SECOND).does(world.agent, "carrier_result", result="lost", text="丢失")
    # Tuesday lay in the pause from midnight to midnight; Wednesday lacked a second.
    assert story.due("resolution") - promised == timedelta(days=1)
    assert clock(story, "resolution").pauses.get().limit_days == 2
