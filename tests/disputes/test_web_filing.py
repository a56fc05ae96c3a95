"""Filing, one question a page: every step, and every way to go wrong on it."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from casemgmt.errors import Unavailable
from disputes.models import Case
from disputes.ports import orders
from disputes.web.filing import KEPT, NAMES
from tests.disputes.screens import Screens, alerts, hidden, text
from tests.world import World

pytestmark = pytest.mark.django_db
NEW = "/cases/new/"
STORY = {"problem": {"both": "product_quality/damaged"}, "story": {"description": "杯子碎了"},
         "wish": {"remedy": "return_refund"}, "contact": {"contact": "13800138000", "evidence_waiver": "gone"}}  # fmt: skip


@pytest.fixture
def buyer(world: World) -> Screens:
    return Screens(world, world.buyer)


def at(step: str) -> str:
    return f"{NEW}?step={step}"


def tells(browser: Screens, until: str = "check", **order: str) -> Any:
    """Answer the pages one after another, up to and without this one; its page."""
    said = {"order": order or {"order_number": browser.world.order().number}, **STORY}
    for step in NAMES[: NAMES.index(until)]:
        answer = browser.post(at(step), said[step])
        assert (answer.status_code, answer["Location"]) == (302, at(NAMES[NAMES.index(step) + 1])), text(answer)
    return browser.get(at(until))


def kept(browser: Screens) -> dict[str, str]:
    found: dict[str, str] = browser.client.session.get(KEPT, {})
    return found


@pytest.mark.promise("R0-03", "R0-12", "R0-22")
def test_a_complaint_is_filed_page_by_page(buyer: Screens) -> None:
    page = tells(buyer)
    for said in ("Product quality", "杯子碎了", "13800138000"):
        assert said in text(page)
    answer = buyer.post(at("check"), {"once": hidden(page, "once")})
    case = Case.objects.get()
    assert answer["Location"] == f"/cases/{case.reference}/"
    assert (case.status, case.consumer_id, case.channel) == ("awaiting_seller", buyer.world.buyer.pk, "web")
    assert kept(buyer) == {}


def test_going_back_shows_what_was_said(buyer: Screens) -> None:
    tells(buyer)
    assert 'value="product_quality/damaged" checked' in text(buyer.get(at("problem")))
    assert "杯子碎了</textarea>" in text(buyer.get(at("story")))
    assert 'value="return_refund" required checked' in text(buyer.get(at("wish")))


@pytest.mark.parametrize("until", NAMES)
@pytest.mark.parametrize("wanted", NAMES)
def test_who_skips_ahead_is_led_to_the_first_open_question(buyer: Screens, until: str, wanted: str) -> None:
    tells(buyer, until)
    answer = buyer.get(at(wanted))
    if NAMES.index(wanted) <= NAMES.index(until):
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer["Location"]) == (302, at(until))


def test_filing_at_once_leads_to_the_first_open_question(buyer: Screens) -> None:
    answer = buyer.post(at("check"), {"once": "k"})
    assert answer.status_code == 422
    assert "Choose an order, or say why there is none." in text(answer)
    tells(buyer, "wish")
    assert "What do you want?" in text(buyer.post(at("check"), {"once": "k"}))
    assert not Case.objects.exists()


@pytest.mark.parametrize("step", ["nonsense", "", "ORDER", "order/", "..", "🙂"])
def test_a_step_that_does_not_exist_is_the_first(buyer: Screens, step: str) -> None:
    answer = buyer.get(NEW, {"step": step})
    assert (answer.status_code, answer["Location"]) == (302, NEW)
    assert buyer.post(f"{NEW}?step=%F0%9F", {}).status_code == 302


@pytest.mark.promise("R0-23")
def test_without_an_order_the_reason_is_enough_and_nothing_is_not(buyer: Screens) -> None:
    assert buyer.post(at("order"), {}).status_code == 422
    page = tells(buyer, no_order_reason="Lost the number")
    assert buyer.post(at("check"), {"once": hidden(page, "once")}).status_code == 302
    assert "incomplete" in Case.objects.get().flags


def test_another_ones_order_looks_like_one_that_does_not_exist(buyer: Screens) -> None:
    other = buyer.world.order(buyer=buyer.world.stranger).number
    answers = [buyer.post(at("order"), {"order_number": number}) for number in (other, "TB-NOTHING")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("We find no order with this number." in text(answer) for answer in answers)
    assert text(answers[0]).count(other) == text(answers[1]).count("TB-NOTHING")
    assert "陶瓷杯" not in text(answers[0])
    assert buyer.get(at("problem"))["Location"] == at("order")


def test_only_ones_own_orders_are_offered(buyer: Screens) -> None:
    own, other = buyer.world.order(), buyer.world.order(buyer=buyer.world.stranger)
    page = text(buyer.get(NEW))
    assert own.number in page and other.number not in page


def test_a_marketplace_that_is_away_keeps_nobody_from_filing(buyer: Screens, settings: Any) -> None:
    settings.ORDERS_PORT = f"{__name__}.Away"
    page = tells(buyer, order_number="TB1")
    assert buyer.post(at("check"), {"once": hidden(page, "once")}).status_code == 302
    assert Case.objects.get().order_number == "TB1"


class Away:
    def fetch(self, number: str) -> orders.Found | None:
        raise Unavailable("orders_unavailable", "away")


@pytest.mark.parametrize("both", ["", "product_quality", "product_quality/", "/damaged", "logistics/damaged", "x/y", "a/b/c", "\0/\0"])  # fmt: skip
def test_a_problem_of_no_family_is_asked_again(buyer: Screens, both: str) -> None:
    tells(buyer, "problem")
    answer = buyer.post(at("problem"), {"both": both})
    assert answer.status_code == 422
    assert "text-danger" in text(answer)
    assert buyer.get(at("story"))["Location"] == at("problem")


@pytest.mark.parametrize("description", ["", "  ", "a\0b", "x" * 2001])
def test_a_story_that_cannot_be_kept_is_asked_again(buyer: Screens, description: str) -> None:
    tells(buyer, "story")
    answer = buyer.post(at("story"), {"description": description})
    assert answer.status_code == 422
    assert 'class="wrong"' in text(answer)
    assert description.strip() in text(answer)


@pytest.mark.parametrize(
    "description",
    [
        "x" * 2000,
        "שלום 🙂 مرحبا",
        "a\r\nb" * 500,
        "<script>alert(1)</script>",
        "{{ 7|add:7 }}",
        "长" * 2000,
        "w" * 1999,
    ],
)
def test_a_story_is_kept_as_it_was_written(buyer: Screens, description: str) -> None:
    tells(buyer, "story")
    assert buyer.post(at("story"), {"description": description}).status_code == 302
    buyer.post(at("wish"), STORY["wish"])
    page = buyer.post(at("contact"), STORY["contact"])
    page = buyer.get(at("check"))
    assert "<script>alert" not in page.content.decode()
    buyer.post(at("check"), {"once": hidden(page, "once")})
    assert Case.objects.get().description == description.replace("\r\n", "\n")


@pytest.mark.parametrize("said", [{}, {"remedy": "x"}, {"remedy": "reship\0"}, {"remedy": "return_refund", "amount": "-0.01"},
                                  {"remedy": "return_refund", "amount": "1e99"}, {"remedy": "return_refund", "amount": "ten"}])  # fmt: skip
def test_a_wish_that_cannot_be_is_asked_again(buyer: Screens, said: dict[str, str]) -> None:
    tells(buyer, "wish")
    answer = buyer.post(at("wish"), said)
    assert answer.status_code == 422
    assert "text-danger" in text(answer) or 'class="wrong"' in text(answer)


def test_a_remedy_of_another_family_is_asked_again(buyer: Screens) -> None:
    """Repair is for goods; a parcel is not repaired."""
    tells(buyer, "wish")
    buyer.post(at("wish"), {"remedy": "repair"})
    buyer.post(at("problem"), {"both": "logistics/lost"})
    assert buyer.get(at("check"))["Location"] == at("wish")
    assert 'value="repair"' not in text(buyer.get(at("wish")))


@pytest.mark.parametrize(("amount", "filed"), [("0.01", True), ("110.00", True), ("110.01", False), ("9999.99", False)])
def test_more_than_can_be_given_is_said_and_can_be_mended(buyer: Screens, amount: str, filed: bool) -> None:
    assert "110.00" in text(tells(buyer, "wish"))
    buyer.post(at("wish"), {"remedy": "return_refund", "amount": amount})
    buyer.post(at("contact"), STORY["contact"])
    answer = buyer.post(at("check"), {"once": hidden(buyer.get(at("check")), "once")})
    assert answer.status_code == (302 if filed else 422)
    if not filed:
        assert "At most 110.00 can be given" in alerts(answer)[0]
        buyer.post(at("wish"), {"remedy": "return_refund", "amount": "110"})
        assert buyer.post(at("check"), {"once": hidden(answer, "once")}).status_code == 302


def test_what_evidence_is_missing_is_said_in_words_and_a_draft_is_kept(buyer: Screens) -> None:
    tells(buyer, "contact")
    buyer.post(at("contact"), {"contact": "13800138000"})
    once = hidden(buyer.get(at("check")), "once")
    answer = buyer.post(at("check"), {"once": once})
    assert answer.status_code == 422
    assert "Still needed:" in alerts(answer)[0] and "submit=false" not in text(answer)
    answer = buyer.post(at("check"), {"once": hidden(answer, "once"), "draft": "1"})
    case = Case.objects.get()
    assert (case.status, answer["Location"]) == ("draft", f"/cases/{case.reference}/")
    assert "Still needed:" in text(buyer.get(answer["Location"]))


def test_a_double_click_files_once(buyer: Screens) -> None:
    once = hidden(tells(buyer), "once")
    before = dict(kept(buyer))
    answers = [buyer.post(at("check"), {"once": once}) for _time in range(2)]
    session = buyer.client.session  # as if the second click had come before the first was answered
    session[KEPT] = before
    session.save()
    answers.append(buyer.post(at("check"), {"once": once}))
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, f"/cases/{Case.objects.get().reference}/")
    }


def test_the_same_problem_again_leads_to_the_case_that_is_open(buyer: Screens) -> None:
    number = buyer.world.order().number
    for _time in range(2):
        page = tells(buyer, order_number=number)
        buyer.post(at("check"), {"once": hidden(page, "once")})
    assert Case.objects.get().repeat_count == 1


@pytest.mark.promise("R1-15")
def test_an_agent_files_for_a_consumer_who_is_named(world: World) -> None:
    agent = Screens(world, world.agent)
    number = world.order().number
    for named in ("", "nobody", "a\0b", world.seller.username, world.agent.username):
        answer = agent.post(at("order"), {"order_number": number, "consumer": named})
        assert answer.status_code == 422
        assert "Name the consumer you file for" in text(answer) or 'class="wrong"' in text(answer)
    assert agent.post(at("order"), {"order_number": number, "consumer": world.stranger.username}).status_code == 422
    page = tells(agent, order_number=number, consumer=world.buyer.username)
    answer = agent.post(at("check"), {"once": hidden(page, "once")})
    case = Case.objects.get()
    assert (case.consumer_id, case.filed_by_id) == (world.buyer.pk, world.agent.pk)
    assert agent.get(answer["Location"]).status_code == 200


def test_a_draft_of_an_agent_is_seen_by_its_author_and_a_supervisor_keeps_none(world: World) -> None:
    for user in (world.agent, world.supervisor):
        browser = Screens(world, user)
        page = tells(browser, order_number=world.order().number, consumer=world.buyer.username)
        assert ('name="draft"' in text(page)) is (user == world.agent)
        answer = browser.post(at("check"), {"once": hidden(page, "once"), "draft": "1"})
        assert browser.get(answer["Location"]).status_code == 200


def test_a_consumer_files_for_oneself_whoever_is_named(buyer: Screens) -> None:
    page = tells(buyer, order_number=buyer.world.order().number, consumer=buyer.world.stranger.username)
    assert "consumer" not in kept(buyer)
    buyer.post(at("check"), {"once": hidden(page, "once")})
    assert Case.objects.get().consumer_id == buyer.world.buyer.pk


@pytest.mark.promise("R2-14")
def test_a_complaint_about_us_says_which_case_it_is_about(buyer: Screens) -> None:
    parent = buyer.world.files().case.reference
    buyer.post(at("order"), {"no_order_reason": "About you"})
    buyer.post(at("problem"), {"both": "service_complaint/attitude"})
    assert 'name="parent"' in text(buyer.get(at("story")))
    for named in ("", "00000-00000", "a\0b"):
        assert buyer.post(at("story"), {"description": "Slow", "parent": named}).status_code == 422
    assert buyer.post(at("story"), {"description": "Slow", "parent": parent.lower()}).status_code == 302
    buyer.post(at("wish"), {"remedy": "apology"})
    assert buyer.post(at("contact"), {}).status_code == 422
    buyer.post(at("contact"), STORY["contact"])
    answer = buyer.post(at("check"), {"once": "k"})
    assert answer.status_code == 302, alerts(answer)
    assert Case.objects.get(type="service_complaint").parent.reference == parent  # type: ignore[union-attr]


def test_other_complaints_are_not_asked_which_case_they_are_about(buyer: Screens) -> None:
    assert 'name="parent"' not in text(tells(buyer, "story"))


def test_a_session_stays_small_whatever_is_pasted(buyer: Screens) -> None:
    tells(buyer, "story")
    paste = secrets.token_hex(150_000)  # no compression makes it small
    answer = buyer.post(at("story"), {"description": paste, "defect_location": paste, "a": paste, "goods_used": paste})
    assert answer.status_code == 422
    for step, said in (("order", {"order_number": paste, "no_order_reason": paste}), ("wish", {"demand_text": paste})):
        buyer.post(at(step), said)
    assert len(Session.objects.get(pk=buyer.client.session.session_key).session_data) < 60_000
    assert buyer.post(at("story"), {"description": "x" * 10_000_000}).status_code == 413


def test_broken_bytes_are_asked_again_or_kept_as_such(buyer: Screens) -> None:
    assert buyer.raw(at("order"), b"order_number=%ff%fe").status_code == 422
    assert buyer.raw(at("order"), b"order_number=%00").status_code == 422
    assert buyer.raw(at("order"), b"no_order_reason=%ff%fe%ed%a0%80").status_code == 302
    assert buyer.get(at("problem")).status_code == 200


def test_every_page_costs_few_queries(buyer: Screens, django_assert_max_num_queries: Any) -> None:
    for _time in range(12):
        buyer.world.order()
    tells(buyer)
    for step in NAMES:
        with django_assert_max_num_queries(15):
            assert buyer.get(at(step)).status_code == 200
