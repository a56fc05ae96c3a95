"""Deadlines as arithmetic: when one falls, and the steps that led there. Pure: no Django, no clock of its own.

Instants are aware datetimes and come back in UTC. Days are local dates of the calendar's zone; a local day runs from
its first instant to the next day's first instant, so days of 23, 23.5 or 25 hours need no special case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from sla import explanations
from sla.explanations import Step, iso_date
from sla.spans import WHOLE_DAY, Span, merged
from sla.windows import windowed_deadline
from sla.workdays import DayFact, WorkingCalendar, limited, whole_days

__all__ = [
    "WHOLE_DAY",
    "DayFact",
    "Due",
    "Span",
    "Step",
    "WorkingCalendar",
    "after_working_days",
    "due_calendar_days",
    "due_elapsed",
    "due_windowed",
    "due_working_days",
    "elapsed_deadline",
    "roll_over_rest",
    "windowed_deadline",
    "working_deadline",
]


_ANSWERS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Due:
    """The instant, in UTC, and the steps to it as codes with ISO dates and instants."""

    at: datetime
    steps: list[Step]

    @property
    def provisional(self) -> bool:
        """Whether a day on the way is not announced yet, so that the date may still move."""
        return any(step.get("provisional", False) for step in self.steps)


def working_deadline(
    calendar: WorkingCalendar, *, start: datetime, days: int, pauses: Sequence[Span] = (), day_end: int = WHOLE_DAY
) -> datetime:
    """The end of the n-th working day after the local day of `start`; the fast path, without the steps.

    A pause takes out the working days that lie in it from local midnight to local midnight, and nothing else.
    """
    day_0 = calendar.ordinal(start)
    if pauses:
        return calendar.end(calendar.nth_working_day(day_0, days, whole_days(calendar, pauses)), day_end)
    key = (day_0, days, day_end)
    if (known := calendar.ends.get(key)) is None:
        _keep(calendar.ends, key, known := calendar.end(calendar.nth_working_day(day_0, days), day_end))
    return known


def due_working_days(
    calendar: WorkingCalendar, *, start: datetime, days: int, pauses: Sequence[Span] = (), day_end: int = WHOLE_DAY
) -> Due:
    """`working_deadline` with its steps: day_0, skipped, make_up_day, counted, paused, due.

    Without pauses all that were filed on one day share one answer; treat its steps as read-only.
    """
    day_0 = calendar.ordinal(start)
    if pauses:
        return _walked(calendar, day_0, days, pauses, day_end)
    key = (day_0, days, day_end)
    if (known := calendar.answers.get(key)) is None:
        _keep(calendar.answers, key, known := _walked(calendar, day_0, days, (), day_end))
    return known


def _keep(answers: dict[Any, Any], key: object, answer: object) -> None:
    """What one day of filings asks for over and over; never without bound."""
    if len(answers) >= _ANSWERS_KEPT:
        answers.clear()
    answers[key] = answer


def _walked(calendar: WorkingCalendar, day_0: int, days: int, pauses: Sequence[Span], day_end: int) -> Due:
    off = whole_days(calendar, pauses)
    last = calendar.nth_working_day(day_0, days, off)
    at = calendar.end(last, day_end)
    walk = explanations.Walk(calendar=calendar, day_0=day_0, last=last, off=off, pauses=limited(calendar, pauses))
    return Due(at, [*walk.steps(until=at), explanations.due_step(calendar, at, last, day_end)])


def after_working_days(
    calendar: WorkingCalendar,
    *,
    start: datetime,
    hundredths: int,
    pauses: Sequence[Span] = (),
    day_end: int = WHOLE_DAY,
) -> datetime:
    """When so many hundredths of a working day are used up.

    420 is 20 % into the fifth counted day; 600 is the beginning of the seventh.
    """
    whole, rest = divmod(hundredths, 100)
    day = calendar.nth_working_day(calendar.ordinal(start), whole + 1, whole_days(calendar, pauses))
    begin = calendar.midnight(day)
    return begin + (calendar.end(day, day_end) - begin) * rest / 100


def due_calendar_days(calendar: WorkingCalendar, *, start: datetime, days: int, roll: bool = True) -> Due:
    """24:00 of the last of so many days, the day after `start` being the first.

    With `roll`, a last day that is a rest day moves to the next working day, as the Civil Code (art. 203) has it.
    """
    day_0 = calendar.ordinal(start)
    last = day_0 + days
    rolled = roll_over_rest(calendar, date.fromordinal(last)).toordinal() if roll else last
    steps: list[Step] = [
        {"step": "day_0", "date": iso_date(day_0)},
        {"step": "last_day", "n": days, "date": iso_date(last)},
    ]
    if rolled != last:
        steps.append({"step": "rolled", "date": iso_date(last), "to": iso_date(rolled)})
    at = calendar.end(rolled)
    return Due(at, [*steps, explanations.due_step(calendar, at, rolled, WHOLE_DAY)])


def roll_over_rest(calendar: WorkingCalendar, day: date) -> date:
    """The day itself if people work on it, else the first working day after it."""
    return date.fromordinal(calendar.nth_working_day(day.toordinal() - 1, 1))


def elapsed_deadline(*, start: datetime, seconds: int, pauses: Sequence[Span] = ()) -> datetime:
    """When so many seconds have run outside the pauses."""
    at = start.astimezone(UTC) + timedelta(seconds=seconds)
    for span in merged(pauses):
        if span.from_at >= at:
            break
        at += max(timedelta(0), span.until_at - max(span.from_at, start))
    return at


def due_elapsed(*, start: datetime, seconds: int, pauses: Sequence[Span] = ()) -> Due:
    """`elapsed_deadline` with its steps: start, paused, due."""
    at = elapsed_deadline(start=start, seconds=seconds, pauses=pauses)
    return Due(at, explanations.running(start, seconds, pauses, at))


def due_windowed(
    *, start: datetime, seconds: int, windows: Sequence[tuple[int, int]], zone: tzinfo, pauses: Sequence[Span] = ()
) -> Due:
    """`windowed_deadline` with its steps: start, window, paused, due."""
    at = windowed_deadline(start=start, seconds=seconds, windows=windows, zone=zone, pauses=pauses)
    return Due(at, explanations.running(start, seconds, pauses, at, windows=windows))
