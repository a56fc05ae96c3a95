"""The real complaint files, imported as the how-to says. `make accept` says where they are."""

import csv
import os
from pathlib import Path

import pytest
from django.core.management import call_command

from disputes.models import Case
from disputes.states import Flag, Status

DATA = Path(os.environ["ACCEPT_DATA"]) / "complaints"
MAPPINGS = Path(__file__).parents[2] / "docs" / "how-to" / "mappings"

FILES = [
    ("cfpb_sample.csv", "cfpb.toml", {}, 145),
    ("car_complaints_zh.csv", "car_complaints_zh.toml", {}, 600),
    ("tickets_12345.json", "tickets_12345.toml", {"records": "rows"}, 10),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("name", "mapping", "options", "rows"), FILES)
def test_a_real_file_becomes_cases_and_a_second_run_adds_none(
    name: str, mapping: str, options: dict[str, str], rows: int, tmp_path: Path
) -> None:
    def run(report: str) -> list[dict[str, str]]:
        path = tmp_path / report
        call_command("import_complaints", str(DATA / name), mapping=MAPPINGS / mapping, report=path, **options)
        with path.open() as file:
            return list(csv.DictReader(file))

    first = run("first.csv")
    assert len(first) == rows
    created = [row for row in first if row["result"] == "created"]
    assert len(created) >= 0.95 * rows
    assert all(row["reason"] for row in first if row["result"] == "refused")

    cases = Case.objects.filter(source=Path(name).stem)
    assert cases.count() == len(created)
    for case in cases:
        assert {Flag.IMPORTED, Flag.INCOMPLETE} <= set(case.flags)
        assert case.status == Status.SUBMITTED
        assert case.original_filed_at is not None
        assert case.submitted_at is not None
        assert case.original_filed_at < case.submitted_at
        assert case.clocks.filter(kind="resolution", started_at=case.submitted_at).exists()

    again = run("again.csv")
    assert {row["result"] for row in again} <= {"already there", "refused"}
    assert cases.count() == len(created)
