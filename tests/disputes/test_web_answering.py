"""The seller's answer beside the claim: every way to answer with its form in the page, errors in their place."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.disputes.screens import Screens, hidden, text
from tests.disputes.test_web_exhibits import folder, photo
from tests.world import Story, World

pytestmark = pytest.mark.django_db
__all__ = ["folder"]


@pytest.fixture
def story(world: World) -> Story:
    return world.files()


@pytest.fixture
def seller(story: Story) -> Screens:
    return Screens(story.world, story.world.seller)


def page_of(story: Story) -> str:
    return f"/cases/{story.case.reference}/"


def ways(page: str) -> list[str]:
    return re.findall(r'id="answer-(\w+)"', page)


def is_open(page: str) -> list[str]:
    return re.findall(r'id="answer-(\w+)" open', page)


def test_a_claim_can_be_answered_in_three_ways_in_the_page(story: Story, seller: Screens) -> None:
    page = text(seller.get(page_of(story)))
    assert ways(page) == ["agree", "offer", "refuse"]
    assert is_open(page) == []
    assert page.index('id="claim"') < page.index('id="answer-agree"')
    assert page.count('enctype="multipart/form-data"') == 1
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_an_answer_from_the_page_is_carried_out(story: Story, seller: Screens) -> None:
    page = seller.get(page_of(story))
    form = {"reason": "goods_fine", "text": "It was whole", "place": "answer", "once": hidden(page, "once")}
    answer = seller.does(story.case, "refuse", **form, version=hidden(page, "version"))
    assert (answer.status_code, answer["Location"]) == (302, page_of(story))
    assert story.status == "seller_refused"


def test_an_error_comes_back_to_its_place_with_what_was_typed(story: Story, seller: Screens) -> None:
    answer = seller.does(story.case, "refuse", text="It was <whole>", place="answer")
    page = text(answer)
    assert answer.status_code == 422
    assert is_open(page) == ["refuse"] and "It was <whole>" in page and 'class="wrong"' in page
    assert 'id="claim"' in page and 'id="happened"' in page  # it is the case's page


def test_a_stale_answer_shows_in_its_place_what_has_changed(story: Story, seller: Screens) -> None:
    page = seller.get(page_of(story))
    story.does(story.world.supervisor, "hold_promises", reason="Flood in the warehouse")
    form = {"reason": "goods_fine", "text": "It was whole", "place": "answer"}
    answer = seller.does(story.case, "refuse", **form, version=hidden(page, "version"))
    assert answer.status_code == 409
    assert "What has changed meanwhile" in text(answer) and is_open(text(answer)) == ["refuse"]
    assert "It was whole" in text(answer)
    form |= {"version": re.findall(r'name="version" value="(\d+)"', text(answer))[-1]}
    assert seller.does(story.case, "refuse", **form).status_code == 302


def test_an_answer_that_came_too_late_is_told_on_a_page_of_its_own(story: Story, seller: Screens) -> None:
    story.does(story.world.buyer, "withdraw", confirm=True)
    answer = seller.does(story.case, "refuse", reason="goods_fine", text="It was whole", place="answer")
    assert answer.status_code == 409
    assert "does not allow this" in text(answer) and "It was whole" in text(answer)


def test_an_offer_is_answered_in_the_page_too(story: Story, seller: Screens) -> None:
    story.does(story.world.buyer, "offer", remedy="partial_refund", amount=Decimal(10), terms_text="Then keep it")
    page = text(seller.get(page_of(story)))
    assert ways(page) == ["accept_offer", "decline_offer"]
    assert "¥\N{NO-BREAK SPACE}10.00" in page and "Then keep it" in page
    assert seller.does(story.case, "accept_offer", place="answer").status_code == 302


@pytest.mark.parametrize("who", ["buyer", "agent", "supervisor"])
def test_nobody_else_answers_for_the_seller(story: Story, who: str) -> None:
    assert ways(text(Screens(story.world, getattr(story.world, who)).get(page_of(story)))) == []


def test_after_the_answer_the_page_is_as_it_was(story: Story, seller: Screens) -> None:
    story.does(story.world.seller, "agree")
    assert ways(text(seller.get(page_of(story)))) == []


def test_evidence_is_handed_in_on_the_way_to_a_refusal(story: Story, seller: Screens, folder: Any) -> None:
    form = {"slot": "dispatch_proof", "file": photo(), "answer": "refuse"}
    answer = seller.uploads(f"{page_of(story)}evidence/", form)
    assert answer["Location"] == f"{page_of(story)}?answer=refuse#answer-refuse"
    page = text(seller.get(answer["Location"].partition("#")[0]))
    assert is_open(page) == ["refuse"]
    assert "Handed in so far:" in page and page.count("photo.jpg") == 2
    elsewhere = seller.uploads(
        f"{page_of(story)}evidence/", {**form, "file": photo(b"\xff\xd8\xff\xe0"), "answer": "//evil.example"}
    )
    assert elsewhere["Location"] == page_of(story)


def test_an_answer_that_was_begun_is_kept_and_unfolded(story: Story, seller: Screens) -> None:
    kept = seller.post(f"{page_of(story)}keep/refuse/", {"text": "It was whole", "place": "answer"})
    assert kept["Location"] == f"{page_of(story)}?answer=refuse#answer-refuse"
    page = text(Screens(story.world, story.world.seller).get(page_of(story)))
    assert is_open(page) == ["refuse"] and "It was whole" in page and "is here again" in page
