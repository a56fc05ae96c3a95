"""Every refusal is a problem document that says what to do; a failure of ours says nothing but its id."""

import logging
import threading
from typing import Any

import pytest
from django.db import connections, transaction
from rest_framework.test import APIClient

from casemgmt.accounts.models import Team
from casemgmt.rest.problems import flatten
from tests.casemgmt.problem import is_problem
from tests.casemgmt.rest.doors import sql

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.casemgmt.rest.doors")]


def fail(how: str, language: str = "en") -> Any:
    return APIClient().get(f"/fails/{how}/", HTTP_ACCEPT_LANGUAGE=language)


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("missing", 404, "not_found"),
        ("denied", 403, "not_permitted"),
        ("suspicious", 400, "malformed_request"),
        ("big", 413, "body_too_large"),
        ("wrong_state", 409, "case_closed"),
        ("field", 422, "amount_above_paid"),
        ("slow", 503, "too_slow"),
        ("twice", 409, "already_there"),
        ("long", 422, "not_storable"),
        ("bug", 500, "internal_error"),
    ],
)
def test_each_kind_of_exception_has_its_problem(how: str, status: int, code: str) -> None:
    is_problem(fail(how), status, code)


def test_what_a_refusal_adds_is_in_the_document() -> None:
    assert is_problem(fail("wrong_state"), 409, "case_closed")["allowed_actions"] == ["rate"]
    fields = is_problem(fail("field"), 422, "amount_above_paid")["fields"]
    assert fields == {"amount": [{"code": "amount_above_paid", "detail": "At most 10.00."}]}


def test_waiting_time_is_a_header_in_whole_seconds_rounded_up() -> None:
    response = fail("often")
    assert is_problem(response, 429, "urged_lately")["retry_after"] == 13
    assert response.headers["Retry-After"] == "13"
    assert fail("down").headers["Retry-After"] == "30"


def test_a_failure_of_ours_is_logged_under_the_id_that_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="casemgmt.rest.problems"):
        said = is_problem(fail("bug"), 500, "internal_error")
    logged = [record for record in caplog.records if said["instance"] in record.getMessage()]
    assert len(logged) == 1
    assert logged[0].exc_info is not None


@pytest.mark.django_db(transaction=True)
def test_a_lock_held_by_somebody_else_is_a_conflict_to_try_again() -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            sql("LOCK TABLE accounts_team IN ACCESS EXCLUSIVE MODE")
            held.set()
            done.wait(10)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    try:
        response = fail("locked")
    finally:
        done.set()
        thread.join()
    is_problem(response, 409, "busy")
    assert response.headers["Retry-After"] == "1"


def test_a_refusal_undoes_what_the_request_wrote() -> None:
    fail("twice")
    assert not Team.objects.exists()


def test_the_detail_is_in_the_readers_language() -> None:
    assert fail("missing").headers["Content-Language"] == "en"
    assert fail("missing", "zh-CN").headers["Content-Language"] == "zh-hans"


def test_complaints_of_nested_fields_are_found_by_their_path() -> None:
    detail: Any = {"items": [{}, {"price": ["bad"]}], "non_field_errors": ["all"], "tags": {0: ["short"]}}
    assert sorted(flatten(detail)) == ["body", "items.1.price", "tags.0"]


@pytest.mark.parametrize(
    ("method", "status", "code"), [("delete", 405, "method_not_allowed"), ("get", 401, "not_signed_in")]
)
def test_refusals_of_the_framework_are_problems_too(method: str, status: int, code: str, person: Any) -> None:
    client = APIClient()
    if status == 405:
        client.force_login(person())
    response = getattr(client, method)("/echo/", HTTP_ACCEPT_LANGUAGE="en")
    is_problem(response, status, code)
    if status == 401:
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
    else:
        assert "POST" in response.headers["Allow"]


def test_other_media_types_are_refused_by_name(person: Any, browser: Any) -> None:
    client = browser(person())
    is_problem(
        client.post("/echo/", "a=1", content_type="application/x-www-form-urlencoded"), 415, "unsupported_media_type"
    )
    is_problem(client.get("/echo/", HTTP_ACCEPT="image/png"), 406, "not_acceptable")
