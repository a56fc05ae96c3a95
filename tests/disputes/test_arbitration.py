"""Transitions 29–32, 42, 44, 46b: the platform hears the case."""

from datetime import timedelta
from typing import Any

import pytest

from tests.disputes.walks import (
    FOR_SELLER,
    RULING,
    about_us,
    at_platform,
    before,
    clock,
    last,
    only,
    pauses,
    refused,
    to,
    under_review,
)
from tests.world import Story, World

ASKED: list[dict[str, Any]] = [
    {"party": "seller", "slot": "signing_proof"},
    {"party": "consumer", "slot": "unboxing_video"},
]


def hearing(world: World, **details: Any) -> Story:
    story = under_review(world)
    return story.does(story.handler, "open_evidence", requests=ASKED, **details)


@pytest.mark.promise("R1-25", "R3-22", "R3-52")
def test_the_handler_takes_the_case_with_an_opinion(world: World) -> None:
    story = at_platform(world)
    only(story, "accept_intervention", by=[story.handler], opinion="x")
    with refused("text_missing"):
        story.does(story.handler, "accept_intervention", opinion="")
    story.does(story.handler, "accept_intervention", opinion="初步意见")
    assert story.status == "under_review"
    kinds = ("initial_response", "review_opinion", "intervention_accept", "assignment")
    assert {kind: clock(story, kind).status for kind in kinds} == dict.fromkeys(kinds, "met")
    assert clock(story, "review_resolution").status == clock(story, "resolution").status == "running"


def test_a_silent_handler_is_replaced_after_a_working_day(world: World) -> None:
    story = at_platform(world)
    assert (story.handler, story.due("intervention_accept").isoformat()) == (
        world.arbitrator,
        "2026-11-03T16:00:00+00:00",
    )
    before(story, "intervention_accept")
    world.sweeps()
    assert story.handler == world.arbitrator
    story.runs_out("intervention_accept")
    assert (story.status, story.handler) == ("intervention_requested", world.arbitrator2)
    assert clock(story, "intervention_accept").status == "running"
    told = story.case.notices.filter(template="case.acceptance_overdue").values_list("recipient_id", flat=True)
    assert {world.supervisor.pk, world.supervisor2.pk} <= set(told)


def test_with_nobody_free_the_draw_goes_on_every_working_day(world: World) -> None:
    for person in (world.arbitrator, world.arbitrator2):
        person.on_duty = False
        person.save(update_fields=["on_duty"])
    story = at_platform(world)
    assert (story.case.owner, clock(story, "assignment").status) == (None, "running")
    story.runs_out("assignment")
    assert (story.case.owner, clock(story, "assignment").status) == (None, "running")
    world.arbitrator2.on_duty = True
    world.arbitrator2.save(update_fields=["on_duty"])
    assert story.runs_out("assignment").handler == world.arbitrator2


def test_the_agent_who_filed_the_case_does_not_hear_it(world: World) -> None:
    first, second = at_platform(world), at_platform(world)
    assert {first.handler, second.handler} == {world.arbitrator, world.arbitrator2}  # the least open work


def test_declining_needs_words_and_closes_or_sends_back(world: World) -> None:
    story = at_platform(world)
    only(story, "decline_intervention", by=[story.handler], reason="x", text="y")
    with refused("text_missing"):
        story.does(story.handler, "decline_intervention", reason="out_of_scope", text="")
    story.does(story.handler, "decline_intervention", reason="out_of_scope", text="不在平台规则内")
    assert (story.status, story.case.outcome_code, story.case.owner) == ("inadmissible", "inadmissible", None)
    back = at_platform(world)
    back.does(back.handler, "decline_intervention", reason="again", text="请先协商", back_to_seller=True)
    assert (back.status, clock(back, "review_resolution").status) == ("awaiting_seller", "met")
    assert clock(back, "seller_response").status == "running"


def test_a_complaint_about_ourselves_cannot_be_sent_to_a_seller(world: World) -> None:
    story = about_us(world)
    with refused("seller_unknown"):
        story.does(world.supervisor2, "decline_intervention", reason="x", text="y", back_to_seller=True)


@pytest.mark.promise("R1-20", "R2-18")
def test_evidence_is_asked_of_either_side_for_three_days(world: World) -> None:
    story = under_review(world)
    only(story, "open_evidence", by=[story.handler], requests=ASKED)
    with refused("nothing_asked"):
        story.does(story.handler, "open_evidence", requests=[])
    story.does(story.handler, "open_evidence", requests=ASKED)
    assert (story.status, story.due("evidence")) == ("evidence_period", world.now + timedelta(hours=72))
    assert {r.due_at for r in story.case.evidence_requests.all()} == {story.due("evidence")}
    assert clock(story, "resolution").status == "running"  # our own hearing holds no promise
    with refused("evidence_outstanding"):
        story.does(story.handler, "close_evidence")


@pytest.mark.parametrize(("hours", "fits"), [(23, False), (24, True), (168, True), (169, False)])
def test_the_period_is_a_day_to_a_week(world: World, hours: int, fits: bool) -> None:
    if fits:
        story = hearing(world, hours=hours)
        assert story.due("evidence") <= world.now + timedelta(hours=hours)
    else:
        with refused("hours_out_of_range"):
            hearing(world, hours=hours)


@pytest.mark.promise("R1-26")
def test_the_period_leaves_a_working_day_for_the_ruling_and_never_less_than_a_day(world: World) -> None:
    story = under_review(world).after(days=3)
    story.does(story.handler, "open_evidence", requests=ASKED, hours=168)
    last_day = min(story.due("resolution"), story.due("review_resolution"))
    assert story.due("evidence") == last_day - timedelta(days=1)
    late = under_review(world)
    to(late, late.due("resolution") - timedelta(hours=30))
    late.does(late.handler, "open_evidence", requests=ASKED)
    assert late.due("evidence") == world.now + timedelta(hours=24)


def test_at_the_end_the_silent_seller_is_in_default(world: World) -> None:
    story = at_platform_unheard(world)
    story.does(story.handler, "open_evidence", requests=ASKED)
    with refused("wrong_state"):
        story.does(story.handler, "issue_ruling", **RULING)
    before(story, "evidence")
    world.sweeps()
    assert story.status == "evidence_period"
    story.runs_out("evidence")
    assert (story.status, story.case.seller_defaulted) == ("under_review", True)
    assert {r.status for r in story.case.evidence_requests.all()} == {"past_due"}
    event = story.case.events.get(code="case.evidence_closed")
    assert event.data["missing"] == ["consumer", "seller"]
    story.does(story.handler, "issue_ruling", **RULING)


def at_platform_unheard(world: World) -> Story:
    """The seller has said nothing and had its day."""
    story = world.files(remedy="return_refund").after(hours=24)
    story.does(world.buyer, "escalate", reason="seller_no_response")
    return story.does(story.handler, "accept_intervention", opinion="初步意见")


@pytest.mark.promise("R2-18")
def test_nobody_is_ruled_against_unheard(world: World) -> None:
    story = at_platform_unheard(world)
    with refused("seller_not_heard"):
        story.does(story.handler, "issue_ruling", **FOR_SELLER)
    story.does(world.seller, "post_message", text="我们的说法", thread="seller_platform")
    story.does(story.handler, "issue_ruling", **FOR_SELLER)


def test_one_extension_begins_when_the_period_ends_and_holds_the_promises(world: World) -> None:
    story = hearing(world)
    only(story, "extend_evidence", by=[world.buyer, world.seller, story.handler], hours=72)
    for hours in (0, 73):
        with refused("extension_too_long"):
            story.does(world.seller, "extend_evidence", hours=hours)
    before(story, "evidence").does(world.seller, "extend_evidence", hours=72, text="等海关文件")
    with refused("already_extended"):
        story.does(world.buyer, "extend_evidence", hours=24)
    promised = story.due("resolution")
    assert clock(story, "resolution").status == "running"
    story.runs_out("evidence")  # Thursday 10:00
    assert (story.status, last(story), story.case.in_extension) == ("evidence_period", "case.evidence_opened", True)
    assert story.due("evidence") == world.now + timedelta(hours=72)
    assert {r.due_at for r in story.case.evidence_requests.all()} == {story.due("evidence")}
    assert clock(story, "resolution").status == "paused"
    story.runs_out("evidence")  # Sunday 10:00: Friday stood still
    assert (story.status, story.case.in_extension, pauses(story, "resolution")[-1]) == (
        "under_review", False, "evidence_extended",
    )  # fmt: skip
    assert story.due("resolution") == promised + timedelta(days=1)


def test_after_the_deadline_no_extension_is_asked_for(world: World) -> None:
    story = hearing(world)
    to(story, story.due("evidence"))
    with refused("wrong_state"):
        story.does(world.seller, "extend_evidence", hours=24)


@pytest.mark.promise("R2-21")
@pytest.mark.parametrize("reason", ["evidence_insufficient", "too_complex", "out_of_scope"])
def test_where_nobody_can_find_the_truth_the_other_ways_are_named(world: World, reason: str) -> None:
    story = under_review(world)
    bodies = ["consumer_association", "authority_12315", "court"]
    with refused("not_proposed"):
        story.does(world.supervisor, "no_ruling", bodies=bodies)
    with refused("reason_unknown"):
        story.does(story.handler, "propose_no_ruling", reason="tired", text="x")
    only(story, "propose_no_ruling", by=[story.handler], reason=reason, text="证据不足")
    story.does(story.handler, "propose_no_ruling", reason=reason, text="证据不足")
    only(story, "no_ruling", by=[world.supervisor], bodies=bodies)
    with refused("bodies_missing"):
        story.does(world.supervisor, "no_ruling", bodies=[])
    story.does(world.supervisor, "no_ruling", bodies=bodies)
    assert (story.status, story.case.outcome_code, story.case.outcome_reason) == (
        "referred_external",
        "no_ruling",
        reason,
    )
    assert set(story.case.referrals.values_list("body", flat=True)) == set(bodies)
    assert clock(story, "resolution").status == "met"


# Stays


@pytest.mark.parametrize(
    ("reason", "pause", "term"),
    [("negotiation", "suspended", timedelta(days=30)), ("testing", "testing", timedelta(days=30)),
     ("court", "suspended", None), ("police", "suspended", None)],
)  # fmt: skip
def test_a_stay_holds_the_promises_and_ends_by_itself(
    world: World, reason: str, pause: str, term: timedelta | None
) -> None:
    story = under_review(world)
    only(story, "suspend", by=[story.handler], reason=reason, text="x")
    story.does(story.handler, "suspend", reason=reason, text="中止")
    assert (story.status, pauses(story, "resolution")[-1], pauses(story, "review_resolution")) == (
        "suspended", pause, [pause],
    )  # fmt: skip
    if term:
        assert story.due("suspension") == world.now + term
    before(story, "suspension")
    world.sweeps()
    assert story.status == "suspended"
    story.runs_out("suspension")
    assert (story.status, clock(story, "resolution").status) == ("under_review", "running")


@pytest.mark.parametrize("reason", ["court", "police"])
def test_a_stay_for_a_court_needs_its_document_within_seven_working_days(world: World, reason: str) -> None:
    story = under_review(world).does(world.arbitrator, "suspend", reason=reason, text="起诉")
    assert story.due("suspension").isoformat() == "2026-11-11T16:00:00+00:00"
    before(story, "suspension").does(world.supervisor, "document_stay", document="(2026)沪0101民初1号")
    assert story.due("suspension") == world.now + timedelta(days=180)
    with refused("already_documented"):
        story.does(world.supervisor, "document_stay", document="again")
    story.does(world.supervisor, "resume")
    assert (story.status, clock(story, "suspension").status) == ("under_review", "met")


def test_other_stays_need_no_document(world: World) -> None:
    story = under_review(world).does(world.arbitrator, "suspend", reason="testing", text="送检")
    with refused("no_document_needed"):
        story.does(world.supervisor, "document_stay", document="x")
    only(story, "resume", by=[world.arbitrator, world.supervisor])
    story.does(world.supervisor, "resume")
    for reason in ("recusal", "holiday"):
        with refused("reason_unknown"):
            story.does(story.handler, "suspend", reason=reason, text="x")


def test_after_a_stay_the_evidence_period_begins_anew(world: World) -> None:
    story = hearing(world)
    story.after(hours=70).does(story.handler, "suspend", reason="testing", text="送检").after(days=3)
    story.does(story.handler, "resume")
    assert (story.status, story.due("evidence")) == ("evidence_period", world.now + timedelta(hours=72))
    assert {r.due_at for r in story.case.evidence_requests.all()} == {story.due("evidence")}
    assert story.case.evidence_requests.filter(status="open").count() == 2


def test_after_a_stay_only_an_extension_still_to_come_holds_the_promises(world: World) -> None:
    story = hearing(world).does(world.seller, "extend_evidence", hours=24).runs_out("evidence")
    story.does(story.handler, "suspend", reason="testing", text="送检").after(hours=1).does(story.handler, "resume")
    assert (story.status, story.case.in_extension, clock(story, "resolution").status) == (
        "evidence_period",
        False,
        "running",
    )


# Recusal


def test_asking_for_recusal_stays_the_hearing_until_a_supervisor_decides(world: World) -> None:
    story = under_review(world)
    only(story, "ask_recusal", by=[world.buyer, world.seller], reason="认识卖家")
    first = story.handler
    story.does(world.buyer, "ask_recusal", reason="认识卖家")
    assert (story.status, story.due("suspension").isoformat()) == ("suspended", "2026-11-03T16:00:00+00:00")
    for person in (first, world.supervisor):
        with refused("recusal_pending"):
            story.does(person, "resume")
    only(story, "decide_recusal", by=[world.supervisor], granted=True)
    story.does(world.supervisor, "decide_recusal", granted=True)
    assert (story.status, story.handler) == ("under_review", world.arbitrator2)
    with refused("no_recusal_pending"):
        story.does(world.supervisor, "decide_recusal", granted=True)


def test_a_refused_recusal_changes_nothing(world: World) -> None:
    story = (
        hearing(world)
        .does(world.seller, "ask_recusal", reason="偏袒")
        .does(world.supervisor, "decide_recusal", granted=False)
    )
    assert (story.status, story.handler) == ("evidence_period", world.arbitrator)


def test_a_recusal_not_decided_in_a_working_day_lets_the_hearing_go_on(world: World) -> None:
    story = under_review(world).does(world.buyer, "ask_recusal", reason="偏袒").runs_out("suspension")
    assert (story.status, story.handler) == ("under_review", world.arbitrator)
    with refused("recusal_pending"):
        story.does(world.seller, "ask_recusal", reason="也偏袒")
    story.does(story.handler, "suspend", reason="testing", text="送检")
    story.does(world.supervisor, "decide_recusal", granted=True)
    assert (story.status, story.handler) == ("suspended", world.arbitrator2)  # the other stay goes on


def test_before_the_hearing_the_challenged_handler_waits(world: World) -> None:
    story = at_platform(world)
    story.does(world.buyer, "ask_recusal", reason="认识")
    assert story.status == "intervention_requested"
    with refused("recusal_pending"):
        story.does(world.arbitrator, "accept_intervention", opinion="x")
    story.after(hours=5).does(world.supervisor, "decide_recusal", granted=True)
    assert (story.handler, clock(story, "intervention_accept").started_at) == (world.arbitrator2, world.now)
    story.does(world.arbitrator2, "accept_intervention", opinion="x")


def test_without_a_handler_nobody_is_challenged(world: World) -> None:
    story = at_platform(world)
    type(world.arbitrator).objects.filter(role="arbitrator").update(on_duty=False)
    story.runs_out("intervention_accept")
    assert story.case.owner is None
    with refused("nobody_assigned"):
        story.does(world.buyer, "ask_recusal", reason="x")
