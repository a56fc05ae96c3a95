"""Orders, catalogue, clauses and tracking over HTTP; the API's description; the back office."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient

from casemgmt.accounts import keys
from casemgmt.accounts.models import Organisation, User
from disputes.models import Case, Clause, LogisticsEvent, Order
from tests.disputes.client import Api, refused
from tests.world import ADDRESS, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def market(world: World) -> Api:
    return Api(world, world.administrator)


def sent(**facts: Any) -> dict[str, Any]:
    return {
        "number": "T-1", "buyer": {"external_ref": "u-7", "name": "小丹"}, "seller": {"key": "shop-7", "name": "杯店"},
        "status": "shipped", "paid_total": "80.00", "carrier": "SF", "waybill": "SF7", "freight": "5.00",
        "items": [{"sku": "S", "title": "杯子", "qty": 2, "paid": "80.00"}], **facts,
    }  # fmt: skip


def test_the_marketplace_sends_an_order_and_sends_it_again(world: World, market: Api) -> None:
    first = market.post("/orders/", sent())
    assert first.status_code == 201, first.json()
    buyer = User.objects.get(external_ref="u-7")
    assert (buyer.role, buyer.has_usable_password(), buyer.is_staff) == ("consumer", False, False)
    second = market.post("/orders/", sent(status="signed", return_policy="7 days"))
    assert (second.status_code, second.json()["status"]) == (200, "signed")
    order = Order.objects.get()
    assert (order.status, order.return_policy, str(order.paid_total), order.items[0]["paid"]) == (
        "signed",
        "7 days",
        "80.00",
        "80.00",
    )
    assert market.post("/orders/", sent()).json()["return_policy"] == ""


def test_a_key_made_for_orders_sends_orders_and_nothing_else(world: World) -> None:
    _key, secret = keys.make(
        user=world.administrator, name="market", scopes=["orders:write"], ttl=timedelta(days=1), at=world.now
    )
    client = APIClient(headers={"Authorization": f"Bearer {secret}"})
    with world.at(world.now):
        assert client.post("/api/v1/orders/", sent()).status_code == 201
        refused(client.get("/api/v1/orders/"), 403, "scope_missing")
        refused(client.get("/api/v1/cases/"), 403, "scope_missing")


def test_nobody_else_sends_orders(world: World) -> None:
    for person in (world.buyer, world.seller, world.agent, world.supervisor, world.auditor):
        refused(Api(world, person).post("/orders/", sent()), 403, "not_permitted")
    assert not Order.objects.exists()
    assert not User.objects.filter(external_ref="u-7").exists()


def test_an_order_does_not_change_hands(world: World, market: Api) -> None:
    market.post("/orders/", sent())
    for facts in ({"buyer": {"external_ref": "u-8"}}, {"seller": {"key": "shop-8"}}):
        refused(market.post("/orders/", sent(**facts)), 409, "order_of_others")
    assert not User.objects.filter(external_ref="u-8").exists()


def test_a_member_of_the_staff_does_not_become_a_buyer(world: World, market: Api) -> None:
    world.agent.external_ref = "u-9"
    world.agent.save(update_fields=["external_ref"])
    refused(market.post("/orders/", sent(buyer={"external_ref": "u-9"})), 422, "not_a_consumer")


@pytest.mark.parametrize(
    "facts",
    [
        {"paid_total": "-1"}, {"paid_total": "1.001"}, {"paid_total": None}, {"status": "eaten"}, {"currency": "yuan"},
        {"number": ""}, {"number": "a/b"}, {"number": "x" * 65}, {"items": {}}, {"items": [{"qty": 0}]}, {"buyer": "u"},
        {"seller": {}}, {"paid_at": "yesterday"}, {"id": 1}, {"updated_at": "2026-01-01T00:00:00Z"}, {"freight": "NaN"},
    ],
)  # fmt: skip
def test_an_order_that_makes_no_sense_is_refused_by_field(market: Api, facts: dict[str, Any]) -> None:
    problem = refused(market.post("/orders/", sent(**facts)), 422, "invalid")
    assert {name.split(".")[0] for name in problem["fields"]} == set(facts)
    assert not Order.objects.exists()
    assert not Organisation.objects.filter(key="shop-7").exists()


def test_orders_are_their_owners(world: World) -> None:
    order, theirs = world.order(), world.order(buyer=world.stranger, seller=world.other_shop)
    for person, numbers in (
        (world.buyer, {order.number}), (world.seller, {order.number}), (world.stranger, {theirs.number}),
        (world.other_seller, {theirs.number}), (world.agent, {order.number, theirs.number}), (world.arbitrator, set()),
    ):  # fmt: skip
        api = Api(world, person)
        assert {row["number"] for row in api.get("/orders/").json()["results"]} == numbers
        for number in (order.number, theirs.number):
            assert api.get(f"/orders/{number}/").status_code == (200 if number in numbers else 404)


@pytest.mark.promise("R0-26")
def test_the_progress_of_a_refund_is_on_the_order(world: World) -> None:
    buyer, seller, order = Api(world, world.buyer), Api(world, world.seller), world.order()
    reference = buyer.files(order_number=order.number, remedy="partial_refund", amount="30.00")["reference"]
    path = f"/orders/{order.number}/"
    [row] = buyer.get(path).json()["after_sales"]
    assert (row["reference"], row["refund"]["status"], row["next_action"]["party"]) == (reference, "none", "seller")
    seller.does(reference, "agree")
    [row] = buyer.get(path).json()["after_sales"]
    assert (row["refund"]["status"], row["refund"]["pending"]) == ("pending", "30.00")
    seller.does(reference, "fulfil")
    [row] = buyer.get(path).json()["after_sales"]
    assert (row["refund"]["status"], row["refund"]["paid"], row["status"]) == ("paid", "30.00", "resolved")
    assert Api(world, world.administrator).get(path).json()["after_sales"] == []
    for subtype in ("defect", "expired"):
        buyer.files(order_number=order.number, subtype=subtype)
    with CaptureQueriesContext(connection) as seen:
        assert len(buyer.get(path).json()["after_sales"]) == 3
    assert len(seen) <= 6


@pytest.mark.promise("R3-30", "R3-31")
def test_tracking_comes_with_the_order_and_tells_when_it_stands_still(world: World, market: Api) -> None:
    steps = [{"at": "2026-10-31T10:00:00+08:00", "status": "picked_up", "text": "已揽收"}]
    world.buyer.external_ref = "u-7"
    world.buyer.save(update_fields=["external_ref"])
    for _ in range(2):
        assert market.post("/orders/", sent(tracking=steps)).status_code in (200, 201)
    assert LogisticsEvent.objects.count() == 1
    buyer = Api(world, world.buyer)
    file = buyer.files(order_number="T-1", type="logistics", subtype="delayed", remedy="refund_only")
    assert file["status"] == "awaiting_carrier"
    shown = buyer.get(f"/cases/{file['reference']}/tracking/").json()
    assert (shown["waybill"], shown["stands_still"], shown["steps"][0]["text"]) == ("SF7", False, "已揽收")
    world.passes(hours=23, minutes=59)
    assert not buyer.get(f"/cases/{file['reference']}/tracking/").json()["stands_still"]
    world.passes(minutes=1)
    assert buyer.get(f"/cases/{file['reference']}/tracking/").json()["stands_still"]
    refused(market.post("/orders/", sent(waybill="", tracking=steps)), 422, "waybill_missing")


@pytest.mark.promise("R0-12", "R0-25", "R2-39")
def test_the_catalogue_says_what_each_kind_needs_and_can_lead_to(world: World) -> None:
    types = {row["code"]: row for row in Api(world, world.buyer).get("/catalogue/").json()["types"]}
    assert len(types) == 9
    quality, service = types["product_quality"], types["after_sales_service"]
    assert [slot["code"] for slot in quality["evidence"] if slot["mandatory"]] == ["product_photo"]
    assert [slot["code"] for slot in service["evidence"] if slot["mandatory"]] == ["chat_log"]
    assert "return_refund" not in {remedy["code"] for remedy in service["remedies"]}
    address = next(row for row in types["order_issue"]["subtypes"] if row["code"] == "wrong_address")
    assert "order management" in address["hint"]


def test_clauses_in_force_are_listed_in_the_readers_language(world: World) -> None:
    buyer = Api(world, world.buyer)
    rows = buyer.get("/clauses/", page_size=100).json()["results"]
    assert rows
    clause = Clause.objects.get(code=rows[0]["code"], version=rows[0]["version"])
    assert rows[0]["summary"] == clause.summary_en
    clause.effective_to = world.now.date()
    clause.save(update_fields=["effective_to"])
    assert clause.code not in {row["code"] for row in buyer.get("/clauses/", page_size=100).json()["results"]}


def test_the_description_of_the_api_is_valid_and_without_warnings() -> None:
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache
    validate_schema(schema)  # type: ignore[no-untyped-call]
    assert "/api/v1/cases/{reference}/actions/escalate/" in schema["paths"]


def test_the_back_office_looks_at_cases_and_keeps_clauses(world: World) -> None:
    Api(world, world.buyer).files()
    case = Case.objects.get()
    models = ("case", "claim", "offer", "contactlog", "ruling", "appeal", "obligation", "moneymovement", "sellermark",
              "order", "selleraccount", "clause")  # fmt: skip
    for person, seen in (
        (world.supervisor, set(models)),
        (world.auditor, set(models)),
        (world.administrator, {"clause"}),
    ):
        person.is_staff = True
        person.save(update_fields=["is_staff"])
        client = Client()
        client.force_login(person)
        for model in models:
            answer = client.get(f"/admin/disputes/{model}/")
            assert answer.status_code == (200 if model in seen else 403), (person, model)
        assert client.get(f"/admin/disputes/case/{case.pk}/change/").status_code == (200 if "case" in seen else 403)
        assert client.post(f"/admin/disputes/case/{case.pk}/delete/").status_code == 403
        assert client.get("/admin/disputes/clause/add/").status_code == (200 if person == world.administrator else 403)
    assert ADDRESS


def test_a_supervisor_complained_of_does_not_find_the_complaint_in_the_back_office(world: World) -> None:
    Api(world, world.buyer).files()
    Case.objects.update(complained_of=world.supervisor)
    world.supervisor.is_staff = True
    world.supervisor.save(update_fields=["is_staff"])
    client = Client()
    client.force_login(world.supervisor)
    case = Case.objects.get()
    assert case.reference not in client.get("/admin/disputes/case/").content.decode()
    assert case.reference not in client.get("/admin/disputes/claim/").content.decode()
    assert client.get(f"/admin/disputes/case/{case.pk}/change/").status_code == 302
