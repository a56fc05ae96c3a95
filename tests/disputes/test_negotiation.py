"""Transitions 9–18: between buyer and seller."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.disputes.walks import (
    SECOND,
    before,
    clock,
    last,
    lost_parcel,
    not_shipped,
    only,
    pauses,
    refused,
    refused_by_seller,
    service,
    to,
)
from tests.world import ADDRESS, World

OFFER: dict[str, Any] = {"remedy": "partial_refund", "amount": Decimal(30)}


@pytest.mark.promise("R3-20", "R3-21", "R3-41", "R1-12")
@pytest.mark.parametrize(
    ("remedy", "status"),
    [("return_refund", "awaiting_return"), ("exchange", "awaiting_return"), ("repair", "awaiting_return"),
     ("refund_only", "awaiting_fulfilment"), ("reship", "awaiting_fulfilment"), ("partial_refund", "awaiting_fulfilment"),
     ("invoice", "awaiting_fulfilment")],
)  # fmt: skip
def test_agreeing_grants_the_claim(world: World, remedy: str, status: str) -> None:
    story = world.files(remedy=remedy)
    only(story, "agree", by=[world.seller])
    before(story, "seller_response").does(world.seller, "agree")
    assert (story.status, story.case.agreed_remedy, story.case.agreed_basis) == (status, remedy, "granted")
    assert story.case.claims.get().status == "accepted"
    assert (clock(story, "seller_response").status, clock(story, "initial_response").status) == ("met", "met")
    assert story.case.obligations.get().status == "pending"


@pytest.mark.parametrize("gap", ["recipient", "phone", "line", "mainland"])
def test_a_return_needs_a_whole_address_in_the_mainland(world: World, gap: str) -> None:
    story = world.files()
    with refused("return_address_incomplete", missing=[gap]):
        story.does(world.seller, "agree", address={**ADDRESS, gap: ""})
    story.does(world.seller, "agree", address={**ADDRESS, "line": "新地址"}, instructions="勿到付")
    shipment = story.case.returns.get()
    assert (shipment.address["line"], shipment.instructions) == ("新地址", "勿到付")


def test_late_is_at_the_deadline_and_silence_has_decided_by_then(world: World) -> None:
    story = world.files()
    to(story, story.due("seller_response"))
    with refused("wrong_state"):
        story.does(world.seller, "refuse", reason="goods_fine", text="太晚")
    assert (story.status, last(story)) == ("awaiting_return", "case.seller_timed_out")


@pytest.mark.parametrize(
    ("facts", "hours", "status"),
    [
        ({"unshipped": True}, 24, "awaiting_fulfilment"),
        ({"lost": True}, 36, "awaiting_fulfilment"),
        ({"remedy": "return_refund"}, 48, "awaiting_return"),
        ({"remedy": "exchange"}, 48, "awaiting_return"),
        ({"remedy": "repair"}, 48, "awaiting_return"),
        ({"remedy": "refund_only"}, 48, "intervention_requested"),
        ({"remedy": "partial_refund", "amount": Decimal(20)}, 48, "intervention_requested"),
        ({"remedy": "price_difference", "amount": Decimal(20)}, 48, "intervention_requested"),
        ({"remedy": "reship"}, 48, "intervention_requested"),
        ({"remedy": "compensation", "amount": Decimal(20)}, 48, "intervention_requested"),
        ({"remedy": "invoice"}, 48, "intervention_requested"),
    ],
)
def test_what_the_sellers_silence_grants(world: World, facts: dict[str, Any], hours: int, status: str) -> None:
    if facts.pop("unshipped", None):
        story = not_shipped(world)
    elif facts.pop("lost", None):
        story = lost_parcel(world).does(world.agent, "carrier_result", result="lost", text="丢失")
    else:
        story = world.files(**facts)
    assert story.due("seller_response") == world.now + timedelta(hours=hours)
    before(story, "seller_response")
    world.sweeps()
    assert story.status == "awaiting_seller"
    story.runs_out("seller_response")
    assert (story.status, story.case.seller_defaulted, clock(story, "seller_response").status) == (
        status,
        True,
        "breached",
    )
    assert story.case.seller_marks.get().kind == "no_response"
    assert clock(story, "initial_response").status in ("running", "paused")  # a time-out is no opinion
    assert story.case.agreed_basis == ("" if status == "intervention_requested" else "silence")


@pytest.mark.promise("R3-51", "R3-52")
def test_a_complaint_about_service_never_leads_to_a_return(world: World) -> None:
    with refused("remedy_out_of_scope"):
        service(world, remedy="return_refund")
    story = service(world).runs_out("seller_response")
    assert story.status == "intervention_requested"


def test_an_offer_is_the_other_sides_to_answer(world: World) -> None:
    story = world.files()
    only(story, "offer", by=[world.seller, world.buyer], **OFFER)
    story.does(world.seller, "offer", **OFFER)
    assert (story.status, story.case.offer_by, story.due("offer")) == (
        "offer_pending", "seller", world.now + timedelta(hours=48),
    )  # fmt: skip
    assert (clock(story, "initial_response").status, clock(story, "resolution").status) == ("met", "paused")
    only(story, "accept_offer", by=[world.buyer])
    only(story, "decline_offer", by=[world.buyer])
    before(story, "offer").does(world.buyer, "accept_offer")
    assert (story.status, story.case.agreed_basis, story.case.agreed_amount) == ("awaiting_fulfilment", "offer", 30)
    assert story.case.claims.get().status == "superseded"
    assert clock(story, "offer").status == "met"
    story.does(world.seller, "fulfil")
    assert (story.status, story.case.outcome_code) == ("resolved", "settled")


def test_the_buyers_own_offer_is_no_opinion_and_holds_no_promise(world: World) -> None:
    story = world.files().does(world.buyer, "offer", **OFFER)
    assert (story.status, clock(story, "initial_response").status) == ("offer_pending", "running")
    assert (clock(story, "resolution").status, story.case.first_response_at) == ("running", None)
    only(story, "accept_offer", by=[world.seller])
    story.does(world.seller, "accept_offer")
    assert (story.status, story.case.seller_heard) == ("awaiting_fulfilment", True)


@pytest.mark.parametrize(
    ("offer", "code"),
    [({"remedy": "partial_refund", "amount": Decimal(0)}, "amount_missing"),
     ({"remedy": "partial_refund", "amount": Decimal("110.01")}, "amount_too_high"),
     ({"remedy": "cancel_order", "amount": Decimal(1)}, "remedy_out_of_scope"),
     ({"remedy": "apology", "amount": Decimal(1)}, "amount_not_fitting")],
)  # fmt: skip
def test_an_offer_stays_within_what_was_paid(world: World, offer: dict[str, Any], code: str) -> None:
    with refused(code):
        world.files().does(world.seller, "offer", **offer)


def test_after_three_rounds_nobody_offers_any_more(world: World) -> None:
    story = world.files()
    for _round in range(3):
        assert story.status == "awaiting_seller"
        story.does(world.seller, "offer", **OFFER).does(world.buyer, "decline_offer", text="不够")
    assert (story.status, story.case.offer_rounds) == ("seller_refused", 3)
    story.does(world.buyer, "revise_claim", remedy="partial_refund", amount=Decimal(50), reason="折中")
    with refused("no_rounds_left"):
        story.does(world.seller, "offer", **OFFER)


def test_an_offer_that_is_not_answered_counts_as_refused(world: World) -> None:
    story = world.files().does(world.seller, "offer", **OFFER)
    before(story, "offer")
    world.sweeps()
    assert story.status == "offer_pending"
    story.runs_out("offer")
    assert (story.status, story.case.offers.get().status, story.case.offer_by) == ("seller_refused", "expired", "")
    with refused("wrong_state"):
        story.does(world.buyer, "accept_offer")


def test_refusing_needs_a_listed_reason_and_words(world: World) -> None:
    story = world.files()
    only(story, "refuse", by=[world.seller], reason="goods_fine", text="没有问题")
    with refused("reason_unknown"):
        story.does(world.seller, "refuse", reason="just_so", text="x")
    with refused("text_missing"):
        story.does(world.seller, "refuse", reason="goods_fine", text="")
    story.does(world.seller, "refuse", reason="goods_fine", text="没有问题")
    assert (story.status, clock(story, "initial_response").status) == ("seller_refused", "met")
    assert (story.due("buyer_escalate"), pauses(story, "resolution")) == (
        world.now + timedelta(days=5),
        ["awaiting_buyer"],
    )


def test_a_refusal_not_contested_in_five_days_lapses(world: World) -> None:
    story = refused_by_seller(world)
    before(story, "buyer_escalate")
    world.sweeps()
    assert story.status == "seller_refused"
    warned = story.case.events.filter(code="clock.warned").values_list("data__kind", "at")
    assert ("buyer_escalate", story.due("buyer_escalate") - timedelta(hours=24)) in list(warned)
    story.runs_out("buyer_escalate")
    assert (story.status, story.case.outcome_code) == ("lapsed", "auto_seller_favour")
    assert clock(story, "resolution").status == "met"


def test_a_claim_is_revised_three_times_and_raised_only_with_a_reason(world: World) -> None:
    story = world.files(remedy="partial_refund", amount=Decimal(20))
    for amount in (30, 20, 25):
        story.does(world.seller, "refuse", reason="amount_too_high", text="太多")
        only(story, "revise_claim", by=[world.buyer], remedy="partial_refund", amount=Decimal(amount), reason="x")
        if amount > 20:
            with refused("reason_missing"):
                story.does(world.buyer, "revise_claim", remedy="partial_refund", amount=Decimal(amount))
        story.does(world.buyer, "revise_claim", remedy="partial_refund", amount=Decimal(amount), reason="新的证据")
        assert story.status == "awaiting_seller"
    assert [c.status for c in story.case.claims.order_by("revision")] == ["superseded"] * 3 + ["open"]
    story.does(world.seller, "refuse", reason="amount_too_high", text="太多")
    with refused("no_revisions_left"):
        story.does(world.buyer, "revise_claim", remedy="partial_refund", amount=Decimal(5))


@pytest.mark.promise("R1-21", "R2-39")
def test_a_revised_claim_is_measured_again(world: World) -> None:
    story = refused_by_seller(world, remedy="partial_refund", amount=Decimal(20))
    with refused("remedy_out_of_scope"):
        story.does(world.buyer, "revise_claim", remedy="cancel_order", amount=Decimal(10))
    story.does(world.buyer, "revise_claim", remedy="compensation", amount=Decimal(300), reason="三倍")
    assert "excessive_claim" in story.case.flags
    story.does(world.seller, "refuse", reason="amount_too_high", text="太多")
    story.does(world.buyer, "revise_claim", remedy="compensation", amount=Decimal(50))
    assert "excessive_claim" not in story.case.flags


@pytest.mark.promise("R2-03", "R2-24", "R3-22")
def test_the_platform_steps_in_after_the_seller_had_a_day(world: World) -> None:
    story = world.files()
    only(story, "escalate", by=[world.buyer, world.seller], reason="seller_no_response")
    earliest = world.now + timedelta(hours=24)
    to(story, earliest - SECOND)
    with refused("too_early_to_escalate", **{"from": earliest.isoformat()}):
        story.does(world.buyer, "escalate", reason="seller_no_response")
    to(story, earliest)
    with refused("reason_unknown"):
        story.does(world.buyer, "escalate", reason="bored")
    story.does(world.buyer, "escalate", reason="seller_no_response")
    assert (story.status, story.case.stage) == ("intervention_requested", "platform_intervention")
    assert (clock(story, "review_opinion").status, clock(story, "review_resolution").status) == ("running", "running")
    assert clock(story, "seller_response").status == "cancelled"  # it had its time, and did not use it
    assert (story.handler, clock(story, "assignment").status) == (world.arbitrator, "met")
    assert clock(story, "intervention_accept").status == "running"


@pytest.mark.promise("R2-05", "R2-24")
@pytest.mark.parametrize("status", ["offer_pending", "seller_refused", "awaiting_return", "return_in_transit",
                                    "awaiting_fulfilment", "awaiting_buyer_confirm"])  # fmt: skip
def test_once_the_seller_has_answered_the_platform_steps_in_at_once(world: World, status: str) -> None:
    story = world.files(remedy="exchange")
    if status == "offer_pending":
        story.does(world.seller, "offer", **OFFER)
    elif status == "seller_refused":
        story.does(world.seller, "refuse", reason="other", text="不同意")
    else:
        story.does(world.seller, "agree")
        if status != "awaiting_return":
            story.does(world.buyer, "ship_return", carrier="SF", waybill="R1")
        if status in ("awaiting_fulfilment", "awaiting_buyer_confirm"):
            story.does(world.seller, "confirm_receipt")
        if status == "awaiting_buyer_confirm":
            story.does(world.seller, "fulfil", proof="SF9")
    assert story.status == status
    story.does(world.buyer, "escalate", reason="buyer_unsatisfied")
    assert (story.status, clock(story, "resolution").status) == ("intervention_requested", "running")


def test_a_seller_can_ask_the_platform_in_too(world: World) -> None:
    story = refused_by_seller(world).does(world.seller, "escalate", reason="buyer_trouble")
    assert (story.status, clock(story, "buyer_escalate").status) == ("intervention_requested", "cancelled")
