"""Working-day arithmetic: one deadline beside `holidays`, a column of them beside numpy's busday with off-days given.

`make bench NAME=calendar`. `single` is the deadline of one instant as the product asks for it, `steps` the same with
the steps of its receipt, `walked` without what is kept from the first time. `bulk` is COUNT instants (1,000,000) at
once; the floor counts dates, ours takes instants of a zone and gives instants. Before anything is timed, 3,000 random
instants must agree with both.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import holidays
import numpy as np

from benchmarks import rig
from sla import calendars, columns, facts
from sla.columns import Table
from sla.workdays import WorkingCalendar

DAYS = 7
SINGLE = 20_000
COUNT = int(os.environ.get("COUNT", "1000000"))
REPEATS = int(os.environ.get("REPEATS", "7"))
FIRST, LAST = date(2023, 1, 1), date(2027, 12, 31)
PERIOD = (datetime(2024, 1, 1, tzinfo=UTC), timedelta(days=1080))  # 2024–2026, so that none ends in a year unannounced


def main() -> None:
    china = facts.working_calendar(facts.read("calendar_cn.json"))
    theirs = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 1))
    chance = random.Random(7)
    starts = [PERIOD[0] + chance.random() * PERIOD[1] for _ in range(SINGLE)]
    _agree(china, theirs, starts[:3000])
    peer = _rate(lambda at: theirs.get_nth_working_day(at.astimezone(china.zone).date(), DAYS), starts)
    for case, ask in _single(china).items():
        rig.report(bench="calendar", case=case, kind="deadline", unit="/s", ours=_rate(ask, starts), peer=peer)
    _bulk(china, chance)


def _single(china: WorkingCalendar) -> dict[str, Callable[[datetime], object]]:
    def walked(at: datetime) -> object:
        china.answers.clear()
        return calendars.due_working_days(china, start=at, days=DAYS)

    return {
        "single": lambda at: calendars.working_deadline(china, start=at, days=DAYS),
        "steps": lambda at: calendars.due_working_days(china, start=at, days=DAYS),
        "walked": walked,
    }


def _bulk(china: WorkingCalendar, chance: random.Random) -> None:
    table = Table.of(china, first_year=FIRST.year, last_year=LAST.year)
    generator = np.random.default_rng(chance.randrange(2**32))
    first, length = columns.instants([PERIOD[0]])[0], int(PERIOD[1].total_seconds() * 1e6)
    starts = first + generator.integers(0, length, COUNT)
    days = (starts // 86_400_000_000).astype("datetime64[D]")
    off, mask = _off_days(china)
    floor = _best(lambda: np.busday_offset(days, DAYS, roll="backward", weekmask=mask, holidays=off))
    ours = _best(lambda: table.deadlines(starts, days=DAYS))
    rig.report(bench="calendar", case="bulk", kind="deadline", unit="/s", ours=COUNT / ours, floor=COUNT / floor)


def _off_days(china: WorkingCalendar) -> tuple[np.ndarray[tuple[int], np.dtype[np.datetime64]], str]:
    """Every day off by name, over a week without weekends: the only way numpy can say a make-up Saturday."""
    every = (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))
    return np.array([day for day in every if not china.fact(day).is_working], dtype="datetime64[D]"), "1111111"


def _agree(china: WorkingCalendar, theirs: holidays.HolidayBase, starts: Sequence[datetime]) -> None:
    off, mask = _off_days(china)
    table = Table.of(china, first_year=FIRST.year, last_year=LAST.year)
    column = columns.datetimes(table.deadlines(columns.instants(list(starts)), days=DAYS))
    for start, in_column in zip(starts, column, strict=True):
        day = start.astimezone(china.zone).date()
        ours = calendars.working_deadline(china, start=start, days=DAYS)
        last = (ours - timedelta(seconds=1)).astimezone(china.zone).date()
        numpys = np.busday_offset(day, DAYS, roll="backward", weekmask=mask, holidays=off).item()
        if not (ours == in_column and last == numpys == theirs.get_nth_working_day(day, DAYS)):
            raise SystemExit(f"{start}: ours {last}, column {in_column}, numpy {numpys}")


def _rate(ask: Callable[[datetime], object], starts: Sequence[datetime]) -> float:
    def all_of_them() -> None:
        for start in starts:
            ask(start)

    return len(starts) / _best(all_of_them)


def _best(act: Callable[[], object]) -> float:
    """Seconds, the median of some runs after one that does not count."""
    act()
    took = []
    for _number in range(REPEATS):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


if __name__ == "__main__":
    main()
