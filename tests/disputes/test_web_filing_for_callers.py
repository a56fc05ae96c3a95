"""Filing for a caller: found by what they can say, read back, and agreed to."""

from __future__ import annotations

from typing import Any

import pytest

from casemgmt.timeline import wording
from disputes.models import Case, Unfinished
from tests.disputes.filing import NEW, STORY, at, files, go_on, of_draft, tells
from tests.disputes.screens import Screens, text
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(world: World) -> Screens:
    return Screens(world, world.agent)


@pytest.mark.promise("R1-15")
@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_it_is_filed_for_a_consumer_who_heard_it_and_agreed(world: World, role: str) -> None:
    browser = Screens(world, getattr(world, role))
    page = text(tells(browser, caller=world.buyer.username))
    assert "Read this to the consumer:" in page and "杯子碎了" in page and "陶瓷杯" in page
    answer = files(browser)
    assert answer.status_code == 422 and "Read it back to the consumer first" in text(answer)
    answer = files(browser, read_back="true")
    case = Case.objects.get()
    assert (case.consumer_id, case.filed_by_id, case.status) == (
        world.buyer.pk,
        browser_user(browser),
        "awaiting_seller",
    )
    assert "Tell it to the consumer" in text(browser.get(answer["Location"]))
    event = case.events.get(code="case.read_back")
    assert event.actor_id == browser_user(browser)
    for language, said in (("en", "read back to the consumer"), ("zh-hans", "已向消费者复述")):
        assert said in wording.sentence(event, language=language)
        auditor = Screens(world, world.auditor, language=language)
        assert said in text(auditor.get(f"/cases/{case.reference}/"))


def browser_user(browser: Screens) -> int:
    return int(browser.client.session["_auth_user_id"])


def test_who_files_for_oneself_agrees_by_filing(world: World) -> None:
    buyer = Screens(world, world.buyer)
    assert 'name="read_back"' not in text(tells(buyer))
    files(buyer, read_back="true")
    assert not Case.objects.get().events.filter(code="case.read_back").exists()


def test_a_caller_is_found_by_what_they_can_say(agent: Screens) -> None:
    world, buyer = agent.world, agent.world.buyer
    type(buyer).objects.filter(pk=buyer.pk).update(phone="13911112222", external_ref="tb-77", display_name="林夏")
    order, case = world.order(), world.files(contact="13800009999").case
    for said in ("13911112222", "林夏", "tb-77", buyer.username, buyer.email.upper(), order.number, case.reference, "13800009999"):  # fmt: skip
        page = text(agent.get(NEW, {"step": "caller", "q": said}))
        assert f'name="consumer" value="{buyer.username}"' in page, said
    for said in ("nobody", world.seller.username, world.agent.username, "x" * 5000, "' OR 1=1", "%", "🙂"):
        page = agent.get(NEW, {"step": "caller", "q": said})
        assert page.status_code == 200 and 'name="consumer"' not in text(page), said


def test_the_phone_desk_hands_its_search_on(agent: Screens) -> None:
    page = text(agent.get("/calls/", {"q": "139&1"}))
    assert 'href="/cases/new/?q=139%261"' in page
    assert 'value="139&1"' in text(agent.get("/cases/new/?q=139%261"))


def test_only_a_consumer_who_is_there_is_filed_for(agent: Screens) -> None:
    world = agent.world
    for named in ("", "nobody", "a\0b", world.seller.username, world.agent.username):
        answer = agent.post(at("caller"), {"consumer": named})
        assert answer.status_code == 422
        assert "Choose the person you file for." in text(answer) or 'class="wrong' in text(answer)
    assert agent.post(at("caller"), {"consumer": world.stranger.username}).status_code == 302
    assert agent.post(at("order"), {"which": world.order().number}).status_code == 422
    assert world.order().number not in text(agent.get(at("order")))


def test_the_callers_orders_are_offered_and_the_channel_is_kept(agent: Screens) -> None:
    world = agent.world
    number = world.order().number
    agent.post(at("caller"), {"consumer": world.buyer.username, "channel": "phone"})
    assert f'value="{number}"' in text(agent.get(at("order")))
    for step, said in (("order", {"which": number}), *((step, STORY[step]) for step in ("problem", "story", "wish"))):
        assert agent.post(at(step), said).status_code == 302
    assert Case.objects.get().channel == "phone"


def test_what_one_caller_told_is_not_said_of_another(agent: Screens) -> None:
    world = agent.world
    tells(agent, "wish", caller=world.buyer.username)
    agent.post(at("caller"), {"consumer": world.stranger.username})
    assert Unfinished.objects.get().answers == {"consumer": world.stranger.username}
    tells(agent, "contact", caller=world.buyer.username)
    agent.post(NEW, {"anew": "1"})
    tells(agent, "story", caller=world.stranger.username, no_order_reason="Lost")
    assert Case.objects.get().consumer == world.buyer
    assert agent.post(of_draft("caller"), {"consumer": world.stranger.username})["Location"] == of_draft("order")
    assert Case.objects.get().consumer == world.buyer


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_a_draft_is_its_authors_and_the_consumers(world: World, role: str) -> None:
    author = Screens(world, getattr(world, role))
    tells(author, "contact", caller=world.buyer.username)
    for person, wanted in ((author, 200), (Screens(world, world.buyer), 200), (Screens(world, world.supervisor2), 404)):
        assert person.get(of_draft("contact")).status_code == wanted
    buyer = Screens(world, world.buyer)
    for step in ("contact", "evidence"):
        go_on(buyer, step)
    assert files(buyer).status_code == 302
    assert Case.objects.get().status == "awaiting_seller"


def test_a_consumer_files_for_oneself_whoever_is_named(world: World) -> None:
    buyer = Screens(world, world.buyer)
    buyer.post(at("order"), {"which": world.order().number, "consumer": world.stranger.username, "channel": "phone"})
    assert set(Unfinished.objects.get().answers) == {"order_number"}
    assert buyer.post(at("caller"), {"consumer": world.stranger.username})["Location"] == NEW


def test_every_page_costs_few_queries(agent: Screens, django_assert_max_num_queries: Any) -> None:
    tells(agent, "check", caller=agent.world.buyer.username)
    pages = [of_draft(step) for step in ("order", "problem", "story", "wish", "contact", "evidence", "check")]
    for path in pages:
        with django_assert_max_num_queries(14):  # and one for the second factor
            assert agent.get(path).status_code == 200
