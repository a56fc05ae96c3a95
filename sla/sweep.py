"""The sweep: what is due is carried out, once, in order, whoever comes first: a worker, the loop, or the door.

A deadline is a fact in a row; the sweep only catches up, so it may run anywhere, any number of times at once. It claims
by `wake_at`, but what it fires under the case's lock is judged by the deadlines themselves.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q

from casemgmt.accounts.actors import SYSTEM
from casemgmt.failpoints import failpoint
from casemgmt.timeline.log import Entry
from sla import guard, locking, registry
from sla.batch import Batch
from sla.explanations import iso_instant
from sla.models import Clock
from sla.outages import Mercy

if TYPE_CHECKING:
    from casemgmt.timeline.log import Journal

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=5)

# The index of the running clocks answers it alone; the place after which to go on lets two sweepers pass each other.
_CLAIM = """
SELECT wake_at, case_id FROM sla_clock
WHERE status = 'running' AND wake_at <= %s AND (wake_at, case_id) > (%s, %s)
ORDER BY wake_at, case_id LIMIT %s
"""
_Place = tuple[datetime | str, int]
_BEGINNING: _Place = ("-infinity", 0)


@dataclass(frozen=True, kw_only=True)
class Swept:
    """How many rungs were passed, deadlines carried out, and cases put off because something failed."""

    warned: int = 0
    expired: int = 0
    failed: int = 0

    @property
    def fired(self) -> int:
        """Rungs and deadlines together."""
        return self.warned + self.expired

    def __add__(self, other: Swept) -> Swept:
        return Swept(
            warned=self.warned + other.warned, expired=self.expired + other.expired, failed=self.failed + other.failed
        )


def fire_due(*, at: datetime, batch_size: int = 500, alive: Callable[[Swept], None] | None = None) -> Swept:
    """Carry out everything that is due at `at`, earliest first, a batch of cases a transaction, until nothing is left.

    Cases that somebody else holds are passed over: whoever holds them settles what is due himself. `alive` is called
    after each batch: a long sweep is no silence.
    """
    total = Swept()
    while True:
        swept = _pass(at, batch_size, alive)
        total += swept
        if not swept.fired:
            return total


def fire_case(case_id: int, *, at: datetime) -> Swept:
    """Settle what is overdue on one case before an act is judged; waits for its lock. Not inside a transaction.

    If that fails the case is put off as in the sweep, and the error comes back: no act on top of an unsettled deadline.
    """
    overdue = Clock.objects.filter(case_id=case_id, status=Clock.Status.RUNNING)
    if not overdue.filter(Q(wake_at__lte=at) | Q(due_at__lte=at)).exists():
        return Swept()
    guard.refuse_while_halted()
    try:
        return _fire([case_id], at=at, wait=True)
    except Exception as error:
        _put_off(case_id, error, at)
        raise


def _pass(at: datetime, batch_size: int, alive: Callable[[Swept], None] | None) -> Swept:
    total, place = Swept(), _BEGINNING
    while True:
        claimed = _claim(at, place, batch_size)
        if not claimed:
            return total
        place = claimed[-1]
        swept = _fire_apart(list(dict.fromkeys(case_id for _, case_id in claimed)), at)
        total += swept
        if alive is not None:
            alive(swept)


def _claim(at: datetime, place: _Place, limit: int) -> list[tuple[datetime, int]]:
    """[(wake_at, case id)] of what is due after that place, earliest first. One indexed SELECT, without a lock."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [at, *place, limit])
        claimed: list[tuple[datetime, int]] = cursor.fetchall()
    return claimed


def _fire_apart(case_ids: list[int], at: datetime) -> Swept:
    """Fire together what works together; if anything fails, each case alone, so that one cannot stop the others."""
    try:
        return _fire(case_ids, at=at)
    except Exception:  # the handlers are the rulebook's: whatever they raise must not stop other people's deadlines
        log.exception("A batch of %s cases failed; trying each alone", len(case_ids))
    total = Swept()
    for case_id in case_ids:
        try:
            total += _fire([case_id], at=at)
        except Exception as error:  # noqa: BLE001 -- as above; the case is put off and keeps its deadline
            _put_off(case_id, error, at)
            total += Swept(failed=1)
    return total


def _fire(case_ids: Collection[int], *, at: datetime, wait: bool = False) -> Swept:
    failpoint("before_lock")
    with transaction.atomic(durable=True):
        locked = locking.lock(case_ids, wait=wait)
        failpoint("after_lock")
        swept = _settle(locked, at) if locked else Swept()
        failpoint("before_commit")
    failpoint("after_commit")
    return swept


def _settle(case_ids: Collection[int], at: datetime) -> Swept:
    """Rounds: of every case the one thing that came first, until nothing of these cases is due."""
    batch = Batch.open_due(case_ids, at=at)
    total, mercy = Swept(), Mercy(batch.book.due(at), at=at)
    while due := batch.book.due(at):
        rungs = [clock for clock in due if clock.rung_index < len(clock.rungs)]
        expired = mercy.spare([clock for clock in due if clock.rung_index >= len(clock.rungs)], batch)
        for clock in rungs:
            _warn(clock, batch, mercy)
        for kind, clocks in groupby(sorted(expired, key=_by_kind), key=lambda clock: clock.kind):
            _expire(kind, list(clocks), batch, mercy)
        total += Swept(warned=len(rungs), expired=len(expired))
    batch.write()
    return total


def _by_kind(clock: Clock) -> tuple[str, datetime, int]:
    return clock.kind, clock.due_at, clock.case_id


def _warn(clock: Clock, batch: Batch, mercy: Mercy) -> None:
    at = clock.next_at
    rung = batch.book.climb(clock)
    _record(batch.journal, clock, "clock.warned", at, rung=rung, **mercy.during(at))


def _expire(kind: str, clocks: list[Clock], batch: Batch, mercy: Mercy) -> None:
    handler = registry.handler_of(kind)
    for clock in clocks:
        batch.book.expire(clock, answered=handler is not None)
    if handler is not None:
        handler(clocks, batch)
        return
    for clock in clocks:
        told = {**mercy.during(clock.due_at), **batch.book.ended(clock.case_id)}
        _record(batch.journal, clock, "clock.breached", clock.due_at, **told)


def _record(journal: Journal, clock: Clock, code: str, at: datetime, **data: Any) -> None:
    facts = {"kind": clock.kind, "variant": clock.variant, "cycle": clock.cycle, "due_at": iso_instant(clock.due_at)}
    journal.record(Entry(case_id=clock.case_id, at=at, actor=SYSTEM, code=code, data={**facts, **data}))


def _put_off(case_id: int, error: Exception, at: datetime) -> None:
    """Try the case again later: its deadlines stay, only its clocks wake later. A transaction of its own."""
    log.error("Case %s is put off: %r", case_id, error)
    with transaction.atomic(durable=True):
        if not locking.lock([case_id], wait=False):
            return
        for clock in Clock.objects.filter(case_id=case_id, status=Clock.Status.RUNNING, wake_at__lte=at):
            retry = min(FIRST_RETRY * 2 ** min(clock.attempts, 10), LONGEST_RETRY)
            clock.attempts, clock.last_error, clock.wake_at = clock.attempts + 1, repr(error)[:2000], at + retry
            clock.save(update_fields=["attempts", "last_error", "wake_at"])
