"""Filing, one question a page: every step, and every way to go wrong on it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from casemgmt.errors import Unavailable
from disputes.models import Case, Unfinished
from disputes.ports import orders
from disputes.templatetags.moments import until
from disputes.templatetags.money import money
from disputes.web.told import STEPS
from tests.disputes.filing import NEW, STORY, at, files, go_on, of_draft, tells
from tests.disputes.screens import Screens, alerts, text
from tests.world import World

pytestmark = pytest.mark.django_db
NAMES = tuple(STEPS)[1:]  # whoever files for oneself is not asked who is calling
BEFORE_DRAFT, OF_DRAFT = NAMES[:4], NAMES[4:]


@pytest.fixture
def buyer(world: World) -> Screens:
    return Screens(world, world.buyer)


@pytest.mark.promise("R0-03", "R0-12", "R0-22")
def test_a_complaint_is_filed_page_by_page(buyer: Screens) -> None:
    page = tells(buyer)
    for said in ("Product quality", "杯子碎了", "13800138000", "陶瓷杯"):
        assert said in text(page)
    answer = files(buyer)
    case = Case.objects.get()
    assert answer["Location"] == f"/cases/{case.reference}/filed/"
    assert (case.status, case.consumer_id, case.channel) == ("awaiting_seller", buyer.world.buyer.pk, "web")


@pytest.mark.promise("R2-26")
def test_the_last_page_says_whose_turn_it_is_and_until_when(buyer: Screens) -> None:
    tells(buyer)
    page = text(buyer.get(files(buyer)["Location"]))
    case = Case.objects.get()
    assert case.reference in page and "The seller answers the complaint" in page and "Waiting for: Seller" in page
    due = {one.kind: one.due_at for one in case.clocks.all()}
    assert "until Nov. 4, 2026" in page and due["seller_response"].day == 4
    with translation.override("en"):
        assert f"by {until(due['resolution'])}" in page
    assert f'href="/cases/{case.reference}/"' in page


def test_going_back_shows_what_was_said_before_and_after_it_is_a_draft(buyer: Screens) -> None:
    tells(buyer, "wish")
    assert 'value="product_quality/damaged" checked' in text(buyer.get(at("problem")))
    assert "杯子碎了</textarea>" in text(buyer.get(at("story")))
    go_on(buyer, "wish")
    for step, said in (
        ("problem", 'value="product_quality/damaged" checked'),
        ("story", "杯子碎了</textarea>"),
        ("wish", 'value="return_refund" required checked'),
        ("order", "checked"),
    ):
        assert said in text(buyer.get(of_draft(step))), step


@pytest.mark.parametrize("until", BEFORE_DRAFT)
@pytest.mark.parametrize("wanted", NAMES)
def test_who_skips_ahead_is_led_to_the_first_open_question(buyer: Screens, until: str, wanted: str) -> None:
    tells(buyer, until)
    answer = buyer.get(at(wanted))
    if NAMES.index(wanted) <= NAMES.index(until):
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer["Location"]) == (302, at(until))


@pytest.mark.parametrize("until", OF_DRAFT)
@pytest.mark.parametrize("wanted", OF_DRAFT)
def test_who_skips_ahead_in_a_draft_is_led_back_too(buyer: Screens, until: str, wanted: str) -> None:
    tells(buyer, until)
    answer = buyer.get(of_draft(wanted))
    if NAMES.index(wanted) <= NAMES.index(until):
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer["Location"]) == (302, of_draft(until))


def test_filing_at_once_leads_to_the_first_open_question(buyer: Screens) -> None:
    answer = buyer.post(at("check"))
    assert answer.status_code == 302 and not Case.objects.exists()
    tells(buyer, "contact")
    assert "How do we reach you?" in text(buyer.post(of_draft("check")))
    assert Case.objects.get().status == "draft"


@pytest.mark.parametrize("step", ["nonsense", "", "ORDER", "order/", "..", "🙂", "caller"])
def test_a_step_that_does_not_exist_is_the_first(buyer: Screens, step: str) -> None:
    answer = buyer.get(NEW, {"step": step})
    assert (answer.status_code, answer["Location"]) == (302, NEW)
    assert buyer.post(f"{NEW}?step=%F0%9F", {}).status_code == 302
    tells(buyer, "contact")
    assert buyer.get(of_draft(step)).status_code == 302
    assert buyer.post(of_draft(step), {}).status_code == 302


@pytest.mark.promise("R0-23")
def test_without_an_order_the_reason_is_enough_and_nothing_is_not(buyer: Screens) -> None:
    for said in ({}, {"which": "none"}, {"which": "other"}, {"which": "none", "order_number": "TB1"}):
        assert buyer.post(at("order"), said).status_code == 422
    tells(buyer, which="none", no_order_reason="Lost the number", order_number="half a num")
    assert files(buyer).status_code == 302
    case = Case.objects.get()
    assert "incomplete" in case.flags and (case.order_number, case.no_order_reason) == ("", "Lost the number")


def test_another_ones_order_looks_like_one_that_does_not_exist(buyer: Screens) -> None:
    other = buyer.world.order(buyer=buyer.world.stranger).number
    answers = [buyer.post(at("order"), {"which": "other", "order_number": number}) for number in (other, "TB-NOTHING")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("We find no order with this number." in text(answer) for answer in answers)
    assert text(answers[0]).count(other) == text(answers[1]).count("TB-NOTHING")
    assert "陶瓷杯" not in text(answers[0])
    assert buyer.get(at("problem"))["Location"] == at("order")


def test_the_latest_orders_are_offered_and_an_older_one_is_looked_up(buyer: Screens) -> None:
    oldest = buyer.world.order(items=[{"title": "旧茶壶", "qty": 1}])
    for _time in range(12):
        own = buyer.world.order()
    other = buyer.world.order(buyer=buyer.world.stranger)
    page = text(buyer.get(NEW))
    assert own.number in page and other.number not in page and oldest.number not in page
    assert buyer.post(at("order"), {"which": "other", "order_number": oldest.number}).status_code == 302
    assert f'value="{oldest.number}"' in text(buyer.get(at("order")))
    tells(buyer, which="other", order_number=oldest.number)
    assert "旧茶壶" in text(buyer.get(of_draft("check")))


def test_it_is_never_unclear_which_order_was_meant(buyer: Screens) -> None:
    chosen, typed = buyer.world.order().number, buyer.world.order().number
    answer = buyer.post(at("order"), {"which": chosen, "order_number": typed})
    assert answer.status_code == 422 and "Which one is it?" in text(answer)
    answer = buyer.post(at("order"), {"order_number": typed, "no_order_reason": "Lost"})
    assert answer.status_code == 422 and "Which is it?" in text(answer)
    assert buyer.post(at("order"), {"which": "other", "order_number": typed}).status_code == 302
    assert buyer.post(at("order"), {"which": chosen, "order_number": typed}).status_code == 302  # as it stood there
    assert Unfinished.objects.get().answers == {"order_number": chosen}


def test_a_marketplace_that_is_away_keeps_nobody_from_filing(buyer: Screens, settings: Any) -> None:
    settings.ORDERS_PORT = f"{__name__}.Away"
    tells(buyer, order_number="TB1")
    assert files(buyer).status_code == 302
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
    tells(buyer, "contact")
    assert buyer.post(of_draft("story"), {"description": description}).status_code == 422
    assert Case.objects.get().description == "杯子碎了"


WRITTEN = ["x" * 2000, "שלום 🙂 مرحبا", "a\r\nb" * 500, "<script>alert(1)</script>", "{{ 7|add:7 }}", "长" * 2000, "w" * 300]  # fmt: skip


@pytest.mark.parametrize("description", WRITTEN)
def test_a_story_is_kept_as_it_was_written(buyer: Screens, description: str) -> None:
    tells(buyer, "story")
    assert buyer.post(at("story"), {"description": description}).status_code == 302
    assert Unfinished.objects.get().answers["description"] == description.replace("\r\n", "\n")
    for step in ("wish", "contact", "evidence"):
        go_on(buyer, step)
    assert "<script>alert" not in buyer.get(of_draft("check")).content.decode()
    files(buyer)
    assert Case.objects.get().description == description.replace("\r\n", "\n")


@pytest.mark.parametrize("said", [{}, {"remedy": "x"}, {"remedy": "reship\0"}, {"remedy": "return_refund", "amount": "-0.01"},
                                  {"remedy": "return_refund", "amount": "1e99"}, {"remedy": "return_refund", "amount": "ten"}])  # fmt: skip
def test_a_wish_that_cannot_be_is_asked_again(buyer: Screens, said: dict[str, str]) -> None:
    tells(buyer, "wish")
    answer = buyer.post(at("wish"), said)
    assert answer.status_code == 422
    assert "text-danger" in text(answer) or 'class="wrong"' in text(answer)
    assert not Case.objects.exists()


@pytest.mark.parametrize(("amount", "fits"), [("0.01", True), ("110.00", True), ("110.01", False), ("9999.99", False)])
def test_more_than_can_be_given_is_said_where_it_is_asked_for(buyer: Screens, amount: str, fits: bool) -> None:
    page = text(tells(buyer, "wish"))
    assert f"up to {money(110)}" in page and f"up to {money(100)}" in page  # with the freight, and without
    answer = buyer.post(at("wish"), {"remedy": "return_refund", "amount": amount})
    assert answer.status_code == (302 if fits else 422)
    if not fits:
        assert "At most 110.00 can be given" in alerts(answer)[0] and f'value="{amount}"' in text(answer)
        assert buyer.post(at("wish"), {"remedy": "return_refund", "amount": "110"}).status_code == 302
    assert buyer.post(of_draft("wish"), {"remedy": "return_refund", "amount": "110.01"}).status_code == 422
    assert Case.objects.get().claims.get().amount == Decimal(amount if fits else 110)


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
    assert buyer.post(of_draft("contact"), {}).status_code == 422
    page = text(buyer.get(of_draft("problem")))
    assert "service_complaint/attitude" in page and "product_quality/damaged" not in page  # it stays about us
    assert 'name="parent"' not in text(buyer.get(of_draft("story")))
    for step in ("contact", "evidence"):
        go_on(buyer, step)
    assert parent in text(buyer.get(of_draft("check")))
    answer = files(buyer)
    assert answer.status_code == 302, alerts(answer)
    assert Case.objects.get(type="service_complaint").parent.reference == parent  # type: ignore[union-attr]


def test_other_complaints_are_not_asked_which_case_they_are_about(buyer: Screens) -> None:
    assert 'name="parent"' not in text(tells(buyer, "story"))


def test_what_we_know_is_not_asked_twice(buyer: Screens) -> None:
    assert f'value="{buyer.world.buyer.email}"' in text(tells(buyer, "contact"))
    go_on(buyer, "contact")
    assert f'value="{STORY["contact"]["contact"]}"' in text(buyer.get(of_draft("contact")))
    buyer.post(NEW, {"anew": "1"})
    assert f'value="{STORY["contact"]["contact"]}"' in text(tells(buyer, "contact"))


def test_broken_bytes_are_asked_again_or_kept_as_such(buyer: Screens) -> None:
    assert buyer.raw(at("order"), b"order_number=%ff%fe").status_code == 422
    assert buyer.raw(at("order"), b"order_number=%00").status_code == 422
    assert buyer.raw(at("order"), b"no_order_reason=%ff%fe%ed%a0%80").status_code == 302
    assert buyer.get(at("problem")).status_code == 200


def test_every_page_costs_few_queries(buyer: Screens, django_assert_max_num_queries: Any) -> None:
    for _time in range(12):
        buyer.world.order()
    tells(buyer, "wish")
    pages = [NEW, *map(at, BEFORE_DRAFT)]
    for path in pages:
        with django_assert_max_num_queries(15):
            assert buyer.get(path).status_code == 200
    for step in ("wish", "contact", "evidence"):
        go_on(buyer, step)
    for path in [NEW, *map(of_draft, NAMES)]:
        with django_assert_max_num_queries(15):
            assert buyer.get(path).status_code == 200
    done = files(buyer)["Location"]
    with django_assert_max_num_queries(15):
        assert buyer.get(done).status_code == 200
