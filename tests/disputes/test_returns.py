"""Transitions 19–23: goods going back."""

from datetime import timedelta

import pytest

from tests.disputes.walks import (
    RULING,
    SECOND,
    before,
    both_accept,
    clock,
    last,
    only,
    pauses,
    refused,
    returning,
    ruled,
    to,
)
from tests.world import World

SENT = {"carrier": "SF", "waybill": "R1"}
WITH_RETURN = {**RULING, "remedies": [{"remedy": "return_refund", "amount": "110.00"}]}


@pytest.mark.promise("R3-21", "R0-26")
def test_the_buyer_sends_the_goods_back_within_seven_days(world: World) -> None:
    story = world.files().does(world.seller, "agree")
    assert (story.case.stage, story.due("return_ship")) == ("return_requested", world.now + timedelta(days=7))
    only(story, "ship_return", by=[world.buyer], **SENT)
    before(story, "return_ship").does(world.buyer, "ship_return", **SENT)
    assert (story.status, story.case.returns.get().waybill) == ("return_in_transit", "R1")
    assert story.due("return_receipt") == world.now + timedelta(days=10)
    assert pauses(story, "resolution") == ["awaiting_buyer", "return_in_transit"]


def test_reminders_come_on_the_fifth_and_the_sixth_day(world: World) -> None:
    story = world.files().does(world.seller, "agree")
    agreed = world.now
    to(story, story.due("return_ship") - SECOND)
    world.sweeps()
    warned = story.case.events.filter(code="clock.warned", data__kind="return_ship").order_by("seq")
    assert [event.at - agreed for event in warned] == [timedelta(days=5), timedelta(days=6)]


@pytest.mark.promise("R1-20")
def test_goods_not_sent_back_end_the_case(world: World) -> None:
    story = world.files().does(world.seller, "agree")
    before(story, "return_ship")
    world.sweeps()
    assert story.status == "awaiting_return"
    story.runs_out("return_ship")
    assert (story.status, story.case.outcome_code, story.case.outcome_reason) == (
        "lapsed", "auto_seller_favour", "buyer_no_return",
    )  # fmt: skip
    assert story.case.obligations.get().status == "cancelled"


def test_after_a_ruling_goods_not_sent_back_leave_the_money_to_the_seller(world: World) -> None:
    story = both_accept(ruled(world, WITH_RETURN))
    assert (story.status, story.case.agreed_basis) == ("awaiting_return", "ruling")
    with refused("already_ruled"):
        story.does(world.buyer, "escalate", reason="buyer_unsatisfied")
    with refused("already_ruled"):
        story.does(world.buyer, "withdraw", confirm=True)
    story.runs_out("return_ship")
    assert (story.status, story.case.outcome_code, story.case.outcome_reason) == (
        "resolved", "seller_favour", "buyer_no_return",
    )  # fmt: skip
    assert not story.case.movements.exists()


@pytest.mark.parametrize("address", [{}, {"recipient": "x", "phone": "1", "line": "x", "mainland": False}])
def test_without_a_usable_address_the_platform_steps_in(world: World, address: dict[str, object]) -> None:
    world.shop.return_address = address
    world.shop.save(update_fields=["return_address"])
    story = world.files().runs_out("seller_response")
    assert story.status == "awaiting_return"
    with refused("no_return_address"):
        story.does(world.buyer, "ship_return", **SENT)
    story.runs_out("return_ship")
    assert (story.status, story.case.outcome_code) == ("intervention_requested", "")


def test_a_receipt_in_order_makes_the_refund_due_in_two_days(world: World) -> None:
    story = returning(world)
    only(story, "confirm_receipt", by=[world.seller])
    before(story, "return_receipt").does(world.seller, "confirm_receipt")
    assert (story.status, story.case.returns.get().condition) == ("awaiting_fulfilment", "ok")
    assert story.due("fulfil") == world.now + timedelta(hours=48)
    assert clock(story, "resolution").status == "running"  # a refund is the seller's doing


@pytest.mark.parametrize(("remedy", "days"), [("exchange", 10), ("repair", 30)])
def test_an_exchange_has_ten_days_and_a_repair_thirty(world: World, remedy: str, days: int) -> None:
    story = returning(world, remedy=remedy).does(world.seller, "confirm_receipt")
    assert (story.due("fulfil"), pauses(story, "resolution")[-1]) == (
        world.now + timedelta(days=days), "performance_agreed",
    )  # fmt: skip


def test_a_silent_seller_has_received_the_return(world: World) -> None:
    story = returning(world)
    before(story, "return_receipt")
    world.sweeps()
    assert story.status == "return_in_transit"
    story.runs_out("return_receipt")
    assert (story.status, last(story)) == ("awaiting_fulfilment", "return.receipt_timed_out")


@pytest.mark.parametrize(("late", "left"), [(0, 72), (10, 62), (60, 24)])
def test_the_carriers_signature_shortens_the_term_to_three_days(world: World, late: int, left: int) -> None:
    story = returning(world)
    signed_at = world.now + timedelta(days=2)
    to(story, signed_at + timedelta(hours=late))
    only(story, "record_return_signed", by=[world.agent, world.supervisor], signed_at=signed_at)
    story.does(world.agent, "record_return_signed", signed_at=signed_at)
    assert (story.status, story.due("return_receipt")) == ("return_in_transit", world.now + timedelta(hours=left))
    with refused("signed_at_wrong"):
        story.does(world.agent, "record_return_signed", signed_at=signed_at)


def test_a_late_signature_does_not_lengthen_the_ten_days(world: World) -> None:
    story = returning(world)
    due = story.due("return_receipt")
    to(story, due - timedelta(hours=20))
    story.does(world.agent, "record_return_signed", signed_at=world.now)
    assert story.due("return_receipt") == due


def test_a_signature_before_the_shipping_or_in_the_future_is_refused(world: World) -> None:
    story = returning(world)
    for wrong in (world.now - SECOND, world.now + SECOND):
        with refused("signed_at_wrong"):
            story.does(world.agent, "record_return_signed", signed_at=wrong)


@pytest.mark.parametrize("condition", ["not_received", "damaged", "empty_or_different", "missing_items"])
def test_a_contested_return_goes_to_the_platform(world: World, condition: str) -> None:
    story = returning(world)
    only(story, "contest_return", by=[world.seller], condition=condition, text="开箱视频")
    story.does(world.seller, "contest_return", condition=condition, text="开箱视频")
    assert (story.status, story.case.returns.get().condition) == ("intervention_requested", condition)


def test_a_return_in_order_is_not_contested(world: World) -> None:
    for condition, code in (("ok", "condition_is_ok"), ("ugly", "reason_unknown")):
        with refused(code):
            returning(world).does(world.seller, "contest_return", condition=condition, text="x")


def test_a_contested_return_after_a_ruling_can_be_ruled_anew(world: World) -> None:
    story = both_accept(ruled(world, WITH_RETURN)).does(world.buyer, "ship_return", **SENT)
    story.does(world.seller, "contest_return", condition="damaged", text="开箱视频")
    assert (story.status, story.case.ruling_final, story.case.outcome_code) == ("intervention_requested", False, "")
    story.does(story.handler, "accept_intervention", opinion="再看一次")
    story.does(story.handler, "issue_ruling", **RULING)
    assert [r.status for r in story.case.rulings.order_by("id")] == ["superseded", "issued"]


@pytest.mark.parametrize("sent", [False, True])
def test_a_ruling_replaces_the_return_that_was_agreed_before_it(world: World, sent: bool) -> None:
    story = world.files().does(world.seller, "agree").after(hours=48)
    if sent:
        story.does(world.buyer, "ship_return", **SENT)
    story.does(world.buyer, "escalate", reason="buyer_unsatisfied")
    story.does(story.handler, "accept_intervention", opinion="再看一次")
    both_accept(story.does(story.handler, "issue_ruling", **WITH_RETURN))
    assert story.status == "awaiting_return"
    assert [bool(one.closed_at) for one in story.case.returns.order_by("pk")] == [True, False]
    assert [o.status for o in story.case.obligations.order_by("pk")] == ["cancelled", "pending"]


@pytest.mark.promise("R0-26")
def test_after_a_ruling_the_seller_has_a_day_from_the_receipt(world: World) -> None:
    story = both_accept(ruled(world, WITH_RETURN)).does(world.buyer, "ship_return", **SENT)
    story.does(world.seller, "confirm_receipt")
    assert story.due("fulfil") == world.now + timedelta(hours=24)
    story.does(world.seller, "fulfil")
    assert (story.status, story.case.outcome_code) == ("resolved", "buyer_favour")
    assert story.case.movements.get().amount == 110
