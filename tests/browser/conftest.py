"""A real Chromium, a real server, and people who sit before them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from casemgmt import clock
from casemgmt.accounts.models import User
from tests.browser import site
from tests.browser.scene import christened
from tests.browser.visit import Visit
from tests.world import World

Browse = Callable[..., Visit]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium")
    assert found, "Chromium is missing, in which every screen is looked at: apt-get install chromium fonts-noto-cjk"
    # Playwright runs a loop in this thread: Django takes what is called meanwhile for asynchronous code, and gives it
    # connections of its own, which nobody would close.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found)
        yield browser
        browser.close()
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def address(
    chromium: Browser,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    with django_db_blocker.unblock(), site.serving(tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture
def browse(chromium: Browser, address: str) -> Iterator[Browse]:
    """Sit somebody (or nobody) down before a browser. Fails at the end if anything went wrong on a page."""
    visits: list[Visit] = []

    def sit(
        person: User | None = None, *, phone: bool = False, language: str = "zh-CN", theme: str = "auto",
        at: str = address, **more: Any,
    ) -> Visit:  # fmt: skip
        context = chromium.new_context(
            **{**(PHONE if phone else DESK), **more}, locale=language, reduced_motion="reduce", color_scheme="light"
        )
        cookies = {"theme": theme, **({settings.SESSION_COOKIE_NAME: site.session(person)} if person else {})}
        context.add_cookies([{"name": name, "value": value, "url": at} for name, value in cookies.items()])
        context.set_default_timeout(20_000)
        visits.append(Visit(context, address=at, language=language, scheme="both" if theme == "auto" else theme))
        return visits[-1]

    yield sit
    wrong = [said for visit in visits for said in visit.close()]
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def town() -> World:
    """A cast of its own for one story, an hour ago."""
    return christened(World(at=clock.now() - timedelta(hours=1)))
