"""RB3: a sweep killed at any named place, again and again, loses nothing and doubles nothing."""

from datetime import timedelta
from pathlib import Path

import pytest

from casemgmt import clock
from sla import heartbeat, sweep
from tests import bulk, ledger
from tests.faults import programs
from tests.races import stages
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
FAILPOINTS = ("before_lock", "after_lock", "after_state", "after_event", "before_commit", "after_commit")
ROUNDS = 4
DEADLINES = 2_000
SWEEP = (programs.MANAGE, "sweep", "--batch", "40")


def test_24_kills_over_2000_deadlines_leave_each_carried_out_exactly_once(tmp_path: Path) -> None:
    now = clock.now()
    story = stages.refused(World(at=now - timedelta(days=5, hours=3)))
    case_ids = bulk.copies_of(story.case_id, DEADLINES)
    sweep.fire_case(story.case_id, at=clock.now())
    chance = programs.chance(3)
    doomed = [f"{place}:{chance.randint(1, 3)}" for place in FAILPOINTS for _round in range(ROUNDS)]
    chance.shuffle(doomed)
    kills = 0
    for one, other in zip(doomed[::2], doomed[1::2], strict=True):  # two at a time, in each other's way
        pair = [programs.killed_at(place, SWEEP, tmp_path / place) for place in (one, other)]
        kills += sum([programs.was_killed(program) for program in pair])
    assert kills == len(doomed), f"only {kills} of {len(doomed)} were killed: the others found nothing to do"
    assert heartbeat.oldest_due(at=clock.now()) is not None, "nothing was left to be done after the kills"
    programs.run(SWEEP, tmp_path / "last")
    assert heartbeat.oldest_due(at=clock.now()) is None
    ledger.assert_exact(case_ids, kind="buyer_escalate", code="case.lapsed", model=story.case_id)
