"""When the network, the session, the script or the hand fails: nothing is lost, nothing happens twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from casemgmt.accounts.models import Organisation, User
from disputes.models import Case, Message
from tests.browser.conftest import Browse
from tests.browser.test_journey import STORY, begins, exhibits, files, goes_on
from tests.browser.visit import TOO_WIDE, Visit
from tests.evidence import samples
from tests.world import Story, World

pytestmark = pytest.mark.django_db(transaction=True)
LONG_ANSWER = "到货三天后才提出，包装视频显示发货时完好。"
TEN_MEGABYTES = 10 << 20
ZOOMED = {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}
# What has the focus but lies wholly under a bar that stays where it is.
_COVERED = """() => {
  const bars = [...document.querySelectorAll("*")].filter((one) => ["sticky", "fixed"].includes(getComputedStyle(one).position) && one.getBoundingClientRect().height && one.id !== "live");
  return [...document.querySelectorAll("main a, main button, main input, main select, main textarea, main summary")].filter((one) => {
    one.focus();
    const box = one.getBoundingClientRect();
    return document.activeElement === one && bars.some((bar) => {
      const over = bar.getBoundingClientRect();
      return !bar.contains(one) && over.top <= box.top && over.bottom >= box.bottom && over.left <= box.left && over.right >= box.right;
    });
  }).map((one) => one.outerHTML.slice(0, 90));
}"""
PASSWORD = "correct horse battery staple"


@pytest.fixture
def cup(town: World) -> Story:
    return town.files()


def page_of(story: Story) -> str:
    return f"/cases/{story.case.reference}/"


def types_a_message(visit: Visit, text: str) -> None:
    visit.page.locator("#say").fill(text)


def session_ends(person: User) -> None:
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    Session.objects.all().delete()


def signs_in_again(visit: Visit, person: User) -> None:
    visit.fill("form.sign-in", username=person.username, password=PASSWORD)
    visit.press(visit.page.locator("form.sign-in button"))


def test_filing_works_without_scripts(browse: Browse, town: World) -> None:
    """One file a form; it comes back to the page that asks for evidence."""
    number = town.order().number
    visit = browse(town.buyer, phone=True, java_script_enabled=False)
    begins(visit, number)
    photo = {"name": "正面.jpg", "mimeType": "image/jpeg", "buffer": samples.JPEG}
    visit.page.locator("[name=file]").set_input_files(photo)  # type: ignore[arg-type]
    visit.press(visit.page.locator("form[enctype='multipart/form-data'] button"))
    assert "step=evidence" in visit.path() and exhibits(visit.path()) == {"正面.jpg"}
    files(visit)
    assert Case.objects.get().order_number == number


def test_a_story_outlives_the_session_and_the_network(browse: Browse, town: World) -> None:
    number = town.order().number
    visit = browse(town.buyer, phone=True)
    page = visit.open("/cases/new/")
    visit.fill("main form", which=number)
    visit.press(goes_on(visit))
    page.locator("details.family:has([value='product_quality/damaged']) summary").click()
    visit.fill("main form", both="product_quality/damaged")
    visit.press(goes_on(visit))
    visit.fill("main form", description=STORY)
    visit.forgiven = "ERR_INTERNET_DISCONNECTED"
    visit.context.set_offline(True)
    goes_on(visit).click()
    page.wait_for_url("chrome-error://**")
    visit.context.set_offline(False)
    page.go_back()
    if "step=story" not in visit.path():  # the page that was not reached stands in its place: one step further back
        visit.press(goes_on(visit))
    assert page.locator("[name=description]").input_value() == STORY
    session_ends(town.buyer)
    visit.press(goes_on(visit))
    signs_in_again(visit, town.buyer)
    assert "step=story" in visit.path()
    assert page.locator("[name=description]").input_value() == STORY
    visit.press(goes_on(visit))
    assert "step=wish" in visit.path()


def test_the_back_button_files_nothing_twice(browse: Browse, town: World) -> None:
    visit = browse(town.buyer, phone=True)
    begins(visit, town.order().number)
    visit.fill("main form", evidence_waiver="已丢弃。")
    path = files(visit)
    sent = len(visit.posts)
    for _step in range(8):
        visit.page.go_back()
        visit.page.wait_for_load_state()
    visit.page.reload()
    for _step in range(8):
        visit.page.go_forward()
        visit.page.wait_for_load_state()
    assert len(visit.posts) == sent and Case.objects.count() == 1
    visit.open("/cases/new/?step=check")
    assert visit.path() == f"{path}filed/"


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_a_story_of_any_kind_stays_on_every_page(browse: Browse, town: World, language: str) -> None:
    """Right to left, emoji, and a word of 300 letters on 360 px."""
    User.objects.filter(pk=town.buyer.pk).update(display_name="محمد بن عبد الله 🏺😀")
    written = "שלום 🏺 " + "x" * 300
    case = town.files(
        submit=False, description=written, contact="a" * 60 + "@people.example", defect_location="y" * 200
    ).case
    visit = browse(town.buyer, phone=True, language=language)
    for step in ("story", "contact", "evidence", "check"):
        visit.open(f"/cases/{case.reference}/filing/?step={step}")
        visit.check()
    visit.press(goes_on(visit))
    visit.check("done")


def test_a_seller_answers_without_scripts(browse: Browse, town: World, cup: Story) -> None:
    visit = browse(town.seller, java_script_enabled=False)
    visit.open(page_of(cup))
    within = visit.opens("refuse")
    visit.fill(within, text=LONG_ANSWER)
    visit.press(visit.page.locator(f"{within} button[formaction]"))  # for later
    within = visit.opens("refuse")
    assert visit.page.locator(f"{within} textarea").input_value() == LONG_ANSWER
    visit.fill(within, reason="goods_fine")
    visit.sends(within)
    assert visit.path() == page_of(cup)
    assert cup.status == "seller_refused"


def test_a_double_click_sends_once(browse: Browse, town: World, cup: Story) -> None:
    visit = browse(town.buyer, phone=True)
    visit.open(page_of(cup))
    types_a_message(visit, "请尽快处理。")
    with visit.page.expect_navigation():  # the second click comes when the first one's request is on its way
        visit.page.locator("form:has(#say) button").evaluate(
            "(it) => { it.click(); setTimeout(() => it.click(), 20); }"
        )
    visit.page.wait_for_load_state("networkidle")
    assert len(visit.posts) == 1
    assert Message.objects.count() == 1


def test_going_back_after_an_act_does_not_act_again(browse: Browse, town: World, cup: Story) -> None:
    visit = browse(town.seller)
    visit.open(f"{page_of(cup)}do/refuse/")
    visit.fill("main form[action$='/do/refuse/']", reason="goods_fine", text=LONG_ANSWER)
    visit.press(visit.page.locator("main form[action$='/do/refuse/'] button.btn-primary"))
    events = cup.case.events.count()
    visit.expected.add(409)  # read again, the form says that the case has moved on
    visit.page.go_back()
    assert "/do/refuse/" in visit.path()
    visit.page.reload()
    visit.page.go_forward()
    assert len(visit.posts) == 1
    assert cup.case.events.count() == events


def test_text_outlives_the_session_it_was_typed_in(browse: Browse, town: World, cup: Story) -> None:
    visit = browse(town.seller)
    visit.open(page_of(cup))
    within = visit.opens("refuse")
    visit.fill(within, reason="goods_fine", text=LONG_ANSWER)
    session_ends(town.seller)
    visit.sends(within)
    assert visit.path().startswith("/sign-in/")
    signs_in_again(visit, town.seller)
    assert "/do/refuse/" in visit.path()
    assert visit.page.locator("main textarea[name=text]").input_value() == LONG_ANSWER
    visit.fill("main form[action$='/do/refuse/']", reason="goods_fine")
    visit.press(visit.page.locator("main form[action$='/do/refuse/'] button.btn-primary"))
    assert cup.status == "seller_refused"


def test_text_outlives_a_lost_network(browse: Browse, town: World, cup: Story) -> None:
    visit = browse(town.buyer, phone=True)
    visit.open(page_of(cup))
    types_a_message(visit, "请尽快处理。")
    visit.forgiven = "ERR_INTERNET_DISCONNECTED"
    visit.context.set_offline(True)
    visit.page.locator("form:has(#say) button").click()
    visit.page.wait_for_url("chrome-error://**")
    visit.context.set_offline(False)
    visit.page.go_back()
    assert visit.page.locator("#say").input_value() == "请尽快处理。"
    visit.press(visit.page.locator("form:has(#say) button"))
    assert Message.objects.get().text == "请尽快处理。"


def test_what_was_sent_is_not_typed_again_by_itself(browse: Browse, town: World, cup: Story) -> None:
    visit = browse(town.buyer, phone=True)
    visit.open(page_of(cup))
    types_a_message(visit, "请尽快处理。")
    visit.press(visit.page.locator("form:has(#say) button"))
    assert visit.page.locator("#say").input_value() == ""
    visit.page.reload()
    assert visit.page.locator("#say").input_value() == ""


def test_a_closed_dialog_keeps_what_was_typed(browse: Browse, town: World, cup: Story) -> None:
    visit = browse(town.buyer, phone=True)
    visit.open(page_of(cup))
    visit.opens("withdraw")
    visit.fill("dialog[open]", text=LONG_ANSWER)
    visit.page.keyboard.press("Escape")
    visit.page.locator("dialog[open]").wait_for(state="hidden")
    visit.opens("withdraw")
    assert visit.page.locator("dialog[open] textarea").input_value() == LONG_ANSWER


def test_two_tabs_the_second_is_told_what_changed(browse: Browse, town: World, cup: Story) -> None:
    visit = browse(town.seller)
    visit.open(page_of(cup))
    within = visit.opens("refuse")
    visit.fill(within, reason="goods_fine", text=LONG_ANSWER)
    cup.does(town.seller, "agree")
    visit.sends(within, expect=409)
    assert visit.page.get_by_role("alert").inner_text().strip()
    assert visit.page.locator("main textarea[name=text]").input_value() == LONG_ANSWER
    visit.check("a form that came too late")
    assert cup.status == "awaiting_return"


def pastes(visit: Visit, selector: str, letters: int) -> None:
    """As from the clipboard, by the keyboard."""
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.page.evaluate("(many) => navigator.clipboard.writeText('啊'.repeat(many))", letters)
    visit.page.locator(selector).focus()
    visit.page.keyboard.press("Control+v")


def test_ten_megabytes_pasted_into_a_message_are_cut_off_and_it_is_said(
    browse: Browse, town: World, cup: Story
) -> None:
    visit = browse(town.buyer, phone=True)
    visit.open(page_of(cup))
    pastes(visit, "#say", TEN_MEGABYTES)
    assert "4000" in visit.page.locator("#say-cut[role=alert]").inner_text()
    visit.check("a message that was cut off")
    visit.press(visit.page.locator("form:has(#say) button"))
    assert Message.objects.get().text == "啊" * 4000
    assert visit.page.locator("#say-cut").count() == 0


def test_ten_megabytes_pasted_into_an_answer_leave_what_else_was_said(browse: Browse, town: World, cup: Story) -> None:
    visit = browse(town.seller)
    visit.open(page_of(cup))
    within = visit.opens("refuse")
    visit.fill(within, reason="goods_fine")
    pastes(visit, f"{within} [name=text]", TEN_MEGABYTES)
    said = visit.page.locator(f"{within} [role=alert]").inner_text()
    longest = int(visit.page.locator(f"{within} [name=text]").get_attribute("maxlength") or 0)
    assert str(longest) in said
    visit.check("an answer that was cut off")
    assert visit.page.locator(f"{within} [name=reason]").input_value() == "goods_fine"
    visit.press(visit.page.locator(f"{within} .buttons button").first)
    assert cup.status == "seller_refused"


def test_a_form_that_is_too_large_for_us_is_refused_and_what_was_typed_is_still_there(
    browse: Browse, town: World, cup: Story
) -> None:
    """However it came there: a browser that cuts nothing off, or a script."""
    visit = browse(town.buyer, phone=True)
    visit.open(page_of(cup))
    visit.page.locator("#say").evaluate(
        "(it) => { it.removeAttribute('maxlength'); it.value = 'x'.repeat(3_000_000); }"
    )
    visit.press(visit.page.locator("form:has(#say) button"), expect=413)
    visit.check("too much at once")
    visit.page.go_back()
    assert visit.page.locator("#say").is_enabled()
    assert Message.objects.count() == 0


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_at_twice_the_size_nothing_is_cut_off_or_hidden(browse: Browse, town: World, cup: Story, language: str) -> None:
    cup.does(town.seller, "refuse", reason="goods_fine", text=LONG_ANSWER)
    for person, paths in (
        (town.buyer, ("/cases/", page_of(cup))),
        (town.supervisor, ("/cases/", "/wall/", page_of(cup))),
    ):
        visit = browse(person, language=language, **ZOOMED)
        for path in paths:
            visit.open(path)
            visit.wrong += [f"twice the size, {path}: {said}" for said in visit.page.evaluate(TOO_WIDE)]
            visit.wrong += [f"under a bar, {path}: {said}" for said in visit.page.evaluate(_COVERED)]


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_names_and_words_of_any_kind_stay_on_the_page(browse: Browse, town: World, language: str) -> None:
    names = {"buyer": "محمد بن عبد الله 🏺😀", "seller": "9" * 100, "supervisor": "👩‍👩‍👧‍👦" * 10, "agent": "שלום" * 25}
    for role, name in names.items():
        User.objects.filter(pk=getattr(town, role).pk).update(display_name=name)
    Organisation.objects.filter(pk=town.shop.pk).update(name="8" * 200)
    order = town.order(items=[{"sku": "S1", "title": "7" * 300, "qty": 1, "unit_price": "100.00", "paid": "100.00"}])
    story = town.files(order_number=order.number, description="杯" + "啊" * 400 + "x" * 400 + " 🏺 שלום",
                       contact="a" * 60 + "@people.example")  # fmt: skip
    story.does(town.agent, "log_contact", channel="phone", direction="inbound", summary="x" * 300,
               call_back_at=town.now + timedelta(days=1))  # fmt: skip
    story.does(town.seller, "post_message", text="x" * 300 + "😀" * 100)
    seen = {
        town.buyer: ("/cases/", "/service/", "/notices/", "/me/"), town.seller: ("/cases/", "/shop/", "/notices/"),
        town.agent: ("/calls/", f"/calls/?q={story.case.reference}", "/cases/?view=open"),
        town.supervisor: ("/cases/", "/wall/", "/calls/"), town.auditor: ("/cases/",),
    }  # fmt: skip
    for person, paths in seen.items():
        visit = browse(person, language=language, phone=person in (town.buyer, town.seller))
        for path in (*paths, page_of(story)):
            visit.open(path)
            visit.check()


def test_a_site_without_a_session_leads_to_the_sign_in(browse: Browse, town: World, cup: Story) -> None:
    visit = browse()
    visit.open(page_of(cup))
    assert visit.path().startswith("/sign-in/?next=")
    assert Client().get(page_of(cup)).status_code == 302
