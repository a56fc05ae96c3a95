"""The page of an action: what was typed stays, what is refused is said, and what was sent twice is done once."""

from __future__ import annotations

from typing import Any

import pytest

from casemgmt.rest.models import IdempotencyKey
from disputes.models import Message
from evidence.models import Request
from tests.disputes.screens import Screens, alerts, hidden, text
from tests.journeys.rulings import for_the_seller
from tests.world import Story, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(world: World) -> Story:
    return world.files()


@pytest.fixture
def heard(story: Story) -> Story:
    """The handler looks at it."""
    story.does(story.world.seller, "refuse", reason="goods_fine", text="It was whole")
    story.does(story.world.buyer, "escalate", reason="seller_refused")
    return story.does(story.handler, "accept_intervention", opinion="We look at it")


def buyer(story: Story) -> Screens:
    return Screens(story.world, story.world.buyer)


def seller(story: Story) -> Screens:
    return Screens(story.world, story.world.seller)


def do(story: Story, action: str) -> str:
    return f"/cases/{story.case.reference}/do/{action}/"


def test_a_form_leads_back_to_the_case_and_says_what_was_done(story: Story) -> None:
    answer = seller(story).does(story.case, "refuse", reason="goods_fine", text="It was whole")
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{story.case.reference}/")
    assert story.status == "seller_refused"


def test_a_form_with_a_gap_keeps_what_was_typed(story: Story) -> None:
    answer = seller(story).does(story.case, "refuse", text="Der Becher war <ganz>")
    assert answer.status_code == 422
    assert "Der Becher war <ganz>" in text(answer)
    assert "Der Becher war &lt;ganz&gt;" in answer.content.decode()
    assert 'class="wrong"' in text(answer)
    assert story.status == "awaiting_seller"


def test_mending_a_form_is_not_reading_the_case_again(story: Story) -> None:
    """The version of the page stays what it was, so that what changed meanwhile is still found out."""
    page = seller(story).get(do(story, "refuse"))
    story.does(story.world.supervisor, "hold_promises", reason="Flood")
    gap = seller(story).does(story.case, "refuse", text="Whole", version=hidden(page, "version"))
    assert hidden(gap, "version") == hidden(page, "version") != str(story.case.version)
    again = seller(story).does(story.case, "refuse", text="Whole", reason="goods_fine", version=hidden(gap, "version"))
    assert again.status_code == 409


def test_a_stale_form_shows_what_has_changed_and_can_be_sent_again(story: Story) -> None:
    page = seller(story).get(do(story, "refuse"))
    story.after(hours=1).does(story.world.supervisor, "hold_promises", reason="Flood in the warehouse")
    form = {"reason": "goods_fine", "text": "It was whole", "once": hidden(page, "once")}
    answer = seller(story).does(story.case, "refuse", **form, version=hidden(page, "version"))
    assert answer.status_code == 409
    assert "What has changed meanwhile" in text(answer) and "Flood in the warehouse" in text(answer)
    assert "It was whole" in text(answer)
    assert story.status == "awaiting_seller"
    answer = seller(story).does(story.case, "refuse", **form, version=hidden(answer, "version"))
    assert answer.status_code == 302
    assert story.status == "seller_refused"


def test_what_has_changed_before_it_was_read_is_not_shown(story: Story) -> None:
    story.does(story.world.supervisor, "hold_promises", reason="Flood")
    version = story.case.version
    story.does(story.world.supervisor, "release_promises")
    answer = seller(story).does(story.case, "refuse", reason="goods_fine", text="Whole", version=version)
    assert answer.status_code == 409
    assert "Flood" not in text(answer).partition("What has changed meanwhile")[2]


def test_a_party_is_not_shown_what_it_may_not_know(heard: Story) -> None:
    version = heard.case.version
    heard.does(heard.world.supervisor, "reassign", reason="The first one is biased")
    answer = buyer(heard).does(heard.case, "propose_terms", remedy="partial_refund", amount="10", version=version)
    assert answer.status_code == 409
    assert "What has changed meanwhile" in text(answer)
    assert "biased" not in text(answer)


def test_an_action_that_is_over_says_so_in_place_of_a_form(story: Story) -> None:
    story.does(story.world.buyer, "withdraw", confirm=True)
    answer = seller(story).get(do(story, "refuse"))
    assert answer.status_code == 409
    assert "does not allow this" in alerts(answer)[0]
    assert "<textarea" not in text(answer)


def test_somebody_elses_action_says_whose_it_is(story: Story) -> None:
    for answer in (
        buyer(story).get(do(story, "refuse")),
        buyer(story).does(story.case, "refuse", text="No", reason="goods_fine"),
    ):
        assert answer.status_code == 403
        assert alerts(answer) == ["This action belongs to: the seller."]


def test_urging_too_often_is_said_with_its_own_status(story: Story) -> None:
    story.after(hours=30)
    assert buyer(story).does(story.case, "urge").status_code == 302
    answer = buyer(story).does(story.case, "urge")
    assert answer.status_code in (409, 429)
    assert alerts(answer)


def test_a_form_sent_twice_is_carried_out_once(heard: Story) -> None:
    once = hidden(buyer(heard).get(f"/cases/{heard.case.reference}/"), "once")
    for _time in range(3):
        assert buyer(heard).does(heard.case, "post_message", text="Hello", once=once).status_code == 302
    assert Message.objects.filter(text="Hello").count() == 1


def test_without_the_pages_key_it_is_carried_out_each_time(heard: Story) -> None:
    for _time in range(2):
        buyer(heard).does(heard.case, "post_message", text="Hello")
    assert Message.objects.filter(text="Hello").count() == 2


def test_another_text_under_the_same_key_is_asked_about_and_then_sent(heard: Story) -> None:
    once = hidden(buyer(heard).get(f"/cases/{heard.case.reference}/"), "once")
    buyer(heard).does(heard.case, "post_message", text="One", once=once)
    answer = buyer(heard).does(heard.case, "post_message", text="Two", once=once)
    assert answer.status_code == 409
    assert "sent before" in alerts(answer)[0] and "Two" in text(answer)
    again = buyer(heard).does(heard.case, "post_message", text="Two", once=hidden(answer, "once"))
    assert again.status_code == 302
    assert list(Message.objects.order_by("pk").values_list("text", flat=True)) == ["One", "Two"]


def test_a_key_counts_for_its_form_and_its_person_only(heard: Story) -> None:
    for browser in (buyer(heard), seller(heard)):
        assert browser.does(heard.case, "post_message", text="Hello", once="k").status_code == 302
    assert buyer(heard).does(heard.case, "ask_recusal", reason="Hello", once="k").status_code == 302
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    "once", ["x" * 100_000, "a\0b", "钥匙🔑", "\ud800".encode("utf-8", "surrogatepass").decode("latin1")]
)
def test_an_odd_key_is_as_good_as_any(heard: Story, once: str) -> None:
    for _time in range(2):
        assert buyer(heard).does(heard.case, "post_message", text="Hello", once=once).status_code == 302
    assert Message.objects.count() == 1
    assert max(len(row.key) for row in IdempotencyKey.objects.all()) < 100


def test_a_form_in_parts_is_read_like_any_other(story: Story) -> None:
    answer = seller(story).uploads(do(story, "refuse"), {"reason": "goods_fine", "text": "Whole", "once": "k"})
    assert answer.status_code == 302
    assert story.status == "seller_refused"


@pytest.mark.parametrize(
    "said",
    [
        "👩‍👩‍👧‍👦 שלום עולם",
        "\u202eevil\u202c",
        "x" * 2000,
        "Ein" + "sehr" * 400 + "langesWort",
        "𝕏" * 2000,
        "a\r\nb" * 400,
    ],
)
def test_whatever_people_write_arrives_as_they_wrote_it(heard: Story, said: str) -> None:
    assert buyer(heard).does(heard.case, "post_message", text=said).status_code == 302
    assert Message.objects.get().text == said.replace("\r\n", "\n").strip()
    page = buyer(heard).get(f"/cases/{heard.case.reference}/")
    assert page.status_code == 200 and said.replace("\r\n", "\n") in text(page)


@pytest.mark.parametrize("said", ["a\0b", "x" * 4001, " \r\n\t "])
def test_what_cannot_be_kept_is_said_in_words(heard: Story, said: str) -> None:
    answer = buyer(heard).does(heard.case, "post_message", text=said)
    assert answer.status_code == 422
    assert 'class="wrong"' in text(answer)
    assert not Message.objects.exists()


def test_broken_bytes_are_shown_as_such_and_break_nothing(heard: Story) -> None:
    assert buyer(heard).raw(do(heard, "post_message"), b"text=a%ff%ed%a0%80b").status_code == 302
    assert "\ufffd" in Message.objects.get().text
    assert buyer(heard).raw(do(heard, "post_message"), b"%ff%fe=%00&&&===;text").status_code == 422


def test_a_paste_of_ten_megabytes_is_a_clear_page(heard: Story) -> None:
    answer = buyer(heard).does(heard.case, "post_message", text="x" * 10_000_000)
    assert answer.status_code == 413
    assert "what you wrote is still there" in text(answer)
    assert not Message.objects.exists()


@pytest.mark.parametrize(("amount", "status"), [("-0.01", 422), ("0.009", 422), ("1e3", 422), ("99999999999", 422), ("NaN", 422), ("1000000.00", 422), ("10.00", 302)])  # fmt: skip
def test_an_amount_that_is_none_is_said_in_words(story: Story, amount: str, status: int) -> None:
    answer = seller(story).does(story.case, "offer", remedy="partial_refund", amount=amount)
    assert answer.status_code == status
    assert status == 302 or alerts(answer) or 'class="wrong"' in text(answer)
    assert story.case.offers.count() == (status == 302)


@pytest.mark.parametrize("name", ["a\0b", "nobody", "x" * 10_000])
def test_a_handler_whom_nobody_knows_is_said_in_words(heard: Story, name: str) -> None:
    answer = Screens(heard.world, heard.world.supervisor).does(heard.case, "reassign", handler=name, reason="Ill")
    assert answer.status_code == 422
    assert 'class="wrong"' in text(answer)


def test_a_ruling_for_the_seller_orders_nothing(heard: Story) -> None:
    """Rows that stay empty are no rows: a browser cannot send an empty list."""
    said = for_the_seller()
    form = {**said, "liability.consumer": 100, "remedies.0.remedy": "", "remedies.0.amount": ""}
    del form["liability"], form["remedies"]
    handler = Screens(heard.world, heard.handler)
    assert handler.does(heard.case, "issue_ruling", **form).status_code == 302
    assert heard.case.rulings.get().remedies == []


def test_a_ruling_without_shares_is_told_what_is_missing(heard: Story) -> None:
    form = {name: said for name, said in for_the_seller().items() if name not in ("liability", "remedies")}
    answer = Screens(heard.world, heard.handler).does(heard.case, "issue_ruling", **form)
    assert answer.status_code == 422
    assert "add up to 100" in alerts(answer)[0]
    assert form["facts"] in text(answer)


def test_an_appeal_is_decided_with_a_new_ruling(heard: Story) -> None:
    story, world = heard, heard.world
    story.does(story.handler, "issue_ruling", **for_the_seller())
    story.does(world.buyer, "appeal", grounds="amount", text="Unfair")
    form = {"decision": "changed", "reasons": "It was broken", "ruling.outcome": "buyer_favour",
            "ruling.reason": "defect_proven", "ruling.facts": "Broken", "ruling.reasoning": "So it is",
            "ruling.citations": ["cpl-24", "cpl-25"], "ruling.liability.seller": 100,
            "ruling.remedies.0.remedy": "refund_only", "ruling.remedies.0.amount": "110.00"}  # fmt: skip
    browser = Screens(world, story.handler)
    page = text(browser.get(do(story, "decide_appeal")))
    assert 'value="cpl-24"' in page and 'name="ruling.citations"' in page
    answer = browser.does(story.case, "decide_appeal", **form)
    assert answer.status_code == 302, alerts(answer)
    ruling = story.case.rulings.order_by("-pk").first()
    assert ruling is not None and [one.code for one in ruling.citations.order_by("code")] == ["cpl-24", "cpl-25"]


@pytest.mark.parametrize(("said", "kept"), [({}, True), ({"requests.0.mandatory": "false"}, False)])
def test_what_is_asked_for_is_mandatory_unless_it_is_said_not_to_be(heard: Story, said: Any, kept: bool) -> None:
    form = {"requests.0.party": "seller", "requests.0.slot": "dispatch_proof", **said}
    assert Screens(heard.world, heard.handler).does(heard.case, "open_evidence", **form).status_code == 302
    assert Request.objects.get().mandatory is kept


def test_rows_may_leave_a_gap(heard: Story) -> None:
    form = {"requests.0.party": "seller", "requests.0.slot": "dispatch_proof",
            "requests.2.party": "consumer", "requests.2.slot": "product_photo"}  # fmt: skip
    assert Screens(heard.world, heard.handler).does(heard.case, "open_evidence", **form).status_code == 302
    assert Request.objects.count() == 2


def test_one_more_row_keeps_what_was_typed_and_does_nothing_else(heard: Story) -> None:
    form = {"requests.0.party": "seller", "requests.0.text": "The box <whole>", "hours": "48", "more": "requests"}
    browser = Screens(heard.world, heard.handler)
    page = browser.does(heard.case, "open_evidence", **form, version=heard.case.version)
    assert page.status_code == 200 and not alerts(page) and 'class="wrong"' not in text(page)
    assert "The box <whole>" in text(page) and 'value="48"' in text(page)
    assert 'name="requests.1.text"' in text(page) and 'name="requests.2.text"' not in text(page)
    assert heard.status == "under_review" and not Request.objects.exists()


def test_after_handing_a_case_on_one_is_led_to_ones_list(heard: Story) -> None:
    """The arbitrator who is replaced sees it no more: no page that is not there."""
    story = heard.world.files()
    story.does(story.world.seller, "refuse", reason="goods_fine", text="It was whole")
    story.does(story.world.buyer, "escalate", reason="seller_refused")
    first = story.handler
    answer = Screens(story.world, first).does(story.case, "decline_intervention", reason="beyond_rules", text="Mine", back_to_seller="true")  # fmt: skip
    assert answer.status_code == 302
    assert Screens(story.world, first).get(answer["Location"]).status_code == 200
