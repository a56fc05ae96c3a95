"""Which days people work on, with prefix counts, in one zone. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sla.spans import WHOLE_DAY, Span, merged, wall_instant


class DayFact(NamedTuple):
    """What is known of one date. `provisional`: the authority has not announced the year yet."""

    is_working: bool
    name: str = ""
    provisional: bool = False
    source: str = ""


class _Table(NamedTuple):
    """The ordinals of all working days of a run of years, ascending: a place in it is a prefix count."""

    first_year: int
    last_year: int
    days: list[int]


class WorkingCalendar:
    """Which days count, in one zone. A year without facts falls back to weekends and fixed statutory days, provisional.

    `weekend` holds weekday numbers (Monday 0); `statutory` maps (month, day) to a name for years without facts.
    ValueError if every weekday is weekend, since then no deadline would ever fall.
    """

    def __init__(
        self,
        *,
        zone: str,
        weekend: Collection[int] = (5, 6),
        days: Mapping[date, DayFact] | None = None,
        statutory: Mapping[tuple[int, int], str] | None = None,
    ) -> None:
        if len(set(weekend) & set(range(7))) == 7:
            raise ValueError("A calendar needs at least one working weekday.")
        self.zone: tzinfo = ZoneInfo(zone)
        self._weekend = frozenset(weekend)
        self._days = dict(days or {})
        self._statutory = dict(statutory or {})
        self._years = {day.year for day in self._days}
        self._open_years = {day.year for day, fact in self._days.items() if fact.provisional}
        self._midnights: dict[int, datetime] = {}
        # What was reckoned before, by day 0, days and end of the day: the instant alone, and with its steps.
        self.ends: dict[tuple[int, int, int], datetime] = {}
        self.answers: dict[tuple[int, int, int], Any] = {}
        first, last = min(self._years, default=2025), max(self._years, default=2025)
        self._table = _Table(first, last, self._working_days(first, last))

    def fact(self, day: date) -> DayFact:
        """What this calendar holds of the date; never an error."""
        if (known := self._days.get(day)) is not None:
            return known
        if day.year not in self._years and (name := self._statutory.get((day.month, day.day))) is not None:
            return DayFact(False, name, True)
        provisional = day.year not in self._years or day.year in self._open_years
        return DayFact(day.weekday() not in self._weekend, "", provisional)

    def is_make_up_day(self, day: date) -> bool:
        """Whether people work on it although its weekday is weekend."""
        return day.weekday() in self._weekend and self.fact(day).is_working

    def ordinal(self, at: datetime) -> int:
        """The local date of an instant, as a proleptic ordinal."""
        return at.astimezone(self.zone).toordinal()

    def midnight(self, ordinal: int) -> datetime:
        """The first instant of a local date, in UTC."""
        if (known := self._midnights.get(ordinal)) is None:
            known = self._midnights[ordinal] = wall_instant(ordinal, 0, self.zone)
        return known

    def end(self, ordinal: int, day_end: int = WHOLE_DAY) -> datetime:
        """When a working day is over: at 24:00, or at `day_end` minutes after midnight by the wall clock."""
        return self.midnight(ordinal + 1) if day_end == WHOLE_DAY else wall_instant(ordinal, day_end, self.zone)

    def nth_working_day(self, day_0: int, n: int, off: Sequence[tuple[int, int]] = ()) -> int:
        """The n-th (from 1) working day after `day_0` that lies in no half-open range of `off`; all are ordinals."""
        if n < 1:
            raise ValueError(f"Count at least one working day, not {n}.")
        table = self._covering(day_0)
        while True:
            days = table.days
            place = bisect_right(days, day_0) + n - 1
            for first, last in off:
                inside = bisect_left(days, max(first, day_0 + 1))
                if inside > place:
                    break
                place += max(0, bisect_left(days, last) - inside)
            if place < len(days):
                return days[place]
            table = self._stretched(table.first_year, table.last_year + 1)

    def count(self, first: int, last: int) -> int:
        """How many working days lie in the half-open range of ordinals."""
        if last <= first:
            return 0
        days = self._covering(first, last).days
        return bisect_left(days, last) - bisect_left(days, first)

    def _covering(self, first: int, last: int | None = None) -> _Table:
        low, high = date.fromordinal(first).year, date.fromordinal(last or first).year
        table = self._table
        if low < table.first_year or high > table.last_year:
            return self._stretched(min(low, table.first_year), max(high, table.last_year))
        return table

    def _stretched(self, first_year: int, last_year: int) -> _Table:
        # A new table replaces the old one whole, so that another thread never sees half of it.
        self._table = table = _Table(first_year, last_year, self._working_days(first_year, last_year))
        return table

    def _working_days(self, first_year: int, last_year: int) -> list[int]:
        ordinals = range(date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal() + 1)
        working = {ordinal for ordinal in ordinals if (ordinal - 1) % 7 not in self._weekend}  # ordinal 1 is a Monday
        unknown = [year for year in range(first_year, last_year + 1) if year not in self._years]
        working -= {date(year, *day).toordinal() for year in unknown for day in self._statutory}
        for day, fact in self._days.items():
            if first_year <= day.year <= last_year:
                (working.add if fact.is_working else working.discard)(day.toordinal())
        return sorted(working)


def limited(calendar: WorkingCalendar, spans: Iterable[Span]) -> list[Span]:
    """The spans, each cut at the end of the last of its whole working days that may count."""
    return [_limited(calendar, span) for span in spans]


def _limited(calendar: WorkingCalendar, span: Span) -> Span:
    if span.limit_days is None:
        return span
    if span.limit_days == 0:
        return span._replace(until_at=span.from_at)
    last = calendar.nth_working_day(first_whole_day(calendar, span) - 1, span.limit_days)
    return span._replace(until_at=min(span.until_at, calendar.midnight(last + 1)))


def whole_days(calendar: WorkingCalendar, pauses: Sequence[Span]) -> list[tuple[int, int]]:
    """The local days that lie wholly inside the pauses taken together, as half-open ranges of ordinals."""
    runs = merged(limited(calendar, pauses))
    ranges = [(first_whole_day(calendar, run), calendar.ordinal(run.until_at)) for run in runs]
    return [(first, last) for first, last in ranges if first < last]


def first_whole_day(calendar: WorkingCalendar, span: Span) -> int:
    day = calendar.ordinal(span.from_at)
    return day if calendar.midnight(day) >= span.from_at else day + 1
