"""Transitions 37, 37b and 38: appeals."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.disputes.walks import (
    FOR_SELLER,
    RULING,
    SECOND,
    before,
    both_accept,
    clock,
    executing,
    incomplete,
    only,
    refused,
    ruled,
    to,
)
from tests.world import Story, World

APPEAL = {"grounds": "fact_error", "text": "事实认定有误"}


def appealed(world: World, ruling: dict[str, Any] = RULING) -> Story:
    return ruled(world, ruling).does(world.seller, "appeal", **APPEAL)


@pytest.mark.promise("R1-28")
def test_an_appeal_goes_to_somebody_who_has_not_heard_the_case(world: World) -> None:
    story = ruled(world)
    first = story.handler
    only(story, "appeal", by=[world.buyer, world.seller], **APPEAL)
    with refused("reason_unknown"):
        story.does(world.seller, "appeal", grounds="anger", text="x")
    with refused("text_missing"):
        story.does(world.seller, "appeal", grounds="amount", text="")
    story.does(world.seller, "appeal", **APPEAL)
    assert (story.status, story.handler != first) == ("under_appeal", True)
    assert story.due("appeal").isoformat() == "2026-11-05T16:00:00+00:00"  # three working days
    assert clock(story, "appeal_window").status == "met"


def test_the_window_closes_at_its_seventh_day(world: World) -> None:
    story = ruled(world)
    before(story, "appeal_window").does(world.buyer, "appeal", **APPEAL)
    other = ruled(world)
    to(other, other.due("appeal_window"))
    with refused("appeal_window_over"):
        other.does(world.buyer, "appeal", **APPEAL)
    assert other.status == "executing"


def test_each_side_appeals_once(world: World) -> None:
    story = appealed(world)
    story.does(world.seller, "withdraw_appeal")
    with refused("appealed_already"):
        story.does(world.seller, "appeal", **APPEAL)
    assert story.does(world.buyer, "appeal", **APPEAL).status == "under_appeal"


def test_a_withdrawn_appeal_returns_to_the_rest_of_the_window(world: World) -> None:
    story = ruled(world)
    lead, end = story.handler, story.due("appeal_window")
    story.after(days=2).does(world.seller, "appeal", **APPEAL)
    with refused("not_permitted"):
        story.does(world.buyer, "withdraw_appeal")
    story.after(hours=7).does(world.seller, "withdraw_appeal")
    assert (story.status, story.due("appeal_window"), story.handler) == ("ruled", end, lead)
    assert clock(story, "appeal").status == "met"


def test_an_appeal_stops_the_execution_until_it_is_withdrawn(world: World) -> None:
    story = executing(world).does(world.seller, "appeal", **APPEAL)
    assert (story.status, story.case.clocks.filter(kind="execution", status="running").exists()) == (
        "under_appeal",
        False,
    )
    story.does(world.seller, "withdraw_appeal")
    assert (story.status, clock(story, "execution").status) == ("executing", "running")
    assert story.does(world.seller, "perform_obligations").status == "resolved"


def test_what_is_paid_out_is_not_appealed(world: World) -> None:
    both = {**RULING, "remedies": [{"remedy": "refund_only", "amount": "50"}, {"remedy": "apology"}]}
    story = executing(world, both).does(world.supervisor, "perform_obligations")
    assert story.status == "executing"  # paid; the apology is still to come
    with refused("already_paid"):
        story.does(world.seller, "appeal", **APPEAL)


def test_money_of_an_earlier_procedure_does_not_bar_an_appeal(world: World) -> None:
    story = world.files(remedy="partial_refund", amount=Decimal(20)).does(world.seller, "agree")
    story.does(world.seller, "fulfil").does(world.buyer, "reopen", text="不够")
    story.does(story.handler, "accept_intervention", opinion="x")
    story.does(story.handler, "issue_ruling", **{**RULING, "remedies": [{"remedy": "refund_only", "amount": "90"}]})
    assert both_accept(story).does(world.seller, "appeal", **APPEAL).status == "under_appeal"


def test_upheld_is_final_and_carried_out_at_once(world: World) -> None:
    story = appealed(world)
    only(story, "decide_appeal", by=[story.handler], decision="upheld", reasons="维持")
    with refused("text_missing"):
        story.does(story.handler, "decide_appeal", decision="upheld", reasons="")
    before(story, "appeal").does(story.handler, "decide_appeal", decision="upheld", reasons="维持")
    assert (story.status, story.case.ruling_final, story.case.appeals.get().status) == ("executing", True, "upheld")
    with refused("ruling_is_final"):
        story.does(world.buyer, "appeal", **APPEAL)


@pytest.mark.parametrize("decision", ["rejected", "allowed", "maybe"])
def test_the_decision_fits_what_was_appealed(world: World, decision: str) -> None:
    story = appealed(world)
    with refused("decision_not_fitting"):
        story.does(story.handler, "decide_appeal", decision=decision, reasons="x")


def test_a_reversal_needs_a_second_person_and_is_final(world: World) -> None:
    story = appealed(world)
    with refused("ruling_missing"):
        story.does(story.handler, "decide_appeal", decision="changed", reasons="x")
    story.does(story.handler, "decide_appeal", decision="changed", reasons="事实有误", ruling=FOR_SELLER)
    assert (story.status, story.case.seller_marks.count()) == ("ruling_in_approval", 0)  # the points are given back
    with refused("not_permitted"):
        story.does(story.handler, "approve_ruling")
    story.does(world.reviewer, "approve_ruling")
    assert (story.status, story.case.outcome_code, story.case.ruling_final) == ("resolved", "seller_favour", True)
    assert [r.status for r in story.case.rulings.order_by("id")] == ["overturned", "final"]


def test_a_change_that_is_no_reversal_stands_at_once(world: World) -> None:
    story = appealed(world)
    less = {**RULING, "remedies": [{"remedy": "refund_only", "amount": "80"}]}
    story.does(story.handler, "decide_appeal", decision="changed", reasons="金额", ruling=less)
    assert (story.status, story.case.agreed_amount, story.case.ruling_final) == ("executing", 80, True)


def test_a_change_sent_back_by_the_reviewer_is_still_a_change_on_appeal(world: World) -> None:
    story = appealed(world)
    story.does(story.handler, "decide_appeal", decision="changed", reasons="x", ruling=FOR_SELLER)
    story.does(world.reviewer, "return_ruling", note="说明理由")
    assert story.status == "under_review"
    story.does(story.handler, "issue_ruling", **FOR_SELLER)
    assert story.status == "ruling_in_approval"
    story.does(world.reviewer, "approve_ruling")
    assert (story.status, story.case.ruling_on_appeal) == ("resolved", True)


def test_sent_back_starts_a_new_review(world: World) -> None:
    story = appealed(world)
    story.after(days=1).does(story.handler, "decide_appeal", decision="sent_back", reasons="未质证")
    assert (story.status, story.case.outcome_code, story.case.ruled_at) == ("under_review", "", None)
    review = clock(story, "review_resolution")
    assert (review.status, review.started_at) == ("running", world.now)
    story.does(story.handler, "issue_ruling", **RULING)
    assert story.status == "ruled"
    with refused("appealed_already"):
        story.does(world.seller, "appeal", **APPEAL)
    assert story.does(world.buyer, "appeal", **APPEAL).status == "under_appeal"


def test_what_was_agreed_is_carried_out_without_an_appeal(world: World) -> None:
    story = world.files(remedy="refund_only").does(world.seller, "agree").runs_out("fulfil")
    assert story.status == "executing"
    with refused("nothing_to_appeal"):
        story.does(world.seller, "appeal", **APPEAL)


# Against not being admitted


def turned_down(world: World) -> Story:
    return incomplete(world).does(world.agent, "reject_intake", reason="no_facts", text="没有事实")


@pytest.mark.promise("R1-28")
def test_who_is_turned_down_appeals_once_within_seven_days(world: World) -> None:
    story = turned_down(world)
    end = world.now + timedelta(days=7)
    to(story, end)
    with refused("appeal_window_over", until=end.isoformat()):
        story.does(world.buyer, "appeal", **APPEAL)
    other = turned_down(world)
    to(other, world.now + timedelta(days=7) - SECOND)
    other.does(world.buyer, "appeal", **APPEAL)
    assert (other.status, other.case.closed_at) == ("under_appeal", None)
    with refused("decision_not_fitting"):
        other.does(other.handler, "decide_appeal", decision="upheld", reasons="x")
    other.does(other.handler, "decide_appeal", decision="rejected", reasons="维持")
    assert (other.status, other.case.outcome_code) == ("inadmissible", "inadmissible")
    with refused("appealed_already"):
        other.does(world.buyer, "appeal", **APPEAL)


def test_an_allowed_appeal_begins_anew_with_new_promises(world: World) -> None:
    story = turned_down(world).after(days=1).does(world.buyer, "appeal", **APPEAL)
    story.does(story.handler, "decide_appeal", decision="allowed", reasons="应受理")
    assert (story.status, story.case.outcome_code, story.case.owner) == ("submitted", "", None)
    for kind in ("initial_response", "resolution"):
        assert (clock(story, kind).status, clock(story, kind).started_at) == ("running", world.now)
    story.does(world.agent, "reject_intake", reason="no_facts", text="仍无事实")
    with refused("appealed_already"):
        story.does(world.buyer, "appeal", **APPEAL)


def test_an_allowed_appeal_leaves_the_appeal_against_a_ruling(world: World) -> None:
    story = turned_down(world).does(world.buyer, "appeal", **APPEAL)
    story.does(story.handler, "decide_appeal", decision="allowed", reasons="应受理")
    story.does(world.buyer, "link_order", order_number=world.order().number)
    if story.status == "submitted":
        story.does(world.agent, "admit")
    story.does(world.seller, "refuse", reason="other", text="不").does(world.buyer, "escalate", reason="seller_refused")
    story.does(story.handler, "accept_intervention", opinion="x").does(story.handler, "issue_ruling", **FOR_SELLER)
    assert story.does(world.buyer, "appeal", **APPEAL).status == "under_appeal"


def test_a_withdrawn_appeal_leaves_the_case_turned_down(world: World) -> None:
    story = turned_down(world).does(world.buyer, "appeal", **APPEAL).does(world.buyer, "withdraw_appeal")
    assert (story.status, story.case.closed_at) == ("inadmissible", world.now)


def test_an_appeal_does_not_make_a_second_open_case(world: World) -> None:
    first = world.files(subtype="safety").does(world.agent, "reject_intake", reason="no_facts", text="x")
    world.files(subtype="safety", order_number=first.case.order_number)
    with refused("already_open"):
        first.does(world.buyer, "appeal", **APPEAL)


def test_with_nobody_free_the_supervisors_are_told_and_seat_somebody(world: World) -> None:
    story = ruled(world)
    type(world.agent).objects.filter(role="arbitrator").update(on_duty=False)
    story.does(world.seller, "appeal", **APPEAL)
    assert (story.case.owner, story.case.events.filter(code="case.unassigned").count()) == (None, 1)
    world.arbitrator2.refresh_from_db()
    type(world.agent).objects.filter(pk=world.arbitrator2.pk).update(on_duty=True)
    story.does(world.supervisor, "reassign", reason="有人了")
    assert story.handler == world.arbitrator2


def test_an_allowed_appeal_after_a_settlement_that_failed_has_a_demand_again(world: World) -> None:
    story = world.files().does(world.seller, "propose_terms", remedy="invoice").does(world.buyer, "accept_terms")
    story.does(world.buyer, "escalate", reason="buyer_unsatisfied")
    story.does(story.handler, "decline_intervention", reason="beyond_rules", text="不在规则范围内")
    story.does(world.buyer, "appeal", **APPEAL)
    story.does(story.handler, "decide_appeal", decision="allowed", reasons="应受理")
    story.does(world.agent, "admit")
    assert (story.status, story.case.agreed_basis) == ("awaiting_seller", "")
    assert story.runs_out("seller_response").status == "awaiting_return"  # silence grants the demand that stands again
