"""The desk: lists in order of their deadlines, the next case, many at once, the phone, who else looks, text blocks."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from casemgmt.accounts.models import User
from disputes.models import Case
from disputes.web import blocks, calls, presence, queue
from tests.disputes.walks import at_platform
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def signed_in(person: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(person)
    return client


def page(person: User, path: str, world: World) -> str:
    with world.at(world.now):
        answer = signed_in(person).get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_whose_clock_runs_out_first_comes_first_and_who_has_none_comes_last(world: World) -> None:
    draft = world.files(submit=False)
    later = world.files(order_number=world.order().number)
    world.passes(hours=-3)
    sooner = world.files(order_number=world.order().number)
    assert queue.due_first(Case.objects.all(), 10) == [sooner.case_id, later.case_id, draft.case_id]


def test_a_missed_promise_comes_before_everything_that_still_runs(world: World) -> None:
    missed = world.files(order_number=world.order().number, subtype="safety")
    missed.runs_out("initial_response")
    world.passes(days=-30)
    running = world.files(order_number=world.order().number)
    assert queue.due_first(Case.objects.all(), 2) == [missed.case_id, running.case_id]


def test_pages_in_order_of_deadlines_hold_every_case_once(world: World) -> None:
    cases = {world.files(order_number=world.order().number, submit=number % 4 > 0).case_id for number in range(9)}
    pages = [one.pk for first in range(0, 9, 2) for one in queue.paged(Case.objects.all(), first, first + 2)]
    assert sorted(pages) == sorted(cases)


def test_a_case_with_many_clocks_does_not_hide_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "CLOCKS_OF_A_CASE", 1)
    both = [world.files(order_number=world.order().number).case_id for _number in range(2)]
    assert sorted(queue.due_first(Case.objects.all(), 2)) == sorted(both)


def test_the_next_case_is_the_one_after_this_and_after_the_last_comes_the_list(world: World) -> None:
    first, second = (world.files(order_number=world.order().number) for _number in range(2))
    world.passes(hours=1)
    for story in (first, second):
        story.does(world.seller, "refuse", reason="goods_fine", text="x")
        story.does(world.buyer, "escalate", reason="seller_refused")
    handler = first.handler
    mine = queue.due_first(Case.objects.visible_to(handler), 9)
    client = signed_in(handler)
    assert client.get("/cases/next/").headers["Location"] == f"/cases/{Case.objects.get(pk=mine[0]).reference}/"
    last = Case.objects.get(pk=mine[-1]).reference
    assert client.get(f"/cases/next/?after={last}").headers["Location"] == "/cases/"


def test_many_cases_at_once_each_has_its_own_result(world: World) -> None:
    story, other = at_platform(world), world.files(order_number=world.order().number)
    client = signed_in(world.supervisor)
    chosen = {"action": "hold_promises", "reason": "storm", "case": [story.case.reference, other.case.reference, "X"]}
    with world.at(world.now):
        answer = client.post("/cases/bulk/", chosen)
    words = answer.content.decode()
    assert answer.status_code == 200
    assert "2 of 3 done." in words
    assert "There is no such case" in words
    assert story.case.held_for == other.case.held_for == "storm"


def test_many_at_once_sent_twice_are_carried_out_once(world: World) -> None:
    stories = [at_platform(world), world.files(order_number=world.order().number)]
    client = signed_in(world.supervisor)
    chosen = {"action": "hold_promises", "reason": "storm", "once": "k", "case": [s.case.reference for s in stories]}
    with world.at(world.now):
        answers = [client.post("/cases/bulk/", chosen).content.decode() for _twice in range(2)]
    assert all("2 of 2 done." in words for words in answers)
    assert [story.case.events.filter(code="promises.held").count() for story in stories] == [1, 1]


@pytest.mark.parametrize("action", ["issue_ruling", "approve_ruling", "withdraw", ""])
def test_nobody_rules_on_many_at_once(world: World, action: str) -> None:
    assert signed_in(world.supervisor).post("/cases/bulk/", {"action": action}).status_code == 404


def test_many_at_once_is_for_supervisors(world: World) -> None:
    assert signed_in(world.arbitrator).post("/cases/bulk/", {"action": "hold_promises"}).status_code == 404


@pytest.mark.parametrize("typed", ["13800138000", "138-0013-8000", "+86 138 0013 8000"])
def test_a_caller_is_found_by_the_number_however_it_is_typed(world: World, typed: str) -> None:
    story = world.files()
    sure, maybe = calls.matches(Case.objects.visible_to(world.agent), typed)
    assert story.case_id in [case.pk for case in (*sure, *maybe)]


def test_the_last_digits_are_only_a_maybe(world: World) -> None:
    story = world.files()
    sure, maybe = calls.matches(Case.objects.visible_to(world.agent), "8000")
    assert (sure, [case.pk for case in maybe]) == ([], [story.case_id])
    assert "Maybe: ask for the name" in page(world.agent, "/calls/?q=8000", world)


def test_the_phone_desk_is_for_the_intake_staff(world: World) -> None:
    assert signed_in(world.buyer).get("/calls/").status_code == 404


def test_who_else_has_the_case_open_is_said_to_staff_only(world: World) -> None:
    story = at_platform(world)
    address = f"/cases/{story.case.reference}/here/"
    with world.at(world.now):
        assert signed_in(story.handler).post(address).content.decode().strip() == ""
        assert story.handler.display_name in signed_in(world.supervisor).post(address).content.decode()
        assert signed_in(world.buyer).post(address).status_code == 404


def test_without_redis_nobody_else_is_known_and_nothing_breaks(world: World, settings: Any) -> None:
    presence.others(1, world.supervisor)
    assert presence.others(1, world.agent) == [world.supervisor.display_name]
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert presence.others(1, world.agent) == []


def test_a_text_block_speaks_of_this_case(world: World) -> None:
    case = world.files().case
    known = blocks.filled(case, until=None)
    assert case.reference in known["hello" if "hello" in known else next(iter(known))]
    assert all("%(" not in text for text in known.values())


def test_a_key_is_shown_once_and_opens_until_it_is_revoked(world: World) -> None:
    client = signed_in(world.buyer)
    with world.at(world.now):
        made = client.post("/me/keys/", {"name": "shop system", "days": "30", "scopes": ["cases:read"]})
        assert "cm_" in made.content.decode().split("<code>")[1]
        assert "It is shown this once" not in client.get("/me/").content.decode()
        key = world.buyer.api_keys.get()
        assert signed_in(world.seller).post(f"/me/keys/{key.prefix}/revoke/").status_code == 404
        client.post(f"/me/keys/{key.prefix}/revoke/")
    key.refresh_from_db()
    assert key.revoked_at == world.now


@pytest.mark.parametrize("said", [{"display_name": ""}, {"display_name": "x" * 101}, {"display_name": "a\0b"}])
def test_a_name_that_cannot_be_is_refused_in_words(world: World, said: dict[str, str]) -> None:
    before = world.buyer.display_name
    answer = signed_in(world.buyer).post("/me/", said, follow=True)
    assert "Give a name of 1 to 100 characters." in answer.content.decode()
    world.buyer.refresh_from_db()
    assert world.buyer.display_name == before
