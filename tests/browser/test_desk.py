"""The working desk by keys: rows, places, the pane beside the table, and silence where keys mean something else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from casemgmt.accounts.models import User
from tests.browser.conftest import Browse
from tests.browser.visit import Visit
from tests.world import Story, World

pytestmark = pytest.mark.django_db(transaction=True)
AT = "tr.at th a"
PANE = "#preview:not([hidden])"


@pytest.fixture
def heard(town: World) -> list[Story]:
    """Three cases before one arbitrator."""
    return [
        town.files().does(town.seller, "refuse", reason="goods_fine", text="好的").does(
            town.buyer, "escalate", reason="seller_refused"
        )
        for _number in range(3)
    ]  # fmt: skip


def at_desk(browse: Browse, person: User, path: str = "/cases/") -> Visit:
    visit = browse(person)
    visit.open(path)
    return visit


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def listed(page: Page) -> list[str]:
    return page.locator("table.desk tbody th a").all_inner_texts()


def test_rows_are_walked_chosen_and_opened_by_keys(browse: Browse, town: World, heard: list[Story]) -> None:
    visit = at_desk(browse, town.supervisor)
    page, references = visit.page, listed(visit.page)
    assert len(references) == len(heard)
    keys(page, "j", "j")
    assert page.locator(AT).inner_text() == references[1]
    keys(page, "k", "x")
    assert page.locator("tr.at [name=case]").is_checked() and page.locator("[name=case]:checked").count() == 1
    keys(page, "j", "j", "j", "j", "k")
    assert page.locator(AT).inner_text() == references[1]
    with page.expect_navigation():
        keys(page, "Enter")
    assert visit.path() == f"/cases/{references[1]}/"


def test_keys_lead_to_places(browse: Browse, town: World, heard: list[Story]) -> None:
    visit = at_desk(browse, town.supervisor, "/notices/")
    page = visit.page
    for pair, path in ((("g", "d"), "/wall/"), (("g", "q"), "/cases/"), (("g", "n"), "/notices/")):
        with page.expect_navigation():
            keys(page, *pair)
        assert visit.path() == path
    visit.open("/cases/")
    keys(page, "/")
    assert page.evaluate("document.activeElement.id") == "q"


def test_a_case_is_worked_by_keys(browse: Browse, town: World, heard: list[Story]) -> None:
    handler = heard[0].handler
    visit = at_desk(browse, handler)
    page, references = visit.page, listed(visit.page)
    visit.open(f"/cases/{references[0]}/")
    with page.expect_navigation():
        keys(page, "]")
    assert visit.path() == f"/cases/{references[1]}/"
    with page.expect_navigation():
        keys(page, "[")
    assert visit.path() == f"/cases/{references[0]}/"
    keys(page, "n")
    assert page.locator("#thread").input_value() == "internal"
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.locator("h1").first.click()
    keys(page, "r")
    assert page.locator("#thread").input_value() != "internal"
    page.keyboard.type("请两天内回复")
    with page.expect_navigation():
        keys(page, "Control+Enter")
    assert "请两天内回复" in page.locator(".talk").inner_text()


def test_the_sheet_lists_what_this_page_does(browse: Browse, town: World, heard: list[Story]) -> None:
    visit = at_desk(browse, heard[0].handler)
    page = visit.page

    def offered() -> set[str]:
        keys(page, "?")
        found = set(page.locator("dialog[open] kbd").all_inner_texts())
        keys(page, "Escape")
        return found

    assert {"j k", "Enter", "p", "/", "g q", "g n", "Ctrl+K", "?"} == offered()
    visit.open(f"/cases/{listed(page)[0]}/")
    found = offered()
    assert {"[", "]", "r", "n", "e", "::", "Ctrl+Enter"} <= found
    assert not found & {"j k", "x", "p", "g d", "/"}


def test_the_pane_shows_the_row_one_stands_on_until_it_is_closed(
    browse: Browse, town: World, heard: list[Story]
) -> None:
    visit = at_desk(browse, town.supervisor)
    page, references = visit.page, listed(visit.page)
    assert page.locator(PANE).count() == 0
    keys(page, "j")
    expect(page.locator(PANE)).to_contain_text(references[0])
    keys(page, "j")
    expect(page.locator(PANE)).to_contain_text(references[1])
    expect(page.locator(PANE)).not_to_contain_text(references[0])
    visit.check("the pane")
    page.locator("[data-close-preview]").click()
    assert page.evaluate("document.activeElement.textContent") == references[1]
    page.reload()
    keys(page, "j", "j", "j")
    assert page.locator(PANE).count() == 0
    page.locator("[data-look]").first.click()
    expect(page.locator(PANE)).to_contain_text(references[0])
    keys(page, "p")
    assert page.locator(PANE).count() == 0


def test_where_there_is_no_room_there_is_no_pane(browse: Browse, town: World, heard: list[Story]) -> None:
    visit = at_desk(browse, town.supervisor)
    visit.page.set_viewport_size({"width": 1279, "height": 800})
    keys(visit.page, "j")
    assert visit.page.locator(AT).count() == 1 and visit.page.locator(PANE).count() == 0
    assert visit.page.locator("[data-look]:visible").count() == 0


def test_no_key_fires_in_a_field_a_dialog_or_while_a_word_is_composed(
    browse: Browse, town: World, heard: list[Story]
) -> None:
    visit = at_desk(browse, town.supervisor)
    page = visit.page
    page.locator("#q").focus()
    keys(page, "j", "x", "g", "d")
    assert page.locator("#q").input_value() == "jxgd"
    assert page.locator("tr.at").count() == 0
    page.locator("h1").click()
    keys(page, "Control+k")
    page.locator("dialog[open] h1").click()
    keys(page, "j", "?")
    assert page.locator("tr.at").count() == 0 and page.locator("dialog[open] kbd").count() == 0
    keys(page, "Escape")
    for composing in ("isComposing: true", "keyCode: 229"):
        page.evaluate(
            f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'j', bubbles: true, {composing} }}))"
        )
        assert page.locator("tr.at").count() == 0
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }))")
    assert page.locator("tr.at").count() == 1


def test_single_keys_that_are_switched_off_are_silent(browse: Browse, town: World, heard: list[Story]) -> None:
    visit = at_desk(browse, town.supervisor, "/me/")
    page = visit.page
    page.locator("[name=single_keys]").uncheck()
    visit.press(page.locator("main form").first.locator("button.btn-primary"))
    visit.open("/cases/")
    keys(page, "j", "x", "?", "g", "d")
    assert page.locator("tr.at").count() == 0 and page.locator("dialog[open]").count() == 0
    assert visit.path() == "/cases/"
    keys(page, "Control+k")
    assert page.locator("dialog[open] [role=combobox]").count() == 1
    keys(page, "Escape")
    page.locator("[data-keys]").click()
    assert "单键快捷键已关闭" in page.locator("dialog[open]").inner_text()
    visit.check("the sheet, keys off", within="dialog[open]")


def test_chips_and_kept_views_work_without_scripts(browse: Browse, town: World, heard: list[Story]) -> None:
    visit = browse(town.supervisor, java_script_enabled=False)
    visit.forgiven = (
        "data:image/svg+xml"  # no script holds the page up until our style sheet has come after Bootstrap's
    )
    page = visit.open("/cases/?view=open&status=ruled")
    assert page.locator("table.desk").count() == 0
    page.locator("details.keep summary").click()
    visit.fill("details.keep form", name="已裁决")
    visit.press(page.locator("details.keep form button"))
    assert page.locator(".chips .own a[aria-current]").inner_text() == "已裁决"
    page.locator(".chips.narrowed a").first.click()
    assert len(listed(page)) == len(heard)
    visit.press(page.locator(".chips .own button"))
    assert page.locator(".chips .own").count() == 0


def test_the_overview_stands_still_when_it_is_told_to(browse: Browse, town: World, heard: list[Story]) -> None:
    visit = browse(town.supervisor)
    visit.page.clock.install()
    page = visit.open("/wall/")
    stop, updated = page.locator("[data-pause]"), page.locator("#updated")
    first, number = updated.inner_text(), page.locator("#n-open strong")
    stop.click()
    town.files()
    page.clock.fast_forward(60_000)
    page.wait_for_timeout(500)
    assert (updated.inner_text(), number.inner_text()) == (first, "3")
    stop.click()
    expect(number).to_have_text("4")
    assert updated.inner_text() != first


def test_renewed_numbers_take_neither_focus_nor_place(browse: Browse, town: World, heard: list[Story]) -> None:
    visit = browse(town.supervisor)
    visit.page.clock.install()
    page = visit.open("/wall/")
    page.set_viewport_size({"width": 1280, "height": 300})
    link = page.locator("[id^=h-] a").first
    link.focus()
    link.evaluate("(one) => { window.stood = one; scrollTo(0, document.body.scrollHeight); }")
    place = page.evaluate("scrollY")
    assert place > 0
    town.files()
    page.clock.fast_forward(15_000)
    expect(page.locator("#n-open strong")).to_have_text("4")
    assert page.evaluate("document.activeElement === window.stood")
    assert page.evaluate("scrollY") >= place
    visit.check("the overview, renewed")


def test_a_page_that_nobody_touches_says_so_when_it_asks(browse: Browse, town: World) -> None:
    visit = browse(town.supervisor)
    visit.page.clock.install()
    page = visit.open("/wall/")

    def asked() -> str | None:
        with page.expect_request(lambda request: request.url.endswith("/wall/")) as renewed:
            page.clock.fast_forward(15_000)
        renewed.value.response()
        page.wait_for_timeout(100)
        return renewed.value.headers.get("x-unattended")

    assert asked() == "1"
    keys(page, "Tab")
    assert asked() is None
    assert asked() == "1"
