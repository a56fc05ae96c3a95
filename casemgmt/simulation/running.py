"""A whole simulation of one district: a scratch database, its people, its course, its figures."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from casemgmt.simulation import figures, invariants, population, scratch
from casemgmt.simulation.engine import Engine
from casemgmt.simulation.exhibits import exhibit
from casemgmt.simulation.figures import Figures
from casemgmt.simulation.worker import Setup

Progress = Callable[[float], None]  # which part of the whole is done
_COURSE = 0.9  # of the time; the rest is for the checks


@dataclass(frozen=True, kw_only=True)
class Result:
    """`database` is the name of the scratch database, which is gone unless it was to be kept."""

    figures: Figures
    database: str


def simulate(setup: Setup, *, keep: bool, progress: Progress) -> Result:
    """Raises NoScratchError where no database can be made."""
    with scratch.database(keep=keep) as name, exhibit() as shown:
        people = population.settle(cases=setup.cases, seed=setup.seed, start=setup.start, days=setup.days)
        engine = Engine(seed=setup.seed, people=people, exhibit=shown, start=setup.start, tick=setup.tick)
        length = timedelta(days=setup.days)
        gc.freeze()  # what is here now stays to the end: not to be looked through again and again
        try:
            course = engine.run(days=setup.days, progress=lambda at: progress(_COURSE * ((at - setup.start) / length)))
        finally:
            gc.unfreeze()
        end = setup.start + length
        checked = (1 - _COURSE) / setup.cases
        broken = invariants.violations(at=end, progress=lambda done: progress(_COURSE + checked * done))
        return Result(figures=figures.count(course=course, broken=broken), database=name)
