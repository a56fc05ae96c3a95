"""Whose time was it? Every interval of a case's life is booked to the side that it waited for.

Read from the timeline alone, so that it says the same today and in three years. A draft and a closed case are nobody's.
Where a case waited for both sides at once, each is booked half of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from disputes import holdings, record
from disputes.states import CLOSED, Party, Status
from disputes.turns import whose_turn

if TYPE_CHECKING:
    from disputes.models import Case
    from sla.models import Clock

SIDES = (Party.CONSUMER, Party.SELLER, Party.PLATFORM, Party.CARRIER, Party.NOBODY)
_OPEN = frozenset(Status) - CLOSED


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A stretch that the case spent in one status, waiting for one party (which may be `both`)."""

    from_at: datetime
    until_at: datetime
    status: Status
    party: Party

    @property
    def length(self) -> timedelta:
        return self.until_at - self.from_at


def booked(events: Iterable[Any], *, until: datetime) -> list[Interval]:
    """The intervals from the first event to `until`, or to the end of the case. Events come in order, all of them."""
    row, signed, found = record.blank(), False, list[Interval]()
    standing: tuple[datetime, Status, Party] | None = None
    for event in events:
        row.update(event.data.get("set", {}))
        status = Status(row["status"])
        signed = status == Status.RETURN_IN_TRANSIT and (signed or event.code == "return.carrier_signed")
        now = (status, _waited_for(row, signed)) if status in _OPEN and status != Status.DRAFT else None
        if standing is not None and standing[1:] != now:
            found.append(Interval(from_at=standing[0], until_at=event.at, status=standing[1], party=standing[2]))
            standing = None
        if now is not None and standing is None:
            standing = (event.at, *now)
    if standing is not None and until > standing[0]:
        found.append(Interval(from_at=standing[0], until_at=until, status=standing[1], party=standing[2]))
    return [interval for interval in found if interval.length]


def within(intervals: Sequence[Interval], from_at: datetime, until_at: datetime) -> list[Interval]:
    """The part of each that lies in the stretch."""
    cut = (replace(one, from_at=max(one.from_at, from_at), until_at=min(one.until_at, until_at)) for one in intervals)
    return [one for one in cut if one.length > timedelta(0)]


def shares(intervals: Iterable[Interval]) -> dict[Party, timedelta]:
    """How much of it each side used; every side is named. What was both sides' is halved."""
    used: defaultdict[Party, timedelta] = defaultdict(timedelta)
    for one in intervals:
        parties = (Party.CONSUMER, Party.SELLER) if one.party == Party.BOTH else (one.party,)
        for party in parties:
            used[party] += one.length / len(parties)
    return {side: used[side] for side in SIDES}


def told(case: Case, side: str, *, at: datetime) -> dict[str, Any]:
    """{used, intervals, breaches} as JSON, as far as the side may know: a seller from the instant it was told.

    `used` are seconds; each breach names its clock and who used the time from its start to its deadline.
    """
    intervals = booked(case.events.order_by("seq"), until=at)
    if side == Party.SELLER and case.seller_contacted_at:
        intervals = within(intervals, case.seller_contacted_at, at)
    rows = holdings.clocks(case)
    missed = [clock for clock in rows if clock.breached_at and (side == holdings.STAFF or _concerns(clock, side))]
    return {
        "used": _seconds(intervals),
        "intervals": [
            {"from": one.from_at.isoformat(), "until": one.until_at.isoformat(), "status": one.status.value,
             "party": one.party.value}
            for one in intervals
        ],
        "breaches": [
            {"kind": clock.kind, "cycle": clock.cycle, "due_at": clock.due_at.isoformat(),
             "used": _seconds(within(intervals, clock.started_at, clock.due_at))}
            for clock in missed
        ],
    }  # fmt: skip


def _concerns(clock: Clock, side: str) -> bool:
    return bool(holdings.clocks_for([clock], side))


def _seconds(intervals: Iterable[Interval]) -> dict[str, float]:
    return {side.value: length.total_seconds() for side, length in shares(intervals).items()}


def _waited_for(row: dict[str, Any], signed: bool) -> Party:
    """A parcel that is on its way is the carrier's time; so is what the carrier was asked."""
    status = Status(row["status"])
    if status == Status.AWAITING_CARRIER or (status == Status.RETURN_IN_TRANSIT and not signed):
        return Party.CARRIER
    return whose_turn(SimpleNamespace(**row))  # type: ignore[arg-type]
