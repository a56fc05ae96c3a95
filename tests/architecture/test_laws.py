"""The laws in the code are the table of the design, and the case has one door."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from casemgmt.env import ROOT
from disputes.models import Case
from disputes.moves.law import LAWS
from disputes.states import CLOSED, OPEN, Status
from disputes.turns import TURNS
from disputes.wording import SENTENCES
from tests.disputes import table

PACKAGES = ("casemgmt", "disputes", "evidence", "sla")


def sources() -> list[Path]:
    return [p for top in PACKAGES for p in sorted((ROOT / top).rglob("*.py")) if "migrations" not in p.parts]


def numbers(number: str) -> list[str]:
    return number.split(", ")


def test_every_row_of_the_table_is_a_law() -> None:
    declared = {number for law in LAWS.values() for number in numbers(law.number)}
    assert declared == set(table.ROWS)
    assert {str(number) for number in range(1, 49)} <= declared


@pytest.mark.parametrize("name", sorted(LAWS))
def test_a_law_goes_no_further_than_its_row(name: str) -> None:
    law = LAWS[name]
    rows = [table.ROWS[number] for number in numbers(law.number)]
    froms, tos = set().union(*(row[0] for row in rows)), set().union(*(row[1] for row in rows))
    assert {str(s) for s in law.sources} <= froms
    # A move of several steps (both have to agree, all has to be done) may leave the status as it is until the last.
    assert {str(s) for s in law.targets - law.sources} <= tos | froms


@pytest.mark.parametrize("number", sorted(table.ROWS))
def test_the_laws_of_a_row_go_as_far_as_it(number: str) -> None:
    laws = [law for law in LAWS.values() if number in numbers(law.number)]
    froms, tos = table.ROWS[number]
    assert {str(s) for law in laws for s in law.sources} >= froms
    assert {str(s) for law in laws for s in law.targets} >= tos


def test_every_status_says_whose_turn_it_is() -> None:
    assert set(TURNS) == set(Status)
    assert {status for status in Status if TURNS[status].activity == "none"} == CLOSED
    assert set(Status) == OPEN | CLOSED


def test_every_event_has_a_sentence() -> None:
    assert {law.event for law in LAWS.values()} <= set(SENTENCES)


def test_there_is_no_second_door() -> None:
    """Nobody writes a status past the door: not by creating, not by updating, not by saving."""
    wrong = re.compile(
        r"Case\.objects\.create\(|Case\.objects\.[^\n]*\.update\(|\bcase\.save\((?!force_insert)|\bcases\[\d\]\.save\("
        r"|\bcase\.status =[^=]"
    )
    # The door stores, filing inserts, and a draft's words can be rewritten before anything has happened.
    allowed = {"disputes/record.py", "disputes/intake.py", "disputes/drafts.py"}
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sources()
        if path.relative_to(ROOT).as_posix() not in allowed
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if wrong.search(line)
    ]
    assert found == []


def test_the_status_is_protected() -> None:
    field = Case._meta.get_field("status")
    assert getattr(field, "protected", False)
    with pytest.raises(AttributeError):
        Case(status="draft").status = "resolved"


def test_foreign_keys_between_models_make_no_circle() -> None:
    points_to: dict[type[models.Model], set[type[models.Model]]] = {
        model: {
            field.related_model
            for field in model._meta.concrete_fields
            if field.is_relation and isinstance(field.related_model, type) and field.related_model is not model
        }
        for model in apps.get_models()
    }
    while leaves := {model for model, targets in points_to.items() if not targets & set(points_to)}:
        for leaf in leaves:
            del points_to[leaf]
    assert points_to == {}
