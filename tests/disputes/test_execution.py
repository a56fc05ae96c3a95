"""Transitions 40 and 41: until money or goods have really moved."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.disputes.walks import RULING, before, clock, executing, only, refused
from tests.world import Story, World


def with_funds(world: World, *, balance: int, deposit: int) -> Story:
    account = world.shop.account
    account.balance, account.deposit = Decimal(balance), Decimal(deposit)
    account.save(update_fields=["balance", "deposit"])
    return executing(world)


@pytest.mark.promise("R0-26")
def test_the_seller_pays_within_its_day(world: World) -> None:
    story = executing(world)
    only(story, "perform_obligations", by=[world.seller, world.supervisor])
    before(story, "execution").does(world.seller, "perform_obligations")
    assert (story.status, story.case.outcome_code, story.case.movements.get().source) == (
        "resolved", "buyer_favour", "balance",
    )  # fmt: skip
    assert clock(story, "execution").status == "met"


@pytest.mark.parametrize(
    ("balance", "deposit", "moved"),
    [(110, 0, {"balance": 110}), (60, 50, {"balance": 60, "deposit": 50}), (0, 110, {"deposit": 110})],
)
def test_after_it_the_platform_pays_from_the_balance_and_then_the_deposit(
    world: World, balance: int, deposit: int, moved: dict[str, int]
) -> None:
    story = with_funds(world, balance=balance, deposit=deposit)
    if balance < 110:
        with refused("balance_too_low"):
            story.does(world.seller, "perform_obligations")
    before(story, "execution")
    world.sweeps()
    assert story.status == "executing"
    story.runs_out("execution")
    assert (story.status, dict(story.case.movements.values_list("source", "amount"))) == ("resolved", moved)
    world.shop.account.refresh_from_db()
    assert world.shop.account.balance + world.shop.account.deposit == balance + deposit - 110
    assert set(story.case.seller_marks.values_list("kind", flat=True)) == {"ruled_against", "not_performed"}


def test_too_little_moves_nothing_and_is_the_supervisors(world: World) -> None:
    story = with_funds(world, balance=60, deposit=49)
    with refused("not_tried_yet"):
        story.does(world.supervisor, "execution_failed", bodies=["court"], text="x")
    story.runs_out("execution")
    assert (story.status, story.case.movements.count(), clock(story, "execution").variant) == (
        "executing",
        0,
        "platform",
    )
    told = story.case.notices.filter(template="execution.stuck").values_list("recipient_id", flat=True)
    assert {world.supervisor.pk, world.supervisor2.pk} <= set(told)
    only(story, "execution_failed", by=[world.supervisor], bodies=["court"], text="x")
    with refused("bodies_missing"):
        story.does(world.supervisor, "execution_failed", bodies=[], text="x")
    with refused("reason_unknown"):
        story.does(world.supervisor, "execution_failed", bodies=["the_king"], text="x")
    story.does(world.supervisor, "execution_failed", bodies=["court", "legal_aid"], text="余额与保证金不足")
    assert (story.status, story.case.outcome_code, story.case.outcome_reason) == (
        "referred_external", "referred", "funds_insufficient",
    )  # fmt: skip
    assert set(story.case.referrals.values_list("body", flat=True)) == {"court", "legal_aid"}


def test_the_platform_tries_again_every_working_day_and_marks_once(world: World) -> None:
    story = with_funds(world, balance=0, deposit=0).runs_out("execution").runs_out("execution")
    assert story.status == "executing"
    assert story.case.seller_marks.filter(kind="not_performed").count() == 1
    world.shop.account.refresh_from_db()
    world.shop.account.deposit = Decimal(500)
    world.shop.account.save(update_fields=["deposit"])
    assert story.runs_out("execution").status == "resolved"
    assert story.case.movements.get().amount == 110


def test_a_supervisor_can_let_the_platform_pay_at_once(world: World) -> None:
    story = with_funds(world, balance=0, deposit=500).does(world.supervisor, "perform_obligations")
    assert (story.status, story.case.obligations.get(status="done").done_by) == ("resolved", "platform")


def test_what_is_not_money_needs_proof(world: World) -> None:
    story = executing(world, {**RULING, "remedies": [{"remedy": "reship"}]})
    with refused("proof_missing"):
        story.does(world.seller, "perform_obligations")
    assert story.does(world.seller, "perform_obligations", proof="SF300").status == "resolved"


def test_goods_not_sent_become_money(world: World) -> None:
    story = executing(world, {**RULING, "remedies": [{"remedy": "reship"}]}).runs_out("execution")
    assert (story.status, story.case.movements.get().amount) == ("resolved", 110)


def test_words_not_given_are_a_persons_to_see_to(world: World) -> None:
    story = executing(world, {**RULING, "remedies": [{"remedy": "apology"}]}).runs_out("execution")
    assert (story.status, clock(story, "execution").variant) == ("executing", "platform")
    story.does(world.supervisor, "execution_failed", bodies=["consumer_association"], text="拒绝道歉")
    assert story.status == "referred_external"


def test_the_orders_money_goes_first_while_the_marketplace_holds_it(world: World) -> None:
    order = world.order(status="signed", finished_at=None)
    story = executing(world, order_number=order.number).runs_out("execution")
    assert (story.status, story.case.movements.get().source) == ("resolved", "order")


def test_the_term_counts_hours_not_working_days(world: World) -> None:
    world.passes(days=4)  # Friday
    assert executing(world).due("execution") - world.now == timedelta(hours=24)
