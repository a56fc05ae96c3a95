"""The floor of the sweep: psycopg alone, executemany of the same rows, the same hashing, the same locks on cases."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from casemgmt.timeline.models import Event

_LOCK = "SELECT id FROM disputes_case WHERE id = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED"
_HEADS = """
SELECT c.id, e.seq, e.hash FROM unnest(%s::bigint[]) c(id),
LATERAL (SELECT seq, hash FROM timeline_event WHERE case_id = c.id ORDER BY seq DESC LIMIT 1) e
"""
_EVENT = """
INSERT INTO timeline_event (case_id, seq, at, recorded_at, role, code, from_status, to_status, data, text_digest,
                            prev_hash, hash)
VALUES (%s, %s, %s, %s, 'system', %s, %s, %s, %s, '', %s, %s) RETURNING id
"""


def warn(cases: Sequence[int], at: datetime, batch: int) -> None:
    """Per clock: the rung, one event, two notices (handler, supervisor)."""

    def write(cursor: Any, chunk: Sequence[int], events: Sequence[int]) -> None:
        cursor.executemany(
            "UPDATE sla_clock SET rung_index = rung_index + 1, wake_at = %s WHERE case_id = %s AND kind = 'resolution'",
            [(at, case) for case in chunk],
        )
        _notices(cursor, chunk, events, "clock.warned", at, people=2)

    _run(cases, at, batch, "clock.warned", ("", ""), write)


def lapse(cases: Sequence[int], at: datetime, batch: int) -> None:
    """Per clock: the case, its two open clocks, the pause, one event, two notices (consumer, seller)."""

    def write(cursor: Any, chunk: Sequence[int], events: Sequence[int]) -> None:
        cursor.executemany(
            "UPDATE disputes_case SET status = 'lapsed', version = version + 1, outcome_code = 'auto_seller_favour', "
            "outcome_reason = 'buyer_no_escalation', closed_at = %s, touched_at = %s WHERE id = %s",
            [(at, at, case) for case in chunk],
        )
        cursor.executemany(
            "UPDATE sla_clock SET status = 'breached', breached_at = %s, stopped_at = %s, wake_at = NULL "
            "WHERE case_id = %s AND kind = 'buyer_escalate'",
            [(at, at, case) for case in chunk],
        )
        cursor.executemany(
            "UPDATE sla_clock SET status = 'met', stopped_at = %s, wake_at = NULL WHERE case_id = %s AND kind = 'resolution'",
            [(at, case) for case in chunk],
        )
        cursor.executemany(
            "UPDATE sla_pause SET until_at = %s WHERE until_at IS NULL AND clock_id = "
            "(SELECT id FROM sla_clock WHERE case_id = %s AND kind = 'resolution')",
            [(at, case) for case in chunk],
        )
        _notices(cursor, chunk, events, "case.lapsed", at, people=2)

    _run(cases, at, batch, "case.lapsed", ("seller_refused", "lapsed"), write)


FLOORS: dict[str, Callable[[Sequence[int], datetime, int], None]] = {"warning": warn, "move": lapse}


def _run(
    cases: Sequence[int], at: datetime, batch: int, code: str, move: tuple[str, str],
    write: Callable[[Any, Sequence[int], Sequence[int]], None],
) -> None:  # fmt: skip
    connection.ensure_connection()
    raw = connection.connection
    for start in range(0, len(cases), batch):
        chunk = cases[start : start + batch]
        with raw.transaction(), raw.cursor() as cursor:
            cursor.execute(_LOCK, [chunk])
            cursor.execute(_HEADS, [chunk])
            events = _events(cursor, cursor.fetchall(), at, code, move)
            write(cursor, chunk, events)


def _events(cursor: Any, heads: list[Any], at: datetime, code: str, move: tuple[str, str]) -> list[int]:
    from casemgmt.timeline import chain

    rows = []
    data = {"kind": "resolution", "variant": "", "cycle": 1, "due_at": at.isoformat(), "rung": "percent_60"}
    for case, seq, tip in heads:
        event = Event(case_id=case, seq=seq + 1, at=at, recorded_at=at, role="system", code=code,
                      from_status=move[0], to_status=move[1], data=data, prev_hash=tip)  # fmt: skip
        rows.append((case, seq + 1, at, at, code, *move, Jsonb(data), tip, chain.seal(tip, event.sealed())))
    cursor.executemany(_EVENT, rows, returning=True)
    return [result.fetchone()[0] for result in cursor.results()]


def _notices(
    cursor: Any, chunk: Sequence[int], events: Sequence[int], template: str, at: datetime, *, people: int
) -> None:
    cursor.execute("SELECT id FROM accounts_user ORDER BY id LIMIT %s", [people])
    recipients = [row[0] for row in cursor.fetchall()]
    columns, values = _notice_columns()
    cursor.executemany(
        f"INSERT INTO notifications_notice ({columns}) VALUES ({values})",
        [
            (uuid.uuid4(), case, event, person, template, Jsonb({"reference": "x"}), at)
            for case, event in zip(chunk, events, strict=True)
            for person in recipients
        ],
    )


def _notice_columns() -> tuple[str, str]:
    """The columns we fill, and what stands in the others."""
    from casemgmt.notifications.models import Notice

    given = {"uid": "%s", "case_id": "%s", "event_id": "%s", "recipient_id": "%s", "template": "%s", "params": "%s",
             "created_at": "%s", "channel": "'in_app'", "attempts": "0", "last_error": "''"}  # fmt: skip
    names = [field.column for field in Notice._meta.concrete_fields if field.column in given]
    order = ["uid", "case_id", "event_id", "recipient_id", "template", "params", "created_at"]
    rest = [name for name in names if name not in order]
    return ", ".join([*order, *rest]), ", ".join(["%s"] * len(order) + [given[name] for name in rest])
