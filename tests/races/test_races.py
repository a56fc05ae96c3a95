"""RB17: two people, or a person and a deadline, at the same instant: exactly one wins, the other is told why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.errors import Conflict, Invalid, NotPermitted
from disputes import intake, workflow
from disputes.models import Appeal, Assignment, Case, Message, MoneyMovement, Offer, Ruling
from disputes.moves.law import LAWS
from sla import sweep
from sla.models import Clock
from tests import bulk, ledger
from tests.races import stages
from tests.races.pairs import TRIALS, Act, pair
from tests.world import Story, World

pytestmark = pytest.mark.django_db(transaction=True)
Outcome = tuple[object, object]
Meeting = Callable[[int], tuple[Act, Act]]


def door(person: User, action: str, case_id: int, at: datetime, **details: Any) -> Act:
    """That person's act, at that instant, from a thread of its own. Gives the action's name."""
    version = details.pop("version", None)
    actor = Actor.of(person)

    def act() -> str:
        with clock.standing_at(at):
            workflow.perform(action, case_id=case_id, actor=actor, at=at, version=version, details=details)
        return action

    return act


def sweeper(at: datetime) -> Act:
    """The sweep, at that instant. A case that somebody holds is left to the next one."""

    def act() -> str:
        with clock.standing_at(at):
            return f"fired {sweep.fire_due(at=at).fired}"

    return act


def meet(case_ids: list[int], meeting: Meeting, *, kinds: Any = Conflict | NotPermitted) -> dict[int, Outcome]:
    """Race on each case in turn; what either side got. Refused is refused as one of `kinds`, never as a failure."""
    with pair() as both:
        found = {case_id: both.race(*meeting(case_id)) for case_id in case_ids}
    for outcome in found.values():
        for said in outcome:
            if isinstance(said, Exception):
                assert isinstance(said, kinds), f"{type(said).__name__}: {said}"
    ledger.assert_whole(case_ids)
    return found


def tally(outcomes: dict[int, Outcome]) -> Counter[tuple[str, str]]:
    return Counter((_word(one), _word(other)) for one, other in outcomes.values())


def _word(said: object) -> str:
    return "refused" if isinstance(said, Exception) else str(said)


def one_winner(outcomes: dict[int, Outcome]) -> None:
    """In each trial one side's act stands and the other's was refused; each side won at least once."""
    seen = tally(outcomes)
    assert sum(seen.values()) == len(outcomes)
    assert all(pair.count("refused") == 1 for pair in seen), seen
    assert len(seen) >= 2, f"the race was none: {seen}"


def against_the_deadline(
    story: Story, kind: str, person: User, action: str, *, timed_out: str, undone: bool = False, **details: Any
) -> None:
    """A person in the last microsecond against the sweep at the deadline: one event, one status, one clock answered.

    `undone`: the act, being in time, is also heard after the deadline was carried out, and undoes it.
    """
    world, due_at, last = story.world, story.due(kind), stages.just_before(story, kind)
    done = LAWS[action].event
    case_ids = bulk.copies_of(story.case_id, TRIALS)
    with clock.standing_at(due_at):
        sweep.fire_case(story.case_id, at=due_at)  # the model is out of the way
    later = Clock.objects.exclude(case_id__in=case_ids).filter(status="running")
    assert not later.filter(wake_at__lte=due_at).exists()
    outcomes = {}
    # Only one case is due to each sweep: the others sleep until their turn.
    waking = dict(Clock.objects.filter(case_id__in=case_ids, kind=kind).values_list("case_id", "wake_at"))
    asleep = Clock.objects.filter(case_id__in=case_ids, status="running")
    asleep.update(wake_at=due_at.replace(year=due_at.year + 1), attempts=1)
    with pair() as both:
        for case_id in case_ids:
            Clock.objects.filter(case_id=case_id, kind=kind).update(wake_at=waking[case_id], attempts=0)
            outcomes[case_id] = both.race(door(person, action, case_id, last, **details), sweeper(due_at))
    world.now = due_at
    world.sweeps()
    told = ledger.codes(case_ids)
    for case_id, (acted, _swept) in outcomes.items():
        events = Counter(code for code in told[case_id] if code in (done, timed_out))
        if isinstance(acted, Exception):
            assert isinstance(acted, Conflict) and not undone, repr(acted)
            assert events == {timed_out: 1}, f"case {case_id}: {events} after {acted!r}"
        else:
            assert events in ({done: 1}, {done: 1, timed_out: 1} if undone else {}), f"case {case_id}: {events}"
    wins = Counter(timed_out in told[case_id] for case_id in case_ids)
    assert len(wins) == 2, f"the race was none: {wins}"
    assert not Clock.objects.filter(case_id__in=case_ids, kind=kind, status="running").exists()
    ledger.assert_whole(case_ids)


def test_of_two_rulings_at_once_one_stands() -> None:
    world = World()
    story = stages.under_review(world)
    case_ids, at, judge = bulk.copies_of(story.case_id, TRIALS), world.now, story.handler
    other = stages.RULING | {"outcome": "seller_favour", "reason": "defect_not_proven", "remedies": []}
    found = meet(case_ids, lambda case_id: (door(judge, "issue_ruling", case_id, at, **stages.RULING),
                                            door(judge, "issue_ruling", case_id, at, **other)))  # fmt: skip
    assert all(sum(isinstance(said, Exception) for said in outcome) == 1 for outcome in found.values())
    assert Ruling.objects.filter(case_id__in=case_ids).count() == TRIALS
    assert set(Case.objects.filter(pk__in=case_ids).values_list("outcome_code", flat=True)) == {
        "buyer_favour", "seller_favour"
    }  # fmt: skip


def test_a_ruling_and_a_withdrawal_at_once_exclude_each_other() -> None:
    world = World()
    story = stages.under_review(world)
    case_ids, at, judge = bulk.copies_of(story.case_id, TRIALS), world.now, story.handler
    found = meet(case_ids, lambda case_id: (door(judge, "issue_ruling", case_id, at, **stages.RULING),
                                            door(world.buyer, "withdraw", case_id, at, confirm=True)))  # fmt: skip
    one_winner(found)
    ruled = set(Ruling.objects.filter(case_id__in=case_ids).values_list("case_id", flat=True))
    withdrawn = set(Case.objects.filter(pk__in=case_ids, status="withdrawn").values_list("pk", flat=True))
    assert not ruled & withdrawn and ruled | withdrawn == set(case_ids)


def test_an_appeal_in_the_last_instant_is_heard_whether_or_not_its_window_was_just_closed() -> None:
    world = World()
    story = stages.ruled(world)
    against_the_deadline(story, "appeal_window", world.seller, "appeal", timed_out="ruling.final", undone=True,
                         grounds="fact_error", text="我们不同意。")  # fmt: skip
    assert set(Case.objects.exclude(pk=story.case_id).values_list("status", flat=True)) == {"under_appeal"}
    assert not MoneyMovement.objects.exists()


def test_an_answer_in_the_last_instant_and_the_seller_timing_out_exclude_each_other() -> None:
    world = World()
    against_the_deadline(stages.awaiting_seller(world), "seller_response", world.seller, "refuse",
                         timed_out="case.seller_timed_out", reason="goods_fine", text="完好。")  # fmt: skip


def test_accepting_an_offer_and_its_timing_out_exclude_each_other() -> None:
    world = World()
    story = stages.offered(world)
    against_the_deadline(story, "offer", world.buyer, "accept_offer", timed_out="case.offer_timed_out")
    assert Counter(Offer.objects.exclude(case=story.case_id).values_list("status", flat=True)).keys() == {
        "accepted", "expired"
    }  # fmt: skip


def test_a_payment_in_the_last_instant_and_the_platform_stepping_in_pay_once() -> None:
    world = World()
    story = stages.executing(world)
    against_the_deadline(story, "execution", world.seller, "perform_obligations", timed_out="execution.timed_out")
    paid = MoneyMovement.objects.exclude(case=story.case_id)
    assert paid.count() == len(set(paid.values_list("case_id", flat=True))) == TRIALS


def test_a_handler_taken_off_the_case_does_not_accept_it_and_one_who_did_is_replaced() -> None:
    world = World()
    story = stages.requested(world)
    case_ids, at, version = bulk.copies_of(story.case_id, TRIALS), world.now, story.case.version
    seated, other = story.handler, next(p for p in (world.arbitrator, world.arbitrator2) if p != story.handler)
    found = meet(case_ids, lambda case_id: (
        door(seated, "accept_intervention", case_id, at, opinion="已受理。", version=version),
        door(world.supervisor, "reassign", case_id, at, reason="负荷", handler_id=other.pk, version=version),
    ))  # fmt: skip
    one_winner(found)
    owners = dict(Case.objects.filter(pk__in=case_ids).values_list("pk", "owner_id"))
    for case_id, (accepted, _reassigned) in found.items():
        assert owners[case_id] == (other.pk if isinstance(accepted, Exception) else seated.pk)
    seats = Assignment.objects.filter(case_id__in=case_ids, released_at=None)
    assert dict(seats.values_list("case_id", "handler_id")) == owners


def test_a_side_appeals_once_however_many_of_its_people_do() -> None:
    world = World()
    story = stages.ruled(world)
    case_ids, at = bulk.copies_of(story.case_id, TRIALS), world.now
    words = {"grounds": "fact_error", "text": "我们不同意。"}
    found = meet(case_ids, lambda case_id: (door(world.seller, "appeal", case_id, at, **words),
                                            door(world.seller, "appeal", case_id, at, **words)))  # fmt: skip
    assert all(sum(isinstance(said, Exception) for said in outcome) == 1 for outcome in found.values())
    assert Appeal.objects.filter(case_id__in=case_ids).count() == TRIALS


def test_a_message_to_a_case_that_is_just_merged_is_kept() -> None:
    world = World()
    parent, story = stages.without_order(world), stages.without_order(world)
    case_ids, at = bulk.copies_of(story.case_id, TRIALS), world.now
    found = meet(case_ids, lambda case_id: (door(world.agent, "merge", case_id, at, into=parent.case_id),
                                            door(world.buyer, "post_message", case_id, at, text="照片", thread="buyer_platform")))  # fmt: skip
    assert tally(found) == {("merge", "post_message"): TRIALS}
    assert Message.objects.filter(case_id__in=case_ids).count() == TRIALS
    assert set(Case.objects.filter(pk__in=case_ids).values_list("status", "parent_id")) == {("lapsed", parent.case_id)}


def test_two_cases_merged_into_each_other_at_once_do_not_both_end() -> None:
    world = World()
    story = stages.without_order(world)
    ones, at = bulk.copies_of(story.case_id, TRIALS), world.now
    others = dict(zip(ones, bulk.copies_of(story.case_id, TRIALS), strict=True))
    found = meet(ones, lambda one: (door(world.agent, "merge", one, at, into=others[one]),
                                    door(world.agent, "merge", others[one], at, into=one)),
                 kinds=Conflict | Invalid)  # fmt: skip
    ended = set(Case.objects.filter(status="lapsed").values_list("pk", flat=True))
    for one, other in others.items():
        assert len({one, other} & ended) == 1, f"not one of the two ended: {found[one]}"
    ledger.assert_whole(list(others.values()))


def test_the_same_problem_filed_twice_at_once_is_one_case_and_one_repeat() -> None:
    world = World()
    at, numbers = world.now, [world.order().number for _ in range(TRIALS)]
    actor = Actor.of(world.buyer)

    def filing(number: str) -> Act:
        def act() -> intake.Filed | None:
            with clock.standing_at(at):
                return intake.file(world.complaint(order_number=number), consumer=world.buyer, actor=actor, at=at)

        return act

    with pair() as both:
        for number in numbers:
            filed = both.race(filing(number), filing(number))
            assert all(isinstance(one, intake.Filed) for one in filed), filed
            assert sorted(one.created for one in filed if isinstance(one, intake.Filed)) == [False, True]
    cases = Case.objects.filter(order_number__in=numbers)
    assert cases.count() == TRIALS
    assert set(cases.values_list("repeat_count", flat=True)) == {1}
    ledger.assert_whole(list(cases.values_list("pk", flat=True)))


def test_filing_again_while_the_first_is_withdrawn_is_never_refused() -> None:
    world = World()
    at, actor = world.now, Actor.of(world.buyer)
    stories = [world.files() for _ in range(TRIALS)]

    def again(story: Story) -> Act:
        number = story.case.order_number

        def act() -> intake.Filed | None:
            with clock.standing_at(at):
                return intake.file(world.complaint(order_number=number), consumer=world.buyer, actor=actor, at=at)

        return act

    with pair() as both:
        for story in stories:
            number = story.case.order_number
            filed, _ = both.race(again(story), door(world.buyer, "withdraw", story.case_id, at, confirm=True))
            assert isinstance(filed, intake.Filed), repr(filed)
            assert Case.objects.filter(order_number=number).count() == (2 if filed.created else 1)
    ledger.assert_whole(list(Case.objects.values_list("pk", flat=True)))
