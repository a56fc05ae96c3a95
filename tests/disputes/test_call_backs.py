"""A promised call: shown to whom it was promised, due first on the phone desk, made good by the next call."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from disputes.models import ContactLog
from tests.disputes.client import Api
from tests.disputes.screens import Screens, links, listed, text
from tests.disputes.walks import SECOND, lost_parcel, only, refused
from tests.world import Story, World

pytestmark = pytest.mark.django_db
MONTH, HOUR = timedelta(days=30), timedelta(hours=1)
CALL: dict[str, Any] = {"channel": "phone", "direction": "inbound", "summary": "来电询问进度"}


def promises(story: Story, at: datetime, *, by: Any = None, **more: Any) -> Story:
    return story.does(by or story.world.agent, "log_contact", **{**CALL, **more}, call_back_at=at)


def waiting(story: Story) -> list[ContactLog]:
    return list(story.case.contacts.all().to_call_back())


@pytest.mark.promise("R1-08")
def test_a_call_back_is_promised_for_an_instant_within_thirty_days(world: World) -> None:
    story = world.files()
    now = world.now
    for odd in (now, now - SECOND, now + MONTH + SECOND):
        with refused("call_back_out_of_range"):
            promises(story, odd)
    assert not story.case.contacts.exists()
    for good in (now + SECOND, now + MONTH):
        promises(story, good)
        assert [one.call_back_at for one in waiting(story)] == [good]


def test_who_logs_contacts_promises_calls(world: World) -> None:
    by = [world.agent, world.arbitrator, world.arbitrator2, world.reviewer, world.supervisor]
    only(world.files(), "log_contact", by=by, **CALL, call_back_at=world.now + HOUR)


def test_our_next_call_to_that_side_makes_it_good(world: World) -> None:
    story = promises(world.files(), world.now + HOUR)
    story.does(world.agent, "log_contact", **CALL)  # they were quicker than we
    story.does(world.agent, "log_contact", **{**CALL, "direction": "outbound", "with_party": "seller"})
    assert len(waiting(story)) == 1
    story.after(minutes=10).does(world.supervisor, "log_contact", **{**CALL, "direction": "outbound"})
    assert not waiting(story)
    assert story.case.contacts.get(call_back_at__isnull=False).called_back_at == world.now


def test_a_new_promise_takes_the_place_of_an_open_one(world: World) -> None:
    story = promises(world.files(), world.now + HOUR)
    promises(story, world.now + 2 * HOUR, direction="outbound")
    promises(story, world.now + 3 * HOUR, with_party="seller")
    assert [one.call_back_at for one in waiting(story)] == [world.now + 2 * HOUR, world.now + 3 * HOUR]


def test_a_promise_is_on_the_timeline(world: World) -> None:
    story = promises(world.files(), world.now + HOUR)
    assert story.case.events.latest("seq").data["call_back_at"] == (world.now + HOUR).isoformat()


@pytest.mark.promise("R1-31")
def test_the_consumer_reads_until_when_we_call_and_the_seller_does_not(world: World) -> None:
    story = promises(world.files(), world.now + HOUR, opinion="商家应当退款")
    path = f"/cases/{story.case.reference}/"
    page = text(Screens(world, world.buyer).get(path))
    assert page.count("We call you back by Nov. 2, 2026, 11 a.m.") == 1
    assert "First opinion:" in page
    assert "call you back" not in text(Screens(world, world.seller).get(path))
    assert "We call back by" in text(Screens(world, world.agent).get(path))
    story.does(world.agent, "log_contact", **{**CALL, "direction": "outbound"})
    assert "call you back" not in text(Screens(world, world.buyer).get(path))


def test_the_api_takes_and_shows_it(world: World) -> None:
    story, at = world.files(), world.now + HOUR
    path = f"/cases/{story.case.reference}/contacts/"
    said = {**CALL, "call_back_at": at.isoformat()}
    assert Api(world, world.agent).does(story.case.reference, "log_contact", **said).status_code == 200
    [row] = Api(world, world.buyer).get(path).json()["results"]
    assert (datetime.fromisoformat(row["call_back_at"]), row["called_back_at"]) == (at, None)
    answer = Api(world, world.agent).does(story.case.reference, "log_contact", **{**said, "call_back_at": "soon"})
    assert answer.status_code == 422


def test_the_form_takes_it_as_the_clock_on_the_wall_has_it(world: World) -> None:
    story = world.files()
    wall = timezone.localtime(world.now + HOUR)
    Screens(world, world.agent).does(story.case, "log_contact", **CALL, call_back_at=wall.strftime("%Y-%m-%dT%H:%M"))
    assert [one.call_back_at for one in waiting(story)] == [world.now + HOUR]
    answer = Screens(world, world.agent).does(story.case, "log_contact", **CALL, call_back_at="2020-01-01T10:00")
    assert answer.status_code == 422
    assert "next 30 days" in text(answer)


def test_the_phone_desk_has_ones_own_due_first_and_the_supervisors_has_all(world: World) -> None:
    late, soon, theirs = (world.files(order_number=world.order().number) for _each in range(3))
    promises(soon, world.now + 3 * HOUR)
    promises(theirs, world.now + 2 * HOUR, by=world.supervisor)
    promises(late, world.now + HOUR)
    done = promises(world.files(order_number=world.order().number), world.now + HOUR)
    done.does(world.agent, "log_contact", **{**CALL, "direction": "outbound"})
    world.passes(hours=1)
    own, words = promised(Screens(world, world.agent).get("/calls/"))
    assert own == [late.case.reference, soon.case.reference]
    assert "Overdue by 1 min" in words and "2 h left" in words
    everybodys, _words = promised(Screens(world, world.supervisor2).get("/calls/"))
    assert everybodys == [late.case.reference, theirs.case.reference, soon.case.reference]


def promised(answer: Any) -> tuple[list[str], str]:
    """The section of the promised calls: the cases in it, and all its words."""
    said = text(answer).partition('id="back"')[2].partition("</section>")[0]
    return re.findall(r"/cases/([0-9A-Z-]{11})/\"", said), said


def test_a_supervisor_who_is_complained_of_does_not_hear_of_it_here(world: World) -> None:
    story = promises(world.files(), world.now + HOUR)
    story.case.__class__.objects.filter(pk=story.case_id).update(
        kind="service_complaint", complained_of=world.supervisor
    )
    assert story.case.reference not in text(Screens(world, world.supervisor).get("/calls/"))


def test_a_caller_is_filed_for_with_one_click(world: World) -> None:
    story = world.files()
    found = links(Screens(world, world.agent).get("/calls/", {"q": story.case.reference}))
    assert f"/cases/new/?consumer={world.buyer.username}" in found


def test_who_waits_for_a_carrier_has_a_list_of_its_own(world: World) -> None:
    other, story = world.files(), lost_parcel(world)
    assert (other.status, story.status) == ("awaiting_seller", "awaiting_carrier")
    page = Screens(world, world.agent).get("/cases/", {"view": "carrier"})
    assert "To ask the carrier" in text(page)
    assert listed(page) == [story.case.reference]


def test_the_phone_desk_costs_the_same_for_many_promises(world: World, django_assert_max_num_queries: Any) -> None:
    agent = Screens(world, world.agent)
    for _number in range(12):
        promises(world.files(order_number=world.order().number), world.now + HOUR)
    agent.get("/calls/")
    with django_assert_max_num_queries(12):
        agent.get("/calls/", {"q": "13800138000"})
