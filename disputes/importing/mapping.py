"""Which column means what: read from --map and from a TOML file, applied to one row."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from disputes.importing.reading import Row, Unreadable

# What a row can tell us. `description` may be put together from several columns.
FIELDS = frozenset({"external_id", "description", "type", "subtype", "remedy", "demand_text", "filed_at",
                    "order_number",                     "contact", "consumer", "channel"})  # fmt: skip
_DATES = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y年%m月%d日",
)


class Unmapped(Exception):
    """This row cannot become a complaint; the message says why."""


@dataclass(frozen=True, kw_only=True)
class ColumnMap:
    """`columns`: (column, field), several columns may feed one field, joined by line breaks. `values` translate a
    column's codes into ours; `constants` fill what no column tells.
    """

    columns: tuple[tuple[str, str], ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    def read(self, row: Row) -> dict[str, str]:
        """The fields of one row, as text without surrounding space."""
        found: dict[str, list[str]] = {}
        for column, name in self.columns:
            text = _text(row.get(column))
            if text:
                found.setdefault(name, []).append(text)
        fields = {name: "\n".join(parts) for name, parts in found.items()}
        for name, translated in self.values.items():
            if name in fields:
                fields[name] = translated.get(fields[name], self.constants.get(name, fields[name]))
        return {**self.constants, **fields}


def load(*, pairs: Iterable[str], file: Path | None) -> ColumnMap:
    """From `--map column=field …` and a TOML file with [columns], [values.FIELD] and [constants]."""
    source: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8")) if file else {}
    columns = [(column, name) for column, name in source.get("columns", {}).items()]
    for pair in pairs:
        column, separator, name = pair.rpartition("=")
        if not separator:
            raise Unreadable(f"--map takes column=field, not {pair!r}.")
        columns.append((column, name))
    unknown = {name for _column, name in columns} | set(source.get("constants", {}))
    if unknown - FIELDS:
        raise Unreadable(f"Unknown fields: {', '.join(sorted(unknown - FIELDS))}. Known: {', '.join(sorted(FIELDS))}.")
    if "description" not in unknown:
        raise Unreadable("No column is mapped to description. Pass --map column=description or --mapping FILE.")
    return ColumnMap(columns=tuple(columns), values=source.get("values", {}), constants=source.get("constants", {}))


def instant(text: str, zone: ZoneInfo) -> datetime:
    """A date as people write it; a time of day that is missing is midnight in `zone`. Raises Unmapped."""
    try:
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=zone)
    except ValueError:
        pass
    for pattern in _DATES:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=zone)
        except ValueError:
            continue
    raise Unmapped(f"the date {text[:40]!r} is not one we know; write it as YYYY-MM-DD")


def _text(value: Any) -> str:
    """A cell as text. Raises Unmapped for what PostgreSQL cannot hold or the encoding did not know."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    if "\0" in text:
        raise Unmapped("a cell holds a NUL character")
    if any("\ud800" <= symbol <= "\udfff" for symbol in text):
        raise Unmapped("a cell holds bytes that the encoding does not know; pass another --encoding")
    return text.strip()
