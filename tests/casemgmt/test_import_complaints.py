"""Importing: each row once, whatever happens in between; what cannot be read is refused by name."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from disputes.models import Case, Message
from disputes.states import Flag

pytestmark = pytest.mark.django_db(transaction=True)
TO_DESCRIPTION = ["text=description", "no=external_id", "day=filed_at"]


def imported(path: Path, **options: object) -> list[dict[str, str]]:
    report = path.with_suffix(".report")
    call_command("import_complaints", str(path), report=report, **{"map": TO_DESCRIPTION, **options})
    with report.open() as file:
        return list(csv.DictReader(file))


def a_csv(path: Path, rows: list[tuple[str, str, str]], encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file)
        writer.writerow(["no", "day", "text"])
        writer.writerows(rows)
    return path


def test_each_row_becomes_one_case_and_a_second_run_finds_them(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "shop.csv", [("1", "2020/6/8", "杯子碎了"), ("2", "2020-06-09", "line one\nline two")])
    assert [row["result"] for row in imported(path)] == ["created", "created"]
    assert [row["result"] for row in imported(path)] == ["already there", "already there"]
    case = Case.objects.get(source="shop", external_id="1")
    assert case.description == "杯子碎了"
    assert {Flag.INCOMPLETE, Flag.IMPORTED} <= set(case.flags)
    assert case.original_filed_at is not None and case.original_filed_at.isoformat() == "2020-06-07T16:00:00+00:00"
    assert case.clocks.get(kind="initial_response").started_at == case.submitted_at


def test_a_row_without_an_id_is_known_by_its_hash(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "shop.csv", [("", "2020-06-08", "same"), ("", "2020-06-08", "same"), ("", "", "other")])
    assert [row["result"] for row in imported(path)] == ["created", "already there", "created"]
    assert Case.objects.count() == 2


def test_what_cannot_become_a_case_is_refused_with_its_row_and_reason(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path / "shop.csv",
        [("1", "2020-06-08", ""), ("2", "someday", "text"), ("3", "2999-01-01", "text"), ("4", "", "fine")],
    )
    found = [(row["row"], row["result"], row["reason"]) for row in imported(path)]
    assert found[0] == ("1", "refused", "no description")
    assert found[1][1] == "refused" and "someday" in found[1][2]
    assert found[2] == ("3", "refused", "its date lies in the future")
    assert found[3][1] == "created"


def test_a_row_with_broken_bytes_is_refused_and_its_neighbours_are_not(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_bytes("no,day,text\n1,,好\n2,,".encode() + b"\xff\xfe" + "\n3,,也好\n".encode())
    results = imported(path, encoding="utf-8")
    assert [row["result"] for row in results] == ["created", "refused", "created"]
    assert "encoding" in results[1]["reason"]


def test_gb18030_is_recognised_without_being_told(tmp_path: Path) -> None:
    imported(a_csv(tmp_path / "shop.csv", [("1", "", "镕基牌杯子碎了")], encoding="gb18030"))
    assert Case.objects.get().description == "镕基牌杯子碎了"


def test_a_text_longer_than_a_description_goes_on_as_messages(tmp_path: Path) -> None:
    text = "长" * 6500
    imported(a_csv(tmp_path / "shop.csv", [("1", "", text)]))
    parts = [Case.objects.get().description, *Message.objects.order_by("id").values_list("text", flat=True)]
    assert "".join(parts) == text
    assert [len(part) for part in parts] == [2000, 4000, 500]


def test_json_lines_and_json_documents_are_read_as_streams(tmp_path: Path) -> None:
    rows = [{"no": str(number), "text": f"text {number}"} for number in range(3)]
    lines = tmp_path / "lines.jsonl"
    lines.write_text("\n".join([*map(json.dumps, rows), "not json"]))
    assert [row["result"] for row in imported(lines)] == ["created", "created", "created", "refused"]
    document = tmp_path / "document.json"
    document.write_text(json.dumps({"meta": 1, "rows": rows}))
    assert [row["result"] for row in imported(document, records="rows")] == ["created"] * 3


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "shop.csv", [("1", "", "text"), ("2", "nonsense", "text")])
    assert [row["result"] for row in imported(path, dry_run=True)] == ["created", "refused"]
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"map": ["text=descripton"]}, "Unknown fields"),
        ({"map": ["text"]}, "column=field"),
        ({"map": ["no=external_id"]}, "description"),
        ({"encoding": "klingon"}, "Unknown encoding"),
    ],
)
def test_a_wrong_call_says_what_to_write(tmp_path: Path, options: dict[str, object], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        imported(a_csv(tmp_path / "shop.csv", [("1", "", "text")]), **options)


def test_killed_midway_and_run_again_each_complaint_is_there_once(tmp_path: Path) -> None:
    rows = [(str(number), "2020-06-08", f"complaint {number}") for number in range(60)]
    path = a_csv(tmp_path / "shop.csv", rows)
    settings = connection.settings_dict
    user = settings["USER"] + (f":{settings['PASSWORD']}" if settings["PASSWORD"] else "")
    url = f"postgresql://{user}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    command = [sys.executable, "manage.py", "import_complaints", str(path), "--report", str(tmp_path / "report")]
    command += [part for pair in TO_DESCRIPTION for part in ("--map", pair)]
    process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url}, start_new_session=True)
    deadline = time.monotonic() + 60
    while Case.objects.count() < 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    stored = Case.objects.count()
    assert 5 <= stored < 60
    results = [row["result"] for row in imported(path)]
    assert (results.count("already there"), results.count("created")) == (stored, 60 - stored)
    assert Case.objects.count() == 60
