"""Every screen, in both languages and both colour schemes: no axe violation, nothing refused by the page's policy or
said on the console, no word of the other language, and nothing wider than a phone of 360 px."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.browser import site
from tests.browser.conftest import Browse
from tests.browser.scene import Scene
from tests.browser.visit import Visit
from tests.evidence import samples

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("language", ["zh-CN", "en-US"])]


@pytest.fixture(scope="module")
def scene(address: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with django_db_blocker.unblock():
        yield Scene()
        site.emptied()


def looks_at(visit: Visit, *paths: str) -> None:
    for path in paths:
        visit.open(path)
        visit.check()


def opens_every_dialog(visit: Visit, path: str) -> None:
    """Each action of a case in its dialog, then the dialog closed."""
    page = visit.open(path)
    links = page.locator("main a[data-sheet]:visible")
    assert links.count(), path
    for number in range(links.count()):
        links.nth(number).click()
        page.locator("dialog[open] h1").wait_for()
        visit.check(f"{path} {links.nth(number).get_attribute('href')}", within="dialog[open]")
        page.locator("dialog[open] [data-close]").first.click()
        page.locator("dialog[open]").wait_for(state="hidden")


@pytest.mark.usefixtures("scene")
def test_what_a_stranger_sees(browse: Browse, language: str) -> None:
    visit = browse(phone=True, language=language)
    looks_at(visit, "/", "/service/", "/sign-in/")
    visit.open("/sign-in/")
    visit.page.locator("[name=username]").fill("nobody")
    visit.page.locator("[name=password]").fill("wrong")
    visit.press(visit.page.locator("form.sign-in button"))
    visit.check("a wrong password")
    visit.open("/nothing/here/", expect=404)
    visit.check()


def test_what_a_consumer_sees(browse: Browse, scene: Scene, language: str) -> None:
    visit = browse(scene.world.buyer, phone=True, language=language)
    looks_at(visit, "/cases/", "/cases/?view=closed", "/cases/?q=0", "/notices/", "/me/", "/service/")
    looks_at(
        visit, *map(scene.case, ("draft", "talks", "offer", "refused", "to_return", "evidence", "ruled", "resolved"))
    )


def test_what_a_consumer_fills_in(browse: Browse, scene: Scene, language: str) -> None:
    visit = browse(scene.world.buyer, phone=True, language=language)
    for name in ("refused", "to_return", "to_confirm", "ruled", "resolved"):
        opens_every_dialog(visit, scene.case(name))


def test_the_pages_of_filing(browse: Browse, scene: Scene, language: str) -> None:
    visit = browse(scene.world.buyer, phone=True, language=language)
    page = visit.open("/cases/new/")
    go_on = page.locator("main form button.btn-primary")
    visit.check("order")
    page.locator("[name=which][value=none]").check()
    visit.check("no order")
    visit.press(go_on, expect=422)
    visit.check("order, nothing said")
    page.locator("[name=which]").first.check()
    visit.press(go_on)
    page.locator("details.family:not([open]) summary").first.click()
    another = ["zh-CN", "en-US"].index(language)  # the same one again would lead to the case that is open
    page.locator("details.family[open] [name=both]").nth(another).check()
    visit.check("problem")
    visit.press(go_on)
    visit.check("story")
    page.locator("[name=description]").fill("杯子碎了")
    visit.press(go_on)
    visit.check("wish")
    visit.open("/cases/new/")
    visit.check("begun")
    visit.press(page.locator("main a.btn-primary"))
    page.locator("[name=remedy]").first.check()
    visit.press(go_on)
    visit.check("contact")
    page.locator("[name=contact]").fill("13800138000")
    visit.press(go_on)
    visit.check("evidence")
    with page.expect_navigation():
        visit.hands_in("product_photo", ("photo.jpg", samples.JPEG))
    visit.check("evidence, attached")
    page.locator("[name=evidence_waiver]").fill("其他的丢了")
    visit.press(go_on)
    visit.check("check")
    visit.press(go_on)
    visit.check("done")


def test_the_pages_of_filing_for_a_caller(browse: Browse, scene: Scene, language: str) -> None:
    visit = browse(scene.world.agent, language=language)
    page = visit.open("/cases/new/?q=nobody")
    go_on = page.locator("main form button.btn-primary")
    visit.check("nobody found")
    visit.open(f"/cases/new/?step=caller&q={scene.world.stranger.username}")
    visit.check("caller")
    visit.press(go_on)
    page.locator("[name=which][value=none]").check()
    page.locator("[name=no_order_reason]").fill("忘了")
    visit.check("order")
    visit.press(go_on)
    page.locator("details.family summary").first.click()
    page.locator("[name=both]").first.check()
    visit.press(go_on)
    page.locator("[name=description]").fill("杯子碎了")
    visit.press(go_on)
    page.locator("[name=remedy]").first.check()
    visit.press(go_on)
    page.locator("[name=contact]").fill("13800138000")
    visit.press(go_on)
    page.locator("[name=evidence_waiver]").fill("电话投诉")
    visit.press(go_on)
    visit.check("read back")
    page.locator("[name=read_back]").check()
    visit.press(go_on)
    visit.check("done")


def test_what_a_seller_sees(browse: Browse, scene: Scene, language: str) -> None:
    visit = browse(scene.world.seller, language=language)
    looks_at(visit, "/cases/", "/cases/?view=closed", "/me/", scene.case("evidence"), scene.case("ruled"))
    for name in ("talks", "in_transit"):
        opens_every_dialog(visit, scene.case(name))
    visit.open(scene.case("talks"))
    for way in ("agree", "offer", "refuse"):
        within = visit.opens(way)
        visit.check(f"the answer {way}")
    visit.page.locator(f"{within} [required]").evaluate_all("(all) => all.forEach((one) => one.required = false)")
    visit.sends(within, expect=422)
    visit.check("an answer that lacks something")


def test_what_a_shop_and_whoever_it_invites_see(browse: Browse, scene: Scene, language: str) -> None:
    visit = browse(scene.world.seller, language=language)
    looks_at(visit, "/shop/")
    visit.press(visit.page.locator("form[action$='/invite/'] button"))
    visit.check("an invitation was made")
    path = visit.page.locator("main code").inner_text().removeprefix(visit.address)
    for person in (scene.world.other_seller, scene.world.buyer):
        looks_at(browse(person, phone=True, language=language), path)
    guest = browse(phone=True, language=language)
    looks_at(guest, path)
    guest.fill("main", username="zhao", display_name="小赵", password1="123", password2="123")
    guest.press(guest.page.locator("main form .btn-primary"), expect=422)
    guest.check("a password that is too short")


def test_what_an_agent_sees(browse: Browse, scene: Scene, language: str) -> None:
    visit = browse(scene.world.agent, language=language)
    looks_at(
        visit, "/cases/", "/cases/?view=open&order=new", "/cases/new/", "/calls/?q=13800138000", scene.case("held")
    )
    opens_every_dialog(visit, scene.case("submitted"))


def test_what_an_arbitrator_sees(browse: Browse, scene: Scene, language: str) -> None:
    visit = browse(scene.stories["review"].handler, language=language)
    looks_at(visit, "/cases/", "/notices/")
    opens_every_dialog(visit, scene.case("review"))
    looks_at(visit, *(f"{scene.case('review')}{part}" for part in ("?show=messages", "deadlines/resolution/")))


def test_what_another_arbitrator_sees(browse: Browse, scene: Scene, language: str) -> None:
    visit = browse(scene.stories["evidence"].handler, language=language)
    looks_at(visit, scene.case("evidence"), scene.case("mediation"))
    visit = browse(scene.stories["appeal"].handler, language=language)
    opens_every_dialog(visit, scene.case("appeal"))


def test_what_a_reviewer_sees(browse: Browse, scene: Scene, language: str) -> None:
    visit = browse(scene.world.reviewer, language=language)
    looks_at(visit, "/cases/", "/notices/")
    opens_every_dialog(visit, scene.case("approval"))


def test_what_a_supervisor_sees(browse: Browse, scene: Scene, language: str) -> None:
    visit = browse(scene.world.supervisor, language=language)
    looks_at(visit, "/wall/", "/cases/", "/cases/?view=unassigned", "/notices/", scene.case("executing"))
    looks_at(visit, "/cases/?status=under_review&term=risk&age=older&order=new")
    page = visit.open("/cases/")
    page.keyboard.press("?")
    visit.check("the keys", within="dialog[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    visit.check("the palette", within="dialog[open]")
    page.keyboard.press("Escape")
    page.locator("[name=case]").first.check()
    page.locator("[name=reason]").fill("核对")
    visit.press(page.locator("#bulk fieldset button"))
    visit.check("many at once")
    opens_every_dialog(visit, scene.case("talks"))


def test_what_an_auditor_sees(browse: Browse, scene: Scene, language: str) -> None:
    visit = browse(scene.world.auditor, language=language)
    looks_at(visit, "/cases/", scene.case("ruled"))


def test_a_case_of_others_is_not_there(browse: Browse, scene: Scene, language: str) -> None:
    visit = browse(scene.world.stranger, phone=True, language=language)
    looks_at(visit, "/cases/")
    visit.open(scene.case("talks"), expect=404)
    visit.check()
    visit = browse(scene.world.supervisor, language=language, theme="dark")
    looks_at(visit, "/wall/", scene.case("ruled"))
