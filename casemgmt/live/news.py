"""Reading the notices for open streams: the part that speaks to the database, in one thread of its own."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import close_old_connections
from django.db.models import Max

from casemgmt import clock
from casemgmt.accounts.models import User
from casemgmt.live import rights
from casemgmt.notifications import inbox
from casemgmt.notifications.models import Channel, Notice

REPLAYED = 200  # notices; who missed more is told to look at everything
SETTLING = 60  # seconds that a transaction may live after it has taken the ids of its notices
TAKEN = 20_000  # so many ids, at most, may be in the hands of transactions when a process begins to look
RENDERING = timedelta(seconds=5)  # what was told so shortly before a page was made may be missing on it
_FACTS = ("pk", "uid", "recipient_id", "case_id", "created_at")


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where a stream begins: after the last notice it was told of, or else with the page's own time, or else now."""

    last: UUID | None = None
    since: datetime | None = None


@dataclass(kw_only=True)
class Watch:
    """One stream's person and session, and which of the notices beyond `after` it was told of, by id."""

    person_id: int
    session_key: str
    after: int = 0
    told: set[int] = field(default_factory=set)


class Horizon:
    """Ids are given before transactions commit, so that a smaller one may appear after a greater one, for a while."""

    def __init__(self) -> None:
        self._tops: deque[tuple[float, int]] = deque()

    def below(self, top: int) -> int:
        """Given the greatest id of now: the one up to which nothing can appear any more."""
        now = monotonic()
        if not self._tops:
            self._tops.append((now - SETTLING, top - TAKEN))
        self._tops.append((now, top))
        while self._tops[1][0] <= now - SETTLING:
            self._tops.popleft()
        return self._tops[0][1]


def begin(session_key: str, start: Start) -> tuple[Watch, str] | None:
    """A watch with the first words of its stream, what was missed among them; None where nobody is signed in."""
    close_old_connections()
    at = clock.now()
    user = rights.holder(session_key, at=at)
    if user is None:
        return None
    own = Notice.objects.filter(recipient=user, channel=Channel.IN_APP)
    rows = list(own.order_by("-pk").values_list(*_FACTS, named=True)[: REPLAYED + 1])
    mark = own.filter(uid=start.last).first() if start.last else None
    missed = _missed(rows, mark, start.since)
    after = rows[-1].pk if len(rows) > REPLAYED else 0
    watch = Watch(person_id=user.pk, session_key=session_key, after=after, told={row.pk for row in rows})
    hello = event("hello", {"unread": inbox.unread(user_id=user.pk)})
    return watch, hello + _news(user, missed[::-1])


def look(watches: Collection[Watch], horizon: Horizon) -> list[tuple[Watch, str | None]]:
    """What each has to be told now, if anything; None for one whose session has ended. One query finds the notices."""
    close_old_connections()
    at = clock.now()
    low = horizon.below(Notice.objects.aggregate(top=Max("pk"))["top"] or 0)
    people = {watch.person_id for watch in watches}
    found = Notice.objects.filter(recipient_id__in=people, channel=Channel.IN_APP, pk__gt=low).order_by("pk")
    by_person: dict[int, list[Any]] = {}
    for row in found.values_list(*_FACTS, named=True):
        by_person.setdefault(row.recipient_id, []).append(row)
    told = [(watch, _tell(watch, by_person.get(watch.person_id, ()), low, at)) for watch in watches]
    return [(watch, text) for watch, text in told if text != ""]


def event(name: str, data: dict[str, Any], *, uid: UUID | None = None) -> str:
    """In the form of `text/event-stream`."""
    under = f"id: {uid}\n" if uid else ""
    return f"{under}event: {name}\ndata: {json.dumps(data)}\n\n"


def _missed(rows: Sequence[Any], mark: Notice | None, since: datetime | None) -> list[Any]:
    if mark:  # once more what was under way beside it: the browser knows what it has
        around = mark.created_at - timedelta(seconds=SETTLING)
        return [row for row in rows if row.pk != mark.pk and (row.pk > mark.pk or row.created_at > around)]
    return [row for row in rows if row.created_at > since - RENDERING] if since else []


def _tell(watch: Watch, rows: Iterable[Any], low: int, at: datetime) -> str | None:
    fresh = [row for row in rows if row.pk > watch.after and row.pk not in watch.told]
    if not fresh:
        return ""
    user = rights.holder(watch.session_key, at=at)
    if user is None or user.pk != watch.person_id:
        return None
    watch.told = {pk for pk in watch.told if pk > low} | {row.pk for row in fresh}
    return _news(user, fresh)


def _news(user: User, rows: Sequence[Any]) -> str:
    """One event for all of them, under the id of the last; empty when none is left that the person may know of."""
    more, rows = len(rows) > REPLAYED, rows[-REPLAYED:]
    seen = rights.cases(user, {row.case_id for row in rows if row.case_id}) if rows else {}
    shown = [row for row in rows if row.case_id is None or row.case_id in seen]
    if not shown:
        return ""
    notices = [{"id": str(row.uid), "case": seen.get(row.case_id), "at": row.created_at.isoformat()} for row in shown]
    data = {"unread": inbox.unread(user_id=user.pk), "notices": notices, "more": more}
    return event("news", data, uid=shown[-1].uid)
