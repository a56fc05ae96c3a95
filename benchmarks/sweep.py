"""How fast due deadlines are carried out among a million open ones, beside psycopg writing the same rows by hand.

`make bench NAME=sweep`; OPEN_CLOCKS=10000000 for the second size. Each repetition fires 10,000 due clocks of 10,000
cases with full effects (clock, hash-chained event, notices; for `move` also the case). The floor locks the same cases,
hashes the same entries in Python and writes the same rows with executemany, in batches of the same size.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta

from benchmarks import rig

OPEN = int(os.environ.get("OPEN_CLOCKS", "1000000"))
DUE = int(os.environ.get("DUE_CLOCKS", "10000"))
REPEATS = int(os.environ.get("REPEATS", "3"))
BATCH = 500


def main() -> None:
    with rig.scratch("sweep"):
        from benchmarks import crowd, sweep_floor

        people = crowd.people()
        rig.say(f"filling {OPEN} open clocks …")
        cases = {
            "warning": crowd.multiply(crowd.under_review(people), DUE * REPEATS * 2),
            "move": crowd.multiply(crowd.refused(people), DUE * REPEATS * 2),
        }
        crowd.fill(OPEN, people)
        size = f"{OPEN // 1_000_000}M open" if OPEN >= 1_000_000 else f"{OPEN} open"
        for kind, clock_kind in (("warning", "resolution"), ("move", "buyer_escalate")):
            _compare(kind, clock_kind, cases[kind], size, sweep_floor.FLOORS[kind])
        _empty_tick(size)


def _compare(kind: str, clock_kind: str, cases: list[int], size: str, floor: Callable[..., None]) -> None:
    from benchmarks import crowd
    from casemgmt import clock
    from sla import sweep

    ours, floors, late = [], [], []
    for repeat in range(REPEATS):
        mine, other = (cases[(2 * repeat + side) * DUE :][:DUE] for side in (0, 1))
        at = clock.now()
        crowd.make_due(mine, clock_kind, at)
        seconds = _timed(lambda: _fired(sweep.fire_due(at=at, batch_size=BATCH)))
        ours.append(DUE / seconds)
        late.append(seconds)
        crowd.make_due(other, clock_kind, at)
        floors.append(DUE / _timed(lambda: floor(other, at, BATCH)))
        crowd.settle_down(other, clock_kind)
        rig.say(f"{kind}: ours {ours[-1]:.0f}/s, floor {floors[-1]:.0f}/s")
    limit = {"warning": 0.4, "move": 0.1}[kind] * rig.middle(floors)
    rig.report(
        bench="sweep", case=size, kind=kind, unit="clocks/s", ours=rig.middle(ours), floor=rig.middle(floors),
        limit=round(limit, 1),
    )  # fmt: skip


def _fired(swept: object) -> None:
    fired = getattr(swept, "fired", 0)
    if fired < DUE:
        raise SystemExit(f"The sweep fired {fired} of {DUE}: {swept}")


def _empty_tick(size: str) -> None:
    """A tick with nothing due, beside its bare SELECT."""
    from django.db import connection

    from casemgmt import clock
    from sla import sweep

    at = clock.now() - timedelta(days=400)
    sweep.fire_due(at=at)

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sweep._CLAIM, [at, "-infinity", 0, BATCH])
            cursor.fetchall()

    ticks = [_timed(lambda: sweep.fire_due(at=at)) for _ in range(200)]
    selects = [_timed(bare) for _ in range(200)]
    floor = rig.middle(selects)
    rig.report(
        bench="sweep", case=size, kind="empty_tick", unit="ms", ours=rig.middle(ticks) * 1e3, floor=floor * 1e3,
        limit=round(5e3 * floor, 4),
    )  # fmt: skip


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
