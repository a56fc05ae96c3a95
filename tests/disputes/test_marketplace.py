"""The HTTP gateway to a marketplace: orders fetched, retried, refused; complaints never lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from casemgmt.accounts.models import Organisation, User
from casemgmt.errors import Unavailable
from disputes.models import Case
from disputes.ports import marketplace as gateway
from tests.disputes import marketplace
from tests.disputes.client import Api, complaint, refused
from tests.disputes.marketplace import Marketplace
from tests.world import ADDRESS, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def market(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Marketplace]:
    with marketplace.running() as market:
        settings.ORDERS_PORT = "disputes.ports.marketplace.HttpOrders"
        settings.ORDERS_URL, settings.ORDERS_TOKEN = market.url + "/", "t0ken"
        monkeypatch.setattr(gateway, "READ_SECONDS", 0.2)
        monkeypatch.setattr(gateway, "PAUSE_SECONDS", 0.01)
        yield market


def order(number: str, **facts: Any) -> dict[str, Any]:
    return {
        "number": number,
        "buyer": {"external_ref": "b-1", "name": "小丹"},
        "status": "signed",
        "paid_total": "80.00",
        "seller": {"key": "s-1", "name": "杯子店", "return_address": ADDRESS},
        "signed_at": "2026-11-01T10:00:00+08:00",
        **facts,
    }


def test_an_order_is_fetched_and_its_people_become_accounts(market: Marketplace) -> None:
    market.orders["M1"] = order("M1")
    found = gateway.HttpOrders().fetch("M1")
    assert found is not None
    buyer, seller = User.objects.get(external_ref="b-1"), Organisation.objects.get(key="s-1")
    assert (found.buyer_id, found.seller, found.source) == (buyer.pk, seller, "marketplace")
    assert (buyer.role, buyer.has_usable_password(), seller.name) == ("consumer", False, "杯子店")
    assert market.asked == [("/orders/M1", "Bearer t0ken")]
    again = gateway.HttpOrders().fetch("M1")
    assert again is not None and again.buyer_id == buyer.pk


def test_an_order_they_do_not_know_is_no_order(market: Marketplace) -> None:
    assert gateway.HttpOrders().fetch("M2") is None


@pytest.mark.parametrize("mood", ["500", "503", "slow", "reset"])
def test_a_failure_is_tried_again(market: Marketplace, mood: str) -> None:
    market.orders["M1"] = order("M1")
    market.moods = [mood, mood]
    assert gateway.HttpOrders().fetch("M1") is not None
    assert len(market.asked) == 3


@pytest.mark.parametrize("mood", ["500", "slow", "reset"])
def test_after_three_failures_it_is_given_up(market: Marketplace, mood: str) -> None:
    market.orders["M1"] = order("M1")
    market.moods = [mood] * 9
    began = time.monotonic()
    with pytest.raises(Unavailable):
        gateway.HttpOrders().fetch("M1")
    assert len(market.asked) == 3
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("mood", ["401", "302", "429", "nonsense"])
def test_an_answer_that_is_no_order_is_not_asked_for_again(market: Marketplace, mood: str) -> None:
    market.orders["M1"] = order("M1")
    market.moods = [mood]
    with pytest.raises(Unavailable):
        gateway.HttpOrders().fetch("M1")
    assert len(market.asked) == 1


@pytest.mark.parametrize("facts", [{"number": "M9"}, {"paid_total": "-1"}, {"status": "lost"}, {"buyer": None}])
def test_an_order_that_makes_no_sense_is_refused(market: Marketplace, facts: dict[str, Any]) -> None:
    market.orders["M1"] = {**order("M1"), **facts}
    with pytest.raises(Unavailable):
        gateway.HttpOrders().fetch("M1")
    assert not User.objects.filter(external_ref="b-1").exists() or facts == {"number": "M9"}


def test_nothing_is_listening(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ORDERS_URL = "http://127.0.0.1:9"
    monkeypatch.setattr(gateway, "PAUSE_SECONDS", 0.01)
    with pytest.raises(Unavailable):
        gateway.HttpOrders().fetch("M1")


@pytest.mark.promise("R0-23")
def test_while_the_marketplace_is_down_a_complaint_is_filed_and_linked_later(world: World, market: Marketplace) -> None:
    world.buyer.external_ref = "b-1"
    world.buyer.save(update_fields=["external_ref"])
    market.orders["M1"] = order("M1")
    market.moods = ["500"] * 3
    buyer = Api(world, world.buyer)
    file = buyer.files(order_number="M1")
    assert (file["status"], file["flags"], file["order"], file["order_number"]) == (
        "submitted",
        ["incomplete"],
        None,
        "M1",
    )
    market.moods = ["reset"] * 3
    problem = refused(buyer.does(file["reference"], "link_order", order_number="M1"), 503, "marketplace_unavailable")
    assert problem["retry_after"] == 60
    linked = buyer.does(file["reference"], "link_order", order_number="M1").json()
    assert (linked["status"], linked["flags"], linked["claim"]["amount"]) == ("awaiting_seller", [], "80.00")
    assert linked["seller"]["key"] == "s-1"


def test_somebody_elses_order_cannot_be_linked(world: World, market: Marketplace) -> None:
    market.orders["M1"] = order("M1")
    buyer = Api(world, world.buyer)
    refused(buyer.post("/cases/", complaint(world, order_number="M1")), 422, "order_not_found")
    reference = buyer.files(order_number=None, no_order_reason="lost")["reference"]
    refused(buyer.does(reference, "link_order", order_number="M1"), 422, "order_not_found")
    assert Case.objects.get().order is None


@pytest.mark.django_db(transaction=True)
def test_nobody_is_asked_inside_a_transaction(
    world: World, market: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = []
    ask = gateway.HttpOrders._answer

    def watched(self: gateway.HttpOrders, number: str) -> Any:
        inside.append(connection.in_atomic_block)
        return ask(self, number)

    monkeypatch.setattr(gateway.HttpOrders, "_answer", watched)
    world.buyer.external_ref = "b-1"
    world.buyer.save(update_fields=["external_ref"])
    market.orders |= {"M1": order("M1"), "M2": order("M2")}
    buyer = Api(world, world.buyer)
    draft = buyer.files(order_number="M1", submit=False)
    buyer.patch(f"/cases/{draft['reference']}/", {"order_number": "M2"})
    waiting = buyer.files(order_number=None, no_order_reason="lost")
    assert buyer.does(waiting["reference"], "link_order", order_number="M1").status_code == 200
    assert inside == [False, False, False]
