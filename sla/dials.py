"""What was reckoned, put onto a clock; and when the clock next wakes."""

from __future__ import annotations

from datetime import datetime

from sla.explanations import iso_instant
from sla.models import Clock
from sla.reckoning import Reckoned


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
