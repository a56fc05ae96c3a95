"""News in a real Chromium: on the consumer's open page in two seconds, without disturbing whoever is typing."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from casemgmt import clock, embedded, services
from casemgmt.accounts.models import User
from tests.faults import clients, falling, programs
from tests.faults.streams import session_of
from tests.races import stages
from tests.world import Story, World

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 2_000  # milliseconds from the commit to the page
UNSHARED = "delete globalThis.SharedWorker"  # as on a phone
ALONE = f"{UNSHARED}; Object.defineProperty(navigator, 'locks', {{ value: undefined }})"
_WATCH = (
    "addEventListener('securitypolicyviolation', (e) => console.error(`policy ${e.violatedDirective} ${e.blockedURI}`))"
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright runs a loop in this thread, and Django sees it
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        yield browser
        browser.close()
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Site:
    """The pages and the live process on ports of their own, as `make run` starts them."""

    def __init__(self, stack: programs.Stack, var: Path) -> None:
        self.stack, self.var = stack, var
        self.port, self.live_port = embedded.free_port(), embedded.free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        stack.told |= {"PUBLIC_URL": self.address, "LIVE_URL": f"http://127.0.0.1:{self.live_port}/live/"}
        self.live: services.Service = stack.live(self.live_port)
        stack.web(self.port, WEB_WORKERS="1")
        clients.until_it_answers(self.port)
        falling.wait_for(lambda: not embedded.is_free(self.live_port), seconds=30, otherwise=self.live.last_words)

    def readers(self) -> int:
        """Connections to the live process that are open now."""
        here = f":{self.live_port:04X}"
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(row[1].endswith(here) and row[3] == "01" for row in rows)


@pytest.fixture
def site(tmp_path: Path, settings: Any) -> Iterator[Site]:
    settings.STATIC_ROOT = tmp_path / "web" / "static"
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["drf*", "admin*", "rest*"])
    with programs.stack(tmp_path) as stack:
        yield Site(stack, tmp_path)


@pytest.fixture
def world() -> World:
    return World(at=clock.now() - timedelta(hours=2))


@pytest.fixture
def sit(chromium: Browser, site: Site) -> Iterator[Any]:
    """Somebody at a browser; an error in its console fails the test."""
    wrong: list[str] = []
    opened: list[BrowserContext] = []

    def browser_of(person: User, *, script: str = "") -> BrowserContext:
        context = chromium.new_context(locale="en")
        context.add_init_script(f"{_WATCH}; {script}")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": site.address}])
        context.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        opened.append(context)
        return context

    yield browser_of
    for context in opened:
        context.close()
    assert not [text for text in wrong if "ERR_CONNECTION_REFUSED" not in text and "ERR_INCOMPLETE" not in text]


def _opens(context: BrowserContext, site: Site, path: str) -> Page:
    page = context.new_page()
    page.goto(site.address + path)
    falling.wait_for(lambda: site.readers() >= 1, seconds=10, otherwise=lambda: "nobody listens")
    page.wait_for_timeout(300)
    return page


def _does(story: Story, who: User, action: str, **details: Any) -> None:
    story.world.now = clock.now()
    story.does(who, action, **details)


def _refuses(story: Story) -> None:
    _does(story, story.world.seller, "refuse", reason="goods_fine", text="到货时完好。")


@pytest.mark.parametrize("script", ["", UNSHARED, ALONE], ids=["shared", "elected", "alone"])
def test_a_sellers_answer_appears_on_every_open_page_within_two_seconds(
    world: World, site: Site, sit: Any, script: str
) -> None:
    story = stages.awaiting_seller(world)
    browser = sit(world.buyer, script=script)
    page, other = (_opens(browser, site, f"/cases/{story.case.reference}/") for _ in range(2))
    bells = int(page.locator("a.bell .dot").inner_text())
    assert site.readers() == (2 if script == ALONE else 1)
    _refuses(story)
    for one in (page, other):
        expect(one.locator("#happened + ol")).to_contain_text("到货时完好。", timeout=AT_ONCE)
        expect(one.locator("a.bell .dot")).to_have_text(str(bells + 1), timeout=AT_ONCE)
        expect(one.locator("main a[data-sheet][href$='/do/escalate/']")).to_be_visible()
        expect(one.locator("#live")).to_contain_text("brought up to date")


def test_what_somebody_is_typing_stays_and_the_page_says_that_there_is_news(world: World, site: Site, sit: Any) -> None:
    story = stages.awaiting_seller(world)
    page = _opens(sit(world.buyer), site, f"/cases/{story.case.reference}/")
    page.locator("#say").press_sequentially("我想")
    _refuses(story)  # this changes all parts but the one with the text
    expect(page.locator("#happened + ol")).to_contain_text("到货时完好。", timeout=AT_ONCE)
    expect(page.locator("#live")).to_contain_text("brought up to date")
    page.keyboard.type("说")
    _does(story, world.seller, "post_message", text="请看照片", thread="parties")
    expect(page.locator("#live")).to_contain_text("There is news on this case", timeout=AT_ONCE)
    page.keyboard.type("！")
    expect(page.locator("#say")).to_have_value("我想说！")
    expect(page.locator(".talk")).to_have_count(0)
    page.locator("#live a").click()
    expect(page.locator(".talk")).to_contain_text("请看照片")
    expect(page.locator("#say")).to_have_value("我想说！")


def test_a_page_works_without_live_news_says_so_and_recovers_by_itself(world: World, site: Site, sit: Any) -> None:
    story = stages.awaiting_seller(world)
    page = _opens(sit(world.buyer), site, f"/cases/{story.case.reference}/")
    site.live.stop()
    expect(page.locator("#live[role=status]")).to_contain_text("does not arrive by itself", timeout=15_000)
    _refuses(story)
    page.locator("#say").fill("你好")
    page.locator("form:has(#say) button").click()
    expect(page.locator(".talk")).to_contain_text("你好")
    page.goto(f"{site.address}/cases/{story.case.reference}/")
    site.live.start()
    _does(story, world.seller, "post_message", text="在的", thread="parties")
    expect(page.locator(".talk")).to_contain_text("在的", timeout=30_000)
    expect(page.locator("#live")).not_to_contain_text("does not arrive by itself")


def test_an_auditor_and_ones_own_other_tabs_see_what_they_have_no_notice_of(world: World, site: Site, sit: Any) -> None:
    story = stages.awaiting_seller(world)
    path = f"/cases/{story.case.reference}/"
    auditor = _opens(sit(world.auditor), site, path)
    seller = sit(world.seller)
    other, mine = (_opens(seller, site, path) for _tab in range(2))
    site.live.stop()  # without live news, even
    mine.goto(f"{site.address}{path}do/refuse/")
    mine.locator("main [name=reason]").select_option("goods_fine")
    mine.locator("main [name=text]").fill("到货时完好。")
    mine.locator("main form .btn-primary").click()
    expect(other.locator("#happened + ol")).to_contain_text("到货时完好。", timeout=AT_ONCE)
    assert "到货时完好。" not in auditor.locator("ol.happened").inner_text()
    auditor.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as every 25 seconds
    expect(auditor.locator("ol.happened")).to_contain_text("到货时完好。", timeout=AT_ONCE)


def test_the_overview_and_only_ones_own_case_are_renewed(world: World, site: Site, sit: Any) -> None:
    story, other = stages.requested(world), world.files(no_order_reason="在店里买的")
    wall = _opens(sit(world.supervisor), site, "/wall/")
    wall.evaluate("document.getElementById('numbers').replaceChildren()")
    _does(story, world.buyer, "urge")
    expect(wall.locator("#numbers .counts li").first).to_be_visible(timeout=AT_ONCE)
    time.sleep(2)  # its own filing is no news to a page that was made later
    page = _opens(sit(world.buyer), site, f"/cases/{other.case.reference}/")
    page.evaluate("document.querySelector('#happened').dataset.old = '1'")
    _does(story, story.handler, "accept_intervention", opinion="已受理。")
    time.sleep(2)
    assert page.locator("#happened[data-old]").count() == 1
    assert page.locator("#live p").count() == 0
