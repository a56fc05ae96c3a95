"""Whose time was it: each interval is booked, and what was booked is the whole life of the case."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from disputes import booking
from disputes.booking import Interval
from disputes.states import CLOSED, Party
from tests.disputes import test_seven_days as seven
from tests.world import Story, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FLOWS = [flow for name, flow in vars(seven).items() if name.startswith(("f1_", "f2_", "f2s_", "f3_", "f4_", "f5_"))]


@pytest.fixture
def world(db: None) -> World:
    return World()


def of(story: Story) -> list[Interval]:
    return booking.booked(story.case.events.order_by("seq"), until=story.world.now)


def told(story: Story) -> list[tuple[str, str, float]]:
    """(status, party, hours)"""
    return [(one.status.value, one.party.value, one.length / HOUR) for one in of(story)]


def test_each_side_is_booked_what_was_waited_for_it(world: World) -> None:
    story = world.files().after(hours=5).does(world.seller, "refuse", reason="goods_fine", text="it is as described")
    story.after(hours=30).does(world.buyer, "escalate", reason="buyer_unsatisfied").after(hours=2)
    assert told(story) == [
        ("awaiting_seller", "seller", 5.0),
        ("seller_refused", "consumer", 30.0),
        ("intervention_requested", "platform", 2.0),
    ]


def test_what_waits_for_both_is_halved_and_every_side_is_named() -> None:
    from tests.world import MONDAY

    both = Interval(from_at=MONDAY, until_at=MONDAY + 4 * HOUR, status="mediation", party=Party.BOTH)  # type: ignore[arg-type]
    one = Interval(from_at=MONDAY + 4 * HOUR, until_at=MONDAY + 5 * HOUR, status="ruled", party=Party.SELLER)  # type: ignore[arg-type]
    assert booking.shares([both, one]) == {
        Party.CONSUMER: 2 * HOUR, Party.SELLER: 3 * HOUR, Party.PLATFORM: 0 * HOUR, Party.CARRIER: 0 * HOUR,
        Party.NOBODY: 0 * HOUR,
    }  # fmt: skip
    part = booking.within([both, one], MONDAY + 3 * HOUR, MONDAY + 4 * HOUR + HOUR / 2)
    assert booking.shares(part)[Party.SELLER] == HOUR


def test_a_return_is_the_carriers_until_it_is_signed_for_and_the_sellers_from_then_on(world: World) -> None:
    story = world.files().does(world.seller, "agree").after(hours=24)
    story.does(world.buyer, "ship_return", carrier="SF", waybill="SF200").after(hours=48)
    story.does(world.agent, "record_return_signed", signed_at=world.now).after(hours=3)
    assert told(story) == [
        ("awaiting_return", "consumer", 24.0),
        ("return_in_transit", "carrier", 48.0),
        ("return_in_transit", "seller", 3.0),
    ]


def test_a_closed_case_is_nobodys_and_reopening_goes_on(world: World) -> None:
    story = world.files().after(hours=1).does(world.buyer, "withdraw", confirm=True).after(hours=100)
    assert told(story) == [("awaiting_seller", "seller", 1.0)]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: str(flow.__name__))
def test_what_is_booked_is_the_whole_life_without_gap_or_overlap(world: World, flow: Callable[[World], Any]) -> None:
    story: Story = flow(world)
    intervals = of(story)
    events = list(story.case.events.order_by("seq"))
    for before, after in pairwise(intervals):
        assert before.until_at == after.from_at, (before, after)
    assert intervals[0].from_at == events[0].at
    if story.case.status in CLOSED:
        assert intervals[-1].until_at == story.case.closed_at
    whole = intervals[-1].until_at - intervals[0].from_at
    assert sum(booking.shares(intervals).values(), timedelta()) == whole


def test_a_missed_promise_says_who_used_its_time(world: World) -> None:
    story = world.files().after(hours=40).does(world.seller, "refuse", reason="goods_fine", text="it is as described")
    story.after(days=1).does(world.buyer, "escalate", reason="buyer_unsatisfied").after(days=14)
    world.sweeps()
    case = story.case
    for side in ("staff", "consumer"):
        (breach, *_) = [
            one for one in booking.told(case, side, at=world.now)["breaches"] if one["kind"] == "resolution"
        ]
        assert breach["used"]["platform"] > breach["used"]["consumer"] > 0
        assert breach["used"]["seller"] > 0
    assert {one["kind"] for one in booking.told(case, "consumer", at=world.now)["breaches"]} < {
        one["kind"] for one in booking.told(case, "staff", at=world.now)["breaches"]
    }, "how we organise ourselves is not told to the parties"


def test_a_seller_reads_its_time_from_the_instant_it_was_told(world: World) -> None:
    case = world.files().after(hours=5).case
    case.seller_contacted_at = world.now - HOUR
    told = booking.told(case, "seller", at=world.now)
    assert told["used"]["seller"] == 3600
