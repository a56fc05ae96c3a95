"""Many cases fast: copies of one that walked there through the door, made by PostgreSQL itself, hashes and all.

    story = world.files()
    more = bulk.copies_of(story.case_id, 100_000)

Every row that belongs to the case is copied with new keys, and each event is sealed anew onto its own chain, so that a
copy is as good as its model: its timeline folds to its row and its clocks fire. `later` moves everything that happened
to it in time; deadlines in working days move by as much, which is right to within a day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from casemgmt import references
from casemgmt.timeline import chain
from casemgmt.timeline.models import Event
from disputes.models import Case, OrderSnapshot
from sla.models import Clock

# Keys of an event's data that name a row of the case.
_NAMED = {
    "offer": "disputes.Offer", "ruling": "disputes.Ruling", "message": "disputes.Message", "appeal": "disputes.Appeal",
    "contact": "disputes.ContactLog", "obligation": "disputes.Obligation", "rating": "disputes.Rating",
    "order": "disputes.OrderSnapshot", "order_id": "disputes.OrderSnapshot",
}  # fmt: skip
_LEFT_OUT = {"notifications.Notice"}  # what was told of the model was told once
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_SENTINEL = 8_000_000_000_000  # beyond every key, so that it is found again in the text of an event


@dataclass(frozen=True)
class _Table:
    """One table's rows that belong to the model case, and the first key of their copies."""

    model: type[models.Model]
    ids: list[int]
    first: int

    def copied(self, pk: int) -> str:
        """SQL for the key of this row's copy number k."""
        return f"{self.first} + k * {len(self.ids)} + {self.ids.index(pk)}"


_Tables = dict[type[models.Model], _Table]


def copies_of(case_id: int, count: int, *, later: timedelta = timedelta(0)) -> list[int]:
    """The ids of `count` new cases that are what this one is now, each about an order number of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        tables = {model: _table(cursor, model, ids, count) for model, ids in _rows(case_id)}
        numbers = _numbers(cursor, count)
        for table in tables.values():
            for pk in table.ids:
                if table.model is Event:
                    _copy_event(cursor, tables, Event.objects.get(pk=pk), later)
                else:
                    _copy(cursor, tables, table, pk, later)
        cursor.execute(f"DROP TABLE {numbers}")
    cases = tables[Case]
    return list(range(cases.first, cases.first + count))


def _rows(case_id: int) -> Iterator[tuple[type[models.Model], list[int]]]:
    """What belongs to the case: its snapshot, itself, what points at it, and what points at that."""
    yield OrderSnapshot, list(OrderSnapshot.objects.filter(case=case_id).values_list("pk", flat=True))
    yield Case, [case_id]
    level: list[tuple[type[models.Model], list[int]]] = [(Case, [case_id])]
    seen: set[type[models.Model]] = {Case, OrderSnapshot}
    while level:
        parents, level = level, []
        for parent, ids in parents:
            for child, field in _children(parent):
                if child in seen:
                    continue
                found = list(
                    child._default_manager.filter(**{f"{field}__in": ids}).order_by("pk").values_list("pk", flat=True)
                )
                if found:
                    seen.add(child)
                    level.append((child, found))
                    yield child, found


def _children(parent: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    for child in apps.get_models(include_auto_created=True):
        for field in child._meta.concrete_fields:
            if (
                field.is_relation
                and field.related_model is parent
                and child is not Case
                and child._meta.label not in _LEFT_OUT
            ):
                yield child, field.name


def _table(cursor: Any, model: type[models.Model], ids: list[int], count: int) -> _Table:
    """Take the keys of all copies out of the table's sequence at once."""
    name = model._meta.db_table
    sequence = f"pg_get_serial_sequence('{name}', 'id')"
    # The sequence stands on the last key given out; nobody else fills these tables while we do.
    cursor.execute(f"SELECT setval({sequence}, nextval({sequence}) + %s)", [len(ids) * count])
    (last,) = cursor.fetchone()
    return _Table(model, ids, last - len(ids) * count)


def _numbers(cursor: Any, count: int) -> str:
    """k = 0, 1, …, each with a reference and an order number."""
    cursor.execute("CREATE TEMPORARY TABLE copy_number (k bigint, reference text, order_number text, hash text)")
    made = set[str]()
    while len(made) < count:
        made.add(references.make())
    cursor.execute(
        "INSERT INTO copy_number (k, reference, order_number)"
        " SELECT place - 1, made, 'CP' || made FROM unnest(%s::text[]) WITH ORDINALITY AS given(made, place)",
        [sorted(made)],
    )
    cursor.execute(f"UPDATE copy_number SET hash = '{chain.GENESIS}'")
    return "copy_number"


def _copy(cursor: Any, tables: _Tables, table: _Table, pk: int, later: timedelta) -> None:
    """One row, as often as there are numbers, in one statement."""
    columns = [str(field.column) for field in table.model._meta.concrete_fields]
    values = [_value(tables, table, field, pk) for field in table.model._meta.concrete_fields]
    name = table.model._meta.db_table
    rungs = Clock.objects.values_list("rungs", flat=True).get(pk=pk) if table.model is Clock else None
    cursor.execute(
        f"INSERT INTO {name} ({', '.join(columns)}) OVERRIDING SYSTEM VALUE"
        f" SELECT {', '.join(values)} FROM {name} AS old, copy_number WHERE old.id = %(pk)s",
        {"pk": pk, "later": later, "rungs": json.dumps(_moved(rungs, later))},
    )


def _value(tables: _Tables, table: _Table, field: Any, pk: int) -> str:
    """SQL for one column of a copy."""
    kept = f'old."{field.column}"'
    if field.primary_key:
        return table.copied(pk)
    if field.is_relation and field.related_model in tables:
        target = tables[field.related_model]
        pointed_at = table.model._default_manager.values_list(field.attname, flat=True).get(pk=pk)
        return target.copied(pointed_at) if pointed_at in target.ids else kept
    if isinstance(field, models.UUIDField) and field.unique:
        return "gen_random_uuid()"
    if isinstance(field, models.DateTimeField):
        return f"{kept} + %(later)s::interval"
    if table.model is Clock and field.name == "rungs":
        return "%(rungs)s::jsonb"
    if table.model is Case and field.name == "reference":
        return "copy_number.reference"
    if (table.model, field.name) in {(Case, "order_number"), (OrderSnapshot, "number")}:
        return f"CASE WHEN {kept} = '' THEN '' ELSE copy_number.order_number END"
    return kept


def _copy_event(cursor: Any, tables: _Tables, event: Event, later: timedelta) -> None:
    """One event of every copy, sealed onto what came before it."""
    places: dict[str, str] = {}
    event.at, event.recorded_at = event.at + later, event.recorded_at + later
    event.data = _with_places(_moved(event.data, later), tables, places)
    # The hash covers the text below byte by byte: PostgreSQL fills in what differs, and hashes as `chain.seal` does.
    sealed = event.sealed() | {"case": _place(tables[Case].copied(event.case_id), places)}
    text, data = "%s::text", "%s::text"
    for place, value in places.items():
        text = f"replace({text}, '{place}', ({value})::text)"
        data = f"replace({data}, '{place}', ({value})::text)"
    cursor.execute(
        f"""
        WITH made AS MATERIALIZED (
            SELECT k, copy_number.hash AS prev_hash,
                   encode(sha256(convert_to(copy_number.hash || {text}, 'UTF8')), 'hex') AS hash, {data} AS data
            FROM copy_number
        ), stored AS (
            INSERT INTO timeline_event (id, case_id, seq, at, recorded_at, actor_id, role, code, from_status, to_status,
                                        data, text_digest, prev_hash, hash)
            SELECT {tables[Event].copied(event.pk)}, {tables[Case].copied(event.case_id)}, old.seq, %s,
                   %s, old.actor_id, old.role, old.code, old.from_status, old.to_status, made.data::jsonb,
                   old.text_digest, made.prev_hash, made.hash
            FROM made, timeline_event AS old WHERE old.id = %s
        )
        UPDATE copy_number SET hash = made.hash FROM made WHERE made.k = copy_number.k
        """,
        [chain.canonical(sealed).decode(), chain.canonical(event.data).decode(), event.at, event.recorded_at, event.pk],
    )


def _moved(said: Any, later: timedelta) -> Any:
    """JSON with every instant in it moved."""
    if isinstance(said, dict):
        return {key: _moved(value, later) for key, value in said.items()}
    if isinstance(said, list):
        return [_moved(value, later) for value in said]
    if later and isinstance(said, str) and _INSTANT.fullmatch(said):
        moved = datetime.fromisoformat(said) + later
        return moved.isoformat(timespec="microseconds" if "." in said else "seconds")
    return said


def _with_places(data: dict[str, Any], tables: _Tables, places: dict[str, str]) -> dict[str, Any]:
    """The event's data with a place for each value that differs from copy to copy."""
    filled: dict[str, Any] = {}
    for key, value in data.items():
        table = tables.get(apps.get_model(_NAMED[key])) if key in _NAMED else None
        if key == "set":
            filled[key] = _with_places(value, tables, places)
        elif key == "order_number" and value:
            filled[key] = "THE-NUMBER-OF-THE-ORDER"
            places["THE-NUMBER-OF-THE-ORDER"] = "copy_number.order_number"
        elif table and value in table.ids:
            filled[key] = _place(table.copied(value), places)
        else:
            filled[key] = value
    return filled


def _place(value: str, places: dict[str, str]) -> int:
    place = _SENTINEL + len(places)
    places[str(place)] = value
    return place
