"""Transitions 35, 36, 37c and 39: ruling."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.disputes.walks import (
    FOR_SELLER,
    RULING,
    about_us,
    before,
    both_accept,
    clock,
    only,
    refused,
    ruled,
    under_review,
)
from tests.world import Story, World


def money(amount: str, remedy: str = "refund_only") -> dict[str, Any]:
    return {**RULING, "remedies": [{"remedy": remedy, "amount": amount}]}


@pytest.mark.promise("R1-26", "R2-18")
def test_a_ruling_stops_the_promises_and_opens_the_window_to_appeal(world: World) -> None:
    story = under_review(world)
    only(story, "issue_ruling", by=[story.handler], **RULING)
    story.does(story.handler, "issue_ruling", **RULING)
    assert (story.status, story.case.outcome_code, story.case.ruled_at) == ("ruled", "buyer_favour", world.now)
    assert clock(story, "resolution").status == clock(story, "review_resolution").status == "met"
    assert story.due("appeal_window") == world.now + timedelta(days=7)
    ruling = story.case.rulings.get()
    assert (ruling.author, [c.code for c in ruling.citations.all()]) == (world.arbitrator, ["taobao-75"])
    assert story.case.seller_marks.get().kind == "ruled_against"


@pytest.mark.promise("R2-18", "R2-39")
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"citations": []}, "clause_missing"),
        ({"citations": ["taobao-75", "nowhere-1"]}, "clause_missing"),
        ({"outcome": "settled"}, "outcome_not_a_ruling"),
        ({"reason": "because"}, "reason_unknown"),
        ({"facts": " "}, "text_missing"),
        ({"reasoning": ""}, "text_missing"),
        ({"liability": {"seller": 99}}, "liability_wrong"),
        ({"liability": {"seller": 101, "consumer": -1}}, "liability_wrong"),
        ({"liability": {"god": 100}}, "liability_wrong"),
        ({"remedies": []}, "remedies_not_fitting"),
        ({"outcome": "seller_favour"}, "remedies_not_fitting"),
        ({"remedies": [{"remedy": "cancel_order", "amount": "5"}]}, "remedy_out_of_scope"),
        ({"remedies": [{"remedy": "refund_only", "amount": "110.01"}]}, "amount_too_high"),
        (
            {"remedies": [{"remedy": "refund_only", "amount": "100"}, {"remedy": "freight", "amount": "11"}]},
            "amount_too_high",
        ),
        ({"remedies": [{"remedy": "compensation", "amount": "111"}]}, "amount_too_high"),
    ],
)
def test_a_ruling_that_is_not_whole_is_refused(world: World, changed: dict[str, Any], code: str) -> None:
    story = under_review(world)
    with refused(code):
        story.does(story.handler, "issue_ruling", **{**RULING, **changed})
    assert (story.status, story.case.rulings.count()) == ("under_review", 0)


@pytest.mark.parametrize(
    ("clause", "paid", "added"),
    [("cpl-55", 100, 500), ("cpl-55", 200, 600), ("fsl-148", 50, 1000), ("fsl-148", 120, 1200)],
)
def test_a_law_that_is_cited_adds_to_the_refund(world: World, clause: str, paid: int, added: int) -> None:
    order = world.order(paid_total=Decimal(paid), freight=Decimal(0))
    story = under_review(world, order_number=order.number)
    remedies = [{"remedy": "refund_only", "amount": str(paid)}, {"remedy": "compensation", "amount": str(added)}]
    with refused("amount_too_high"):
        story.does(story.handler, "issue_ruling", **{**RULING, "remedies": remedies})
    with refused("amount_too_high"):
        more = [remedies[0], {"remedy": "compensation", "amount": str(added + 1)}]
        story.does(story.handler, "issue_ruling", **{**RULING, "citations": [clause], "remedies": more})
    story.does(story.handler, "issue_ruling", **{**RULING, "citations": [clause], "remedies": remedies})
    assert story.status == "ruling_in_approval"  # more than was paid needs a second person


def big(world: World, amount: str = "5000.00") -> Story:
    order = world.order(paid_total=Decimal(60_000))
    return ruled(world, money(amount), order_number=order.number)


@pytest.mark.parametrize(("amount", "status"), [("4999.99", "ruled"), ("5000.00", "ruling_in_approval")])
def test_from_five_thousand_a_second_person_looks(world: World, amount: str, status: str) -> None:
    story = big(world, amount)
    assert story.status == status
    if status != "ruled":
        assert (clock(story, "resolution").status, clock(story, "approval").status) == ("running", "running")
        assert story.due("approval").isoformat() == "2026-11-03T16:00:00+00:00"
        only(story, "approve_ruling", by=[world.reviewer, world.supervisor])
        before(story, "approval").does(world.reviewer, "approve_ruling", note="同意")
        assert (story.status, clock(story, "approval").status, clock(story, "resolution").status) == (
            "ruled",
            "met",
            "met",
        )


@pytest.mark.parametrize(("amount", "reviewer_may"), [("49999.99", True), ("50000.00", False)])
def test_from_fifty_thousand_the_second_person_is_a_supervisor(world: World, amount: str, reviewer_may: bool) -> None:
    story = big(world, amount)
    if not reviewer_may:
        with refused("needs_supervisor"):
            story.does(world.reviewer, "approve_ruling")
    assert story.does(world.reviewer if reviewer_may else world.supervisor, "approve_ruling").status == "ruled"


def test_nobody_approves_the_own_ruling(world: World) -> None:
    story = about_us(world, complained_of=world.agent, remedy="compensation", amount=Decimal(9000))
    author = story.handler
    story.does(author, "accept_intervention", opinion="x")
    story.does(
        author, "log_contact", channel="phone", direction="outbound", summary="听取客服意见", with_party="handler"
    )
    story.does(author, "issue_ruling", **money("9000", "compensation"))
    with refused("not_permitted"):
        story.does(author, "approve_ruling")
    other = world.supervisor2 if author == world.supervisor else world.supervisor
    assert story.does(other, "approve_ruling").status == "ruled"


def test_a_draft_sent_back_is_written_anew(world: World) -> None:
    story = big(world)
    with refused("text_missing"):
        story.does(world.reviewer, "return_ruling", note="")
    story.does(world.reviewer, "return_ruling", note="运费算错")
    assert (story.status, story.case.rulings.get().status) == ("under_review", "returned")
    story.does(story.handler, "issue_ruling", **money("100.00"))
    assert story.status == "ruled"


def test_when_the_window_is_over_the_ruling_is_carried_out(world: World) -> None:
    story = ruled(world)
    before(story, "appeal_window")
    world.sweeps()
    assert story.status == "ruled"
    story.runs_out("appeal_window")
    assert (story.status, story.case.ruling_final, story.case.rulings.get().status) == ("executing", True, "final")
    assert story.due("execution") == world.now + timedelta(hours=24)
    assert story.case.obligations.filter(status="pending").get().ruling_id == story.case.rulings.get().pk


def test_both_accepting_carries_it_out_at_once(world: World) -> None:
    story = ruled(world)
    only(story, "accept_ruling", by=[world.buyer, world.seller])
    story.does(world.buyer, "accept_ruling")
    assert story.status == "ruled"
    with refused("already_accepted"):
        story.does(world.buyer, "accept_ruling")
    assert story.does(world.seller, "accept_ruling").status == "executing"


def test_a_ruling_with_a_return_waits_for_the_goods(world: World) -> None:
    assert both_accept(ruled(world, money("110", "return_refund"))).status == "awaiting_return"


def test_a_ruling_that_orders_nothing_ends_the_case(world: World) -> None:
    story = both_accept(ruled(world, FOR_SELLER))
    assert (story.status, story.case.outcome_code) == ("resolved", "seller_favour")
    assert not story.case.seller_marks.exists()


def test_a_shared_ruling_keeps_its_name(world: World) -> None:
    shared = {**RULING, "outcome": "split", "reason": "both_at_fault", "liability": {"seller": 50, "consumer": 50},
              "remedies": [{"remedy": "partial_refund", "amount": "50"}]}  # fmt: skip
    story = both_accept(ruled(world, shared)).does(world.seller, "perform_obligations")
    assert (story.status, story.case.outcome_code) == ("resolved", "split")


@pytest.mark.promise("R2-18")
def test_in_a_complaint_about_ourselves_the_handler_is_heard_too(world: World) -> None:
    story = about_us(world)
    story.does(world.supervisor2, "accept_intervention", opinion="x")
    apology = {
        **RULING,
        "remedies": [{"remedy": "apology"}],
        "liability": {"platform": 100},
        "reason": "promise_breached",
    }
    with refused("handler_not_heard"):
        story.does(world.supervisor2, "issue_ruling", **apology)
    with refused("not_permitted"):
        story.does(world.supervisor, "log_contact", channel="phone", direction="inbound", summary="我没错")
    story.does(world.supervisor2, "log_contact", channel="phone", direction="outbound", summary="听取意见",
               with_party="handler")  # fmt: skip
    story.does(world.supervisor2, "issue_ruling", **apology).does(world.buyer, "accept_ruling")
    assert story.status == "executing"  # there is no seller to accept
    with refused("proof_missing"):
        story.does(world.supervisor2, "perform_obligations")
    story.does(world.supervisor2, "perform_obligations", proof="道歉信")
    assert (story.status, story.case.outcome_code) == ("resolved", "buyer_favour")


def test_in_a_complaint_about_ourselves_the_platform_pays(world: World) -> None:
    order = world.order(status="signed")
    story = about_us(world, order_number=order.number, remedy="compensation", amount=Decimal(50))
    story.does(world.supervisor2, "accept_intervention", opinion="x")
    story.does(
        world.supervisor2, "log_contact", channel="phone", direction="outbound", summary="x", with_party="handler"
    )
    story.does(world.supervisor2, "issue_ruling", **money("50", "compensation")).does(world.buyer, "accept_ruling")
    story.does(world.supervisor2, "perform_obligations")
    movement = story.case.movements.get()
    assert (story.status, movement.source, movement.amount) == ("resolved", "platform", 50)


@pytest.mark.promise("R1-28")
def test_a_complaint_about_ourselves_is_appealed_to_a_third_supervisor(world: World) -> None:
    third = world.person(world.supervisor.role, "supervisor3")  # type: ignore[arg-type]
    story = about_us(world)
    first = story.handler
    story.does(first, "accept_intervention", opinion="x")
    story.does(first, "log_contact", channel="phone", direction="outbound", summary="x", with_party="handler")
    story.does(first, "issue_ruling", **{**FOR_SELLER, "liability": {"consumer": 100}})
    story.does(world.buyer, "appeal", grounds="fact_error", text="不对")
    assert {first, story.handler} == {world.supervisor2, third}


def test_small_sums_can_be_carried_out_at_once_and_still_be_appealed(world: World) -> None:
    from sla.models import Policy, Target

    old = Policy.objects.get(is_default=True)
    Policy.objects.filter(pk=old.pk).update(is_default=False)
    new = Policy.objects.create(
        code="small", version=1, name="small", calendar=old.calendar, is_default=True,
        effective_from=old.effective_from,
        settings={**old.settings, "execute_immediately_up_to": "110.00"},
    )  # fmt: skip
    columns = [f.name for f in Target._meta.concrete_fields if f.name not in ("id", "policy")]
    Target.objects.bulk_create(
        Target(policy=new, **{name: getattr(target, name) for name in columns}) for target in old.targets.all()
    )
    Policy.objects.filter(pk=new.pk).update(published_at=old.effective_from)
    story = ruled(world)
    assert story.status == "executing"
    assert story.does(world.seller, "appeal", grounds="amount", text="太多").status == "under_appeal"
