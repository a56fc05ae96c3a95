"""A whole simulation: a scratch database, its people, its course, its table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from casemgmt.simulation import invariants, population, report, scratch
from casemgmt.simulation.engine import Engine
from casemgmt.simulation.exhibits import exhibit

Progress = Callable[[str, float], None]  # what is being done, and which part of it is


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How much, how long, from which instant, with which dice, and how often the sweep runs."""

    cases: int
    days: int
    seed: int
    start: datetime
    tick: timedelta


@dataclass(frozen=True, kw_only=True)
class Result:
    """The table, and whether every invariant held. `database` is its name."""

    lines: list[str]
    sound: bool
    database: str


def simulate(setup: Setup, *, keep: bool, progress: Progress) -> Result:
    """Raises NoScratchError where no database can be made."""
    with scratch.database(keep=keep) as name, exhibit() as shown:
        people = population.settle(cases=setup.cases, seed=setup.seed, start=setup.start, days=setup.days)
        engine = Engine(seed=setup.seed, people=people, exhibit=shown, start=setup.start, tick=setup.tick)
        length = timedelta(days=setup.days)
        course = engine.run(days=setup.days, progress=lambda at: progress("Days", (at - setup.start) / length))
        end = setup.start + length
        broken = invariants.violations(at=end, progress=lambda done: progress("Checks", done / setup.cases))
        lines = list(report.lines(course=course, broken=broken, at=end))
        return Result(lines=lines, sound=not any(broken.values()), database=name)
