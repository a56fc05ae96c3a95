"""The steps of a deadline, as codes with ISO dates and instants; they are worded on reading. Pure.

day_0 · skipped (a run of rest days: `date`, `to`, `name`) · make_up_day · counted (`n`) · paused (`days` or `seconds`
it added, `reason`, `from`, `to`) · start · window (minutes after midnight) · extended · cut · last_day · rolled · due.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sla.spans import WHOLE_DAY, Span
from sla.workdays import WorkingCalendar

Step = dict[str, Any]
_Dated = tuple[int, int, Step]  # ordinal and rank, to put the steps of one day in order


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One count of working days, from `day_0` to `last` (ordinals), over the whole days `off` that pauses took out."""

    calendar: WorkingCalendar
    day_0: int
    last: int
    off: Sequence[tuple[int, int]]
    pauses: Sequence[Span]

    def steps(self, *, until: datetime) -> list[Step]:
        """All steps but the last one; pauses that began at or after `until` bought nothing and are left out."""
        dated = sorted([*self._days(), *self._pauses(until)], key=lambda step: step[:2])
        return [{"step": "day_0", "date": iso_date(self.day_0)}, *(step for _, _, step in dated)]

    def _days(self) -> Iterator[_Dated]:
        number, rest_days = 0, _RestDays()
        for ordinal in self._running_days():
            day = date.fromordinal(ordinal)
            fact = self.calendar.fact(day)
            if not fact.is_working:
                yield from rest_days.add(ordinal, fact.name, provisional=fact.provisional)
                continue
            yield from rest_days.flush()
            number += 1
            if self.calendar.is_make_up_day(day):
                yield ordinal, 0, {"step": "make_up_day", "date": day.isoformat(), "name": fact.name}
            yield ordinal, 1, _marked({"step": "counted", "n": number, "date": day.isoformat()}, fact.provisional)

    def _running_days(self) -> Iterator[int]:
        ordinal = self.day_0 + 1
        for first, last in self.off:
            yield from range(ordinal, min(first, self.last + 1))
            ordinal = max(ordinal, last)
        yield from range(ordinal, self.last + 1)

    def _pauses(self, until: datetime) -> Iterator[_Dated]:
        seen = self.day_0 + 1
        for span in sorted(self.pauses):
            if span.from_at < min(until, span.until_at):
                first, last = _days_begun(self.calendar, span)
                step = _paused(span.reason, span.from_at, span.until_at)
                yield self.calendar.ordinal(span.from_at), 2, {**step, "days": self._taken_out(max(first, seen), last)}
                seen = max(seen, last)

    def _taken_out(self, first: int, last: int) -> int:
        """The working days of that range which pauses took out: a day in two pauses belongs to where it began."""
        ranges = [(max(low, first), min(high, last, self.last + 1)) for low, high in self.off]
        return sum(self.calendar.count(low, high) for low, high in ranges)


class _RestDays:
    """Gathers neighbouring rest days of one name into one step."""

    def __init__(self) -> None:
        self._run: tuple[int, int, str, bool] | None = None

    def add(self, ordinal: int, name: str, *, provisional: bool) -> Iterator[_Dated]:
        if self._run and self._run[1:3] == (ordinal - 1, name):
            self._run = (self._run[0], ordinal, name, self._run[3] or provisional)
            return
        yield from self.flush()
        self._run = (ordinal, ordinal, name, provisional)

    def flush(self) -> Iterator[_Dated]:
        if self._run is None:
            return
        first, last, name, provisional = self._run
        self._run = None
        days = {"date": iso_date(first), "to": iso_date(last), "days": last - first + 1}
        step = {"step": "skipped", "name": name, **days}
        yield first, 0, _marked(step, provisional)


def running(
    start: datetime,
    seconds: int,
    pauses: Sequence[Span],
    due_at: datetime,
    *,
    windows: Sequence[tuple[int, int]] = (),
) -> list[Step]:
    """The steps of a clock that counts seconds, with or without daily windows."""
    steps: list[Step] = [{"step": "start", "at": iso_instant(start), "seconds": seconds}]
    steps += [{"step": "window", "opens": opens, "closes": closes} for opens, closes in windows]
    seen = start
    for span in sorted(pauses):
        from_at, seen = max(span.from_at, seen), max(span.until_at, seen)
        if from_at < min(due_at, span.until_at):
            step = _paused(span.reason, from_at, span.until_at)
            steps.append(step if windows else {**step, "seconds": _seconds(span.until_at - from_at)})
    return [*steps, {"step": "due", "at": iso_instant(due_at)}]


def due_step(calendar: WorkingCalendar, at: datetime, ordinal: int, day_end: int) -> Step:
    """The last step: the instant, and the local date and time that people read: 24:00, not 0:00 of the next day."""
    clock = "24:00" if day_end == WHOLE_DAY else f"{day_end // 60:02}:{day_end % 60:02}"
    provisional = calendar.fact(date.fromordinal(ordinal)).provisional
    return _marked({"step": "due", "at": iso_instant(at), "date": iso_date(ordinal), "time": clock}, provisional)


def iso_date(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def iso_instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _days_begun(calendar: WorkingCalendar, span: Span) -> tuple[int, int]:
    first, last = calendar.ordinal(span.from_at), calendar.ordinal(span.until_at)
    first += calendar.midnight(first) < span.from_at
    last += calendar.midnight(last) < span.until_at
    return first, last


def _paused(reason: str, from_at: datetime, until_at: datetime) -> Step:
    return {"step": "paused", "reason": reason, "from": iso_instant(from_at), "to": iso_instant(until_at)}


def _seconds(length: timedelta) -> int:
    return round(length.total_seconds())


def _marked(step: Step, provisional: bool) -> Step:
    return {**step, "provisional": True} if provisional else step
