"""Signing in: patient with guesses, the same for those who do not exist, and over after a while."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import redis
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.db import connections
from django.http import HttpRequest
from django.test import Client

from casemgmt import clock
from casemgmt.accounts import attempts
from casemgmt.accounts.models import SignInAttempts, User
from tests.casemgmt.conftest import PASSWORD

pytestmark = pytest.mark.django_db


class QuickHasher(PBKDF2PasswordHasher):
    """The real one with less work, so that hundreds of attempts fit into a test; it counts how often it hashed."""

    iterations = 20_000
    hashed = 0

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        type(self).hashed += 1
        return str(super().encode(password, salt, iterations))


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.QuickHasher"]


@pytest.fixture
def hashed(quick: None) -> str:
    return make_password(PASSWORD)


def attempt(username: str, password: str = "wrong", *, client: Client | None = None, **extra: Any) -> Any:
    who = client or Client()
    return who.post("/sign-in/", {"username": username, "password": password}, HTTP_ACCEPT_LANGUAGE="en", **extra)


def is_in(response: Any) -> bool:
    return response.status_code == 302 and "sessionid" in response.cookies


def test_the_right_password_opens_and_leads_to_the_landing_page(person: Any) -> None:
    person("mei")
    response = attempt("mei", PASSWORD)
    assert is_in(response)
    assert response.headers["Location"] == "/"


def test_the_page_to_return_to_is_never_another_site(person: Any) -> None:
    person("mei")
    body = {"username": "mei", "password": PASSWORD}
    assert Client().post("/sign-in/?next=/admin/", body).headers["Location"] == "/admin/"
    for away in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert Client().post("/sign-in/", {**body, "next": away}).headers["Location"] == "/"


def test_the_key_of_the_session_changes_at_sign_in_and_its_cookie_is_closed_to_scripts(person: Any) -> None:
    person("mei")
    client = Client()
    client.cookies["sessionid"] = "chosenbyanattacker0000000000000"
    cookie = attempt("mei", PASSWORD, client=client).cookies["sessionid"]
    assert cookie.value != "chosenbyanattacker0000000000000"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("username", ["mei", "nobody"])
def test_the_tenth_wrong_attempt_is_heard_and_the_eleventh_is_not(username: str, person: Any) -> None:
    person("mei")
    assert [attempt(username).status_code for _time in range(10)] == [200] * 9 + [429]
    refused = attempt(username, PASSWORD)
    assert refused.status_code == 429
    assert 890 <= int(refused.headers["Retry-After"]) <= 901


def test_the_right_password_at_the_tenth_attempt_opens(person: Any) -> None:
    person("mei")
    for _time in range(9):
        attempt("mei")
    assert is_in(attempt("mei", PASSWORD))
    assert [attempt("mei").status_code for _time in range(9)] == [200] * 9


def test_after_fifteen_minutes_it_may_be_tried_again_however_often_it_was_refused(person: Any) -> None:
    person("mei")
    start = clock.now()
    with clock.standing_at(start):
        for _time in range(10):
            attempt("mei")
    for minutes, opens in ((5, False), (14.99, False), (15, True)):
        with clock.standing_at(start + timedelta(minutes=minutes)):
            assert is_in(attempt("mei", PASSWORD)) is opens


def test_a_strangers_guesses_do_not_keep_the_owner_out_of_a_known_device(person: Any) -> None:
    person("mei")
    phone = Client()
    assert is_in(attempt("mei", PASSWORD, client=phone))
    for _time in range(12):
        attempt("mei")
    assert not is_in(attempt("mei", PASSWORD))
    assert is_in(attempt("mei", PASSWORD, client=phone))


def test_a_known_device_has_ten_tries_too_and_only_for_its_owner(person: Any) -> None:
    person("mei")
    person("lin")
    phone = Client()
    attempt("mei", PASSWORD, client=phone)
    assert [attempt("lin", client=phone).status_code for _time in range(11)][-1] == 429
    assert attempt("lin", PASSWORD).status_code == 429
    assert [attempt("mei", client=phone).status_code for _time in range(10)][-1] == 429


def test_spellings_of_one_name_are_counted_together() -> None:
    for name in ("mei", "MEI", "Mei", "ｍｅｉ", "mEi", "mei", "MEi", "meI", "mei", "mei"):
        attempt(name)
    assert attempt("mei").status_code == 429


def test_one_address_may_try_a_hundred_times_whoever_it_claims_to_be() -> None:
    for number in range(attempts.PER_ADDRESS):
        attempt(f"user{number}", HTTP_X_FORWARDED_FOR=f"1.1.1.{number}")
    assert attempt("another", HTTP_X_FORWARDED_FOR="9.9.9.9").status_code == 429
    assert attempt("another", REMOTE_ADDR="10.0.0.9").status_code == 200


def test_emptying_redis_gives_nobody_another_try(person: Any, settings: Any) -> None:
    person("mei")
    for _time in range(10):
        attempt("mei")
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete(*(client.keys("*mei*") or ["none"]))
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert not is_in(attempt("mei", PASSWORD))


@pytest.mark.django_db(transaction=True)
def test_forty_attempts_at_once_are_heard_ten_times(person: Any) -> None:
    person("mei")
    limits = attempts.buckets(username="mei", address="10.0.0.1", device=None)
    at = clock.now()

    def one(_number: int) -> bool:
        try:
            return attempts.admit(limits, at=at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(40))) == 10


def test_neither_words_nor_work_tell_whether_an_account_exists(person: Any) -> None:
    """The hash is what takes the time; it is made once, whoever was named."""
    person("mei")
    person("closed", is_active=False)
    work = {}
    for username in ("mei", "nobody", "closed"):
        before = QuickHasher.hashed
        authenticate(HttpRequest(), username=username, password="wrong")
        work[username] = QuickHasher.hashed - before
    assert work == {"mei": 1, "nobody": 1, "closed": 1}
    texts = {attempt(name).content.replace(name.encode(), b"") for name in ("mei", "nobody!", "closed")}
    assert len({len(text) // 100 for text in texts}) == 1
    said = "Name or password is wrong"
    assert all(said in text.decode() for text in texts)


def test_no_name_that_was_tried_is_kept_in_clear() -> None:
    attempt("my-password-in-the-wrong-field")
    kept = str(list(SignInAttempts.objects.values()))
    assert "my-password" not in kept


def test_windows_that_are_over_are_forgotten() -> None:
    attempt("mei")
    at = clock.now()
    assert attempts.purge(at=at) == 0
    assert attempts.purge(at=at + attempts.WINDOW) == 2


def stays(client: Client, at: datetime) -> bool:
    with clock.standing_at(at):
        return b"Sign out" in client.get("/", follow=True, HTTP_ACCEPT_LANGUAGE="en").content


@pytest.mark.parametrize(("role", "leaves"), [("agent", True), ("administrator", True), ("consumer", False)])
def test_staff_who_leave_the_desk_for_half_an_hour_are_signed_out(role: str, leaves: bool, person: Any) -> None:
    client, start = Client(), clock.now()
    client.force_login(person(role=role, language="en"))
    minute = timedelta(minutes=1)
    assert stays(client, start)
    assert stays(client, start + 29 * minute)
    assert stays(client, start + 58 * minute)
    assert stays(client, start + 88 * minute) is not leaves


def test_what_a_page_asks_by_itself_keeps_no_staff_signed_in(person: Any) -> None:
    """The overview renews its numbers, an open case says who looks at it: a desk that was left is left all the same."""
    client, start = Client(), clock.now()
    client.force_login(person(role="supervisor", language="en"))
    minute = timedelta(minutes=1)
    assert stays(client, start)
    by_itself = {"X-Unattended": "1"}
    for minutes in range(2, 30, 2):
        with clock.standing_at(start + minutes * minute):
            assert client.get("/wall/", headers={"HX-Request": "true", **by_itself}).status_code == 200
    with clock.standing_at(start + 30 * minute):
        assert client.get("/wall/", headers=by_itself).status_code == 302
    assert not stays(client, start + 30 * minute)


def test_a_page_that_is_touched_keeps_its_person_signed_in(person: Any) -> None:
    client, start = Client(), clock.now()
    client.force_login(person(role="supervisor", language="en"))
    for minutes in range(0, 61, 20):
        with clock.standing_at(start + timedelta(minutes=minutes)):
            assert client.get("/wall/", headers={"HX-Request": "true"}).status_code == 200


def test_nobody_stays_longer_than_twelve_hours(person: Any) -> None:
    client, start = Client(), clock.now()
    client.force_login(person(role="consumer", language="en"))
    for hour in (0, 6, 11.99):
        assert stays(client, start + timedelta(hours=hour))
    assert not stays(client, start + timedelta(hours=12))


def test_a_new_password_ends_the_other_sessions(person: Any) -> None:
    user = person(language="en")
    client = Client()
    client.force_login(user)
    assert stays(client, clock.now())
    user = User.objects.get(pk=user.pk)
    user.set_password("another good password")
    user.save(update_fields=["password"])
    assert not stays(client, clock.now())


def test_a_closed_account_is_out_at_its_next_request(person: Any) -> None:
    user = person(language="en")
    client = Client()
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not stays(client, clock.now())


def test_signing_in_at_the_back_office_is_the_same_door() -> None:
    response = Client().get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/sign-in/?next=")
