"""Talking: messages, contacts, urging, ratings; each once, by whom it may concern."""

from datetime import timedelta

import pytest

from casemgmt.errors import TooMany
from tests.disputes.walks import SECOND, at_platform, clock, executing, incomplete, only, refused, to
from tests.world import Story, World

CALL = {"channel": "phone", "direction": "inbound", "summary": "来电询问进度"}


@pytest.mark.promise("R1-08")
def test_every_contact_is_kept_with_the_opinion_that_was_given(world: World) -> None:
    story = world.files()
    only(
        story,
        "log_contact",
        by=[world.agent, world.arbitrator, world.arbitrator2, world.reviewer, world.supervisor],
        **CALL,
    )
    story.does(world.agent, "log_contact", **CALL)
    assert clock(story, "initial_response").status == "running"  # no opinion was given
    story.does(world.agent, "log_contact", **CALL, opinion="卖家应当退款")
    contact = story.case.contacts.latest("id")
    assert (contact.agent, contact.at, contact.opinion_given) == (world.agent, world.now, "卖家应当退款")
    assert clock(story, "initial_response").status == "met"


def test_an_opinion_told_to_the_seller_is_not_told_to_the_consumer(world: World) -> None:
    story = world.files().does(world.agent, "log_contact", **CALL, opinion="请退款", with_party="seller")
    assert clock(story, "initial_response").status == "running"


@pytest.mark.promise("R1-10")
def test_the_consumer_urges_once_a_day_and_is_told_when_again(world: World) -> None:
    story = at_platform(world)
    only(story, "urge", by=[world.buyer])
    story.does(world.buyer, "urge", text="请尽快")
    told = story.case.notices.filter(template="case.urged").values_list("recipient_id", flat=True)
    assert {story.handler.pk, world.supervisor.pk} <= set(told)
    again = world.now + timedelta(hours=24)
    to(story, again - SECOND)
    with pytest.raises(TooMany) as caught:
        story.does(world.buyer, "urge")
    assert (caught.value.code, caught.value.extra["from"]) == ("urged_recently", again.isoformat())
    assert caught.value.extra["retry_after"] in (1, 2)
    to(story, again).does(world.buyer, "urge")


@pytest.mark.promise("R1-20")
@pytest.mark.parametrize(
    ("who", "threads"),
    [("buyer", {"parties", "buyer_platform"}), ("seller", {"parties", "seller_platform"}),
     ("agent", {"parties", "buyer_platform", "seller_platform", "internal"})],
)  # fmt: skip
def test_each_side_writes_in_its_own_threads(world: World, who: str, threads: set[str]) -> None:
    story = world.files()
    version = story.case.version
    for thread in ("parties", "buyer_platform", "seller_platform", "internal"):
        if thread in threads:
            story.does(getattr(world, who), "post_message", text="你好", thread=thread)
        else:
            with refused("not_your_thread"):
                story.does(getattr(world, who), "post_message", text="你好", thread=thread)
    assert story.case.version == version  # talking changes nobody's rights
    with refused("text_missing"):
        story.does(getattr(world, who), "post_message", text="  ")


def test_before_the_seller_is_told_the_consumer_writes_to_the_platform(world: World) -> None:
    story = incomplete(world)
    with refused("seller_not_contacted"):
        story.does(world.buyer, "post_message", text="在吗")
    story.does(world.buyer, "post_message", text="在吗", thread="buyer_platform")
    waiting = world.files(subtype="safety")
    with refused("not_permitted"):
        waiting.does(world.seller, "post_message", text="怎么了", thread="seller_platform")


def test_strangers_and_readers_do_not_write(world: World) -> None:
    staff = [world.agent, world.arbitrator, world.arbitrator2, world.reviewer, world.supervisor]
    only(world.files(), "post_message", by=[world.buyer, world.seller, *staff], text="x")


def ended(world: World) -> Story:
    return executing(world).does(world.seller, "perform_obligations")


@pytest.mark.promise("R0-29")
def test_a_rating_is_given_once_for_each_closing(world: World) -> None:
    story = ended(world)
    only(story, "rate", by=[world.buyer, world.seller], target="agent", score=5)
    story.does(world.buyer, "rate", target="agent", score=5, text="很好").does(
        world.buyer, "rate", target="outcome", score=1
    )
    story.does(world.seller, "rate", target="agent", score=2)
    with refused("already_rated"):
        story.does(world.buyer, "rate", target="agent", score=1)
    story.does(world.buyer, "reopen", text="没到账")
    with refused("wrong_state"):
        story.does(world.buyer, "rate", target="agent", score=1)
    story.does(world.seller, "concede").runs_out("return_ship")
    story.does(world.buyer, "rate", target="agent", score=3)
    assert story.case.ratings.count() == 4


@pytest.mark.promise("R0-29")
@pytest.mark.parametrize("wrong", [{"score": 0}, {"score": 6}, {"target": "weather"}])
def test_a_rating_has_a_target_and_one_to_five(world: World, wrong: dict[str, object]) -> None:
    with refused("reason_unknown" if "target" in wrong else "score_out_of_range"):
        ended(world).does(world.buyer, "rate", **{"target": "agent", "score": 3, **wrong})


@pytest.mark.promise("R0-29")
def test_ratings_are_open_for_fifteen_days(world: World) -> None:
    story = ended(world)
    end = world.now + timedelta(days=15)
    to(story, end - SECOND).does(world.buyer, "rate", target="agent", score=4)
    to(story, end)
    with refused("rating_closed"):
        story.does(world.buyer, "rate", target="outcome", score=4)


@pytest.mark.promise("R1-10", "R0-26")
def test_everything_that_happened_is_on_the_timeline_with_its_time(world: World) -> None:
    story = at_platform(world)
    codes = [code for code, _at in story.timeline()]
    assert codes == ["case.submitted", "case.admitted", "case.refused", "case.escalated", "case.assigned"]
