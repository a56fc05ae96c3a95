"""The open clocks of the locked cases: read once, changed in memory, written once, set-wise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from casemgmt.accounts.actors import SYSTEM, Actor
from sla import dials, policies, storage
from sla.calendars import WorkingCalendar
from sla.explanations import iso_instant
from sla.models import Clock, Pause, Unit
from sla.reckoning import Reckoned, amount, cut

Status = Clock.Status
_OPEN = frozenset(Clock.OPEN)
DAY_SECONDS = 86400


class ClockAlreadyOpenError(RuntimeError):
    """The case has an open clock of that kind: stop or cancel it first."""


class Book:
    """The caller holds the locks of the cases. Nothing reaches the database before `write()`."""

    def __init__(
        self,
        case_ids: Collection[int],
        clocks: Iterable[Clock],
        *,
        complete: bool,
        calendars: dict[int, WorkingCalendar] | None = None,
    ) -> None:
        self._case_ids = case_ids
        self._complete = complete
        self._clocks: defaultdict[int, list[Clock]] = defaultdict(list)
        for clock in clocks:
            self._clocks[clock.case_id].append(clock)
        self._changes = storage.Changes()
        self._pauses: dict[int, list[Pause]] | None = None  # by the clock's identity in memory
        self._calendars = calendars or {}

    @classmethod
    def load(cls, case_ids: Collection[int]) -> Book:
        """The clocks that are open or whose breach is unanswered, in one query."""
        return cls(case_ids, storage.open_clocks(case_ids), complete=True)

    @classmethod
    def load_due(cls, case_ids: Collection[int], *, at: datetime) -> Book:
        """Only what is due at `at`; the rest is read when somebody asks for it. Most warnings never do."""
        return cls(case_ids, storage.due_clocks(case_ids, at), complete=False)

    def start(
        self,
        *,
        case_id: int,
        policy_id: int,
        kind: str,
        at: datetime,
        variant: str = "",
        days: int | None = None,
        seconds: int | None = None,
        not_after: datetime | None = None,
        not_before: datetime | None = None,
        cycle: int = 1,
    ) -> Clock:
        """Open a clock by the case's frozen policy. `days` or `seconds` replace the policy's amount, in its own unit.

        The deadline is cut to `not_after`, but never below `not_before`. ClockAlreadyOpenError if one is open;
        NoPolicyError if the policy has no such target; ValueError for an amount in another unit.
        """
        if self.open(case_id, kind) is not None:
            raise ClockAlreadyOpenError(f"Case {case_id} already has an open {kind} clock.")
        rule = policies.rulebook(policy_id).rule(kind, variant)
        clock = Clock(case_id=case_id, policy_id=policy_id, target_id=rule.id, started_at=at, cycle=cycle)
        clock.kind, clock.variant = kind, variant
        clock.terms = {"due": amount(rule.unit, days, seconds) or rule.due, "target": rule.target}
        found = self._reckoned(clock)
        if seconds_cut := cut(found.due_at, start=at, not_after=not_after, not_before=not_before):
            clock.terms["cut"] = seconds_cut
            found = self._reckoned(clock)
        dials.show(clock, found)
        self._clocks[case_id].append(clock)
        self._changes.new.append(clock)
        return clock

    def stop(self, *, case_id: int, kinds: Collection[str] | None, at: datetime) -> list[Clock]:
        """What the clocks waited for has happened: met, or breached if at or after the deadline. None means every kind.

        A breach that was still unanswered is answered now. The stopped clocks come back.
        """
        for clock in (stopped := list(self._of(case_id, kinds))):
            if clock.status == Status.PAUSED:
                self._resume(clock, at)
            self._changes.touch(clock)
            if clock.status in _OPEN:
                late = at >= clock.due_at and clock.status != Status.HELD
                clock.status = Status.BREACHED if late else Status.MET
                clock.breached_at = clock.due_at if late else None
            self._close(clock, at)
        return stopped

    def cancel(self, *, case_id: int, kinds: Collection[str] | None, at: datetime) -> list[Clock]:
        """The clocks no longer matter: the case closed or went another way. A breach stays a breach."""
        for clock in (cancelled := list(self._of(case_id, kinds))):
            if clock.status == Status.PAUSED:
                self._end_pause(clock, at)
            self._changes.touch(clock)
            if clock.status in _OPEN:
                clock.status = Status.CANCELLED
            self._close(clock, at)
        return cancelled

    def pause(
        self,
        *,
        case_id: int,
        kinds: Collection[str] | None,
        reason: str,
        at: datetime,
        actor: Actor = SYSTEM,
        limit_days: int | None = None,
    ) -> list[Clock]:
        """Let the clocks stand. One paused for another reason goes on standing, for this one; a late one is left alone.

        `limit_days`: so many whole working days of this pause count at most. The clocks whose reason changed come back.
        """
        paused = []
        for clock in self._of(case_id, kinds):
            if not self._stands_anew(clock, reason, at):
                continue
            if clock.status == Status.PAUSED:
                self._end_pause(clock, at)
            self._changes.touch(clock)
            clock.status, clock.wake_at = Status.PAUSED, None
            pause = Pause(clock=clock, reason=reason, actor_id=actor.id, from_at=at, limit_days=limit_days)
            self._pauses_of(clock).append(pause)
            self._changes.new_pauses.append(pause)
            paused.append(clock)
        return paused

    def resume(
        self, *, case_id: int, kinds: Collection[str] | None, at: datetime, reason: str | None = None
    ) -> list[Clock]:
        """Let paused clocks run again, later by what the pause counts for. With `reason`, only what stands for it."""
        resumed = []
        for clock in self._of(case_id, kinds):
            if clock.status != Status.PAUSED or (reason is not None and self.reason(clock) != reason):
                continue
            self._resume(clock, at)
            resumed.append(clock)
        return resumed

    def extend(
        self,
        *,
        case_id: int,
        kind: str,
        reason: str,
        at: datetime,
        days: int | None = None,
        seconds: int | None = None,
    ) -> Clock:
        """Move an open clock's deadline later, in its own unit. LookupError if none is open, ValueError if not."""
        clock = self.open(case_id, kind)
        if clock is None:
            raise LookupError(f"Case {case_id} has no open {kind} clock to extend.")
        by = amount(policies.rule_of(clock).unit, days, seconds)
        if by is None or by <= 0:
            raise ValueError("A deadline only moves later.")
        self._lengthen(clock, by, reason=reason, at=at)
        return clock

    def credit(self, clock: Clock, *, seconds: int, at: datetime, outage: str) -> None:
        """Move the deadline later by what an outage took from a party: by whole days where the clock counts days."""
        by = -(-seconds // DAY_SECONDS) if policies.rule_of(clock).unit == Unit.WORKING_DAYS else seconds
        self._lengthen(clock, by, reason="outage", at=at, outage=outage, seconds=seconds)

    def hold(self, clock: Clock) -> None:
        """Let a running clock stand at its deadline until somebody releases it."""
        self._changes.touch(clock)
        clock.status, clock.wake_at, clock.attempts = Status.HELD, None, 0

    def release(self, clock: Clock) -> None:
        """Let a held clock run again."""
        self._changes.touch(clock)
        clock.status = Status.RUNNING
        dials.wake(clock)

    def recompute(self, clock: Clock) -> bool:
        """Reckon anew from the calendar as it stands and the pauses so far; whether the deadline moved (only later)."""
        self._changes.touch(clock, rewritten=True)
        before = clock.due_at
        dials.show(clock, self._reckoned(clock))
        return clock.due_at > before

    def standing_at(self, status: Clock.Status, case_id: int) -> list[Clock]:
        return [clock for clock in self._of(case_id, None) if clock.status == status]

    def all(self, case_id: int) -> list[Clock]:
        """The clocks of a case that are in memory, each with its `paused_for`: for a new case, all that there are."""
        found = list(self._clocks.get(case_id, ()))
        for clock in found:
            vars(clock)["paused_for"] = self.reason(clock)  # as a query annotates it
        return found

    def open(self, case_id: int, kind: str) -> Clock | None:
        """The running, paused or held clock of that kind."""
        return next((clock for clock in self._of(case_id, (kind,)) if clock.status in _OPEN), None)

    def reason(self, clock: Clock) -> str:
        """Why the clock stands; empty if it does not."""
        standing = self._standing(clock)
        return standing.reason if standing else ""

    def due(self, at: datetime) -> list[Clock]:
        """Of each case, the running clock whose next rung or deadline came first, if it came by `at`.

        Only one, so that what happens to a case happens in order.
        """
        first = []
        for clocks in self._clocks.values():
            running = ((place, one) for place, one in enumerate(clocks) if one.status == Status.RUNNING)
            coming = [(dials.next_at(clock), place) for place, clock in running]
            if coming and (earliest := min(coming))[0] <= at:
                first.append(clocks[earliest[1]])
        return first

    def climb(self, clock: Clock) -> str:
        """Pass the clock's next rung; its code."""
        self._changes.climb(clock)
        code, clock.rung_index = str(clock.rungs[clock.rung_index][0]), clock.rung_index + 1
        dials.wake(clock)
        return code

    def expire(self, clock: Clock, *, answered: bool) -> None:
        """Mark it breached at its deadline. `answered`: nothing is waited for any more, since the case moves."""
        self._changes.touch(clock)
        clock.status, clock.breached_at, clock.wake_at, clock.attempts = Status.BREACHED, clock.due_at, None, 0
        clock.stopped_at = clock.due_at if answered else None

    def ended(self, case_id: int) -> dict[str, Any]:
        return self._changes.ended(case_id)

    def write(self) -> None:
        """Store what changed, a statement for each kind of change. StaleClockError if somebody was faster."""
        self._changes.write()
        self._changes = storage.Changes()

    def _of(self, case_id: int, kinds: Collection[str] | None) -> Iterator[Clock]:
        self._read_rest()
        for clock in self._clocks.get(case_id, ()):
            if clock.stopped_at is None and (kinds is None or clock.kind in kinds):
                yield clock

    def _read_rest(self) -> None:
        if self._complete:
            return
        self._complete = True
        known = [clock.pk for clocks in self._clocks.values() for clock in clocks if clock.pk is not None]
        for clock in storage.open_clocks(self._case_ids, but_not=known):
            self._clocks[clock.case_id].append(clock)

    def _stands_anew(self, clock: Clock, reason: str, at: datetime) -> bool:
        running = clock.status == Status.RUNNING
        return at < clock.due_at if running else clock.status == Status.PAUSED and self.reason(clock) != reason

    def _resume(self, clock: Clock, at: datetime) -> None:
        self._changes.touch(clock, rewritten=True)
        self._end_pause(clock, at)
        clock.status = Status.RUNNING
        self.recompute(clock)

    def _end_pause(self, clock: Clock, at: datetime) -> None:
        if (standing := self._standing(clock)) is not None:
            standing.until_at = max(at, standing.from_at)
            self._changes.end(standing)

    def _standing(self, clock: Clock) -> Pause | None:
        return next((pause for pause in self._pauses_of(clock) if pause.until_at is None), None)

    def _pauses_of(self, clock: Clock) -> list[Pause]:
        if self._pauses is None:
            self._pauses = storage.pauses_of([clock for clocks in self._clocks.values() for clock in clocks])
        return self._pauses.setdefault(id(clock), [])

    def _close(self, clock: Clock, at: datetime) -> None:
        clock.stopped_at, clock.wake_at, clock.attempts = max(at, clock.started_at), None, 0

    def _lengthen(self, clock: Clock, by: int, *, reason: str, at: datetime, **more: Any) -> None:
        extension = {"by": by, "unit": policies.rule_of(clock).unit, "reason": reason, "on": iso_instant(at), **more}
        clock.terms = {**clock.terms, "extended": [*clock.terms.get("extended", ()), extension]}
        self.recompute(clock)

    def _reckoned(self, clock: Clock) -> Reckoned:
        pauses = self._pauses_of(clock) if clock.pk else (self._pauses or {}).get(id(clock), [])
        return dials.reckoned(clock, pauses, self._calendars)
