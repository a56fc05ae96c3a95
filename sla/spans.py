"""Stretches of time: pauses, and how they join. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

WHOLE_DAY = 24 * 60  # minutes: a day that ends at 24:00


class Span(NamedTuple):
    """A pause from `from_at` up to, not including, `until_at`; at most `limit_days` of its whole working days count."""

    from_at: datetime
    until_at: datetime
    reason: str = ""
    limit_days: int | None = None


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps and without seams between neighbours, ascending; empty spans vanish."""
    runs: list[Span] = []
    for span in sorted(span for span in spans if span.until_at > span.from_at):
        if runs and span.from_at <= runs[-1].until_at:
            runs[-1] = runs[-1]._replace(until_at=max(runs[-1].until_at, span.until_at))
        else:
            runs.append(span)
    return runs


def outside(from_at: datetime, until_at: datetime, pauses: Sequence[Span]) -> Iterable[tuple[datetime, datetime]]:
    """The parts of a stretch that no pause covers; `pauses` come merged."""
    for span in pauses:
        if span.until_at <= from_at or span.from_at >= until_at:
            continue
        if span.from_at > from_at:
            yield from_at, span.from_at
        from_at = span.until_at
    if from_at < until_at:
        yield from_at, until_at


def wall_instant(ordinal: int, minutes: int, zone: tzinfo) -> datetime:
    """When the wall clock of that date first reads the time; in a gap, what the old offset would say."""
    wall = datetime.combine(date.fromordinal(ordinal), time.min) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC)
