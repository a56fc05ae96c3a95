"""One row → one case, once: its key is the source with its own id, or the SHA-256 of the row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from django.conf import settings

from casemgmt import references
from casemgmt.accounts.actors import SYSTEM
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from casemgmt.errors import DomainError
from disputes import intake
from disputes.importing.mapping import ColumnMap, Unmapped, instant
from disputes.importing.reading import Row
from disputes.models import Case
from disputes.states import Channel, Remedy
from disputes.taxonomy import FAMILIES, Subtype, Type

CHUNK = 200
DESCRIPTION = 2000
MESSAGE = 4000


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one row, counted from 1: created, already there, or refused and why."""

    row: int
    result: str
    key: str = ""
    reference: str = ""
    reason: str = ""


@dataclass(kw_only=True)
class Importer:
    """Files rows under one source. With `dry_run` everything is checked and nothing written."""

    source: str
    mapping: ColumnMap
    at: datetime
    dry_run: bool = False

    def file_all(self, rows: Iterable[Row | str]) -> Iterator[Result]:
        numbered = enumerate(rows, start=1)
        while chunk := list(islice(numbered, CHUNK)):
            yield from self._file_chunk(chunk)

    def _file_chunk(self, chunk: list[tuple[int, Row | str]]) -> Iterator[Result]:
        """Known keys are looked up for the whole chunk; each new row is a transaction of its own."""
        read = [(number, row, self._read(row)) for number, row in chunk]
        keys = [key for _number, _row, (key, _fields, _why) in read if key]
        known = dict(
            Case.objects.filter(source=self.source, external_id__in=keys).values_list("external_id", "reference")
        )
        for number, _row, (key, fields, why) in read:
            if why:
                yield Result(row=number, result="refused", key=key, reason=why)
            elif key in known:
                yield Result(row=number, result="already there", key=key, reference=known[key])
            else:
                result = self._file(number, key, fields)
                if result.result == "created":
                    known[key] = result.reference
                yield result

    def _read(self, row: Row | str) -> tuple[str, dict[str, str], str]:
        if isinstance(row, str):
            return "", {}, row
        try:
            fields = self.mapping.read(row)
        except Unmapped as why:
            return "", {}, str(why)
        return fields.get("external_id") or _digest(row), fields, ""

    def _file(self, number: int, key: str, fields: dict[str, str]) -> Result:
        try:
            complaint, continuation = _complaint(fields, self.source, key)
            filed_at = instant(fields["filed_at"], ZoneInfo(settings.TIME_ZONE)) if fields.get("filed_at") else None
            if filed_at and filed_at > self.at:
                raise Unmapped("its date lies in the future")
            if len(key) > 128:
                raise Unmapped("its id is longer than 128 characters")
            if self.dry_run:
                return Result(row=number, result="created", key=key, reference="-")
            origin = {"source": self.source, "external_id": key, "original_filed_at": filed_at}
            filed = intake.file(
                complaint, consumer=self._consumer(fields.get("consumer", "")), actor=SYSTEM, at=self.at,
                imported=intake.Imported(origin=origin, continuation=continuation),
            )  # fmt: skip
        except (Unmapped, DomainError) as why:
            return Result(row=number, result="refused", key=key, reason=str(why))
        assert filed is not None  # no recorder, no replay
        return Result(row=number, result="created", key=key, reference=filed.case.reference)

    def _consumer(self, name: str) -> User:
        """The person of that name at the source, or the one who stands for everybody the source does not name."""
        external_ref = f"{self.source}:{name or 'unknown'}"[:100]
        person, _created = User.objects.get_or_create(
            external_ref=external_ref,
            defaults={
                "username": f"imported-{references.make().lower()}", "role": Role.CONSUMER, "is_active": False,
                "display_name": name[:100] or self.source, "password": "!",
            },
        )  # fmt: skip
        return person


def _complaint(fields: dict[str, str], source: str, key: str) -> tuple[intake.Complaint, list[str]]:
    """The complaint, and what of its text goes beyond a description, as messages. Raises Unmapped."""
    text = fields.get("description", "")
    if not text:
        raise Unmapped("no description")
    kind = fields.get("type", Type.OTHER)
    subtype = fields.get("subtype") or _first_subtype(kind)
    for value, choices, name in ((kind, Type, "type"), (subtype, Subtype, "subtype"),
                                 (fields.get("channel", "import"), Channel, "channel"),
                                 (fields.get("remedy", "compensation"), Remedy, "remedy")):  # fmt: skip
        if value not in choices.values:
            raise Unmapped(f"the {name} {value[:40]!r} is unknown; translate it under [values.{name}]")
    rest = text[DESCRIPTION:]
    complaint = intake.Complaint(
        type=kind, subtype=subtype, description=text[:DESCRIPTION], demand_text=fields.get("demand_text", "")[:1000],
        contact=fields.get("contact", f"{source}:{key}")[:200], remedy=fields.get("remedy", Remedy.COMPENSATION),
        order_number="", no_order_reason=f"imported from {source}", evidence_waiver="imported",
        channel=fields.get("channel", Channel.IMPORT),
    )  # fmt: skip
    return complaint, [rest[start : start + MESSAGE] for start in range(0, len(rest), MESSAGE)]


def _first_subtype(kind: str) -> str:
    if kind not in Type.values:
        raise Unmapped(f"the type {kind[:40]!r} is unknown; translate it under [values.type]")
    return "other" if kind == Type.OTHER else min(FAMILIES[Type(kind)].subtypes)


def _digest(row: Row) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
