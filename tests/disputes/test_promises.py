"""The promises to the consumer: who keeps them, what holds them, and that a breach is never forgotten."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.disputes.walks import (
    SECOND,
    at_platform,
    before,
    clock,
    confirming,
    incomplete,
    lost_parcel,
    not_shipped,
    pauses,
    refused_by_seller,
    returning,
    ruled,
    to,
    under_review,
)
from tests.world import Story, World

Deed = Callable[[World], Story]
OFFER = {"remedy": "partial_refund", "amount": Decimal(30)}


def message_of_staff(w: World) -> Story:
    return w.files().does(w.agent, "post_message", text="请耐心等待")


def carrier_answer(w: World) -> Story:
    return lost_parcel(w).does(w.agent, "carrier_result", result="lost", text="丢失")


def admission_by_hand(w: World) -> Story:
    return incomplete(w).does(w.agent, "admit", route="platform")


KEPT: dict[str, Deed] = {
    "an opinion of an agent": lambda w: w.files().does(w.agent, "give_initial_opinion", text="x"),
    "an opinion in a call": lambda w: w.files().does(
        w.agent, "log_contact", channel="phone", direction="outbound", summary="x", opinion="y"
    ),
    "the handler's opinion": lambda w: at_platform(w),  # the refusal before it, in fact
    "the seller's agreement": lambda w: w.files().does(w.seller, "agree"),
    "the seller's offer": lambda w: w.files().does(w.seller, "offer", **OFFER),
    "the seller's refusal": lambda w: refused_by_seller(w),
    "turning down": lambda w: incomplete(w).does(w.agent, "reject_intake", reason="no_facts", text="x"),
}
NOT_KEPT: dict[str, Deed] = {
    "the receipt": lambda w: w.files(),
    "a message of staff": message_of_staff,
    "a question": lambda w: incomplete(w).does(w.agent, "request_info", text="?"),
    "admission": admission_by_hand,
    "the carrier's answer": carrier_answer,
    "the carrier's silence": lambda w: lost_parcel(w).runs_out("carrier_inquiry"),
    "the seller's silence": lambda w: w.files(remedy="compensation", amount=Decimal(9)).runs_out("seller_response"),
    "the buyer's offer": lambda w: w.files().does(w.buyer, "offer", **OFFER),
    "the buyer's urging": lambda w: w.files().does(w.buyer, "urge"),
    "escalating an unanswered case": lambda w: (
        w.files().after(hours=24).does(w.buyer, "escalate", reason="seller_no_response")
    ),
}


@pytest.mark.promise("R1-25")
@pytest.mark.parametrize("deed", KEPT)
def test_an_answer_of_substance_keeps_the_first_promise(world: World, deed: str) -> None:
    story = KEPT[deed](world)
    assert (clock(story, "initial_response").status, story.case.first_response_at) == ("met", world.now)


@pytest.mark.promise("R1-25")
@pytest.mark.parametrize("deed", NOT_KEPT)
def test_nothing_else_does(world: World, deed: str) -> None:
    story = NOT_KEPT[deed](world)
    assert clock(story, "initial_response").status in ("running", "paused")
    assert story.case.first_response_at is None


@pytest.mark.promise("R1-25", "R3-22")
def test_the_handlers_promise_is_kept_by_the_handler_alone(world: World) -> None:
    story = at_platform(world).does(world.agent, "give_initial_opinion", text="我们看过了")
    assert clock(story, "review_opinion").status == "running"
    before(story, "review_opinion")
    world.sweeps()  # the first handler was silent, another is on it
    story.does(story.handler, "accept_intervention", opinion="初步意见")
    assert clock(story, "review_opinion").status == "met"


@pytest.mark.promise("R1-25")
def test_the_first_opinion_has_a_target_of_one_and_a_limit_of_three_working_days(world: World) -> None:
    opinion = clock(world.files(), "initial_response")
    assert opinion.target_at is not None
    assert opinion.target_at.isoformat() == "2026-11-03T16:00:00+00:00"
    assert opinion.due_at.isoformat() == "2026-11-05T16:00:00+00:00"


@pytest.mark.promise("R1-25")
@pytest.mark.parametrize(("late", "status"), [(-SECOND, "met"), (timedelta(0), "breached"), (SECOND, "breached")])
def test_late_is_at_the_deadline(world: World, late: timedelta, status: str) -> None:
    story = incomplete(world)
    to(story, story.due("initial_response") + late).does(world.agent, "give_initial_opinion", text="x")
    opinion = clock(story, "initial_response")
    assert (opinion.status, opinion.stopped_at) == (status, world.now)
    assert opinion.breached_at == (opinion.due_at if status == "breached" else None)


@pytest.mark.promise("R1-26")
def test_a_breach_is_told_to_supervisors_and_stays_while_the_case_goes_on(world: World) -> None:
    story = at_platform(world)
    story.does(story.handler, "accept_intervention", opinion="x")
    story.runs_out("resolution")
    assert (story.status, clock(story, "resolution").status) == ("under_review", "breached")
    event = story.case.events.get(code="clock.breached", data__kind="resolution")
    assert event.at == story.due("resolution")
    told = set(event.notices.values_list("recipient_id", flat=True))
    assert {world.supervisor.pk, world.supervisor2.pk, story.handler.pk} <= told
    story.does(world.seller, "concede").runs_out("return_ship")
    late = clock(story, "resolution")
    assert (story.status, late.status, late.breached_at, late.stopped_at) == (
        "lapsed",
        "breached",
        late.due_at,
        world.now,
    )


@pytest.mark.promise("R1-26", "R2-26")
def test_warnings_come_at_sixty_percent_and_with_a_day_left(world: World) -> None:
    story = under_review(world).runs_out("resolution")
    warned = story.case.events.filter(code="clock.warned", data__kind="resolution").order_by("seq")
    assert [event.at.isoformat() for event in warned] == [
        "2026-11-08T20:48:00+00:00",
        "2026-11-10T16:00:00+00:00",
    ]  # 4.2 working days are gone early on Monday the 9th; the last begins on the 11th
    assert {world.supervisor.pk} <= set(warned[0].notices.values_list("recipient_id", flat=True))


HOLDS: dict[str, tuple[Deed, str]] = {
    "information asked of the buyer": (NOT_KEPT["a question"], "awaiting_buyer"),
    "an offer on the buyer's table": (KEPT["the seller's offer"], "awaiting_buyer"),
    "a refusal for the buyer to contest": (refused_by_seller, "awaiting_buyer"),
    "goods for the buyer to send": (KEPT["the seller's agreement"], "awaiting_buyer"),
    "goods on their way back": (returning, "return_in_transit"),
    "an exchange being made": (
        lambda w: returning(w, remedy="exchange").does(w.seller, "confirm_receipt"), "performance_agreed",
    ),
    "a repair being made": (lambda w: returning(w, remedy="repair").does(w.seller, "confirm_receipt"), "performance_agreed"),
    "goods sent again": (lambda w: w.files(remedy="reship").does(w.seller, "agree"), "performance_agreed"),
    "a parcel for the buyer to confirm": (confirming, "awaiting_buyer"),
    "the carrier being asked": (lost_parcel, "carrier_investigation"),
    "goods being tested": (lambda w: under_review(w).does(w.arbitrator, "suspend", reason="testing", text="x"), "testing"),
    "a stay": (lambda w: under_review(w).does(w.arbitrator, "suspend", reason="court", text="x"), "suspended"),
}  # fmt: skip


@pytest.mark.promise("R1-27")
@pytest.mark.parametrize("why", HOLDS)
def test_what_holds_the_promise(world: World, why: str) -> None:
    walk, reason = HOLDS[why]
    story = walk(world)
    assert (clock(story, "resolution").status, pauses(story, "resolution")[-1]) == ("paused", reason)


RUNS: dict[str, Deed] = {
    "our queue": incomplete,
    "the seller thinking": lambda w: w.files(),
    "the buyer's offer at the seller": NOT_KEPT["the buyer's offer"],
    "the platform's hearing": under_review,
    "evidence being asked": lambda w: under_review(w).does(
        w.arbitrator, "open_evidence", requests=[{"party": "seller", "slot": "signing_proof"}]
    ),
    "mediation": lambda w: under_review(w).does(w.arbitrator, "propose_settlement", **OFFER),
    "a refund the seller owes": lambda w: w.files(remedy="refund_only").does(w.seller, "agree"),
    "a refund granted by silence": lambda w: not_shipped(w).runs_out("seller_response"),
}


@pytest.mark.promise("R1-26")
@pytest.mark.parametrize("why", RUNS)
def test_what_never_holds_it(world: World, why: str) -> None:
    story = RUNS[why](world)
    assert clock(story, "resolution").status == "running"


@pytest.mark.promise("R1-26")
def test_an_approval_never_holds_it(world: World) -> None:
    order = world.order(paid_total=Decimal(6000))
    from tests.disputes.walks import RULING

    story = ruled(
        world, {**RULING, "remedies": [{"remedy": "refund_only", "amount": "5000"}]}, order_number=order.number
    )
    assert (story.status, clock(story, "resolution").status) == ("ruling_in_approval", "running")


def test_a_deadline_that_passed_while_it_stood_still_is_told_when_that_is_known(world: World) -> None:
    """The last night before a deadline is no whole day: the promise is broken, and time does not run backwards."""
    story = under_review(world)
    due = story.due("resolution")
    to(story, due - timedelta(hours=2)).does(story.handler, "suspend", reason="testing", text="x")
    story.after(hours=6).does(story.handler, "resume")
    world.sweeps()
    assert clock(story, "resolution").breached_at == due
    instants = [at for _code, at in story.timeline()]
    assert instants == sorted(instants)
