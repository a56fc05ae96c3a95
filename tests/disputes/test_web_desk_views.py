"""What is kept of a list and what narrows it: views of one's own, chips, the pane beside the table."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from casemgmt.accounts import second_factor
from casemgmt.accounts.models import User
from disputes import saved_views
from disputes.models import SavedView
from tests.disputes.screens import Screens, links, listed, text
from tests.disputes.walks import at_platform
from tests.world import World

pytestmark = pytest.mark.django_db


def keeps(browser: Screens, name: str, query: str = "view=open&status=under_review&order=new") -> Any:
    return browser.post("/cases/views/", {"name": name, "query": query})


def told(browser: Screens) -> str:
    return text(browser.get("/cases/"))


def chips(page: Any) -> dict[str, str]:
    """{words: the address without it} of what narrows a list."""
    found = re.search(r'<ul class="chips narrowed".*?</ul>', page.content.decode(), re.DOTALL)
    rows = re.findall(r'<a href="([^"]*)">.*?<bdi>(.*?)</bdi>', found.group()) if found else []
    return {html.unescape(words): html.unescape(to) for to, words in rows}


@pytest.mark.parametrize("role", ["seller", "agent", "arbitrator", "reviewer", "supervisor", "auditor"])
def test_whoever_works_with_a_table_keeps_a_view_and_removes_it(world: World, role: str) -> None:
    browser = Screens(world, getattr(world, role))
    answer = keeps(browser, "  My   morning ")
    assert answer.status_code == 302
    kept = SavedView.objects.get()
    assert kept.name == "My morning" and kept.user == getattr(world, role)
    page = browser.get(answer["Location"])
    assert f'href="?{kept.query}" aria-current="true"' in text(page)
    assert "My morning" in told(browser)
    assert browser.post(f"/cases/views/{kept.pk}/remove/").status_code == 302
    assert "My morning" not in told(browser)


def test_a_view_is_ones_own(world: World) -> None:
    keeps(Screens(world, world.supervisor), "Mine alone")
    kept = SavedView.objects.get()
    other = Screens(world, world.supervisor2)
    assert "Mine alone" not in told(other)
    assert other.post(f"/cases/views/{kept.pk}/remove/").status_code == 404
    assert keeps(other, "Mine alone").status_code == 302
    assert SavedView.objects.count() == 2


@pytest.mark.parametrize("person", ["buyer", "administrator"])
def test_who_has_no_table_keeps_no_view(world: World, person: str) -> None:
    browser = Screens(world, getattr(world, person))
    assert keeps(browser, "x").status_code == 404
    assert "Keep this view" not in told(browser)


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "Twice"])
def test_a_name_that_cannot_be_is_refused_in_words(world: World, name: str) -> None:
    browser = Screens(world, world.seller)
    keeps(browser, "Twice")
    keeps(browser, name)
    assert SavedView.objects.count() == 1
    assert re.search("Give a name of 1 to 40 characters.|You have a view of this name already.", told(browser))


def test_twenty_views_are_enough_for_anybody(world: World) -> None:
    browser = Screens(world, world.seller)
    for number in range(saved_views.MOST + 1):
        keeps(browser, f"View {number}")
    assert SavedView.objects.count() == saved_views.MOST == 20
    assert "You keep 20 views. Remove one first." in told(browser)


def test_a_view_that_makes_no_sense_any_more_still_opens(world: World) -> None:
    story = world.files()
    browser = Screens(world, world.supervisor)
    old = "view=gone&status=melted&term=never&age=stone&order=up&owner=" + world.arbitrator.username
    SavedView.objects.create(user=world.supervisor, name="Old", query=old, created_at=world.now)
    assert f"?{old}" in links(browser.get("/cases/"))
    page = browser.get(f"/cases/?{old}")
    assert page.status_code == 200 and list(chips(page)) == [f"Handler: {world.arbitrator.display_name}"]
    assert listed(browser.get(f"/cases/{chips(page).popitem()[1]}")) == [story.case.reference]


def test_what_is_kept_is_what_the_list_understood(world: World) -> None:
    keeps(Screens(world, world.seller), "x", "view=open&owner=nobody&term=overdue&evil=1&page=7&status=ruled&order=due")
    assert SavedView.objects.get().query == "view=open&status=ruled"


def test_each_chip_says_what_narrows_the_list_and_takes_it_away(world: World) -> None:
    story = at_platform(world)
    handler = story.handler
    world.files()
    browser = Screens(world, world.supervisor)
    query = {"view": "open", "status": story.case.status, "owner": handler.username, "age": "today", "term": "risk"}
    page = browser.get("/cases/", {**query, "order": "old"})
    said = chips(page)
    assert list(said) == [
        f"Status: {story.case.get_status_display()}", "At risk today", "filed today", f"Handler: {handler.display_name}"
    ]  # fmt: skip
    for name, to in zip(("status", "term", "age", "owner"), said.values(), strict=True):
        assert f"{name}=" not in to and "order=old" in to
        assert list(chips(browser.get(f"/cases/{to}"))) == [one for one in said if said[one] != to]
    assert re.search(r'href="\?view=open">Clear all<', text(page))
    assert chips(browser.get("/cases/", {"view": "open"})) == {}


def test_a_number_that_is_searched_for_is_all_that_narrows(world: World) -> None:
    story = world.files()
    page = Screens(world, world.supervisor).get("/cases/", {"q": story.case.reference, "status": "ruled"})
    assert list(chips(page)) == [f"Number: {story.case.reference}"]
    assert listed(page) == [story.case.reference]


def test_a_seller_narrows_by_status_and_by_what_they_must_do_soon(world: World) -> None:
    story, other = world.files(), world.files().does(world.seller, "refuse", reason="goods_fine", text="It was whole")
    browser = Screens(world, world.seller)

    def narrowed(**by: str) -> list[str]:
        return sorted(listed(browser.get("/cases/", {"view": "open", **by})))

    both = sorted([story.case.reference, other.case.reference])
    assert narrowed() == both
    assert narrowed(status="seller_refused") == [other.case.reference]
    assert narrowed(term="soon") == []
    world.now = story.due("seller_response")
    world.passes(hours=-24)
    assert narrowed(term="soon") == [story.case.reference]
    assert chips(browser.get("/cases/", {"term": "soon"})).keys() == {"Due within 24 hours"}


def test_the_pane_shows_what_the_case_is_about_to_those_who_see_it(world: World) -> None:
    story = at_platform(world)
    path = f"/cases/{story.case.reference}/preview/"
    said = text(Screens(world, story.handler).get(path))
    assert "<html" not in said
    for words in (
        story.case.reference,
        story.case.description,
        world.shop.name,
        "Deadlines",
        "Nobody has written yet.",
    ):
        assert words in said
    assert 'data-sheet href="/cases/' in said
    assert world.buyer.display_name in said
    assert world.buyer.display_name not in text(Screens(world, world.seller).get(path))
    assert Screens(world, world.stranger).get(path).status_code == 404
    assert Screens(world, world.buyer).get(path).status_code == 200


def test_the_pane_tells_a_side_only_what_was_written_for_it(world: World) -> None:
    story = at_platform(world)
    handler = Screens(world, story.handler)
    handler.does(story.case, "post_message", thread="internal", text="Looks fishy")
    path = f"/cases/{story.case.reference}/preview/"
    assert "Looks fishy" in text(handler.get(path))
    for person in (world.buyer, world.seller):
        assert "Looks fishy" not in text(Screens(world, person).get(path))


@pytest.mark.parametrize("person", ["buyer", "seller", "agent", "arbitrator", "supervisor"])
def test_with_the_second_factor_on_every_list_stays_within_fifteen_queries(
    world: World, person: str, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.STAFF_MFA = True
    story = at_platform(world)
    for _number in range(6):
        at_platform(world)
    user = story.handler if person == "arbitrator" else getattr(world, person)
    browser = signed_in_by_two_steps(world, user)
    SavedView.objects.create(user=user, name="x", query="view=open", created_at=world.now)
    paths = ["/cases/?view=open", "/cases/?view=open&order=new", f"/cases/{story.case.reference}/preview/"]
    for path in [*paths, *(["/wall/"] if person == "supervisor" else [])]:
        with django_assert_max_num_queries(15):
            assert browser.get(path).status_code == 200


def signed_in_by_two_steps(world: World, user: User) -> Screens:
    browser = Screens(world, user)
    app = Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    session = browser.client.session
    session[second_factor.SHOWN] = app.pk
    session.save()
    return browser
