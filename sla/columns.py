"""The same arithmetic for a whole column of deadlines at once: what-if, forecast and checks look at millions. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from sla.workdays import WorkingCalendar

Instants = NDArray[np.int64]  # microseconds since 1970, UTC
_DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instants(column: list[datetime]) -> Instants:
    """Aware datetimes as a column."""
    return np.array([(at - _EPOCH) // timedelta(microseconds=1) for at in column], dtype=np.int64)


def datetimes(column: Instants) -> list[datetime]:
    """A column as datetimes in UTC."""
    return [_EPOCH + timedelta(microseconds=int(at)) for at in column]


@dataclass(frozen=True)
class Table:
    """A calendar from the first of January of one year to the end of another, laid out for columns.

    `midnights[i]` is the first instant of local day i, `counted[i]` how many working days there are up to and with it,
    `ends[n]` when the n-th working day of the table is over.
    """

    midnights: Instants
    counted: NDArray[np.int64]
    ends: Instants

    @classmethod
    def of(cls, calendar: WorkingCalendar, *, first_year: int, last_year: int) -> Table:
        first, last = date(first_year, 1, 1).toordinal(), date(last_year + 1, 1, 1).toordinal()
        ordinals = range(first, last + 1)
        midnights = instants([calendar.midnight(ordinal) for ordinal in ordinals])
        working = np.array([calendar.fact(date.fromordinal(ordinal)).is_working for ordinal in ordinals[:-1]])
        return cls(midnights=midnights, counted=np.cumsum(working), ends=midnights[1:][working])

    def days(self, column: Instants) -> NDArray[np.int64]:
        """The place of each instant's local day. ValueError where one lies outside the table."""
        if len(column) and not (self.midnights[0] <= column.min() and column.max() < self.midnights[-1]):
            raise ValueError("An instant lies outside the years of the table.")
        # A first guess by days of 24 hours; the zone's changes of its offset are far less than a day.
        place = (column - self.midnights[0]) // _DAY
        np.clip(place, 0, len(self.midnights) - 2, out=place)
        place -= column < self.midnights[place]
        place += column >= self.midnights[place + 1]
        found: NDArray[np.int64] = place
        return found

    def deadlines(self, starts: Instants, *, days: int) -> Instants:
        """When the n-th working day after each start's local day is over. ValueError beyond the table's years."""
        if days < 1:
            raise ValueError(f"Count at least one working day, not {days}.")
        place = self.counted[self.days(starts)] + (days - 1)
        if len(place) and place.max() >= len(self.ends):
            raise ValueError("A deadline lies beyond the years of the table.")
        return self.ends[place]
