"""The page of a case: whose turn it is, what each side reads, and what it costs when everything has happened."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import translation

from casemgmt.accounts import second_factor
from casemgmt.accounts.actors import Actor
from disputes.templatetags.moments import until
from disputes.templatetags.money import money
from evidence import items, receiving
from tests.disputes.screens import Screens, links, text
from tests.evidence import samples
from tests.journeys.rulings import for_the_buyer
from tests.world import Story, World

pytestmark = pytest.mark.django_db


OUR_OWN = 1  # the test's look at its session
MOST = 15


def entered(person: Any) -> Client:
    """A browser that has just come in, with a second factor as staff must; it counts what production counts."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    app, _new = Authenticator.objects.get_or_create(user=person, type=Authenticator.Type.TOTP, defaults={"data": {}})
    session = client.session
    session[second_factor.SHOWN] = app.pk
    session.save()
    return client


def full(world: World) -> Story:
    """Offers, messages, contacts, evidence asked and given, a settlement, a ruling, an appeal."""
    story = world.files()
    story.does(world.seller, "offer", remedy="partial_refund", amount=Decimal(10), terms_text="A little")
    story.does(world.buyer, "decline_offer").does(world.seller, "refuse", reason="goods_fine", text="It was whole")
    story.does(world.buyer, "escalate", reason="seller_refused")
    first = story.handler
    story.does(first, "accept_intervention", opinion="We look at it")
    for person in (world.buyer, world.seller, world.agent, first):
        story.does(person, "post_message", text=f"A word of {person.display_name}")
    story.does(first, "post_message", text="Between us", thread="internal")
    for number in range(3):
        story.does(world.agent, "log_contact", channel="phone", direction="inbound", summary=f"Call {number}")
    wanted = [{"party": "seller", "slot": "dispatch_proof"}, {"party": "consumer", "slot": "product_photo"}]
    story.does(first, "open_evidence", requests=wanted)
    for number, person in enumerate([world.buyer, world.seller] * 4):
        hand_in(story, person, samples.JPEG + bytes([number]), "dispatch_proof" if number % 2 else "product_photo")
    story.does(first, "close_evidence").does(first, "issue_ruling", **for_the_buyer())
    return story.does(world.seller, "appeal", grounds="fact_error", text="It was whole")


def hand_in(story: Story, person: Any, content: bytes, slot: str) -> None:
    received = receiving.receive([content], name="photo.jpg", declared="image/jpeg")
    details = items.Details(slot=slot, kind="photo")
    with story.world.at(story.world.now):
        items.upload(
            case=story.case, actor=Actor.of(person), received=received, details=details, submit=True, at=story.world.now
        )


def test_the_page_costs_few_queries_whatever_has_happened(
    world: World, settings: Any, django_assert_max_num_queries: Any
) -> None:
    """By the database's own clock, on the first page of a session, which is written then."""
    settings.STAFF_MFA = True
    story = full(world)
    path = f"/cases/{story.case.reference}/"
    for person in (world.buyer, world.seller, world.agent, story.handler, world.supervisor, world.auditor):
        browser = entered(person)
        with django_assert_max_num_queries(MOST):
            page = browser.get(path)
        assert page.status_code == 200
        assert "It was whole" in text(page)


def test_the_page_with_its_answers_costs_few_queries(
    world: World, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.STAFF_MFA = True
    story = world.files()
    story.does(world.buyer, "post_message", text="Please")
    hand_in(story, world.buyer, samples.JPEG, "product_photo")
    path = f"/cases/{story.case.reference}/"
    entered(world.seller).post(f"{path}keep/refuse/", {"text": "It was whole"})
    browser = entered(world.seller)
    with django_assert_max_num_queries(MOST):
        page = browser.get(path)
    assert "It was whole" in text(page)


def test_a_form_costs_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    story = full(world)
    for person, action in (
        (story.handler, "decide_appeal"),
        (world.buyer, "post_message"),
        (world.agent, "log_contact"),
    ):
        browser = Screens(world, person)
        with django_assert_max_num_queries(15 + OUR_OWN):
            assert browser.get(f"/cases/{story.case.reference}/do/{action}/").status_code == 200


def happened(page: Any) -> list[str]:
    """The sentences of the page's timeline."""
    part = text(page).partition('id="happened"')[2].partition("</section>")[0]
    return [one.strip() for one in re.findall(r"</time>([^<]*)", part)]


def test_staff_see_a_part_of_the_timeline_by_a_link(world: World) -> None:
    story = full(world)
    browser, path = Screens(world, story.handler), f"/cases/{story.case.reference}/"
    assert "?show=evidence#happened" in links(browser.get(path))
    everything = happened(browser.get(path))
    found = {
        kind: happened(browser.get(path, {"show": kind})) for kind in ("moves", "messages", "evidence", "deadlines")
    }
    assert len(everything) == len(happened(browser.get(path, {"show": "no such"}))) == story.case.events.count()
    assert found["messages"] == ["A contact was recorded (Phone)."] * 3 + ["A message was written."] * 5
    assert (
        "The seller refused: The goods are fine." in found["moves"] and "A message was written." not in found["moves"]
    )
    assert "Evidence was asked for." in found["evidence"] and len(found["evidence"]) == 18
    assert all(set(part) <= set(everything) for part in found.values())


def test_a_party_is_shown_all_of_its_own_timeline(world: World) -> None:
    story = full(world)
    browser, path = Screens(world, world.buyer), f"/cases/{story.case.reference}/"
    assert happened(browser.get(path, {"show": "moves"})) == happened(browser.get(path))
    assert "show=moves" not in text(browser.get(path))


def test_internal_notes_look_different_and_their_words_are_for_staff(world: World) -> None:
    story = full(world)
    path = f"/cases/{story.case.reference}/"
    page = text(Screens(world, story.handler).get(path, {"show": "messages"})).partition('id="happened"')[2]
    assert page.count('class=" internal"') == 1 and "Between us" in page and "A word of buyer" in page
    assert "Call 2" in page
    for party in (world.buyer, world.seller):
        assert "Between us" not in text(Screens(world, party).get(path))


def test_what_is_further_back_is_a_link_away(world: World) -> None:
    story = world.files()
    for number in range(70):
        story.after(minutes=5).does(
            world.agent, "log_contact", channel="phone", direction="inbound", summary=f"Call {number}"
        )
    browser, path = Screens(world, world.supervisor), f"/cases/{story.case.reference}/"
    first = browser.get(path)
    assert len(happened(first)) == 60
    earlier = next(to for to in links(first) if to.startswith("?before="))
    second = browser.get(path + earlier.partition("#")[0])
    assert len(happened(first) + happened(second)) == story.case.events.count()
    assert "?#happened" in links(second) and not any(to.startswith("?before=") for to in links(second))
    assert browser.get(path, {"before": "9" * 40}).status_code == browser.get(path, {"before": "-1"}).status_code == 200


def test_a_badge_leads_to_the_receipt_of_its_deadline(world: World) -> None:
    story = world.files()
    to = f"/cases/{story.case.reference}/deadlines/seller_response/"
    for person in (world.buyer, world.seller, world.supervisor):
        browser = Screens(world, person)
        assert to in links(browser.get(f"/cases/{story.case.reference}/"))
        assert "It began at Nov. 2, 2026" in text(browser.get(to)) and "<html" in text(browser.get(to))
        assert "<html" not in text(browser.get(to, headers={"HX-Request": "true"}))
    assert "开始计时" in text(Screens(world, world.buyer, language="zh-hans").get(to))


def test_money_is_told_step_by_step_with_its_currency(world: World) -> None:
    story = world.files()
    story.does(world.seller, "offer", remedy="partial_refund", amount=Decimal(10)).does(world.buyer, "accept_offer")
    assert money_of(story) == [("done", "Agreed", "¥ 10.00"), ("now", "On its way", "¥ 10.00"), ("", "Paid", "")]
    story.does(world.seller, "fulfil")
    assert money_of(story) == [("done", "Agreed", "¥ 10.00"), ("done", "On its way", ""), ("done", "Paid", "¥ 10.00")]


def test_money_waits_for_the_goods(world: World) -> None:
    story = world.files().does(world.seller, "agree")
    assert [step for step, _label, _says in money_of(story)] == ["now", "", ""]
    assert steps_of(story, "Where the goods are")[0] == ("now", "To be sent back", "")
    story.does(world.buyer, "ship_return", carrier="SF", waybill="SF5")
    assert [step for step, _label, _says in steps_of(story, "Where the goods are")] == ["done", "now", ""]
    assert "SF5" in text(Screens(world, world.buyer).get(f"/cases/{story.case.reference}/"))


def money_of(story: Story) -> list[tuple[str, str, str]]:
    return steps_of(story, "Where the money stands")


def steps_of(story: Story, name: str) -> list[tuple[str, str, str]]:
    """A stepper of the page: how each step stands, its name, what it says."""
    page = text(Screens(story.world, story.world.buyer).get(f"/cases/{story.case.reference}/"))
    part = page.partition(f'aria-label="{name}"')[2].partition("</ol>")[0]
    found = []
    for one in part.split("<li")[1:]:
        stands = "now" if "aria-current" in one else "done" if 'class="done"' in one else ""
        words = re.sub(r"<svg.*?</svg>", "", one.partition(">")[2], flags=re.DOTALL)
        label, _tag, says = words.partition("<span")
        found.append(
            (
                stands,
                label.replace("</li>", "").strip(),
                re.sub(r"<[^>]*>", "", says.partition(">")[2]).strip().replace("\xa0", " "),
            )
        )
    return found


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        ("128", "CNY", "¥ 128.00"), (Decimal("1234567.5"), "CNY", "¥ 1,234,567.50"), ("12.00", "USD", "USD 12.00"),
        (None, "CNY", ""), ("by agreement", "CNY", "by agreement"),
    ],
)  # fmt: skip
def test_an_amount_is_written_in_one_way(amount: Any, currency: str, said: str) -> None:
    assert money(amount, currency).replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("at", "said"), [(datetime(2026, 11, 20, 16, tzinfo=UTC), "Nov. 20, 2026 24:00"), (datetime(2026, 11, 20, 15, 30, tzinfo=UTC), "Nov. 20, 2026, 11:30 p.m.")]
)  # fmt: skip
def test_a_deadline_at_midnight_is_the_end_of_its_day(at: datetime, said: str) -> None:
    with translation.override("en"):
        assert until(at) == said
