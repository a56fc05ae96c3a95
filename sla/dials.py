"""What was reckoned, put onto a clock; and when the clock next wakes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sla import policies
from sla.calendars import Span, WorkingCalendar
from sla.explanations import iso_instant
from sla.models import Clock, Pause
from sla.reckoning import Reckoned, Reckoning


def reckoned(clock: Clock, pauses: Iterable[Pause], calendars: dict[int, WorkingCalendar]) -> Reckoned:
    """The clock by its frozen policy and the pauses so far; a calendar that is not known yet is read, and kept."""
    book = policies.rulebook(clock.policy_id)
    if (calendar := calendars.get(book.calendar_id)) is None:
        calendar = calendars[book.calendar_id] = policies.calendar(book.calendar_id)
    reckoning = Reckoning(
        rule=book.rule(clock.kind, clock.variant),
        calendar=calendar,
        day_end=book.day_end,
        start=clock.started_at,
        terms=clock.terms,
        pauses=[Span(p.from_at, p.until_at, p.reason, p.limit_days) for p in pauses if p.until_at is not None],
    )
    return reckoning.result()


def show(clock: Clock, found: Reckoned) -> None:
    """Put what was reckoned onto the clock. A deadline never moves earlier; a rung that was fired stays fired."""
    fired = clock.rungs[: clock.rung_index]
    clock.rungs = fired + [rung for rung in found.rungs if rung[0] not in dict(fired)]
    kept = clock.due_at is not None and clock.due_at > found.due_at
    clock.due_at = clock.due_at if kept else found.due_at
    if found.target_at is not None:
        clock.target_at = max(found.target_at, clock.target_at) if clock.target_at else found.target_at
    clock.steps = [*found.steps, {"step": "kept", "at": iso_instant(clock.due_at)}] if kept else found.steps
    wake(clock)


def wake(clock: Clock) -> None:
    """Set when something must next happen to the clock: not while it stands."""
    clock.attempts = 0
    clock.wake_at = clock.next_at if clock.status == Clock.Status.RUNNING else None


def next_at(clock: Clock) -> datetime:
    """When its next rung or its deadline comes."""
    # After a failed try `wake_at` is only when to try again; what is due stays due.
    wake_at = clock.wake_at
    return clock.next_at if clock.attempts or wake_at is None else wake_at
