"""How a book of clocks is read and stored: few statements, however many clocks.

Rows that get different values are changed by one UPDATE … FROM unnest(…): measured several times faster than
bulk_update() and than one UPDATE a row. JSON that did not change is not sent.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from sla.explanations import iso_instant
from sla.models import Clock, Pause

_CHANGE = """
UPDATE sla_clock AS clock
SET status = new.status, due_at = new.due_at, target_at = new.target_at, stopped_at = new.stopped_at,
    breached_at = new.breached_at, wake_at = new.wake_at, rung_index = new.rung_index, attempts = new.attempts,
    last_error = CASE WHEN new.attempts = 0 THEN '' ELSE clock.last_error END
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
            %s::timestamptz[], %s::timestamptz[], %s::int[], %s::int[])
  AS new(id, old_status, old_rung_index, status, due_at, target_at, stopped_at, breached_at, wake_at, rung_index,
         attempts)
WHERE clock.id = new.id AND clock.status = new.old_status AND clock.rung_index = new.old_rung_index
"""
_CLIMB = """
UPDATE sla_clock AS clock
SET rung_index = new.rung_index, wake_at = new.wake_at, attempts = 0, last_error = ''
FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::timestamptz[]) AS new(id, old_rung_index, rung_index, wake_at)
WHERE clock.id = new.id AND clock.status = 'running' AND clock.rung_index = new.old_rung_index
"""
_REWRITE = """
UPDATE sla_clock AS clock SET rungs = new.rungs, terms = new.terms, steps = new.steps
FROM unnest(%s::bigint[], %s::jsonb[], %s::jsonb[], %s::jsonb[]) AS new(id, rungs, terms, steps)
WHERE clock.id = new.id
"""


Columns = list[Any]  # one list a column, for unnest


class StaleClockError(RuntimeError):
    """A clock is not as it was read: somebody changed it without the case's lock. The transaction must be given up."""


@dataclass
class Changes:
    """What happened to the clocks of one book since it was read."""

    new: list[Clock] = field(default_factory=list)
    new_pauses: list[Pause] = field(default_factory=list)
    _climbed: dict[int, tuple[Clock, int]] = field(default_factory=dict)
    _touched: dict[int, tuple[Clock, str, int]] = field(default_factory=dict)
    _rewritten: dict[int, Clock] = field(default_factory=dict)
    _ended: dict[datetime, list[Pause]] = field(default_factory=lambda: defaultdict(list))
    _told: set[int] = field(default_factory=set)  # by identity: clocks whose end the timeline has

    def touch(self, clock: Clock, *, rewritten: bool = False) -> None:
        """Call before the clock changes; `rewritten` if its rungs, terms or steps do."""
        if clock.pk is None:
            return
        _, climbed_from = self._climbed.pop(clock.pk, (clock, clock.rung_index))
        self._touched.setdefault(clock.pk, (clock, clock.status, climbed_from))
        if rewritten:
            self._rewritten[clock.pk] = clock

    def climb(self, clock: Clock) -> None:
        """Call before a running clock passes a rung: the change that most often comes alone."""
        if clock.pk is not None and clock.pk not in self._touched:
            self._climbed.setdefault(clock.pk, (clock, clock.rung_index))

    def end(self, pause: Pause) -> None:
        if pause.pk is not None and pause.until_at is not None:
            self._ended[pause.until_at].append(pause)

    def ended(self, case_id: int) -> dict[str, Any]:
        """{"clocks": […]} for the event that ended clocks of the case, empty if it ended none; each is told once.

        With it the timeline tells every promise that was kept and missed.
        """
        touched = (clock for clock, before, _rung in self._touched.values() if before in Clock.OPEN)
        closed = [one for one in (*touched, *self.new) if one.case_id == case_id and one.status not in Clock.OPEN]
        fresh = [one for one in closed if id(one) not in self._told]
        self._told.update(map(id, fresh))
        return {"clocks": [_end(one) for one in fresh]} if fresh else {}

    def write(self) -> None:
        """Old rows first: a new clock may take the place of one that closes now."""
        for until_at, pauses in self._ended.items():
            Pause.objects.filter(pk__in=[pause.pk for pause in pauses]).update(until_at=until_at)
        if self._climbed:
            _climb(list(self._climbed.values()))
        if self._touched:
            _change(list(self._touched.values()))
        if self._rewritten:
            _rewrite(list(self._rewritten.values()))
        if self.new:
            Clock.objects.bulk_create(self.new)
        if self.new_pauses:
            Pause.objects.bulk_create(self.new_pauses)


def _end(clock: Clock) -> dict[str, Any]:
    return {
        "kind": clock.kind, "cycle": clock.cycle, "status": str(clock.status), "from": iso_instant(clock.started_at),
        "due": iso_instant(clock.due_at),
    }  # fmt: skip


def open_clocks(case_ids: Collection[int], *, but_not: Collection[int] = ()) -> list[Clock]:
    """The clocks of the cases that are open, or breached and unanswered, oldest first, without their steps."""
    clocks = Clock.objects.filter(case_id__in=case_ids, stopped_at=None).exclude(pk__in=but_not)
    return list(clocks.defer("steps", "last_error").order_by("pk"))


def due_clocks(case_ids: Collection[int], at: datetime) -> list[Clock]:
    """The running clocks of the cases that are due at `at`, or that failed before and so may be due without waking."""
    clocks = Clock.objects.filter(case_id__in=case_ids, status=Clock.Status.RUNNING)
    due = clocks.filter(Q(wake_at__lte=at) | Q(attempts__gt=0))
    return list(due.defer("steps", "last_error").order_by("pk"))


def pauses_of(clocks: Iterable[Clock]) -> dict[int, list[Pause]]:
    """All pauses of stored clocks, oldest first, by the identity of the clock in memory."""
    known = {clock.pk: clock for clock in clocks if clock.pk is not None}
    found: dict[int, list[Pause]] = {}
    for pause in Pause.objects.filter(clock_id__in=known).order_by("from_at", "pk"):
        found.setdefault(id(known[pause.clock_id]), []).append(pause)
    return found


def _climb(climbed: Sequence[tuple[Clock, int]]) -> None:
    columns: Columns = [
        [clock.pk for clock, _ in climbed],
        [rung_index for _, rung_index in climbed],
        [clock.rung_index for clock, _ in climbed],
        [clock.wake_at for clock, _ in climbed],
    ]
    _execute(_CLIMB, columns, len(climbed))


def _change(touched: Sequence[tuple[Clock, str, int]]) -> None:
    clocks = [clock for clock, _, _ in touched]
    columns: Columns = [
        [clock.pk for clock in clocks],
        [str(status) for _, status, _ in touched],
        [rung_index for _, _, rung_index in touched],
        [str(clock.status) for clock in clocks],
        [clock.due_at for clock in clocks],
        [clock.target_at for clock in clocks],
        [clock.stopped_at for clock in clocks],
        [clock.breached_at for clock in clocks],
        [clock.wake_at for clock in clocks],
        [clock.rung_index for clock in clocks],
        [clock.attempts for clock in clocks],
    ]
    _execute(_CHANGE, columns, len(clocks))


def _rewrite(clocks: Sequence[Clock]) -> None:
    columns: Columns = [
        [clock.pk for clock in clocks],
        [json.dumps(clock.rungs) for clock in clocks],
        [json.dumps(clock.terms) for clock in clocks],
        [json.dumps(clock.steps) for clock in clocks],
    ]
    _execute(_REWRITE, columns, len(clocks))


def _execute(statement: str, columns: Columns, rows: int) -> None:
    """The old status and rung are part of the condition: a second writer, lock or no lock, changes no row and fails."""
    with connection.cursor() as cursor:
        cursor.execute(statement, columns)
        if cursor.rowcount != rows:
            raise StaleClockError(f"{rows - cursor.rowcount} of {rows} clocks were changed elsewhere.")
