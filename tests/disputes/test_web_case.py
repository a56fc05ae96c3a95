"""The page of a case: whose turn it is, what each side reads, and what it costs when everything has happened."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from casemgmt.accounts import second_factor
from casemgmt.accounts.actors import Actor
from evidence import items, receiving
from tests.disputes.screens import Screens, text
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
