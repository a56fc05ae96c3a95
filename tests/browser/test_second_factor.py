"""The second step as people meet it: every page of it, set up by its text and used at the next sign-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from casemgmt.accounts.models import User
from tests.browser import site
from tests.browser.conftest import Browse
from tests.casemgmt.two_steps import code, wrong

PASSWORD = "correct horse battery staple"


LANGUAGES = ["zh-CN", "en-US"]


@pytest.fixture(scope="module", autouse=True)
def consumers(address: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One for each language. Before the tests, whose transactions the site would not see."""
    with django_db_blocker.unblock():
        for language in LANGUAGES:
            User.objects.create_user(language, password=PASSWORD, role="consumer", display_name="林小丹", language="")
        yield
        site.emptied()


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_set_up_and_used(browse: Browse, language: str) -> None:
    visit = browse(phone=True, language=language)
    page, go_on = visit.page, visit.page.locator("main form .btn-primary, main form.sign-in .btn-primary")
    visit.open("/sign-in/?next=/me/")
    page.locator("[name=username]").fill(language)
    page.locator("[name=password]").fill(PASSWORD)
    visit.press(go_on)
    visit.check("my data without it")
    visit.press(page.locator("[aria-labelledby=second-factor] a"))
    visit.check("setting it up")
    box = page.locator(".qr svg").bounding_box()
    assert box is not None and box["width"] > 150
    secret = page.locator("main code").inner_text()
    page.locator("[name=code]").fill(wrong(secret))
    visit.press(go_on)
    visit.check("a wrong first code")
    page.locator("[name=code]").fill(code(secret))
    visit.press(go_on)
    visit.check("recovery codes")
    assert page.locator(".recovery li").count() == 10
    visit.press(page.locator(".buttons a").last)
    visit.check("new recovery codes")
    visit.open("/me/app/off/")
    visit.check("taking it off")
    visit.open("/me/password/")
    visit.check("the password again")
    page.locator("[name=password]").fill("wrong")
    visit.press(go_on)
    visit.check("a wrong password")
    page.context.clear_cookies()
    visit.open("/sign-in/?next=/me/")
    page.locator("[name=username]").fill(language)
    page.locator("[name=password]").fill(PASSWORD)
    visit.press(go_on)
    visit.check("the code")
    page.locator("[name=code]").fill(wrong(secret))
    visit.press(go_on)
    visit.check("a wrong code")
    page.locator("[name=code]").fill(code(secret, steps=1))
    visit.press(go_on)
    assert visit.path() == "/me/"
    visit.check("my data with it")
