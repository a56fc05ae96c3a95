"""From a phone with photos to an appeal, by clicking: every side at a browser of its own."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from casemgmt.accounts.models import User
from disputes.models import Case, Ruling
from evidence.models import Item
from tests.browser.conftest import Browse
from tests.browser.visit import Visit
from tests.evidence import samples
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
STORY = "花瓶到货时已经碎了，外箱完好。"


@pytest.fixture
def vase(town: World) -> str:
    """The number of an order that cost more than one person may rule on."""
    return town.order(paid_total=Decimal(6000), items=[{"title": "花瓶", "qty": 1}]).number


def begins(visit: Visit, number: str) -> None:
    """One question a page, up to the one that asks for evidence."""
    page = visit.open("/cases/new/")
    visit.fill("main form", which=number)
    visit.press(goes_on(visit))
    page.locator("details.family:has([value='product_quality/damaged']) summary").click()
    visit.fill("main form", both="product_quality/damaged")
    visit.press(goes_on(visit))
    visit.fill("main form", description=STORY)
    visit.press(goes_on(visit))
    visit.fill("main form", remedy="refund_only")
    visit.press(goes_on(visit))
    visit.fill("main form", contact="13800138000")
    visit.press(goes_on(visit))
    page.locator("form[enctype='multipart/form-data']").wait_for()


def goes_on(visit: Visit) -> Locator:
    return visit.page.locator("main form button.btn-primary")


def files(visit: Visit) -> str:
    """From the evidence to the number; the address of the case."""
    visit.press(goes_on(visit))
    assert STORY in visit.page.locator("main").inner_text()
    visit.press(goes_on(visit))
    case = Case.objects.get()
    assert case.reference in visit.page.locator("main").inner_text()
    assert visit.path() == f"/cases/{case.reference}/filed/"
    return f"/cases/{case.reference}/"


def sits_at(browse: Browse, person: User, path: str) -> Visit:
    visit = browse(person)
    visit.open(path)
    return visit


def on_the_wall(visit: Visit, words: str) -> int:
    return int(visit.page.locator(f"#numbers .counts a[href*='{words}'] strong").first.inner_text())


def after_a_while(visit: Visit) -> None:
    """As long as the wall says that it takes to renew its numbers; nobody reloads it."""
    seconds = int(visit.page.locator("[data-every]").first.get_attribute("data-every") or 0)
    with visit.page.expect_response(lambda answer: answer.url.endswith("/wall/")) as renewed:
        visit.page.clock.fast_forward(seconds * 1000)
    renewed.value.finished()
    visit.page.evaluate("() => new Promise(requestAnimationFrame)")


def a_wall(browse: Browse, person: User) -> Visit:
    visit = browse(person)
    visit.page.clock.install()
    visit.open("/wall/")
    visit.page.evaluate("() => { window.neverReloaded = true; }")
    return visit


def test_a_broken_vase_goes_from_a_phone_to_an_appeal(browse: Browse, town: World, vase: str) -> None:
    wall = a_wall(browse, town.supervisor)
    assert on_the_wall(wall, "view=open") == 0
    buyer = browse(town.buyer, phone=True)
    path = files_with_photos(buyer, vase)
    after_a_while(wall)
    assert on_the_wall(wall, "view=open") == 1

    seller = refuses_from_the_list(browse, town, path)
    buyer.open(path)
    buyer.acts("escalate", reason="seller_refused")
    asks_and_rules(browse, seller, path)

    after_a_while(wall)
    assert on_the_wall(wall, "view=approve") == 1
    buyer.open(path)
    assert buyer.page.locator("#ruling").count() == 0  # a draft is nobody's ruling yet
    reviewer = sits_at(browse, town.reviewer, path)
    reviewer.acts("approve_ruling", note="同意")
    after_a_while(wall)
    assert on_the_wall(wall, "view=approve") == 0

    buyer.open(path)
    assert "¥\N{NO-BREAK SPACE}6,000.00" in buyer.page.locator("section:has(#ruling)").inner_text()
    buyer.acts("appeal", grounds="amount", text="运费没有计入。")
    after_a_while(wall)
    assert on_the_wall(wall, "view=appeals") == 1
    assert wall.page.evaluate("() => window.neverReloaded")
    assert Case.objects.get().status == "under_appeal"
    sees_nothing(browse(town.stranger, phone=True), path)


def files_with_photos(buyer: Visit, number: str) -> str:
    """Four files at once: one gets lost on its way and is sent again, one is of a kind that we do not take."""
    begins(buyer, number)
    lose_the_second_file(buyer.page)
    buyer.forgiven = "ERR_FAILED"
    buyer.expected.add(422)
    photos = [
        ("正面.jpg", samples.JPEG),
        ("背面.jpg", samples.JPEG + b"2"),
        ("程序.exe", samples.EXE),
        ("底部.png", samples.png()),
    ]
    sent = buyer.hands_in("product_photo", *photos)
    expect(sent.locator("span:not(:empty)")).to_have_count(4)  # each has been told how it went
    expect(sent.locator("button")).to_have_count(2)
    assert all(told.strip() for told in sent.locator(".text-danger").all_inner_texts())
    assert exhibits(buyer.path()) == {"正面.jpg", "底部.png"}
    buyer.check("files that did not get through")
    with buyer.page.expect_navigation():
        sent.nth(1).locator("button").click()
    expect(buyer.page.locator(".tiles .tile")).to_have_count(3)
    assert exhibits(buyer.path()) == {"正面.jpg", "背面.jpg", "底部.png"}
    path = files(buyer)
    assert Case.objects.get().status == "awaiting_seller"
    return path


def lose_the_second_file(page: Page) -> None:
    """Once: the network drops it."""
    seen = itertools.count(1)

    def pass_on(route: Route) -> None:
        lost = "背面.jpg".encode() in (route.request.post_data_buffer or b"") and next(seen) == 1
        route.abort() if lost else route.continue_()

    page.route(re.compile(r"/evidence/\?"), pass_on)


def exhibits(path: str) -> set[str]:
    return set(Item.objects.filter(case__reference=path.split("/")[2]).values_list("file__original_name", flat=True))


def refuses_from_the_list(browse: Browse, town: World, path: str) -> Visit:
    seller = sits_at(browse, town.seller, "/cases/")
    seller.press(seller.page.locator(f"main a[href='{path}']").first)
    assert seller.page.locator(".tiles .tile").count() == 3
    seller.acts("refuse", reason="goods_fine", text="发货时完好，有打包视频。")
    assert Case.objects.get().status == "seller_refused"
    return seller


def asks_and_rules(browse: Browse, seller: Visit, path: str) -> None:
    """The handler takes the case, asks the seller for proof, gets it, and writes a ruling over their own limit."""
    handler = Case.objects.get().owner
    assert handler is not None
    arbitrator = sits_at(browse, handler, path)
    arbitrator.acts("accept_intervention", opinion="已受理，请双方补充证据。")
    arbitrator.acts("open_evidence", requests__0__party="seller", requests__0__slot="dispatch_proof")
    seller.open(path)
    with seller.page.expect_navigation():
        seller.hands_in("dispatch_proof", ("打包.pdf", samples.PDF))
    arbitrator.open(path)
    assert arbitrator.page.locator(".tiles .tile").count() == 4
    arbitrator.acts("close_evidence")
    arbitrator.acts(
        "issue_ruling", outcome="buyer_favour", reason="defect_proven", facts="花瓶签收时已碎。",
        reasoning="签收前的风险由商家承担。", citations="cpl-24", liability__seller="100",
        remedies__0__remedy="refund_only", remedies__0__amount="6000",
    )  # fmt: skip
    assert Ruling.objects.get().status == "in_approval"


def sees_nothing(stranger: Visit, path: str) -> None:
    for address in (path, f"{path}do/escalate/", f"/exhibits/{Item.objects.latest('pk').uid}/"):
        stranger.open(address, expect=404)
    stranger.open("/cases/")
    assert path not in stranger.page.content()
