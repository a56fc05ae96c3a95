"""The shell: pages in both languages, strict headers, and what lies outside any view."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from casemgmt.accounts.models import User
from casemgmt.web import csp
from tests.casemgmt.problem import is_problem

pytestmark = pytest.mark.django_db

ENGLISH: Any = {"HTTP_ACCEPT_LANGUAGE": "en"}


def test_the_landing_page_leads_a_stranger_to_the_sign_in_and_the_reference() -> None:
    page = Client().get("/", **ENGLISH).content.decode()
    assert 'href="/sign-in/"' in page
    assert 'href="/api/docs/"' in page
    assert 'href="/api/schema/"' in page
    assert 'href="/admin/"' not in page


def test_the_landing_page_leads_back_office_people_to_the_admin(person: Any) -> None:
    client = Client()
    client.force_login(person(role="supervisor", is_staff=True))
    assert 'href="/admin/"' in client.get("/", follow=True, **ENGLISH).content.decode()


def test_the_pages_are_chinese_unless_asked_otherwise() -> None:
    assert '<html lang="zh-hans"' in Client().get("/").content.decode()
    assert '<html lang="en"' in Client().get("/", **ENGLISH).content.decode()


@pytest.mark.parametrize(("read", "other"), [("zh-hans", "English"), ("en", "简体中文")])
def test_the_other_language_is_offered_in_its_own_words(read: str, other: str) -> None:
    assert f">{other}</button>" in Client(HTTP_ACCEPT_LANGUAGE=read).get("/").content.decode()


def test_the_language_switch_is_kept_by_the_browser_and_by_the_account(person: Any) -> None:
    user = person(language="zh-hans")
    client = Client()
    client.force_login(user)
    response = client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert response.headers["Location"] == "/sign-in/"
    assert '<html lang="en"' in client.get("/", follow=True).content.decode()
    assert User.objects.get(pk=user.pk).language == "en"
    client.post("/language/", {"language": "tlh"})
    assert User.objects.get(pk=user.pk).language == "en"
    assert client.get("/language/").status_code == 405


def test_the_demos_accounts_are_pointed_at_only_in_demo_mode(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    (tmp_path / "demo-accounts.json").write_text("{}")
    settings.DEMO = False
    assert "demo-accounts.json" not in Client().get("/").content.decode()
    settings.DEMO = True
    assert str(tmp_path / "demo-accounts.json") in Client().get("/").content.decode()


@pytest.mark.parametrize("address", ["/sign-in/", "/sign-out/", "/language/"])
def test_every_form_needs_its_csrf_token(address: str, person: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person())
    assert client.post(address, {"language": "en"}).status_code == 403


def test_signing_out_ends_the_session_and_a_link_cannot_do_it(person: Any) -> None:
    client = Client()
    client.force_login(person())
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/"
    assert 'href="/sign-in/"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "address", ["/", "/sign-in/", "/api/docs/", "/api/schema/", "/api/v1/me/", "/nowhere/", "/admin/"]
)
def test_no_page_allows_anything_inline_or_foreign(address: str) -> None:
    headers = Client().get(address).headers
    policy = headers[csp.HEADER]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "address", ["/", "/sign-in/", "/api/docs/", "/nowhere/", "/admin/", "/admin/accounts/user/add/"]
)
def test_no_page_has_anything_inline(address: str, person: Any) -> None:
    client = Client()
    client.force_login(person(role="administrator", is_staff=True))
    page = client.get(address).content.decode()
    assert "<style" not in page
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", page)
    assert not re.search(r"""(src|href)=["']?(https?:)?//(?!docs.djangoproject)""", page)


def test_the_reference_runs_from_our_own_files() -> None:
    page = Client().get("/api/docs/").content.decode()
    files = re.findall(r'(?:src|href)="/static/([^"]+)"', page)
    assert len(files) >= 4
    assert all(finders.find(name) for name in files)
    script = re.search(r'src="(/api/docs/\?script[^"]*)"', page)
    assert script is not None
    answer = Client().get(script.group(1))
    assert answer.headers["Content-Type"].startswith("application/javascript")
    assert "/api/schema/" in answer.content.decode().replace("\\u002D", "-")


def test_outside_any_view_the_api_answers_with_problems_and_the_rest_with_pages(settings: Any) -> None:
    is_problem(Client().get("/api/v1/nothing/", **ENGLISH), 404, "not_found")
    is_problem(Client().get("/api/", **ENGLISH), 404, "not_found")
    is_problem(Client().get("/api/v1/me/", headers={"host": "evil.example"}), 400, "malformed_request")
    assert ">Not found</h1>" in Client().get("/nothing/", **ENGLISH).content.decode()
    assert Client().get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_post_without_the_final_slash_is_sent_on_as_a_post() -> None:
    response = Client().post("/api/v1/me", b"{}", content_type="application/json")
    assert (response.status_code, response.headers["Location"]) == (308, "/api/v1/me/")


def test_a_failure_outside_any_view_says_nothing_but_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: str) -> str:
        raise RuntimeError("SELECT secret")

    monkeypatch.setattr(csp, "policy_for", broken)
    client = Client(raise_request_exception=False)
    is_problem(client.get("/api/v1/me/"), 500, "internal_error")
    page = client.get("/")
    assert page.status_code == 500
    assert "secret" not in page.content.decode()
