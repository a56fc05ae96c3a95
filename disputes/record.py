"""The case's row: what a move changed, storing it, and folding the timeline back to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from disputes.models import Case

# Columns that never change after filing, or hold a person's words: not in the timeline's `set`.
_FIXED = frozenset({"id", "reference", "created_at", "description", "contact", "demand_text", "defect_location",
                    "no_order_reason", "evidence_waiver", "original_filed_at", "source", "external_id"})  # fmt: skip
TRACKED: tuple[str, ...] = tuple(
    field.attname
    for field in Case._meta.concrete_fields
    if field.attname not in _FIXED and field.attname != "touched_at"
)


def snapshot(case: Case) -> dict[str, Any]:
    """Every tracked column, as JSON."""
    return {name: _plain(getattr(case, name)) for name in TRACKED}


def blank() -> dict[str, Any]:
    """A case before anything happened to it: what the first event's changes are told against."""
    return snapshot(Case())


def changes(before: dict[str, Any], case: Case) -> dict[str, Any]:
    """What differs from `before`, by column, as JSON."""
    after = snapshot(case)
    return {name: value for name, value in after.items() if value != before[name]}


def fold(events: Iterable[Any]) -> dict[str, Any]:
    """The columns as the timeline tells them, from events in order; a new case's own values where it says nothing."""
    row = blank()
    for event in events:
        row.update(event.data.get("set", {}))
    return row


def store(cases: Sequence[Case]) -> None:
    """Write moved cases. One by one where it is one, set-wise where a sweep moved many; the rows are locked."""
    changed = set().union(*(case.unsaved for case in cases))
    columns = sorted({"touched_at", *(name.removesuffix("_id") if _is_key(name) else name for name in changed)})
    if len(cases) == 1:
        cases[0].save(update_fields=columns)
    elif cases:
        # INSERT … ON CONFLICT of whole rows is several times faster than bulk_update's CASE per column.
        Case.objects.bulk_create(cases, update_conflicts=True, unique_fields=["pk"], update_fields=columns)
    for case in cases:
        case.unsaved.clear()


def _is_key(name: str) -> bool:
    return Case._meta.get_field(name).is_relation


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Decimal):
        return str(value.quantize(Decimal("0.01")))
    if isinstance(value, list):
        return list(value)
    return value
