"""Transitions 24–28: keeping what was agreed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.disputes.walks import (
    RULING,
    before,
    both_accept,
    clock,
    confirming,
    not_shipped,
    only,
    pauses,
    refused,
    returning,
    ruled,
)
from tests.world import Story, World


def agreed(world: World, **facts: Any) -> Story:
    return world.files(**facts).does(world.seller, "agree")


@pytest.mark.parametrize(
    ("facts", "hours"),
    [({"remedy": "refund_only"}, 48), ({"remedy": "compensation", "amount": Decimal(20)}, 72),
     ({"remedy": "price_difference", "amount": Decimal(20)}, 72), ({"remedy": "invoice"}, 72),
     ({"remedy": "apology"}, 72), ({"remedy": "reship"}, 72)],
)  # fmt: skip
def test_each_remedy_has_its_term(world: World, facts: dict[str, Any], hours: int) -> None:
    story = agreed(world, **facts)
    assert (story.status, story.due("fulfil")) == ("awaiting_fulfilment", world.now + timedelta(hours=hours))


@pytest.mark.promise("R0-26")
def test_paying_ends_the_case_with_the_claim_granted(world: World) -> None:
    story = agreed(world, remedy="refund_only")
    only(story, "fulfil", by=[world.seller])
    before(story, "fulfil").does(world.seller, "fulfil")
    assert (story.status, story.case.outcome_code, story.case.outcome_reason) == (
        "resolved", "buyer_favour", "seller_conceded",
    )  # fmt: skip
    movement = story.case.movements.get()
    assert (movement.amount, movement.source) == (110, "balance")
    assert (clock(story, "resolution").status, clock(story, "fulfil").status) == ("met", "met")
    world.shop.account.refresh_from_db()
    assert world.shop.account.balance == 10_000 - 110


@pytest.mark.promise("R1-14")
def test_a_refund_of_an_unshipped_order_is_named_so(world: World) -> None:
    story = not_shipped(world).runs_out("seller_response").does(world.seller, "fulfil")
    assert (story.status, story.case.outcome_code) == ("resolved", "refunded_unshipped")
    assert story.case.movements.get().source == "order"  # the marketplace still held it


def test_what_silence_granted_is_named_so(world: World) -> None:
    story = world.files().runs_out("seller_response").does(world.buyer, "ship_return", carrier="SF", waybill="1")
    story.does(world.seller, "confirm_receipt").does(world.seller, "fulfil")
    assert (story.case.outcome_code, story.case.outcome_reason) == ("auto_buyer_favour", "seller_no_response")


def test_a_seller_without_the_money_cannot_claim_to_have_paid(world: World) -> None:
    world.shop.account.balance = Decimal(100)
    world.shop.account.save(update_fields=["balance"])
    story = agreed(world, remedy="refund_only")
    with refused("balance_too_low"):
        story.does(world.seller, "fulfil")
    assert (story.status, story.case.movements.count()) == ("awaiting_fulfilment", 0)


@pytest.mark.promise("R1-12", "R3-32")
def test_goods_need_a_waybill_and_then_the_buyers_word(world: World) -> None:
    story = returning(world, remedy="exchange").does(world.seller, "confirm_receipt")
    with refused("waybill_missing"):
        story.does(world.seller, "fulfil")
    story.does(world.seller, "fulfil", proof="SF200")
    assert (story.status, story.due("buyer_confirm")) == ("awaiting_buyer_confirm", world.now + timedelta(days=15))
    only(story, "buyer_confirm", by=[world.buyer])
    story.does(world.buyer, "buyer_confirm")
    assert (story.status, story.case.outcome_code) == ("resolved", "buyer_favour")


@pytest.mark.parametrize("remedy", ["invoice", "apology"])
def test_where_nothing_is_shipped_the_buyer_has_three_days(world: World, remedy: str) -> None:
    story = agreed(world, remedy=remedy).does(world.seller, "fulfil")
    assert (story.status, story.due("buyer_confirm")) == ("awaiting_buyer_confirm", world.now + timedelta(days=3))


def test_the_carriers_signature_gives_the_buyer_seven_days(world: World) -> None:
    story = confirming(world)
    only(story, "record_reshipment_signed", by=[world.agent, world.supervisor])
    story.after(days=2).does(world.agent, "record_reshipment_signed")
    assert story.due("buyer_confirm") == world.now + timedelta(days=7)
    with refused("already_counted"):
        story.does(world.agent, "record_reshipment_signed")


def test_a_late_signature_does_not_lengthen_the_fifteen_days(world: World) -> None:
    story = confirming(world).after(days=8)
    with refused("already_counted"):
        story.does(world.agent, "record_reshipment_signed")


@pytest.mark.promise("R1-20")
def test_a_silent_buyer_has_confirmed(world: World) -> None:
    story = confirming(world)
    before(story, "buyer_confirm")
    world.sweeps()
    assert story.status == "awaiting_buyer_confirm"
    story.runs_out("buyer_confirm")
    assert (story.status, pauses(story, "resolution")[-1]) == ("resolved", "awaiting_buyer")


def test_what_came_can_be_rejected_once(world: World) -> None:
    story = confirming(world)
    only(story, "reject_fulfilment", by=[world.buyer], text="x")
    with refused("text_missing"):
        story.does(world.buyer, "reject_fulfilment", text="")
    before(story, "buyer_confirm").does(world.buyer, "reject_fulfilment", text="又坏了")
    assert (story.status, story.case.claims.get().status) == ("awaiting_seller", "open")
    story.does(world.seller, "agree").does(world.buyer, "ship_return", carrier="SF", waybill="R2")
    story.does(world.seller, "confirm_receipt").does(world.seller, "fulfil", proof="SF201")
    with refused("already_rejected_once"):
        story.does(world.buyer, "reject_fulfilment", text="还是坏的")
    assert story.does(world.buyer, "escalate", reason="buyer_unsatisfied").status == "intervention_requested"


@pytest.mark.parametrize(
    ("facts", "status"),
    [({"remedy": "refund_only"}, "executing"), ({"remedy": "price_difference", "amount": Decimal(9)}, "executing"),
     ({"remedy": "compensation", "amount": Decimal(9)}, "executing"), ({"remedy": "reship"}, "executing"),
     ({"remedy": "invoice"}, "intervention_requested"), ({"remedy": "apology"}, "intervention_requested")],
)  # fmt: skip
def test_a_seller_that_does_not_perform_is_made_to(world: World, facts: dict[str, Any], status: str) -> None:
    story = agreed(world, **facts)
    before(story, "fulfil")
    world.sweeps()
    assert story.status == "awaiting_fulfilment"
    story.runs_out("fulfil")
    assert (story.status, story.case.seller_marks.get().kind) == (status, "not_performed")
    if status == "executing":
        assert story.due("execution") == world.now + timedelta(hours=24)
        due = story.case.obligations.get()
        story.runs_out("execution")
        assert (story.status, story.case.outcome_code) == ("resolved", "buyer_favour")
        assert story.case.movements.get().amount == (110 if facts["remedy"] == "reship" else due.amount)


@pytest.mark.parametrize("remedy", ["exchange", "repair"])
def test_an_exchange_or_repair_that_does_not_come_becomes_a_refund(world: World, remedy: str) -> None:
    story = returning(world, remedy=remedy).does(world.seller, "confirm_receipt").runs_out("fulfil")
    assert (story.status, story.case.agreed_remedy, story.case.agreed_amount) == ("executing", "refund_only", 110)


MIXED = {**RULING, "remedies": [{"remedy": "return_refund", "amount": "80.00"}, {"remedy": "compensation", "amount": "20.00"},
                                {"remedy": "apology"}]}  # fmt: skip


def test_every_part_of_a_ruling_is_performed(world: World) -> None:
    story = both_accept(ruled(world, MIXED)).does(world.buyer, "ship_return", carrier="SF", waybill="R1")
    story.does(world.seller, "confirm_receipt").does(world.seller, "fulfil")
    assert story.status == "awaiting_buyer_confirm"  # the apology is the buyer's to judge
    assert sorted(m.amount for m in story.case.movements.all()) == [20, 80]
    assert not story.case.obligations.filter(status="pending").exists()
    assert story.does(world.buyer, "buyer_confirm").case.outcome_code == "buyer_favour"


def test_no_money_goes_back_twice_for_one_order(world: World) -> None:
    number = world.order().number
    first = agreed(world, remedy="refund_only", order_number=number)
    second = agreed(world, remedy="refund_only", order_number=number, subtype="malfunction")
    first.does(world.seller, "fulfil")
    second.does(world.seller, "fulfil")
    assert (first.case.movements.get().amount, second.case.movements.count()) == (110, 0)
    assert second.case.obligations.get().status == "cancelled"
    with refused("amount_too_high", ceiling="0.00"):
        world.files(remedy="refund_only", order_number=number, subtype="defect", amount=Decimal(1))


def test_what_went_back_before_a_reopening_is_counted(world: World) -> None:
    story = agreed(world, remedy="partial_refund", amount=Decimal(50)).does(world.seller, "fulfil")
    story.does(world.buyer, "reopen", text="还差钱", to_seller=True).does(
        world.seller, "refuse", reason="other", text="够了"
    )
    with refused("amount_too_high", ceiling="60.00"):
        story.does(world.buyer, "revise_claim", remedy="refund_only", amount=Decimal(61), reason="全退")
    story.does(world.buyer, "revise_claim", remedy="refund_only", amount=Decimal(60), reason="全退")
    story.does(world.seller, "agree").does(world.seller, "fulfil")
    assert sum(m.amount for m in story.case.movements.all()) == 110
