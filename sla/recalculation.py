"""When a calendar changes, open deadlines follow: later by one recorded event, never earlier than was promised.

The sweepers do it in small steps between their looks, and remember how far they came in the calendar's row; so any way
of changing the table will do, and a process that dies leaves nothing undone.
"""

import logging
from collections.abc import Collection
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import F

from casemgmt.accounts.actors import SYSTEM
from casemgmt.timeline.log import Entry
from sla import locking, policies
from sla.batch import Batch
from sla.explanations import iso_instant
from sla.models import Calendar, Clock, Unit

log = logging.getLogger(__name__)


def catch_up(*, at: datetime, batches: int = 10, batch_size: int = 500) -> int:
    """Recompute some more of the open deadlines of changed calendars; how many moved. One query if none changed."""
    moved = 0
    for calendar in Calendar.objects.exclude(applied=F("revision")):
        try:
            moved += _follow(calendar, at, batches, batch_size)
        except OperationalError as error:  # a case was held for too long, or PostgreSQL went away: at the next look
            log.warning("Open deadlines of calendar %s wait: %s", calendar.code, error)
    return moved


def _follow(calendar: Calendar, at: datetime, batches: int, batch_size: int) -> int:
    revision, moved = calendar.revision, 0
    begun = calendar.caught_up_to if calendar.catching_up == revision else 0
    for _ in range(batches):
        case_ids = _cases_after(begun, calendar, batch_size)
        if not case_ids:
            Calendar.objects.filter(pk=calendar.pk).update(applied=revision, caught_up_to=0)
            break
        moved += _recompute(case_ids, calendar.pk, at)
        begun = case_ids[-1]
        Calendar.objects.filter(pk=calendar.pk).update(catching_up=revision, caught_up_to=begun)
    return moved


def _cases_after(case_id: int, calendar: Calendar, limit: int) -> list[int]:
    clocks = Clock.objects.filter(case_id__gt=case_id, stopped_at=None, status__in=Clock.OPEN)
    counting = clocks.filter(policy__calendar=calendar, target__unit=Unit.WORKING_DAYS)
    return list(counting.order_by("case_id").values_list("case_id", flat=True).distinct()[:limit])


def _recompute(case_ids: Collection[int], calendar_id: int, at: datetime) -> int:
    """A paused clock is left to its resumption, which reckons with the calendar of that day."""
    moved = 0
    with transaction.atomic(durable=True):
        batch = Batch.open(locking.lock(case_ids, wait=True), at=at)
        for case_id in case_ids:
            for clock in batch.book.standing_at(Clock.Status.RUNNING, case_id):
                book = policies.rulebook(clock.policy_id)
                counts_days = book.rule(clock.kind, clock.variant).unit == Unit.WORKING_DAYS
                if counts_days and book.calendar_id == calendar_id and clock.due_at > at:
                    moved += _move(clock, batch)
        batch.write()
    return moved


def _move(clock: Clock, batch: Batch) -> int:
    was = clock.due_at
    if not batch.book.recompute(clock):
        return 0
    data = {"kind": clock.kind, "was": iso_instant(was), "due_at": iso_instant(clock.due_at)}
    batch.journal.record(Entry(case_id=clock.case_id, at=batch.at, actor=SYSTEM, code="clock.recomputed", data=data))
    return 1
