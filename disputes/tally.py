"""What each event of a case adds to the counters: pure, from the timeline alone, so that they can be counted anew.

What an event adds depends on the events before it and on nothing else; counting on and counting from the beginning
therefore come to the same. `open` is a stock: it goes up and down. Everything else only grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from disputes import booking, record
from disputes.states import CLOSED, Status
from sla import buckets

_OUTCOMES = {"met": "met", "breached": "missed", "cancelled": "released"}


class Facts(NamedTuple):
    """By what the numbers can be told apart."""

    type: str
    channel: str
    priority: str
    handler: int
    seller: int


class Counted(NamedTuple):
    """`n` more of a measure on a day, and `seconds` that they took. `kind` is what the measure is told apart by."""

    event_id: int
    measure: str
    kind: str
    day: date
    facts: Facts
    n: int
    seconds: float = 0.0


def counted(events: Iterable[Any], *, zone: tzinfo) -> Iterator[Counted]:
    """Of one case, all events from the first, in order."""
    life = _Life(zone)
    for event in events:
        yield from life.goes_on(event)


class _Life:
    """A case as far as it was read."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._row = record.blank()
        self._events: list[Any] = []
        self._since: datetime | None = None  # in this status
        self._filed_at: datetime | None = None
        self._standing: tuple[str, date, Facts] | None = None  # as it is counted among the open ones

    def goes_on(self, event: Any) -> Iterator[Counted]:
        before = self._row["status"]
        self._row.update(event.data.get("set", {}))
        self._events.append(event)
        if self._filed_at is None and self._row["status"] != Status.DRAFT:
            self._filed_at = event.at
            yield self._one(event, "filed", "", event.at)
            yield self._one(event, "filed_hour", self._hour(event.at), event.at)
        if self._row["status"] != before:
            yield from self._moved(event, before)
        yield from self._clocks(event)
        yield from self._stock(event)

    def _moved(self, event: Any, before: str) -> Iterator[Counted]:
        if self._since is not None and before not in CLOSED:
            took = (event.at - self._since).total_seconds()
            yield self._one(event, "stage", before, event.at, seconds=took)
            yield self._one(event, "stage_within", f"{before}/{buckets.bucket(took)}", event.at)
        self._since = event.at
        if self._row["status"] in CLOSED and self._filed_at is not None:
            took = (event.at - self._filed_at).total_seconds()
            yield self._one(event, "closed", self._row["outcome_code"], event.at, seconds=took)

    def _clocks(self, event: Any) -> Iterator[Counted]:
        for clock in event.data.get("clocks", ()):
            from_at, due_at = datetime.fromisoformat(clock["from"]), datetime.fromisoformat(clock["due"])
            measure = _OUTCOMES[clock["status"]]
            yield self._one(event, measure, clock["kind"], due_at, seconds=(event.at - from_at).total_seconds())
            if measure == "missed":
                yield from self._causes(event, clock["kind"], from_at, due_at)

    def _causes(self, event: Any, kind: str, from_at: datetime, due_at: datetime) -> Iterator[Counted]:
        intervals = booking.booked(self._events, until=due_at)
        for side, used in booking.shares(booking.within(intervals, from_at, due_at)).items():
            if used:
                yield self._one(event, "used", f"{kind}/{side.value}", due_at, seconds=used.total_seconds())

    def _stock(self, event: Any) -> Iterator[Counted]:
        status, filed_at = self._row["status"], self._filed_at
        standing = (status, self._day(filed_at), self._facts()) if filed_at and status not in CLOSED else None
        if standing == self._standing:
            return
        for one, n in ((self._standing, -1), (standing, 1)):
            if one is not None:
                yield Counted(event.pk, "open", one[0], one[1], one[2], n)
        self._standing = standing

    def _one(self, event: Any, measure: str, kind: str, at: datetime, *, seconds: float = 0.0) -> Counted:
        return Counted(event.pk, measure, kind, self._day(at), self._facts(), 1, seconds)

    def _facts(self) -> Facts:
        row = self._row
        return Facts(row["type"], row["channel"], row["priority"], row["owner_id"] or 0, row["seller_id"] or 0)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _hour(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return f"{local.weekday()}-{local.hour:02}"
