"""Outage fairness: what fell due while nobody swept is judged with mercy, and the sweep says that it was so.

The sweepers' own signs of life tell when they were silent. A party whose time ran out in such a stretch had nobody to
answer to: after a short one the deadline moves later by its length; after a long one it is held, and nobody loses by
default until a supervisor lets it go on. Promises of ours are not spared: they are late, and flagged.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from casemgmt.accounts.actors import SYSTEM, Actor
from casemgmt.accounts.roles import Role
from casemgmt.errors import NotFound, NotPermitted
from casemgmt.notifications import outbox
from casemgmt.timeline.log import Entry
from sla import heartbeat, locking, policies, registry
from sla.batch import Batch
from sla.explanations import iso_instant
from sla.models import Clock, Heartbeat, Outage

log = logging.getLogger(__name__)

# What a policy may set under these names in its settings; seconds.
CREDIT_AFTER = ("outage_credit_after_seconds", 60)
HOLD_AFTER = ("outage_hold_after_seconds", 3600)
HELD = "sweep.held"  # the notice's template
GRACE = ("outage_grace_seconds", 24 * 3600)  # at least so long from the release on


@dataclass(frozen=True, kw_only=True)
class Silence:
    """A stretch without a sweep, from `from_at` up to, not including, `until_at`."""

    from_at: datetime
    until_at: datetime

    @property
    def length(self) -> timedelta:
        return self.until_at - self.from_at

    def covers(self, at: datetime) -> bool:
        return self.from_at <= at < self.until_at


def wake_up(name: str, *, at: datetime) -> None:
    """Leave a sweeper's sign of life, and note the outage that it ends, if there was one."""
    with transaction.atomic(durable=True):
        # All rows, so that of several sweepers that come back together one notes it.
        rows = list(Heartbeat.objects.select_for_update().filter(name__in=heartbeat.SWEEPERS).order_by("name"))
        last = max((row.beat_at for row in rows), default=at)
        if at - last > heartbeat.SILENCE:
            Outage.objects.get_or_create(from_at=last, defaults={"until_at": at})
            log.error("Nobody swept from %s to %s", last.isoformat(), at.isoformat())
            if at - last >= timedelta(seconds=HOLD_AFTER[1]):
                outbox.tell_role(Role.SUPERVISOR, template=HELD, at=at)
        heartbeat.beat(name, at=at)


def silences(*, since: datetime, at: datetime) -> list[Silence]:
    """The outages that reach beyond `since`; the one that still lasts at `at` among them."""
    rows = Outage.objects.filter(until_at__gt=since).order_by("from_at").values_list("from_at", "until_at")
    found = [Silence(from_at=from_at, until_at=until_at) for from_at, until_at in rows]
    last = Heartbeat.objects.filter(name__in=heartbeat.SWEEPERS).aggregate(last=Max("beat_at"))["last"]
    if last is not None and at - last > heartbeat.SILENCE:
        found.append(Silence(from_at=last, until_at=at))
    return found


class Mercy:
    """The outages that the deadlines of one batch may have fallen into. Two queries, whatever their number."""

    def __init__(self, clocks: Iterable[Clock], *, at: datetime) -> None:
        instants = [clock.next_at for clock in clocks]
        self._silences = silences(since=min(instants), at=at) if instants else []

    def during(self, at: datetime) -> dict[str, Any]:
        """For an event's data: whether its instant fell into an outage."""
        return {"during_outage": True} if self._covering(at) else {}

    def spare(self, expired: Collection[Clock], batch: Batch) -> list[Clock]:
        """Credit or hold the parties' deadlines that fell into an outage; the others, to be carried out, come back."""
        return [clock for clock in expired if not self._spared(clock, batch)]

    def _covering(self, at: datetime) -> Silence | None:
        return next((one for one in self._silences if one.covers(at)), None)

    def _spared(self, clock: Clock, batch: Batch) -> bool:
        silence = self._covering(clock.due_at) if registry.is_of_party(clock.kind) else None
        if silence is None or silence.length < _limit(clock, CREDIT_AFTER):
            return False
        if silence.length >= _limit(clock, HOLD_AFTER):
            batch.book.hold(clock)
            _record(batch, clock, "clock.held", outage=iso_instant(silence.from_at))
            return True
        # The door may have credited the part that it saw, while the outage went on.
        seconds = silence.length.total_seconds() - _credited(clock, silence)
        if seconds > 0:
            _credit(clock, batch, seconds=seconds, outage=silence.from_at)
        return seconds > 0


def release(*, outage_id: int, actor: Actor, at: datetime) -> None:
    """Let the deadlines go on that an outage holds; the sweepers carry it out. Released again, it changes nothing.

    Raises NotPermitted unless a supervisor asks, NotFound if there is no such outage.
    """
    if actor.role != Role.SUPERVISOR:
        raise NotPermitted("not_permitted", _("Only a supervisor lets held deadlines go on."))
    if not Outage.objects.filter(pk=outage_id).exists():
        raise NotFound("outage_not_found", _("There is no such outage."))
    Outage.objects.filter(pk=outage_id, released_at=None).update(released_at=at, released_by=actor.id)


def held() -> list[dict[str, Any]]:
    """[{outage, cases}] of the outages that hold deadlines and wait for a supervisor."""
    waiting = Outage.objects.filter(released_at=None).order_by("from_at")
    counted = [{"outage": one, "cases": _held_by(one).values("case").distinct().count()} for one in waiting]
    return [one for one in counted if one["cases"]]


def let_go(*, at: datetime, batches: int = 10, batch_size: int = 500) -> int:
    """Set some more of the released deadlines going; how many. One query where nothing waits."""
    going = 0
    for outage in Outage.objects.filter(settled_at=None).exclude(released_at=None).order_by("from_at"):
        for _number in range(batches):
            held_by = _held_by(outage).order_by("case_id").values_list("case_id", flat=True)
            case_ids = list(held_by.distinct()[:batch_size])
            if not case_ids:
                Outage.objects.filter(pk=outage.pk).update(settled_at=at)
                break
            going += _set_going(case_ids, outage, at)
    return going


def _set_going(case_ids: list[int], outage: Outage, at: datetime) -> int:
    going = 0
    with transaction.atomic(durable=True):
        batch = Batch.open(locking.lock(case_ids, wait=True), at=at)
        for case_id in case_ids:
            held = batch.book.standing_at(Clock.Status.HELD, case_id)
            for clock in (one for one in held if outage.from_at <= one.due_at < outage.until_at):
                later = max(clock.due_at + (outage.until_at - outage.from_at), at + _limit(clock, GRACE))
                batch.book.release(clock)
                _credit(clock, batch, seconds=(later - clock.due_at).total_seconds(), outage=outage.from_at)
                going += 1
        batch.write()
    return going


def _held_by(outage: Outage) -> Any:
    inside = Clock.objects.filter(due_at__gte=outage.from_at, due_at__lt=outage.until_at)
    return inside.filter(status=Clock.Status.HELD, stopped_at=None)


def _credit(clock: Clock, batch: Batch, *, seconds: float, outage: datetime) -> None:
    was = clock.due_at
    batch.book.credit(clock, seconds=math.ceil(seconds), at=batch.at, outage=iso_instant(outage))
    _record(batch, clock, "clock.credited", was=iso_instant(was), outage=iso_instant(outage))


def _credited(clock: Clock, silence: Silence) -> float:
    """Seconds that the clock already got for this outage."""
    from_at = iso_instant(silence.from_at)
    return sum(float(one["seconds"]) for one in clock.terms.get("extended", ()) if one.get("outage") == from_at)


def _limit(clock: Clock, setting: tuple[str, int]) -> timedelta:
    name, seconds = setting
    return timedelta(seconds=float(policies.rulebook(clock.policy_id).settings.get(name, seconds)))


def _record(batch: Batch, clock: Clock, code: str, **data: str) -> None:
    facts = {"kind": clock.kind, "variant": clock.variant, "cycle": clock.cycle, "due_at": iso_instant(clock.due_at)}
    batch.journal.record(Entry(case_id=clock.case_id, at=batch.at, actor=SYSTEM, code=code, data={**facts, **data}))
