"""Time that runs only inside daily windows of the wall clock. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sla.spans import WHOLE_DAY, Span, merged, outside, wall_instant


def windowed_deadline(
    *, start: datetime, seconds: int, windows: Sequence[tuple[int, int]], zone: tzinfo, pauses: Sequence[Span] = ()
) -> datetime:
    """When so many seconds have run inside the daily windows (minutes after midnight by the wall clock, half-open)."""
    if not windows or any(not 0 <= opens < closes <= WHOLE_DAY for opens, closes in windows):
        raise ValueError(f"Each daily window opens before it closes, within one day: {windows}")
    remaining = timedelta(seconds=seconds)
    begin, runs = start.astimezone(UTC), merged(pauses)
    ordinal = start.astimezone(zone).toordinal()
    while True:
        for opens_at, closes_at in _open_spans(ordinal, windows, zone):
            for from_at, until_at in outside(max(opens_at, begin), closes_at, runs):
                if until_at - from_at >= remaining:
                    return from_at + remaining
                remaining -= until_at - from_at
        ordinal += 1


def _open_spans(ordinal: int, windows: Sequence[tuple[int, int]], zone: tzinfo) -> Iterable[tuple[datetime, datetime]]:
    """The instants of one local day whose wall clock reads inside a window; a change of the clocks may split one."""
    midnight = datetime.combine(date.fromordinal(ordinal), time.min, UTC)
    for from_at, until_at in _even_parts(wall_instant(ordinal, 0, zone), wall_instant(ordinal + 1, 0, zone), zone):
        offset = from_at.astimezone(zone).utcoffset() or timedelta(0)
        for opens, closes in sorted(windows):
            opens_at = max(from_at, midnight + timedelta(minutes=opens) - offset)
            closes_at = min(until_at, midnight + timedelta(minutes=closes) - offset)
            if opens_at < closes_at:
                yield opens_at, closes_at


def _even_parts(from_at: datetime, until_at: datetime, zone: tzinfo) -> list[tuple[datetime, datetime]]:
    """The stretch, split where the zone changes its offset."""
    before = from_at.astimezone(zone).utcoffset()
    if (until_at - timedelta(seconds=1)).astimezone(zone).utcoffset() == before:
        return [(from_at, until_at)]
    low, high = 0, int((until_at - from_at).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        same = (from_at + timedelta(seconds=middle)).astimezone(zone).utcoffset() == before
        low, high = (middle, high) if same else (low, middle)
    change = from_at + timedelta(seconds=high)
    return [(from_at, change), (change, until_at)]
