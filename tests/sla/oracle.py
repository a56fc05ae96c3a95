"""The slow, obvious version: walk the minutes one by one and ask each what the wall clock reads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAYS = 75


@dataclass(frozen=True)
class Stretch:
    """`DAYS` days of one zone, minute by minute: the local date (ordinal) and the minute of the day."""

    begin: datetime
    dates: tuple[int, ...]
    minutes: tuple[int, ...]
    days: frozenset[int]

    def index(self, at: datetime) -> int:
        return int((at - self.begin) / MINUTE)

    def instant(self, index: int) -> datetime:
        return self.begin + index * MINUTE


@cache
def stretch(zone: str, first: date) -> Stretch:
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    walls = [(begin + n * MINUTE).astimezone(ZoneInfo(zone)) for n in range(DAYS * 24 * 60)]
    dates = tuple(wall.toordinal() for wall in walls)
    return Stretch(begin, dates, tuple(wall.hour * 60 + wall.minute for wall in walls), frozenset(dates))


def covered(world: Stretch, pauses: Sequence[tuple[int, int]]) -> bytearray:
    """Per minute, whether some pause covers it; pauses are half-open ranges of indexes."""
    flags = bytearray(len(world.dates))
    for first, last in pauses:
        flags[first:last] = b"\1" * (last - first)
    return flags


def working_days(
    world: Stretch, start: int, days: int, working: Collection[int], pauses: Sequence[tuple[int, int]], day_end: int
) -> int:
    """The index at which the n-th working day ends: the days after day 0 of which a minute at least was not paused."""
    flags = covered(world, pauses)
    day_0 = world.dates[start]
    index, counted, dates, minutes = start, 0, world.dates, world.minutes
    while dates[index] == day_0:
        index += 1
    while True:
        day, ran, end = dates[index], False, None
        while dates[index] == day:
            if not flags[index]:
                ran = True
            if end is None and minutes[index] >= day_end:
                end = index
            index += 1
        if day in working and ran:
            counted += 1
        if counted == days:
            return index if end is None else end


def running(
    world: Stretch, start: int, minutes: int, pauses: Sequence[tuple[int, int]], windows: Sequence[tuple[int, int]]
) -> int:
    """The index at which so many minutes have run, outside the pauses and inside the windows."""
    flags, walls = covered(world, pauses), world.minutes
    is_open = [any(opens <= wall < closes for opens, closes in windows) for wall in range(24 * 60)]
    index = start
    while minutes:
        if is_open[walls[index]] and not flags[index]:
            minutes -= 1
        index += 1
    return index
