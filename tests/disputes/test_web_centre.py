"""The ways in, and following a complaint: what consumers find on the pages."""

from __future__ import annotations

import pytest
from django.test import Client

from casemgmt.accounts.models import User
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def reading(person: User | None = None) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    if person:
        client.force_login(person)
    return client


def words(client: Client, path: str, world: World) -> str:
    with world.at(world.now):
        answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.promise("R0-03", "R1-16")
def test_a_stranger_finds_the_service_centre_on_the_first_page_and_filing_is_one_click_away(world: World) -> None:
    assert 'href="/service/"' in words(reading(), "/", world)
    page = words(reading(), "/service/", world)
    assert 'href="/cases/new/"' in page
    assert "How long does it take?" in page


@pytest.mark.promise("R0-05", "R2-08", "R3-02")
def test_a_consumer_begins_at_the_service_centre_with_what_is_open(world: World) -> None:
    story = world.files()
    client = reading(world.buyer)
    assert client.get("/").headers["Location"] == "/service/"
    page = words(client, "/service/", world)
    assert story.case.reference in page
    assert 'href="/cases/new/"' in page
    assert "My complaints" in page
    assert client.get("/cases/new/").status_code == 200
    assert reading().get("/cases/new/").headers["Location"].startswith("/sign-in/")


@pytest.mark.promise("R1-10", "R2-26")
def test_the_case_page_says_whose_turn_it_is_until_when_and_what_happens_then(world: World) -> None:
    story = world.files()
    page = words(reading(world.buyer), f"/cases/{story.case.reference}/", world)
    assert "Waiting for: Seller" in page
    assert "If the seller is silent, the demand counts as granted." in page
    assert "First opinion" in page
    assert "End of the case" in page
    assert f"/cases/{story.case.reference}/do/urge/" in page


@pytest.mark.promise("R1-31")
def test_a_call_is_seen_on_the_consumers_page_with_its_time_and_opinion(world: World) -> None:
    story = world.files()
    story.does(
        world.agent, "log_contact", channel="phone", direction="inbound", summary="询问进展", opinion="请再等一天"
    )
    page = words(reading(world.buyer), f"/cases/{story.case.reference}/", world)
    assert "询问进展" in page
    assert "请再等一天" in page


def test_the_service_centre_puts_what_waits_for_the_consumer_first(world: World) -> None:
    waiting = world.files().does(world.seller, "refuse", reason="goods_fine", text="no")
    other = world.files()
    page = words(reading(world.buyer), "/service/", world)
    assert page.index(waiting.case.reference) < page.index(other.case.reference)
