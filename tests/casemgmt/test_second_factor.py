"""The second factor: staff show one before anything opens; no code works twice, and guesses are counted."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import connections
from django.test import Client
from django.urls import NoReverseMatch, reverse

from casemgmt import clock
from casemgmt.accounts import second_factor
from casemgmt.accounts.forms import Once
from casemgmt.accounts.models import User
from casemgmt.live import rights
from casemgmt.web.second_factor import OPEN
from tests.casemgmt.conftest import ENGLISH, PASSWORD
from tests.casemgmt.test_screens import AWAY
from tests.casemgmt.two_steps import (
    BACK_OFFICE,
    CODE,
    PASSWORD_AGAIN,
    SET_UP,
    STAFF,
    after_password,
    code,
    enters,
    is_in,
    opens,
    with_app,
    wrong,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_steps")]


@pytest.fixture
def hashed(two_steps: None) -> str:
    return make_password(PASSWORD)


# Nothing opens before it.


@pytest.mark.parametrize("role", STAFF)
def test_staff_without_one_are_led_to_setting_it_up_and_nothing_else_opens(role: str, member: Any) -> None:
    member(role=role)
    client = after_password()
    for path in ("/", "/cases/", "/notices/", "/me/", "/admin/", "/admin/accounts/user/", "/admin/password_change/"):
        response = client.get(path)
        assert (response.status_code, response.headers["Location"]) == (302, f"{SET_UP}?{urlencode({'next': path})}"), (
            path
        )
    assert client.post("/me/", {"display_name": "x"}).headers["Location"] == SET_UP
    assert client.post("/me/keys/", {"name": "x"}).headers["Location"] == SET_UP
    assert User.objects.get().display_name == "Mei"
    assert client.get("/api/v1/me/").status_code == 401
    assert client.patch("/api/v1/me/", {"display_name": "x"}, content_type="application/json").status_code == 401
    assert "Whoever works here" in client.get(SET_UP).content.decode()
    assert rights.holder(client.cookies["sessionid"].value, at=clock.now()) is None
    assert client.post("/sign-out/").headers["Location"] == "/"


def test_every_role_of_the_staff_is_asked_and_nobody_else(person: Any) -> None:
    roles = {role for role in ("consumer", "seller_staff", *STAFF) if second_factor.required(User(role=role))}
    assert roles == set(STAFF)


def test_what_is_open_before_it_shows_no_case() -> None:
    assert {reverse(name) for name in OPEN} == {
        SET_UP, PASSWORD_AGAIN, "/sign-in/", "/sign-out/", "/language/", "/theme/", "/healthz",
    }  # fmt: skip


def test_a_key_goes_on_working_without_one_even_beside_a_session(member: Any, program: Any) -> None:
    key = program(member(), "me:read")
    header = key._credentials or key.defaults
    client = after_password()
    assert client.get("/api/v1/me/").status_code == 401
    assert client.get("/api/v1/me/", HTTP_AUTHORIZATION=header["HTTP_AUTHORIZATION"]).json()["username"] == "mei"


# Setting it up.


def shown_secret(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert found
    return found.group(1)


def test_setting_it_up_opens_everything_and_shows_recovery_codes(member: Any) -> None:
    user = member(role="supervisor")
    client = after_password()
    page = client.get(SET_UP)
    assert "no-store" in page.headers["Cache-Control"]
    secret = shown_secret(page.content.decode())
    assert "data:" not in page.content.decode()
    assert re.search(r'<div class="qr" role="img" aria-label="[^"]+"><svg [^>]+>', page.content.decode())
    refused = client.post(SET_UP, {"code": "12"})
    assert "This code is wrong" in refused.content.decode()
    assert shown_secret(refused.content.decode()) == secret
    assert not opens(client, "/admin/")
    done = client.post(SET_UP, {"code": code(secret)}, follow=True)
    assert done.redirect_chain == [("/me/recovery-codes/", 302)]
    codes = re.findall(r"<li><code>(\d{8})</code>", done.content.decode())
    assert len(set(codes)) == 10
    assert "no-store" in done.headers["Cache-Control"]
    file = client.get("/me/recovery-codes/file/")
    assert file.content.decode().split() == codes
    assert "attachment" in file.headers["Content-Disposition"]
    assert opens(client, "/admin/") and is_in(client)
    assert second_factor.Adapter().decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"]) == secret


def test_after_setting_it_up_one_comes_to_what_was_asked_for_in_the_first_place(member: Any) -> None:
    member(role="supervisor")
    client = after_password(path="/sign-in/?next=/cases/%3Fview%3Durgent%26page%3D2")
    led = client.get(client.led_to).headers["Location"]  # type: ignore[attr-defined]
    secret = shown_secret(client.get(led).content.decode())
    assert "This code is wrong" in client.post(led, {"code": "12"}).content.decode()
    done = client.post(led, {"code": code(secret)}, follow=True)
    onward = re.search(r'btn-primary" href="([^"]*)"', done.content.decode())
    assert onward and html.unescape(onward.group(1)) == "/cases/?view=urgent&page=2"


@pytest.mark.parametrize("away", [one for one in AWAY if "\0" not in one])
def test_setting_it_up_leads_to_no_other_site(member: Any, away: str) -> None:
    member(role="supervisor")
    client = after_password()
    secret = shown_secret(client.get(SET_UP).content.decode())
    done = client.post(f"{SET_UP}?{urlencode({'next': away})}", {"code": code(secret)})
    assert done.headers["Location"] == "/me/recovery-codes/"
    page = client.get(f"/me/recovery-codes/?{urlencode({'next': away})}").content.decode()
    assert 'btn-primary" href="/"' in page


def test_the_code_that_set_it_up_does_not_sign_in(member: Any) -> None:
    member()
    client = after_password()
    secret = shown_secret(client.get(SET_UP).content.decode())
    used = code(secret)
    client.post(SET_UP, {"code": used})
    other = after_password()
    assert enters(other, used).status_code == 200
    assert not is_in(other)


def test_setting_it_up_in_one_browser_does_not_open_another_that_knew_only_the_password(member: Any) -> None:
    user = member()
    thief = after_password()
    assert thief.get(SET_UP).status_code == 200
    with_app(user)
    assert thief.get("/cases/", follow=True).redirect_chain[-1][0].startswith("/sign-in/")
    assert not is_in(thief)


# Showing it.


@pytest.mark.parametrize("role", STAFF)
def test_after_the_password_the_code_is_asked_for_and_then_everything_opens(role: str, member: Any) -> None:
    with_app(member(role=role))
    client = after_password(path="/sign-in/?next=/me/")
    assert client.led_to == CODE  # type: ignore[attr-defined]
    assert not is_in(client)
    assert client.get("/me/").headers["Location"].startswith("/sign-in/")
    assert client.get("/admin/accounts/user/").status_code == 302
    assert "device" not in client.cookies
    before = client.cookies["sessionid"].value
    response = enters(client, code())
    assert (response.status_code, response.headers["Location"]) == (302, "/me/")
    assert client.cookies["sessionid"].value != before
    assert "device" in client.cookies
    assert is_in(client) and opens(client, "/me/")
    assert rights.holder(client.cookies["sessionid"].value, at=clock.now()) is not None
    assert opens(client, "/admin/") is (role in BACK_OFFICE)


def test_a_wrong_code_opens_nothing_and_says_so(member: Any) -> None:
    with_app(member())
    client = after_password()
    response = enters(client, wrong())
    assert response.status_code == 200
    page = response.content.decode()
    assert 'role="alert">This code is wrong' in page and 'aria-invalid="true"' in page
    for steps in (-3, 3):
        assert enters(client, code(steps=steps)).status_code == 200, "shown long ago, or not yet"
    for strange in ("", "１２３４５６", "0" * 21, "x\0y"):
        assert enters(client, strange).status_code in (200, 400)
    assert client.post(CODE).headers["Location"] == CODE
    assert not is_in(client)


def test_a_used_code_does_not_work_twice_however_it_is_written(member: Any, settings: Any) -> None:
    with_app(member())
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    first, second = after_password(), after_password()
    used = code()
    assert enters(first, f"{used[:3]} {used[3:]}").status_code == 302
    for again in (used, f"{used[:3]}-{used[3:]}", f" {used}"):
        assert enters(second, again).status_code == 200
    assert not is_in(second)
    assert enters(second, code(steps=1)).status_code == 302


def test_somebody_elses_session_in_this_browser_does_not_stand_in_the_way(member: Any, person: Any) -> None:
    with_app(member())
    person("lin", language="en")
    client = after_password("lin")
    client.post("/sign-in/", {"username": "mei", "password": PASSWORD})
    assert not is_in(client)
    assert enters(client, code()).status_code == 302
    assert client.get("/api/v1/me/").json()["username"] == "mei"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_enter_the_same_code_at_once_one_comes_in(member: Any) -> None:
    with_app(member())
    used = code()

    def one(_number: int) -> bool:
        try:
            return Once(Authenticator.objects.get(type="totp")).validate_code(used)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(8))) == 1


def test_a_code_works_while_redis_is_away(member: Any, settings: Any) -> None:
    with_app(member())
    gone = "redis://127.0.0.1:1/0"
    settings.REDIS_URL = gone
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": gone}}
    client = after_password()
    assert enters(client, code()).status_code == 302
    assert is_in(client)


def test_a_recovery_code_works_once(member: Any) -> None:
    codes = with_app(member())
    for given, status in ((codes[3], 302), (codes[3], 200), (codes[4], 302)):
        assert enters(after_password(), given).status_code == status


# Guesses.


def test_the_tenth_wrong_code_is_heard_and_the_eleventh_is_not_and_a_new_password_gives_no_more(member: Any) -> None:
    with_app(member())
    client = after_password()
    assert [enters(client, wrong()).status_code for _time in range(5)] == [200] * 5
    client = after_password()
    assert [enters(client, wrong()).status_code for _time in range(5)] == [200] * 4 + [429]
    for again in (client, after_password()):
        refused = enters(again, code())
        assert refused.status_code == 429
        assert 890 <= int(refused.headers["Retry-After"]) <= 901
        assert not is_in(again)
    with clock.standing_at(clock.now() + timedelta(minutes=15)):
        assert enters(after_password(), code()).status_code == 302


def test_the_right_code_at_the_tenth_try_opens_and_they_are_forgotten(member: Any) -> None:
    codes = with_app(member())
    for right in codes[:2]:
        client = Client(**ENGLISH)
        client.post("/sign-in/", {"username": "mei", "password": PASSWORD})
        assert [enters(client, wrong()).status_code for _time in range(9)] == [200] * 9
        assert enters(client, right).status_code == 302


def test_guesses_at_the_code_do_not_keep_the_owner_out_of_a_known_device(member: Any) -> None:
    with_app(member())
    phone = after_password()
    assert enters(phone, code()).status_code == 302
    phone.post("/sign-out/")
    thief = after_password()
    for _time in range(11):
        enters(thief, wrong())
    phone.post("/sign-in/", {"username": "mei", "password": PASSWORD})
    assert enters(phone, code(steps=1)).status_code == 302


def test_nobody_spends_anothers_codes_by_guessing_names(member: Any) -> None:
    with_app(member())
    for name in ("code-mei", "code-account:mei", "account:mei"):
        for _time in range(11):
            Client().post("/sign-in/", {"username": name, "password": "wrong"}, REMOTE_ADDR="10.0.0.9")
    assert enters(after_password(), code()).status_code == 302


# Those who need not.


@pytest.mark.parametrize("role", ["consumer", "seller_staff"])
def test_others_are_asked_only_if_they_have_set_it_up(role: str, person: Any) -> None:
    user = person(role=role, language="en")
    client = after_password()
    assert is_in(client)
    assert 'href="/me/app/"' in client.get("/me/").content.decode()
    secret = shown_secret(client.get(SET_UP).content.decode())
    assert client.post(SET_UP, {"code": code(secret)}).status_code == 302
    later = after_password()
    assert later.led_to == CODE and not is_in(later)  # type: ignore[attr-defined]
    assert enters(later, code(secret, steps=1)).status_code == 302
    assert 'href="/me/app/off/"' in later.get("/me/").content.decode()
    assert later.post("/me/app/off/").headers["Location"] == "/me/"
    assert not Authenticator.objects.filter(user=user).exists()
    assert is_in(after_password())


def test_a_demo_never_asks(member: Any, settings: Any) -> None:
    settings.STAFF_MFA, settings.DEMO = False, True
    member(role="supervisor")
    client = Client(**ENGLISH)
    assert client.post("/try/mei/").headers["Location"] == "/cases/overview/" or is_in(client)
    assert is_in(client) and opens(client, "/admin/")
    assert is_in(after_password())


# What is closed.


def test_the_back_office_shows_no_secret(member: Any) -> None:
    with_app(member(role="administrator"))
    client = after_password()
    enters(client, code())
    assert client.get("/admin/mfa/authenticator/").status_code == 404
    assert client.get("/admin/account/emailaddress/").status_code == 404


def test_of_allauth_nothing_is_open_but_the_second_factor() -> None:
    for name in ("account_signup", "account_email", "account_reset_password", "account_logout", "mfa_reauthenticate"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for path in ("/accounts/login/", "/accounts/signup/", "/me/webauthn/", "/sign-in/signup/"):
        assert Client().get(path).status_code == 404
