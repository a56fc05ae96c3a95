"""Loading the clauses that ship with the product: numbers, summaries in our own words, sources. Twice is safe."""

import json
from datetime import date
from pathlib import Path

from disputes.models import Clause

_FILE = Path(__file__).parent / "data" / "clauses.json"


def load() -> None:
    """Every clause of the file that the library does not hold yet; what an administrator changed stays."""
    for row in json.loads(_FILE.read_text(encoding="utf-8")):
        Clause.objects.get_or_create(
            code=row["code"],
            version=row.get("version", 1),
            defaults={
                "source": row["source"],
                "document": row["document"],
                "summary_zh": row["zh"],
                "summary_en": row["en"],
                "effective_from": date.fromisoformat(row["from"]),
            },
        )
