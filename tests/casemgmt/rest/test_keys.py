"""API keys open what they were made for, as long as they live."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from casemgmt import clock
from casemgmt.accounts import keys
from casemgmt.accounts.models import ApiKey
from casemgmt.errors import Invalid
from tests.casemgmt.problem import is_problem

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.casemgmt.rest.doors")]

DAY = timedelta(days=1)


def caller(secret: str) -> APIClient:
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_ACCEPT_LANGUAGE="en")


def made(user: Any, *, at: datetime | None = None) -> tuple[ApiKey, str]:
    return keys.make(user=user, name="shop", scopes=["cases:read"], ttl=DAY, at=at or clock.now())


def test_a_key_speaks_for_its_person(person: Any) -> None:
    _key, secret = made(person("lin"))
    assert caller(secret).get("/echo/").json() == {"who": "lin"}


def test_only_a_hash_of_the_secret_is_kept(person: Any) -> None:
    key, secret = made(person())
    assert secret.split("_")[2] not in str(ApiKey.objects.filter(pk=key.pk).values().get())
    assert len(secret.split("_")[2]) == 64


@pytest.mark.parametrize(
    "change",
    [
        lambda secret: secret[:-1] + ("0" if secret[-1] != "0" else "1"),
        lambda secret: secret[:-1],
        lambda secret: secret + "0",
        lambda secret: secret.upper(),
        lambda secret: "cm_aaaaaaaaaaaa_" + secret.split("_")[2],
        lambda secret: secret.split("_")[2],
        lambda secret: "",
        lambda secret: "None",
        lambda secret: "\x00",
        lambda secret: "é" * 80,
    ],
)
def test_a_key_that_is_not_quite_right_opens_nothing(change: Any, person: Any) -> None:
    _key, secret = made(person())
    response = caller(change(secret)).get("/echo/")
    is_problem(response, 401, "key_unknown")
    assert "Bearer" in response.headers["WWW-Authenticate"]


def test_an_expired_key_is_told_so_from_its_very_end_on(person: Any) -> None:
    at = clock.now()
    key, secret = made(person(), at=at)
    with clock.standing_at(key.expires_at - timedelta(microseconds=1)):
        assert caller(secret).get("/echo/").status_code == 200
    with clock.standing_at(key.expires_at):
        is_problem(caller(secret).get("/echo/"), 401, "key_expired")


def test_a_revoked_key_opens_nothing_from_the_next_request_on(person: Any) -> None:
    key, secret = made(person())
    assert caller(secret).get("/echo/").status_code == 200
    keys.revoke(key=key, at=clock.now())
    is_problem(caller(secret).get("/echo/"), 401, "key_revoked")


def test_the_key_of_a_closed_account_opens_nothing(person: Any) -> None:
    user = person()
    _key, secret = made(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    is_problem(caller(secret).get("/echo/"), 401, "account_closed")


def test_a_key_reads_or_writes_only_with_the_scope_for_it(person: Any, program: Any) -> None:
    reader, writer = program(person("r"), "cases:read"), program(person("w"), "cases:write")
    assert reader.get("/echo/").status_code == 200
    assert is_problem(reader.post("/echo/", {"name": "x"}), 403, "scope_missing")["scope"] == "cases:write"
    assert writer.post("/echo/", {"name": "x"}).status_code == 200
    assert is_problem(writer.get("/echo/"), 403, "scope_missing")["scope"] == "cases:read"


def test_a_view_that_names_no_scope_takes_no_key_but_takes_a_session(person: Any, program: Any, browser: Any) -> None:
    user = person()
    is_problem(program(user, *keys.SCOPES).get("/no-scopes/"), 403, "scope_missing")
    assert browser(user).get("/no-scopes/").status_code == 200


def test_the_last_use_is_noted_at_most_once_a_minute(person: Any, django_assert_num_queries: Any) -> None:
    at = clock.now()
    key, secret = made(person(), at=at)
    for seconds, noted in ((0, 0), (59.9, 0), (60, 60), (61, 60)):
        with clock.standing_at(at + timedelta(seconds=seconds)):
            caller(secret).get("/echo/")
        key.refresh_from_db()
        assert key.last_used_at == at + timedelta(seconds=noted)
    with clock.standing_at(at + timedelta(seconds=62)), django_assert_num_queries(1):
        caller(secret).get("/echo/")


def test_a_session_needs_the_csrf_token_for_unsafe_methods_and_a_key_does_not(
    person: Any, browser: Any, program: Any
) -> None:
    user = person()
    client = browser(user, csrf=True)
    assert client.get("/echo/").status_code == 200
    is_problem(client.post("/echo/", {"name": "x"}), 403, "csrf_failed")
    assert program(user, "cases:write").post("/echo/", {"name": "x"}).status_code == 200


def test_headers_that_name_a_person_are_ignored(person: Any) -> None:
    person("admin")
    spoof: Any = {"HTTP_X_REMOTE_USER": "admin", "HTTP_REMOTE_USER": "admin", "HTTP_X_USER_ID": "1"}
    is_problem(APIClient(HTTP_ACCEPT_LANGUAGE="en", **spoof).get("/echo/"), 401, "not_signed_in")


def test_a_key_answers_in_its_persons_language_unless_asked_otherwise(person: Any) -> None:
    _key, secret = made(person(language="en"))
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert client.get("/echo/").headers["Content-Language"] == "en"
    assert client.get("/echo/", HTTP_ACCEPT_LANGUAGE="zh-CN").headers["Content-Language"] == "zh-hans"


@pytest.mark.parametrize(
    ("scopes", "ttl", "code"),
    [
        ([], DAY, "unknown_scope"),
        (["cases:read", "everything"], DAY, "unknown_scope"),
        (["cases:read"], timedelta(0), "bad_key_life"),
        (["cases:read"], timedelta(days=366, seconds=1), "bad_key_life"),
    ],
)
def test_a_key_is_made_only_with_known_scopes_and_an_end(
    scopes: list[str], ttl: timedelta, code: str, person: Any
) -> None:
    with pytest.raises(Invalid) as caught:
        keys.make(user=person(), name="k", scopes=scopes, ttl=ttl, at=clock.now())
    assert caught.value.code == code


def test_the_command_prints_the_key_once_and_it_works(person: Any, capsys: pytest.CaptureFixture[str]) -> None:
    person("lin")
    call_command("create_api_key", "lin", "--name", "till", "--scopes", "cases:read,orders:write", "--days", "30")
    secret = capsys.readouterr().out.strip().splitlines()[-1]
    assert caller(secret).get("/echo/").json() == {"who": "lin"}
    assert ApiKey.objects.get().scopes == ["cases:read", "orders:write"]
