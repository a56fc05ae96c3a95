"""A check that was never red proves nothing: each fault's check, against a build that is broken on purpose.

And the other way round: the case's lock alone, or the book's stale check alone, is enough against doubling. (The unique
key of the timeline keeps two events from having one number; it cannot know that both tell of one deadline.)
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from rest_framework.test import APIClient

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.rest.idempotency import Once
from disputes import workflow
from disputes.models import Case, Ruling
from sla import batch, sweep
from tests import ledger
from tests.faults import broken, programs
from tests.faults.clients import COMPLAINT
from tests.faults.falling import CODE, KIND, Falling
from tests.races import stages
from tests.races.pairs import Pair
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20
Build = Callable[[], AbstractContextManager[None]]
DEFENCES: dict[str, Build] = {
    "the case's lock": broken.without_lock,
    "the book's stale check": broken.without_stale_check,
    "the unique key": broken.without_unique_key,
}


@pytest.fixture
def deadlines() -> Falling:
    """Some that are due."""
    made = Falling(World())
    made.more(due_in=-2, many=MANY)
    return made


def exact(deadlines: Falling, model: int) -> None:
    ledger.assert_exact(deadlines.case_ids, kind=KIND, code=CODE, model=model)


class Met(batch.Batch):
    """A batch that is opened by both sweepers before either writes, where nothing keeps them apart."""

    barrier = Barrier(2)

    @classmethod
    def open(cls, case_ids: Any, *, at: Any) -> batch.Batch:
        return cls._together(super().open(case_ids, at=at))

    @classmethod
    def open_due(cls, case_ids: Any, *, at: Any) -> batch.Batch:
        return cls._together(super().open_due(case_ids, at=at))

    @classmethod
    def _together(cls, opened: batch.Batch) -> batch.Batch:
        with suppress(BrokenBarrierError):  # the lock kept the other one out
            cls.barrier.wait(timeout=1.0)
        return opened


def sweep_twice_at_once(deadlines: Falling) -> None:
    Met.barrier = Barrier(2)
    at = clock.now()
    with broken.replaced(sweep, "Batch", Met):
        both = Pair()
        said = both.race(lambda: sweep.fire_due(at=at), lambda: sweep.fire_due(at=at))
        both.close()
    assert not any(isinstance(one, Exception) for one in said), said
    assert deadlines.left() == 0


def test_without_lock_stale_check_and_unique_key_deadlines_are_doubled(deadlines: Falling) -> None:
    model = deadlines.model()
    with ExitStack() as build:
        for defence in DEFENCES.values():
            build.enter_context(defence())
        sweep_twice_at_once(deadlines)
        with pytest.raises(AssertionError, match=f"{2 * MANY} events of {MANY}"):
            exact(deadlines, model)


@pytest.mark.parametrize("left", ["the case's lock", "the book's stale check"])
def test_either_defence_against_doubling_is_enough(left: str, deadlines: Falling) -> None:
    model = deadlines.model()
    with ExitStack() as build:
        for name, defence in DEFENCES.items():
            if name != left:
                build.enter_context(defence())
        sweep_twice_at_once(deadlines)
        exact(deadlines, model)


@pytest.mark.parametrize(
    ("build", "failpoint", "red"),
    [("on_commit", "between_commit_and_telling", "the outbox differs"), ("no_transaction", "after_state", "events of")],
)
def test_a_kill_loses_what_is_not_in_the_transaction(
    build: str, failpoint: str, red: str, deadlines: Falling, tmp_path: Path
) -> None:
    model = deadlines.model()
    assert programs.was_killed(programs.killed_at(failpoint, ("-m", "tests.faults.broken", build), tmp_path / "killed"))
    with clock.standing_at(clock.now()):
        sweep.fire_due(at=clock.now())
    with pytest.raises(AssertionError, match=red):
        exact(deadlines, model)


def test_a_sweeper_that_believes_its_own_clock_is_seen_to_be_early(deadlines: Falling) -> None:
    deadlines.more(due_in=30, many=1)
    deadlines.assert_none_early()
    sweep.fire_due(at=clock.now())
    assert deadlines.left() == 1
    sweep.fire_due(at=clock.now() + timedelta(minutes=1))
    with pytest.raises(AssertionError, match="1 deadlines were carried out before they were due"):
        deadlines.assert_none_early()


def test_without_the_lock_both_rulings_stand() -> None:
    world = World()
    story = stages.under_review(world)
    at, judge = world.now, Actor.of(story.handler)
    Met.barrier = Barrier(2)

    def rule(outcome: dict[str, Any]) -> Callable[[], object]:
        return lambda: workflow.perform("issue_ruling", case_id=story.case_id, actor=judge, at=at, details=outcome)

    other = stages.RULING | {"outcome": "seller_favour", "reason": "defect_not_proven", "remedies": []}
    with broken.without_lock(), broken.replaced(workflow, "Batch", Met):
        both = Pair()
        said = both.race(rule(stages.RULING), rule(other))
        both.close()
    refused = [one for one in said if isinstance(one, Exception)]
    # Not as a conflict that a person understands: the database itself had to say no.
    assert [type(one).__name__ for one in refused] == ["IntegrityError"]
    assert Ruling.objects.filter(case=story.case_id).count() == 1


def test_without_keeping_answers_one_key_makes_many_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    client.force_authenticate(world.buyer)
    for broken_build in (False, True):
        if broken_build:
            monkeypatch.setattr(Once, "replay", lambda self: None)
            monkeypatch.setattr(Once, "keep", lambda self, answer, *, at: None)
        for _ in range(3):
            answer = client.post(
                "/api/v1/cases/", COMPLAINT, format="json", headers={"Idempotency-Key": f"{broken_build}"}
            )
            assert answer.status_code == 201, answer.content
        assert Case.objects.count() == (4 if broken_build else 1)
