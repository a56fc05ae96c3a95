"""Lists, the overview, the phone desk and many at once: each role's own, whatever the address says."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from disputes.models import Case
from disputes.web.queue import AGES, OF_ROLE, ORDERINGS, PAGE
from tests.disputes.screens import Screens, alerts, listed, text
from tests.world import Story, World

pytestmark = pytest.mark.django_db
NONSENSE = ["x", "-1", "0", "1e9", "9" * 5000, "²", "٣", "🙂", "'; --", "a\nb", "%s", "../..", "null"]


def heard(world: World) -> Story:
    story = world.files().does(world.seller, "refuse", reason="goods_fine", text="It was whole")
    return story.does(world.buyer, "escalate", reason="seller_refused")


def numbers(answer: Any) -> dict[str, tuple[int, str]]:
    """{words: (number, address)} of the overview."""
    found = re.findall(r'<a href="([^"]*)"><strong>(\d+)</strong>([^<]+)</a>', text(answer))
    return {words.strip(): (int(number), to) for to, number, words in found}


@pytest.mark.parametrize("role", OF_ROLE)
def test_every_view_of_a_role_opens(world: World, role: str) -> None:
    heard(world)
    people = {"consumer": world.buyer, "seller_staff": world.seller, "agent": world.agent, "reviewer": world.reviewer,
              "arbitrator": world.arbitrator, "supervisor": world.supervisor, "auditor": world.auditor}  # fmt: skip
    browser = Screens(world, people[role])
    for view in OF_ROLE[role]:
        for order in ORDERINGS:
            page = browser.get("/cases/", {"view": view, "order": order})
            assert page.status_code == 200
            assert f'href="?view={view}" aria-current="page"' in text(page)


@pytest.mark.parametrize("name", ["view", "order", "status", "owner", "term", "age", "page", "after", "before", "q"])
@pytest.mark.parametrize("value", NONSENSE)
def test_a_nonsensical_filter_is_no_failure(world: World, name: str, value: str) -> None:
    world.files()
    assert Screens(world, world.supervisor).get("/cases/", {name: value}).status_code == 200


@pytest.mark.parametrize("name", ["view", "q", "after"])
def test_a_nul_in_an_address_is_refused(world: World, name: str) -> None:
    browser = Screens(world, world.supervisor)
    for path in ("/cases/", "/cases/next/", "/calls/"):
        assert browser.get(path, {name: "a\0b"}).status_code == 400


@pytest.mark.promise("R1-10")
def test_a_case_is_found_however_its_number_is_typed(world: World) -> None:
    story = world.files()
    world.files()
    reference = story.case.reference
    buyer = Screens(world, world.buyer)
    misread = reference.replace("0", "o").replace("1", "l").replace("8", "b")
    for typed in (reference, reference.lower(), reference.replace("-", ""), f"  {' '.join(reference)} ", misread):
        assert listed(buyer.get("/cases/", {"q": typed})) == [reference], typed
    number = story.case.order_number
    for typed in (number, f" {number[:4]} {number[4:]} ", number.lower(), number.replace("0", "０")):
        assert listed(buyer.get("/cases/", {"q": typed})) == [reference], typed
    assert listed(buyer.get("/cases/", {"q": reference[:-1] + "?"})) == []
    assert "No case has this number." in text(buyer.get("/cases/", {"q": "TB-NOTHING"}))


def test_somebody_elses_number_finds_nothing(world: World) -> None:
    story = world.files()
    for typed in (story.case.reference, story.case.order_number):
        assert listed(Screens(world, world.stranger).get("/cases/", {"q": typed})) == []


def test_a_closed_case_is_found_by_its_number_too(world: World) -> None:
    story = world.files().does(world.buyer, "withdraw", confirm=True)
    assert listed(Screens(world, world.buyer).get("/cases/", {"q": story.case.reference})) == [story.case.reference]


def test_parties_do_not_search_by_what_they_may_not_know(world: World) -> None:
    """Whether its handler is this one, or whether we are late: not even by an empty list."""
    story = heard(world)
    for person in (world.buyer, world.seller):
        browser = Screens(world, person)
        for query in ({"owner": story.handler.username}, {"owner": "nobody"}, {"term": "overdue"}, {"term": "risk"}):
            assert listed(browser.get("/cases/", {"view": "open", **query})) == [story.case.reference]


def test_pages_hold_every_case_once_and_keep_the_filters(world: World) -> None:
    references = [world.files().case.reference for _number in range(PAGE + 2)]
    browser = Screens(world, world.supervisor)
    for order in ORDERINGS:
        first = browser.get("/cases/", {"view": "open", "order": order, "status": "awaiting_seller"})
        onward = pager(first)
        assert len(listed(first)) == PAGE and len(onward) == 1
        assert "status=awaiting_seller" in onward[0] and "view=open" in onward[0]
        assert order == "due" or f"order={order}" in onward[0]
        second = browser.get(f"/cases/{onward[0]}")
        assert sorted(listed(first) + listed(second)) == sorted(references)
        (back,) = pager(second)
        assert listed(browser.get(f"/cases/{back}")) == listed(first)
    (back,) = pager(browser.get("/cases/", {"page": "2", "term": "risk"}))
    assert "page=1" in back and "term=risk" in back


@pytest.mark.parametrize("order", ["new", "old"])
def test_a_case_filed_between_two_pages_moves_nobody_to_another_page(world: World, order: str) -> None:
    references = [world.files().case.reference for _number in range(2 * PAGE + 1)]
    browser = Screens(world, world.supervisor)
    seen, page = [], browser.get("/cases/", {"order": order})
    for _page in range(3):
        seen += listed(page)
        world.files()
        onward = [to for to in pager(page) if "after=" in to]
        page = browser.get(f"/cases/{onward[0]}") if onward else page
    assert len(seen) == len(set(seen)) and set(references) <= set(seen)


def test_going_back_leads_to_the_rows_before(world: World) -> None:
    for _number in range(2 * PAGE + 5):
        world.files()
    browser = Screens(world, world.supervisor)
    first = browser.get("/cases/", {"order": "new"})
    second = browser.get(f"/cases/{pager(first)[0]}")
    third = browser.get(f"/cases/{pager(second)[1]}")
    assert len(listed(third)) == 5 and len(pager(third)) == 1
    again = browser.get(f"/cases/{pager(third)[0]}")
    assert listed(again) == listed(second) and len(pager(again)) == 2
    assert listed(browser.get(f"/cases/{pager(again)[0]}")) == listed(first)


def pager(page: Any) -> list[str]:
    """Where the neighbours of a page are: back, on."""
    nav = re.search(r'<nav class="pager".*?</nav>', page.content.decode(), re.DOTALL)
    return re.findall(r'href="([^"]*)"', html.unescape(nav.group())) if nav else []


def test_a_list_costs_the_same_for_many(world: World, django_assert_max_num_queries: Any) -> None:
    for _number in range(8):
        heard(world)
    for person in (world.buyer, world.seller, world.agent, world.supervisor, world.auditor, world.arbitrator):
        browser = Screens(world, person)
        with django_assert_max_num_queries(15):
            assert browser.get("/cases/", {"view": "open"}).status_code == 200


def test_every_number_of_the_overview_opens_a_list_of_that_length(world: World) -> None:
    heard(world).after(days=12)
    world.sweeps()
    unassigned = heard(world)
    for days in (0, 1, 2, 4):
        world.files()
        world.passes(days=days)
    world.files(type="other", subtype="other", remedy="apology")
    world.files(type="product_quality", subtype="safety", description="It exploded and burned my hand")
    Case.objects.filter(pk=unassigned.case_id).update(owner=None)
    world.files().does(world.buyer, "withdraw", confirm=True)
    browser = Screens(world, world.supervisor)
    page = browser.get("/wall/")
    told = numbers(page)
    assert len(told) == 8
    assert all(told[words][0] for words in ("Open", "Promise missed", "Without a handler", "Escalated to the platform"))
    for words, (number, to) in told.items():
        assert len(listed(browser.get(to))) == number, words
    cells = [
        (to, int(number)) for to, number in re.findall(
            r'<td class="number"><a href="([^"]*)">(?:<strong>)?(\d+)<', text(page))
    ]  # fmt: skip
    for to, cell in cells:
        assert len(listed(browser.get(to))) == cell, to
    by_age = [cell for to, cell in cells if "age=" in to]
    whole = [cell for to, cell in cells if "status=" in to and "age=" not in to]
    assert sum(by_age) == sum(whole) == told["Open"][0] <= PAGE
    assert len({to.partition("age=")[2] for to, _cell in cells if "age=" in to}) > 1


@pytest.mark.parametrize(
    ("hours", "age"), [(0, "today"), (7, "today"), (8, "days"), (72 + 7, "days"), (72 + 8, "week"), (175, "week"),
                       (176, "older")]
)  # fmt: skip
def test_the_age_of_a_case_is_counted_in_calendar_days(world: World, hours: int, age: str) -> None:
    """It was filed on a Monday at 16:00: Tuesday begins eight hours later, and Monday of the next week is a day too."""
    story = world.files()
    world.now = world.now.replace(hour=8, minute=0, second=0, microsecond=0)
    Case.objects.filter(pk=story.case_id).update(submitted_at=world.now)
    world.passes(hours=hours)
    browser = Screens(world, world.supervisor)
    found = [one for one in AGES if listed(browser.get("/cases/", {"view": "open", "age": one}))]
    assert found == [age]
    assert f"status=awaiting_seller&age={age}" in text(browser.get("/wall/"))


def test_the_overview_costs_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    for _number in range(5):
        heard(world)
    browser = Screens(world, world.supervisor)
    with django_assert_max_num_queries(15):
        assert browser.get("/wall/").status_code == 200
    part = browser.get("/wall/", headers={"HX-Request": "true"})
    assert "<html" not in text(part) and "By handler" in text(part) and "updated at" in text(part)


@pytest.mark.parametrize("chosen", [[], [""], ["a/b"], ["../.."], ["x" * 5000], ["\0"], ["🙂"]])
def test_what_is_no_case_is_told_row_by_row(world: World, chosen: list[str]) -> None:
    answer = Screens(world, world.supervisor).post(
        "/cases/bulk/", {"action": "hold_promises", "reason": "Flood", "case": chosen}
    )
    assert answer.status_code == 200
    assert text(answer).count("case-card") == len(chosen)


def test_many_at_once_have_one_result_each(world: World) -> None:
    good, closed = world.files(), world.files().does(world.buyer, "withdraw", confirm=True)
    form = {"action": "hold_promises", "reason": "Flood", "case": [good.case.reference, closed.case.reference] * 2}
    answer = Screens(world, world.supervisor).post("/cases/bulk/", {**form, "version": "0"})
    assert answer.status_code == 200
    assert "1 of 2 done." in text(answer)
    answer = Screens(world, world.supervisor).post("/cases/bulk/", {**form, "reason": ""})
    assert answer.status_code == 422 and alerts(answer)


def test_the_next_case_follows_the_one_at_hand_and_the_last_leads_to_the_list(world: World) -> None:
    references = [world.files().after(hours=1).case.reference for _number in range(3)]
    browser = Screens(world, world.seller)
    walked = [browser.get("/cases/next/", {"after": after})["Location"] for after in ("", *references)]
    assert walked == [*(f"/cases/{reference}/" for reference in references), "/cases/"]
    walked = [browser.get("/cases/next/", {"before": one})["Location"] for one in (*reversed(references), "nothing")]
    assert walked == [f"/cases/{references[1]}/", f"/cases/{references[0]}/", "/cases/", "/cases/"]


@pytest.mark.parametrize("q", ["13800138000", "138 0013 8000", "8000", "buyer", "TB", "%", "_", "👍", "x" * 500])
def test_the_phone_desk_finds_whatever_is_typed_without_failing(world: World, q: str) -> None:
    story = world.files()
    page = Screens(world, world.agent).get("/calls/", {"q": q})
    assert page.status_code == 200
    found = story.case.reference in listed(page)
    assert found is (q in ("13800138000", "138 0013 8000", "8000", "buyer"))
