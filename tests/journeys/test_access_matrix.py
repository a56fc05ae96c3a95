"""A1: every address of the API × every principal. The expected answers are tables written by hand (journeys/access).

Whoever does not see a case is told that there is none (404), whoever sees it but may not is refused (403), whoever is
not signed in is asked to (401); and none of them changes a row.
"""

from __future__ import annotations

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.journeys.access import routes
from tests.journeys.access.actions import ACTIONS, EITHER_SIDE_WHEN_CLOSED
from tests.journeys.access.people import NOBODY, PEOPLE, PRINCIPALS
from tests.journeys.access.sight import SEEN_BY
from tests.journeys.access.stage import CONTACT, DENIALS, Answered, Form, Stage

pytestmark = pytest.mark.django_db
METHODS = ("get", "post", "put", "patch", "delete")
ACTION = "/api/v1/cases/{reference}/actions/"
# The names that the API's description gives to what the tables name more closely.
PLACES = {"{submitted}": "{evidence_id}", "{staged}": "{evidence_id}"}


def described() -> dict[str, set[str]]:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]  # type: ignore[no-untyped-call]
    return {path: {method for method in METHODS if method in said} for path, said in paths.items()}


def in_the_tables() -> set[tuple[str, str]]:
    below = [(str(row[0]), str(row[1])) for row in [*routes.WRITES, *routes.STAGED]]
    found: set[tuple[str, str]] = {(f"{routes.CASE}/{path}", method) for path, method in below}
    found |= {(f"{routes.CASE}/{path}", "get") for path in routes.READ}
    found |= {(cell.path, cell.method) for cell in routes.GENERAL}
    found |= {(f"{ACTION}{action}/", "post") for action in ACTIONS}
    found.add(("/api/v1/evidence/{evidence_id}/content/", "get"))
    named: set[tuple[str, str]] = set()
    for path, method in found:
        for place, name in PLACES.items():
            path = path.replace(place, name)
        named.add((path, method))
    return named


def unlike(name: str, method: str, wanted: int, answered: Answered) -> str:
    """What is wrong with the answer; empty for nothing."""
    if answered.status != wanted:
        said = getattr(answered.response, "data", "")
        return f"{name}: {answered.status} instead of {wanted} {said}"
    reading = method == "get" and "content" not in answered.response.wsgi_request.path
    if answered.written and (answered.status in DENIALS or reading):
        return f"{name}: {answered.status}, but {answered.written} rows were written"
    shown = name == "seller" and method == "get" and not answered.response.streaming
    if shown and CONTACT in answered.response.content.decode():
        return f"{name}: reads how to reach the consumer"
    return ""


def wrong_cells(stage: Stage, method: str, path: str, answers: dict[str, int], **more: Any) -> list[str]:
    tried = ((name, wanted, stage.asks(name, method, path, **more)) for name, wanted in answers.items())
    return [wrong for name, wanted, answered in tried if (wrong := unlike(name, method, wanted, answered))]


def of_a_case(room: str, may: dict[str, int]) -> dict[str, int]:
    """401 signed out, 404 unseen, 403 seen, and what is said of the rest."""
    seen = {name: 403 if name in SEEN_BY[room] else 404 for name in PEOPLE}
    answers = {**dict.fromkeys(NOBODY, 401), **seen, **may}
    assert set(answers) == set(PRINCIPALS)
    return answers


def test_every_address_is_in_a_table_and_every_table_speaks_of_an_address() -> None:
    there = {(path, method) for path, methods in described().items() for method in methods}
    assert there == in_the_tables()


@pytest.mark.parametrize("below", routes.READ, ids=lambda below: below or "file")
def test_a_case_is_read_by_those_who_may_know_of_it(stage: Stage, below: str) -> None:
    wrong = []
    for room in routes.READ_IN if below else SEEN_BY:
        path = f"/api/v1/cases/{stage.room(room).reference}/{below}"
        answers = of_a_case(room, dict.fromkeys(SEEN_BY[room], 200))
        wrong += [f"{room}: {cell}" for cell in wrong_cells(stage, "get", path, answers, room=room)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_list_holds_the_cases_that_one_may_know_of(stage: Stage, name: str) -> None:
    references = {room: stage.room(room).reference for room in SEEN_BY}
    page = stage.asks(name, "get", "/api/v1/cases/?page_size=100").response.json()
    assert page["next"] is None
    listed = {row["reference"] for row in page["results"]}
    assert {room for room, reference in references.items() if reference in listed} == {
        room for room, seen in SEEN_BY.items() if name in seen
    }


def test_an_unseen_case_is_answered_like_one_that_does_not_exist(stage: Stage) -> None:
    real = stage.asks("stranger", "get", f"/api/v1/cases/{stage.room('talks').reference}/", room="talks").response
    made_up = stage.asks("stranger", "get", "/api/v1/cases/C-0000-0000-0000/", room="talks").response
    assert {**real.json(), "instance": ""} == {**made_up.json(), "instance": ""}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_taken_by_those_it_belongs_to(stage: Stage, action: str) -> None:
    row = ACTIONS[action]
    body = {**row.body, **({"into": stage.twin} if "into" in row.body else {})}
    path = f"/api/v1/cases/{stage.room(row.room).reference}/actions/{action}/"
    wrong = wrong_cells(stage, "post", path, of_a_case(row.room, dict.fromkeys(row.may, 200)), room=row.room, body=body)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("action", ACTIONS)
def test_on_a_closed_case_those_it_belongs_to_are_told_so(stage: Stage, action: str) -> None:
    row, seen = ACTIONS[action], SEEN_BY["resolved"]
    body = {**row.body, **({"into": stage.twin} if "into" in row.body else {})}
    over = row.may | ({"consumer", "seller"} if action in EITHER_SIDE_WHEN_CLOSED else set())
    answers = of_a_case("resolved", {**dict.fromkeys(over & seen, 409), **dict.fromkeys(row.closed, 200)})
    answers = {name: answers[name] for name in (*seen, "stranger")}  # who does not see it was tried above
    path = f"/api/v1/cases/{stage.room('resolved').reference}/actions/{action}/"
    wrong = wrong_cells(stage, "post", path, answers, room="resolved", body=body)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("cell", routes.GENERAL, ids=lambda cell: f"{cell.method} {cell.path} {cell.names}")
def test_an_address_beside_the_cases_answers_as_the_table_says(stage: Stage, cell: routes.Cell) -> None:
    body = cell.body
    if isinstance(body, dict) and "consumer" in body:
        body = {**body, "consumer": stage.ids["consumer"]}
    assert set(cell.answers) == set(PRINCIPALS)
    wrong = wrong_cells(stage, cell.method, cell.path.format(**stage.ids), cell.answers, body=body)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("below", "method", "room", "body", "may"), routes.WRITES, ids=lambda said: said if isinstance(said, str) else ""
)
def test_a_part_of_a_case_is_written_by_those_who_may(
    stage: Stage, below: str, method: str, room: str, body: Any, may: dict[str, int]
) -> None:
    path = f"/api/v1/cases/{stage.room(room).reference}/{below.format(**stage.ids)}"
    sent = Form(body) if below == "evidence/" else body
    wrong = wrong_cells(stage, method, path, of_a_case(room, may), room=room, body=sent)
    assert not wrong, "\n".join(wrong)


def test_an_exhibit_is_opened_by_those_who_see_it(stage: Stage) -> None:
    submitted, staged = (f"/api/v1/evidence/{stage.ids[key]}/content/" for key in ("submitted", "staged"))
    nobody = {**of_a_case("draft", {}), "consumer": 200}
    wrong = wrong_cells(stage, "get", submitted, of_a_case("evidence", dict.fromkeys(SEEN_BY["evidence"], 200)),
                        room="evidence")  # fmt: skip
    wrong += wrong_cells(stage, "get", staged, nobody, room="evidence")
    for below, method, body in routes.STAGED:
        path = f"/api/v1/cases/{stage.room('evidence').reference}/{below.format(**stage.ids)}"
        wrong += wrong_cells(stage, method, path, nobody, room="evidence", body=body)
    assert not wrong, "\n".join(wrong)


def test_a_method_that_is_not_described_is_not_there(stage: Stage) -> None:
    ids = {**stage.ids, "reference": stage.room("evidence").reference, "evidence_id": stage.ids["submitted"]}
    wrong = []
    for path, methods in described().items():
        for method in sorted(set(METHODS) - methods):
            for name, wanted in (("consumer", 405), ("anonymous", 401)):
                answered = stage.asks(name, method, path.format(**ids), room="evidence")
                if cell := unlike(name, method, wanted, answered):
                    wrong.append(f"{method} {path} {cell}")
    assert not wrong, "\n".join(wrong)
