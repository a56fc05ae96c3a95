"""What stands in the demo marketplace, as a table for a person who has just loaded it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from casemgmt.demo import loading
from casemgmt.demo.days import Days
from disputes.states import Status
from disputes.turns import PROMISES, TURNS
from sla.models import Clock

SOON = timedelta(minutes=15)
_PARTY_CLOCKS = [turn.clock for turn in TURNS.values() if turn.clock and turn.on_timeout]


def lines(at: datetime) -> Iterator[str]:
    """The cases by status, the promises by how they stand, and what the sweep will do next."""
    found = Counter(loading.cases().values_list("status", flat=True))
    yield f"{sum(found.values())} cases"
    for status in Status:
        yield f"  {status.value:<24}{found[status]:>4}"
    yield "promises to consumers"
    for name, clocks in (("near", near(at)), ("breached", breached()), ("paused", paused())):
        yield f"  {name:<24}{clocks.count():>4}"
    yield f"time-outs of the parties ahead {ahead(at).count()}, the next ones:"
    for clock in ahead(at).filter(due_at__lt=at + SOON).order_by("due_at").select_related("case"):
        local = clock.due_at.astimezone(ZoneInfo(settings.TIME_ZONE))
        yield f"  {local:%H:%M:%S}  {clock.kind:<16}{clock.case.reference}  {clock.case.status}"


def near(at: datetime) -> QuerySet[Clock]:
    """Promises that are due at the end of this working day, or of the next one on a day of rest."""
    running = _clocks().filter(kind__in=PROMISES, status=Clock.Status.RUNNING)
    return running.filter(due_at__gt=at, due_at__lte=Days(at).end_of_today())


def breached() -> QuerySet[Clock]:
    """Promises that were missed and are still unanswered."""
    return _clocks().filter(kind__in=PROMISES, status=Clock.Status.BREACHED, stopped_at=None)


def paused() -> QuerySet[Clock]:
    return _clocks().filter(kind__in=PROMISES, status=Clock.Status.PAUSED)


def ahead(at: datetime) -> QuerySet[Clock]:
    """Time-outs of the parties that will move a case."""
    return _clocks().filter(kind__in=_PARTY_CLOCKS, status=Clock.Status.RUNNING, due_at__gt=at)


def _clocks() -> QuerySet[Clock]:
    return Clock.objects.filter(case__in=loading.cases())
