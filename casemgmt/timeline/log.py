"""Recording events, in a batch, in the order they happened, sealed onto each case's chain."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from casemgmt.accounts.actors import Actor
from casemgmt.failpoints import failpoint
from casemgmt.timeline import chain
from casemgmt.timeline.models import Event, Statement

# By hand: every act asks this, and making the statement anew from expressions costs more than running it.
_HEADS = """
SELECT head.case_id, last.seq, last.hash, last.at FROM unnest(%s::bigint[]) AS head (case_id)
LEFT JOIN LATERAL (
    SELECT seq, hash, at FROM timeline_event WHERE timeline_event.case_id = head.case_id ORDER BY seq DESC LIMIT 1
) AS last ON true
"""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened. `data` must be JSON with codes, ids and amounts as strings; words go into `text`."""

    case_id: int
    at: datetime
    actor: Actor
    code: str
    from_status: str = ""
    to_status: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    text: str = ""


_Head = tuple[int, str, datetime | None]


class Journal:
    """The entries of one transaction. The caller holds the lock of every case it records for."""

    def __init__(self, *, new_cases: Collection[int] = ()) -> None:
        """`new_cases` have no events yet: their chains begin here."""
        self._entries: list[Entry] = []
        self._beginnings: dict[int, _Head] = dict.fromkeys(new_cases, (0, chain.GENESIS, None))

    def record(self, entry: Entry) -> None:
        self._entries.append(entry)

    def write(self, *, recorded_at: datetime) -> list[Event]:
        """Seal and store what was recorded, in order, and forget it. Three statements, however many entries."""
        entries, self._entries = self._entries, []
        if not entries:
            return []
        heads, self._beginnings = self._beginnings, {}
        if known := {entry.case_id for entry in entries} - heads.keys():
            heads |= _heads(known)
        events, statements = [], []
        for entry in entries:
            event, statement = _sealed(entry, heads, recorded_at)
            events.append(event)
            if statement:
                statements.append(statement)
        Event.objects.bulk_create(events)
        Statement.objects.bulk_create(statements)
        failpoint("after_event")
        return events


def _heads(case_ids: Collection[int]) -> dict[int, _Head]:
    """Last sequence number, hash and instant of each case; one index look-up a case."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [list(case_ids)])
        return {pk: (seq or 0, tip or chain.GENESIS, at) for pk, seq, tip, at in cursor.fetchall()}


def _sealed(entry: Entry, heads: dict[int, _Head], recorded_at: datetime) -> tuple[Event, Statement | None]:
    seq, previous, last_at = heads[entry.case_id]
    salt = secrets.token_hex(16) if entry.text else ""
    event = Event(
        case_id=entry.case_id,
        seq=seq + 1,
        # A deadline that passed while it stood still counts from when that is known: time never runs backwards.
        at=max(entry.at, last_at) if last_at else entry.at,
        recorded_at=recorded_at,
        actor_id=entry.actor.id,
        role=entry.actor.role,
        code=entry.code,
        from_status=entry.from_status,
        to_status=entry.to_status,
        data=entry.data,
        text_digest=chain.digest_text(entry.text, salt) if entry.text else "",
        prev_hash=previous,
    )
    event.hash = chain.seal(previous, event.sealed())
    heads[entry.case_id] = (event.seq, event.hash, event.at)
    return event, Statement(event=event, text=entry.text, salt=salt) if entry.text else None
