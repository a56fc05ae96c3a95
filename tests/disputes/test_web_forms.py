"""Every question of every form is in words: no code of the program reaches a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from disputes import deadlines, next_step, turns
from disputes.api.filing_inputs import FilingInput
from disputes.api.inputs import INPUTS
from disputes.moves.law import LAWS
from disputes.web import forms, words
from disputes.web.forms import Box, boxes
from disputes.web.sheets import fitting
from tests.disputes.test_web_posted import post
from tests.world import World

pytestmark = pytest.mark.django_db


def forms_of_all(world: World) -> Iterator[tuple[str, list[Box]]]:
    case = world.files().case
    with translation.override("en"):
        for action, form in INPUTS.items():
            yield action, boxes(form(), only=fitting(case, form()))
        yield "file", boxes(FilingInput())


def test_every_action_has_a_name_and_every_name_an_action() -> None:
    assert set(words.VERBS) == set(INPUTS)
    assert set(words.GRAVE) <= set(INPUTS)
    assert set(words.MAIN.values()) <= set(INPUTS) <= set(LAWS)


def test_every_question_is_asked_in_words(world: World) -> None:
    unsaid = {
        (action, box.name) for action, asked in forms_of_all(world) for box in asked if last(box) not in words.FIELDS
    }
    assert unsaid <= {("file", "channel"), ("file", "submit")}  # not asked of a person


def test_every_choice_is_in_words(world: World) -> None:
    for action, asked in forms_of_all(world):
        for box in asked:
            for code, label in box.choices:
                assert label and label != code and "_" not in label, (action, box.name, code)


def test_what_is_chosen_from_has_choices(world: World) -> None:
    empty = {(action, box.name) for action, asked in forms_of_all(world) for box in asked
             if box.kind in ("choice", "many") and not box.choices}  # fmt: skip
    assert empty == set()


def test_no_form_asks_for_the_version_or_twice_for_the_same(world: World) -> None:
    for action, asked in forms_of_all(world):
        names = [box.name for box in asked]
        assert len(names) == len(set(names)), action
        assert "version" not in names


def test_every_activity_time_out_and_clock_has_words() -> None:
    assert {turn.activity for turn in turns.TURNS.values()} <= set(words.ACTIVITIES)
    assert set(words.MAIN) <= set(words.ACTIVITIES)
    assert set(deadlines.EXPIRY) <= set(words.CLOCKS)
    assert {next_step.REPORTED, *deadlines.EXPIRY.values()} <= set(words.TIMEOUTS)


def test_what_may_stay_empty_is_never_demanded(world: World) -> None:
    asked = dict(forms_of_all(world))
    assert [box.name for box in asked["agree"] if box.required] == []
    assert [box.name for box in asked["decide_appeal"] if box.required] == ["decision", "reasons"]
    demanded = {box.name for box in asked["issue_ruling"] if box.required}
    assert demanded == {"outcome", "reason", "facts", "reasoning", "citations"}


def test_silence_is_a_no_only_where_it_is_one(world: World) -> None:
    kinds = {(action, box.name): box.kind for action, asked in forms_of_all(world) for box in asked}
    assert kinds["withdraw", "confirm"] == kinds["reopen", "to_seller"] == "check"
    assert kinds["open_evidence", "requests.0.mandatory"] == kinds["decide_recusal", "granted"] == "yesno"
    assert kinds["file", "received_goods"] == kinds["file", "goods_used"] == "yesno"


def test_what_was_answered_is_shown_again_with_what_is_wrong_with_it() -> None:
    said = post(("requests.0.party", "seller"), ("requests.1.text", "The box"), ("hours", "0"))
    form = INPUTS["open_evidence"](data={"requests": [{"party": "seller"}, {"text": "The box"}], "hours": "0"})
    assert not form.is_valid()
    found = {box.name: box for box in boxes(form, posted=said, errors=form.errors)}
    assert found["requests.0.party"].value == "seller" and not found["requests.0.party"].errors
    assert found["requests.1.text"].value == "The box" and found["requests.1.party"].errors
    assert found["hours"].errors and found["requests.0.slot"].errors


def test_a_list_has_the_rows_that_were_filled_and_one_more_if_asked() -> None:
    def rows(*said: tuple[str, str]) -> list[str]:
        asked = boxes(INPUTS["open_evidence"](), posted=post(*said))
        return [f"{box.name.split('.')[1]}={box.value}" for box in asked if box.name.endswith(".text")]

    assert rows() == ["0="]
    assert rows(("requests.0.text", "A"), ("requests.4.text", "B"), ("requests.2.text", " ")) == ["0=A", "1=B"]
    assert rows(("requests.0.text", "A"), ("more", "requests")) == ["0=A", "1="]
    assert rows(("more", "requests")) == ["0=", "1="]
    assert rows(("requests.0.text", "A"), ("more", "others")) == ["0=A"]
    many = [(f"requests.{number}.text", "A") for number in range(60)]
    assert len(rows(*many, ("more", "requests"))) == 40  # as many as the form takes


def test_only_after_the_last_row_one_more_is_offered() -> None:
    found = boxes(INPUTS["issue_ruling"](), posted=post(("remedies.0.amount", "1"), ("remedies.1.amount", "2")))
    assert {box.name: box.rows for box in found if box.rows} == {
        "remedies.1.remedy": "remedies", "remedies.1.amount": "remedies",
    }  # fmt: skip


def test_what_is_wrong_beside_the_questions_is_said_too() -> None:
    placed = frozenset({"text", "requests.0.slot", "citations"})
    errors: dict[str, Any] = {
        "text": ["shown"], "version": ["a"], "non_field_errors": ["b"], "liability": ["c"], "citations": {0: ["shown"]},
        "requests": {0: {"slot": ["shown"], "odd": ["d"]}}, "remedies": {"non_field_errors": ["e"]},
    }  # fmt: skip
    with translation.override("en"):
        said = list(forms.unplaced(errors, placed))
    assert said == ["a", "b", "Shares of liability (%): c", "d", "Remedies: e"]


def last(box: Box) -> str:
    return box.name.rpartition(".")[2]
