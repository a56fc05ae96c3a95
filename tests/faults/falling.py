"""Deadlines that fall due one after another while a test watches, and how late each was carried out."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from casemgmt import clock
from casemgmt.timeline.models import Event
from sla import sweep
from sla.models import Clock
from tests import bulk
from tests.races import stages
from tests.world import World

KIND, CODE = "buyer_escalate", "case.lapsed"
TERM = timedelta(days=5)


class Falling:
    """Refused complaints whose consumers have a few more seconds: then each lapses, and both sides are told."""

    def __init__(self, world: World) -> None:
        """Make the case that all are copies of: warned of, due in an hour, so that it stays as it is.

        No sweeper may run yet.
        """
        self.case_ids: list[int] = []
        world.now = clock.now() - TERM
        story = stages.refused(world)
        self._first, self._due_at = story.case_id, story.due(KIND)
        assert sweep.fire_case(self._first, at=clock.now()).warned

    def more(self, *, due_in: float, many: int) -> list[int]:
        """So many cases whose deadline is `due_in` seconds from now."""
        due_at = clock.now() + timedelta(seconds=due_in)
        made = bulk.copies_of(self._first, many, later=due_at - self._due_at)
        self.case_ids += made
        return made

    def keep_falling(self, *, seconds: float, due_in: float, many: int) -> None:
        """Every second, so many more."""
        until = time.monotonic() + seconds
        while (began := time.monotonic()) < until:
            self.more(due_in=due_in, many=many)
            self.assert_none_early()
            time.sleep(max(0.0, 1 - (time.monotonic() - began)))

    def model(self) -> int:
        """One more case, carried out here, undisturbed."""
        (case_id,) = self.more(due_in=-1, many=1)
        self.case_ids.remove(case_id)
        sweep.fire_case(case_id, at=clock.now())
        return case_id

    def assert_none_early(self) -> None:
        """Nothing is to be seen now that was due only later, by the clock of the database that shows it."""
        early = Event.objects.filter(code=CODE, at__gt=clock.now()).count()
        assert not early, f"{early} deadlines were carried out before they were due"

    def left(self) -> int:
        return Clock.objects.filter(case_id__in=self.case_ids, kind=KIND, status="running").count()

    def wait_until_carried_out(self, *, seconds: float) -> None:
        wait_for(lambda: self.left() == 0, seconds=seconds, otherwise=lambda: f"{self.left()} deadlines are left")

    def lateness(self, case_ids: list[int] | None = None) -> list[float]:
        """Seconds from the deadline to its effect, ascending; one that was carried out early fails here."""
        events = Event.objects.filter(case_id__in=case_ids or self.case_ids, code=CODE)
        dues = dict(Clock.objects.filter(case_id__in=self.case_ids, kind=KIND).values_list("case_id", "due_at"))
        late = []
        for case_id, at, recorded_at in events.values_list("case_id", "at", "recorded_at"):
            assert at == dues[case_id], f"case {case_id} lapsed as of {at}, not of its deadline {dues[case_id]}"
            late.append((recorded_at - at).total_seconds())
        assert min(late, default=0.0) >= 0, f"carried out {-min(late)} s early"
        return sorted(late)


def told(late: list[float]) -> str:
    """For the report of a run."""
    middle, most = late[len(late) // 2], late[int(len(late) * 0.99)]
    return f"{len(late)} deadlines: median {middle:.1f} s, p99 {most:.1f} s, latest {late[-1]:.1f} s late"


def wait_for(true: Callable[[], bool], *, seconds: float, otherwise: Callable[[], str]) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, otherwise()
        time.sleep(0.2)
