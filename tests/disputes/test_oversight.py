"""Transitions 45–48: reopening, reassigning, merging; what supervisors may do to promises."""

from datetime import timedelta

import pytest

from tests.disputes.walks import (
    APPROACH,
    RULING,
    SECOND,
    about_us,
    at_platform,
    both_accept,
    clock,
    executing,
    incomplete,
    only,
    pauses,
    refused,
    refused_by_seller,
    ruled,
    to,
    under_review,
)
from tests.world import Story, World

pytestmark = pytest.mark.promise("R1-27", "R1-28")


def resolved(world: World) -> Story:
    return executing(world).does(world.seller, "perform_obligations")


def test_a_case_is_reopened_with_another_handler_and_new_promises(world: World) -> None:
    story = resolved(world)
    first = world.arbitrator
    only(story, "reopen", by=[world.buyer, world.supervisor], text="x")
    with refused("text_missing"):
        story.does(world.buyer, "reopen", text=" ")
    story.after(days=1).does(world.buyer, "reopen", text="退款没有到账")
    case = story.case
    assert (story.status, story.handler != first, case.outcome_code, case.closed_at) == (
        "intervention_requested", True, "", None,
    )  # fmt: skip
    assert (case.reopened_count, case.repeat_count) == (1, 1)
    for kind in ("initial_response", "resolution", "review_opinion", "review_resolution"):
        assert (clock(story, kind).status, clock(story, kind).started_at, clock(story, kind).cycle) == (
            "running",
            world.now,
            2,
        )
    story.does(story.handler, "accept_intervention", opinion="x")
    story.does(story.handler, "issue_ruling", **{**RULING, "remedies": [{"remedy": "apology"}]})
    assert story.status == "ruled"


@pytest.mark.parametrize("ended", ["withdrawn", "lapsed", "referred_external"])
def test_whatever_ended_the_case_it_can_be_reopened(world: World, ended: str) -> None:
    if ended == "withdrawn":
        story = under_review(world).does(world.buyer, "withdraw", confirm=True)
    elif ended == "lapsed":
        story = refused_by_seller(world).runs_out("buyer_escalate")
    else:
        story = under_review(world)
        story.does(story.handler, "propose_no_ruling", reason="too_complex", text="x")
        story.does(world.supervisor, "no_ruling", bodies=["court"])
    assert story.status == ended
    assert story.does(world.buyer, "reopen", text="新事实").status == "intervention_requested"


def test_what_was_not_admitted_is_appealed_and_not_reopened(world: World) -> None:
    story = incomplete(world).does(world.agent, "reject_intake", reason="no_facts", text="x")
    with refused("wrong_state"):
        story.does(world.buyer, "reopen", text="x")


def test_fifteen_days_and_then_only_a_supervisor(world: World) -> None:
    story = resolved(world)
    end = world.now + timedelta(days=15)
    to(story, end)
    with refused("reopen_window_over", until=end.isoformat()):
        story.does(world.buyer, "reopen", text="x")
    story.does(world.supervisor, "reopen", text="查明")
    other = resolved(world)
    assert to(other, world.now + timedelta(days=15) - SECOND).does(world.buyer, "reopen", text="x").status != "resolved"


def test_twice_and_no_more(world: World) -> None:
    story = refused_by_seller(world).does(world.buyer, "withdraw", confirm=True)
    for _time in range(2):
        story.does(world.buyer, "reopen", text="x").does(world.buyer, "withdraw", confirm=True)
    with refused("reopened_enough"):
        story.does(world.buyer, "reopen", text="x")
    with refused("reopened_enough"):
        story.does(world.supervisor, "reopen", text="x")


def test_reopened_to_the_seller_its_time_begins_again(world: World) -> None:
    story = resolved(world).after(days=2).does(world.buyer, "reopen", text="x", to_seller=True)
    assert (story.status, story.due("seller_response")) == ("awaiting_seller", world.now + timedelta(hours=48))
    with refused("too_early_to_escalate"):
        story.does(world.buyer, "escalate", reason="no_refund")


def test_a_reopened_case_is_not_a_second_open_one(world: World) -> None:
    story = refused_by_seller(world).does(world.buyer, "withdraw", confirm=True)
    world.files(order_number=story.case.order_number)
    with refused("already_open"):
        story.does(world.buyer, "reopen", text="x")


# Who handles it


def test_a_supervisor_gives_the_case_to_somebody_else(world: World) -> None:
    story = under_review(world)
    only(story, "reassign", by=[world.supervisor], reason="x")
    with refused("text_missing"):
        story.does(world.supervisor, "reassign", reason="")
    story.does(world.supervisor, "reassign", reason="休假")
    assert (story.status, story.handler) == ("under_review", world.arbitrator2)
    with refused("handler_not_free"):
        story.does(world.supervisor, "reassign", reason="x", handler_id=world.reviewer.pk)
    story.does(world.supervisor, "reassign", reason="回来了", handler_id=world.arbitrator.pk)
    assert story.handler == world.arbitrator
    assert story.case.assignments.filter(released_at=None).count() == 1


def test_before_acceptance_the_new_handler_has_the_whole_day(world: World) -> None:
    story = at_platform(world).after(days=0, hours=20).does(world.supervisor, "reassign", reason="x")
    assert clock(story, "intervention_accept").started_at == world.now


def test_on_appeal_nobody_of_before_is_seated(world: World) -> None:
    story = ruled(world).does(world.seller, "appeal", grounds="amount", text="x")
    with refused("nobody_free"):
        story.does(world.supervisor, "reassign", reason="x")
    with refused("handler_not_free"):
        story.does(world.supervisor, "reassign", reason="x", handler_id=world.arbitrator.pk)


def test_a_supervisor_may_name_the_handler(world: World) -> None:
    story = at_platform(world)
    only(story, "assign", by=[world.supervisor])
    story.does(world.supervisor, "assign", handler_id=world.arbitrator2.pk)
    assert (story.handler, clock(story, "intervention_accept").status) == (world.arbitrator2, "running")


@pytest.mark.parametrize("action", sorted(APPROACH))
def test_the_one_complained_of_has_no_part_in_the_case(world: World, action: str) -> None:
    story = about_us(world)
    with refused("not_permitted"):
        story.does(world.supervisor, action, **APPROACH[action])
    with refused("not_permitted"):
        story.does(world.agent, action, **APPROACH[action])
    assert story.case not in type(story.case).objects.visible_to(world.supervisor)


# Duplicates


def test_a_duplicate_ends_in_its_parent(world: World) -> None:
    number = world.order().number
    parent, twin = world.files(order_number=number), world.files(order_number=number, subtype="malfunction")
    only(twin, "merge", by=[world.agent, world.supervisor], into=parent.case_id)
    twin.does(world.agent, "merge", into=parent.case_id)
    assert (twin.status, twin.case.outcome_code, twin.case.outcome_reason, twin.case.parent_id) == (
        "lapsed", "lapsed", "duplicate", parent.case_id,
    )  # fmt: skip
    assert set(twin.case.clocks.exclude(kind="acknowledge").values_list("status", flat=True)) == {"cancelled"}


def test_only_the_same_consumers_open_case_about_the_same_order_is_a_parent(world: World) -> None:
    story, draft = world.files(), world.files(submit=False)
    ended = world.files().does(world.buyer, "withdraw", confirm=True)
    other_order = world.files(subtype="defect")
    number = world.order(buyer=world.stranger).number
    mine, world.buyer = world.buyer, world.stranger
    theirs = world.files(order_number=number)
    world.buyer = mine
    for wrong in (story, draft, ended, other_order, theirs):
        with refused("parent_not_fitting"):
            story.does(world.agent, "merge", into=wrong.case_id)
    assert incomplete(world).does(world.agent, "merge", into=story.case_id).status == "lapsed"


# Promises


def test_force_majeure_holds_the_promises_until_it_is_over(world: World) -> None:
    story = at_platform(world)
    promised = story.due("resolution")
    only(story, "hold_promises", by=[world.supervisor], reason="台风")
    with refused("text_missing"):
        story.does(world.supervisor, "hold_promises", reason="")
    with refused("not_held"):
        story.does(world.supervisor, "release_promises")
    story.does(world.supervisor, "hold_promises", reason="台风")
    story.does(story.handler, "accept_intervention", opinion="x")  # the case goes on
    assert (clock(story, "resolution").status, pauses(story, "resolution")[-1]) == ("paused", "force_majeure")
    story.after(days=2).does(world.supervisor, "release_promises")  # Monday to Wednesday: Tuesday
    assert (clock(story, "resolution").status, story.due("resolution")) == ("running", promised + timedelta(days=1))


@pytest.mark.promise("R1-27")
def test_a_complex_case_gets_more_days_with_a_reason_and_notice(world: World) -> None:
    story = under_review(world)
    promised = story.due("resolution")
    details = {"kind": "resolution", "days": 2, "reason": "送检复杂"}
    only(story, "extend_promise", by=[world.supervisor], **details)
    for days in (0, 8):
        with refused("extension_too_long"):
            story.does(world.supervisor, "extend_promise", **{**details, "days": days})
    with refused("kind_unknown"):
        story.does(world.supervisor, "extend_promise", **{**details, "kind": "seller_response"})
    with refused("clock_not_open"):
        story.does(world.supervisor, "extend_promise", **{**details, "kind": "initial_response"})
    story.does(world.supervisor, "extend_promise", **details)
    assert story.due("resolution") == promised + timedelta(days=2)
    told = story.case.notices.filter(template="promises.extended").values_list("recipient_id", flat=True)
    assert {world.buyer.pk, world.seller.pk} <= set(told)


def test_a_merged_or_ruled_case_is_not_merged_again(world: World) -> None:
    story, parent = both_accept(ruled(world)), world.files()
    with refused("wrong_state"):
        story.does(world.agent, "merge", into=parent.case_id)
