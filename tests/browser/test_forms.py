"""Long forms in a browser: kept by themselves, grown by a row, told of what changed; and nothing left after signing out."""

from __future__ import annotations

import pytest

from disputes.models import UnsentForm
from tests.browser.conftest import Browse
from tests.browser.test_bad_days import LONG_ANSWER, page_of
from tests.world import Story, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cup(town: World) -> Story:
    return town.files()


@pytest.fixture
def heard(town: World, cup: Story) -> Story:
    cup.does(town.seller, "refuse", reason="goods_fine", text="发货时完好。")
    cup.does(town.buyer, "escalate", reason="seller_refused")
    return cup.does(cup.handler, "accept_intervention", opinion="我们来看一看。")


def test_an_answer_is_kept_by_itself_and_is_there_on_another_device(browse: Browse, town: World, cup: Story) -> None:
    visit = browse(town.seller)
    visit.open(page_of(cup))
    within = visit.opens("refuse")
    visit.fill(within, reason="goods_fine", text=LONG_ANSWER)
    told = visit.page.locator(f"{within} [role=status]")
    told.filter(has_text="已保存").wait_for()
    visit.check("kept by itself")
    phone = browse(town.seller, phone=True)
    phone.open(page_of(cup))
    assert phone.page.locator(f"{within} textarea").input_value() == LONG_ANSWER
    assert phone.page.locator(f"{within} [name=reason]").input_value() == "goods_fine"
    phone.check("kept on another device")
    phone.sends(within)
    assert cup.status == "seller_refused"
    assert not UnsentForm.objects.exists()


def test_without_a_network_the_page_says_that_it_is_not_kept(browse: Browse, town: World, cup: Story) -> None:
    visit = browse(town.seller)
    visit.open(page_of(cup))
    within = visit.opens("refuse")
    visit.forgiven = "ERR_INTERNET_DISCONNECTED"
    visit.context.set_offline(True)
    visit.fill(within, text=LONG_ANSWER)
    visit.page.locator(f"{within} [role=status]").filter(has_text="还没保存到服务器").wait_for()
    visit.context.set_offline(False)
    visit.page.locator(f"{within} button[formaction]").click()
    visit.page.locator(f"{within} [role=status]").filter(has_text="已保存").wait_for()


def test_after_signing_out_the_window_holds_nothing_of_it(browse: Browse, town: World, cup: Story) -> None:
    visit = browse(town.buyer)
    visit.open(page_of(cup))
    visit.page.locator("#say").fill("请尽快处理。")
    held = "() => Object.values(sessionStorage).join()"
    assert "请尽快处理。" in visit.page.evaluate(held)
    visit.page.locator("details.menu summary").click()
    visit.press(visit.page.locator("form[action$='/sign-out/'] button"))
    assert "请尽快处理。" not in visit.page.evaluate(held)


def test_a_ruling_gets_one_more_row_in_its_dialog(browse: Browse, heard: Story) -> None:
    visit = browse(heard.handler)
    page = visit.open(page_of(heard))
    visit.opens("issue_ruling")
    visit.fill("dialog[open]", facts="杯子碎了。", remedies__0__remedy="refund_only", remedies__0__amount="20.00")
    page.locator("dialog[open] button[name=more]").click()
    page.locator("dialog[open] [name='remedies.1.remedy']").wait_for()
    assert page.locator("dialog[open] [name=facts]").input_value() == "杯子碎了。"
    assert page.locator("dialog[open] [name='remedies.0.amount']").input_value() == "20.00"
    assert visit.path() == page_of(heard)
    visit.check("one more row", within="dialog[open]")


def test_without_scripts_one_more_row_keeps_what_was_typed(browse: Browse, heard: Story) -> None:
    visit = browse(heard.handler, java_script_enabled=False)
    page = visit.open(f"{page_of(heard)}do/issue_ruling/")
    visit.fill("main", facts="杯子碎了。", remedies__0__amount="20.00")
    visit.press(page.locator("button[name=more]"))
    assert page.locator("[name='remedies.1.remedy']").count() == 1
    assert page.locator("[name=facts]").input_value() == "杯子碎了。"


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_a_dialog_that_comes_too_late_says_what_changed(browse: Browse, town: World, cup: Story, language: str) -> None:
    visit = browse(town.buyer, phone=True, language=language)
    visit.open(page_of(cup))
    visit.opens("withdraw")
    cup.does(town.supervisor, "hold_promises", reason="Flood")
    visit.fill("dialog[open]", confirm="true")
    visit.sends("dialog[open]", expect=409)
    visit.page.locator("#changed").wait_for()
    visit.check("what changed meanwhile")
    visit.open(page_of(cup))
    cup.does(town.buyer, "withdraw", confirm=True)
    visit.expected.add(409)
    with visit.page.expect_navigation():  # there is nothing to fill in any more: a page says why
        visit.page.locator("main a[data-sheet][href$='/do/urge/']").first.click()
    assert visit.page.get_by_role("alert").inner_text().strip()
    visit.check("a dialog for what is over")
