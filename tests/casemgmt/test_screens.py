"""The shell's own screens: notices, appearance, my data, and being somebody of the demo with one click."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from casemgmt.accounts.models import ApiKey, User
from casemgmt.accounts.roles import Role
from casemgmt.notifications.models import Notice
from casemgmt.web import demo
from tests.casemgmt.conftest import ENGLISH

pytestmark = pytest.mark.django_db
AWAY = ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "///evil.example",
        "http:evil.example", " //evil.example", "/\t/evil.example", "https:///evil.example", "\0//evil.example", ""]  # fmt: skip


def signed_in(user: User) -> Client:
    client = Client(**ENGLISH)
    client.force_login(user)
    return client


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize(("address", "form"), [("/theme/", {"theme": "dark"}), ("/language/", {"language": "en"})])
def test_no_switch_leads_to_another_site(address: str, form: dict[str, str], away: str) -> None:
    to = Client().post(address, {**form, "next": away}).headers["Location"]
    assert to.startswith("/") and "evil" not in to.replace("/evil.example", "", 1) and not to.startswith(("//", "/\\"))


def test_the_appearance_is_kept_by_the_browser_and_only_a_known_one() -> None:
    client = Client(**ENGLISH)
    answer = client.post("/theme/", {"theme": "dark", "next": "/sign-in/?a=b"})
    assert answer.headers["Location"] == "/sign-in/?a=b"
    assert 'data-theme="dark"' in client.get("/").content.decode()
    for odd in ("", "pink", "dark\r\nSet-Cookie: a=b", "x" * 5000, "<b>"):
        assert "theme" not in client.post("/theme/", {"theme": odd}).cookies
        client.cookies["theme"] = odd.replace("\r\n", "")
        assert 'data-theme="auto"' in client.get("/").content.decode()


def test_a_notice_of_another_does_not_exist(person: Any) -> None:
    mine, other = person("mei"), person("lin")
    said = Notice(uid=uuid4(), recipient=other)
    for uid in (said.uid, uuid4()):
        assert signed_in(mine).post(f"/notices/{uid}/").status_code == 404
    assert signed_in(mine).post("/notices/nonsense/").status_code == 404


@pytest.fixture
def crew(person: Any) -> dict[str, User]:
    return {role: person(role, role=role) for role in Role.values if role != Role.SYSTEM}


def open_demo(
    settings: Any, monkeypatch: Any, *, on: bool = True, host: str | None = "127.0.0.1", proxy: bool = False
) -> None:
    settings.DEMO, settings.BEHIND_PROXY = on, proxy
    monkeypatch.delenv("HOST", raising=False) if host is None else monkeypatch.setenv("HOST", host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", None])
def test_in_the_demo_on_ones_own_machine_a_click_is_enough(
    crew: Any, settings: Any, monkeypatch: Any, host: Any
) -> None:
    open_demo(settings, monkeypatch, host=host)
    for role in demo.ROLES:
        client = Client(**ENGLISH)
        assert f'action="/try/{role}/"' in client.get("/").content.decode()
        assert client.post(f"/try/{role}/").status_code == 302
        assert client.session["_auth_user_id"] == str(crew[role].pk)


@pytest.mark.parametrize(
    "shut",
    [
        {"on": False},
        {"host": "0.0.0.0"},
        {"host": ""},
        {"host": "192.168.1.5"},
        {"host": "127.0.0.1.evil"},
        {"proxy": True},
    ],
)
def test_anywhere_else_nobody_is_let_in_whatever_the_client_says(
    crew: Any, settings: Any, monkeypatch: Any, shut: Any
) -> None:
    open_demo(settings, monkeypatch, **shut)
    claims: Any = {
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_X_FORWARDED_FOR": "127.0.0.1",
        "HTTP_X_REAL_IP": "::1",
        "HTTP_FORWARDED": "for=127.0.0.1",
    }
    for role in crew:
        client = Client(**ENGLISH, **claims)
        assert client.post(f"/try/{role}/").status_code == 404
        assert "_auth_user_id" not in client.session
    assert "/try/" not in Client().get("/").content.decode()


def test_nobody_with_the_keys_of_the_house_is_played(crew: Any, person: Any, settings: Any, monkeypatch: Any) -> None:
    open_demo(settings, monkeypatch)
    person("root", role="supervisor", is_staff=True, is_superuser=True)
    person("gone", role="agent", is_active=False)
    for name in ("root", "gone", "administrator", "auditor", "nobody"):
        client = Client(**ENGLISH)
        assert client.post(f"/try/{name}/").status_code == 404
        assert "_auth_user_id" not in client.session


def test_a_link_does_not_sign_in_and_neither_does_a_foreign_form(crew: Any, settings: Any, monkeypatch: Any) -> None:
    open_demo(settings, monkeypatch)
    assert Client().get("/try/consumer/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/try/consumer/").status_code == 403


def test_single_keys_are_switched_off_and_on_in_ones_profile(person: Any) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person(display_name="Mei"))
    off = 'data-single-keys="off"'
    assert off not in client.get("/me/").content.decode()
    client.post("/me/", {"display_name": "Mei"})
    assert off in client.get("/cases/").content.decode()
    client.post("/me/", {"display_name": "Mei", "single_keys": "true"})
    assert off not in client.get("/cases/").content.decode()


def test_my_data_is_at_its_own_address(person: Any) -> None:
    client = signed_in(person("mei"))
    assert 'href="/me/"' in client.get("/cases/").content.decode()
    assert client.post("/me/", {"display_name": "Mei Lin", "letters": "true"}).headers["Location"] == "/me/"
    assert User.objects.get(username="mei").display_name == "Mei Lin"


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\0b"])
def test_a_name_that_is_none_is_not_kept(person: Any, name: str) -> None:
    client = signed_in(person("mei"))
    assert client.post("/me/", {"display_name": name}).status_code == 302
    assert User.objects.get(username="mei").display_name == "Mei"
    assert "alert-danger" in client.get("/me/").content.decode()


def test_the_secret_of_a_key_is_on_one_answer_and_kept_nowhere(person: Any) -> None:
    client = signed_in(person("mei"))
    page = client.post("/me/keys/", {"name": "shop", "days": "30", "scopes": ["cases:read"]}).content.decode()
    key = ApiKey.objects.get()
    secret = page.partition(f"cm_{key.prefix}_")[2][:64]
    assert len(secret) == 64
    assert secret not in client.get("/me/").content.decode()
    assert not any(secret in str(session.get_decoded()) for session in Session.objects.all())


@pytest.mark.parametrize("days", ["0", "367", "-1", "x", "²", "9" * 5000, "1e3", "-99999999999999"])
def test_a_life_that_is_none_makes_no_key(person: Any, days: str) -> None:
    client = signed_in(person("mei"))
    assert client.post("/me/keys/", {"name": "shop", "days": days, "scopes": ["cases:read"]}).status_code == 302
    assert "alert-danger" in client.get("/me/").content.decode()
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(("name", "scopes"), [("a\0b", ["cases:read"]), ("shop", []), ("shop", ["everything"])])
def test_a_key_for_nothing_or_of_no_name_is_not_made(person: Any, name: str, scopes: list[str]) -> None:
    client = signed_in(person("mei"))
    assert client.post("/me/keys/", {"name": name, "days": "30", "scopes": scopes}).status_code == 302
    assert not ApiKey.objects.exists()
