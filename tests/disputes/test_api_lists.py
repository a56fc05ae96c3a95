"""Lists and files over HTTP: how many queries they take, what one may filter and order by, pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disputes.models import Case, Clause
from tests.disputes.client import Api, refused
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def buyer(world: World) -> Api:
    return Api(world, world.buyer)


@pytest.fixture
def seller(world: World) -> Api:
    return Api(world, world.seller)


def test_a_file_takes_twelve_queries_after_a_ruling_an_appeal_and_a_payment_too(
    world: World, buyer: Api, seller: Api
) -> None:
    reference = buyer.files()["reference"]
    seller.does(reference, "refuse", reason="goods_fine", text="no")
    buyer.does(reference, "escalate", reason="seller_refused", text="see")
    handler = Api(world, Case.objects.get().owner)
    handler.does(reference, "accept_intervention", opinion="we look into it")
    ruling = {
        "outcome": "buyer_favour", "reason": "defect_proven", "facts": "f", "reasoning": "r",
        "liability": {"seller": 100}, "remedies": [{"remedy": "refund_only", "amount": "50.00"}],
        "citations": list(Clause.objects.order_by("code").values_list("code", flat=True)[:2]),
    }  # fmt: skip
    assert handler.does(reference, "issue_ruling", **ruling).json()["ruling"]["author"]
    assert seller.does(reference, "appeal", grounds="fact_error", text="t").status_code == 200
    second = Api(world, Case.objects.get().owner)
    assert second.does(reference, "decide_appeal", decision="upheld", reasons="r").status_code == 200
    assert seller.does(reference, "perform_obligations").json()["status"] == "resolved"
    buyer.does(reference, "rate", target="agent", score=5)
    for person in (world.buyer, world.seller, world.agent, world.supervisor):
        with CaptureQueriesContext(connection) as seen:
            file = Api(world, person).get(f"/cases/{reference}/").json()
        assert len(seen) <= 12, [query["sql"] for query in seen]
        assert (len(file["ruling"]["citations"]), len(file["appeals"]), len(file["payments"])) == (2, 1, 1)
        assert ("author" in file["ruling"]) == (person.role in ("agent", "supervisor"))


def test_a_file_takes_twelve_queries_whatever_has_happened(world: World, buyer: Api, seller: Api) -> None:
    reference = buyer.files()["reference"]
    seller.post(f"/cases/{reference}/offers/", {"remedy": "partial_refund", "amount": "10"})
    buyer.does(reference, "accept_offer")
    seller.does(reference, "fulfil")
    buyer.does(reference, "rate", target="outcome", score=5)
    people = (world.buyer, world.seller, world.agent, world.supervisor, world.auditor)
    for person in people:
        api = Api(world, person)
        assert api.get(f"/cases/{reference}/").status_code == 200
        with CaptureQueriesContext(connection) as seen:
            file = api.get(f"/cases/{reference}/").json()
        assert len(seen) <= 12, [query["sql"] for query in seen]
        assert file["refund"] == {"status": "paid", "pending": "0.00", "paid": "10.00", "currency": "CNY"}


def test_a_list_takes_as_many_queries_for_one_case_as_for_many(world: World, buyer: Api) -> None:
    for person in (world.buyer, world.seller, world.supervisor):
        counts = []
        for _ in range(3):
            buyer.files()
            buyer.files(submit=False)
            api = Api(world, person)
            with CaptureQueriesContext(connection) as seen:
                assert api.get("/cases/").status_code == 200
            counts.append(len(seen))
        assert len(set(counts)) == 1
        assert counts[0] <= 4


def test_lists_narrow_and_order_by_what_is_allowed(world: World, buyer: Api) -> None:
    first = buyer.files()
    second = buyer.files(type="logistics", subtype="lost", remedy="refund_only")
    world.passes(hours=1)
    third = buyer.files(order_number=None, no_order_reason="x")
    Api(world, world.agent).does(third["reference"], "request_info", text="which?")
    references = {name: file["reference"] for name, file in (("1", first), ("2", second), ("3", third))}

    def listed(api: Api, **query: Any) -> str:
        rows = api.get("/cases/", **query).json()["results"]
        names = {reference: name for name, reference in references.items()}
        return "".join(names[row["reference"]] for row in rows)

    supervisor = Api(world, world.supervisor)
    assert listed(buyer) == "321"
    assert listed(buyer, ordering="-created") == "123"
    assert listed(buyer, ordering="due_at")[-1] == "3"
    assert listed(buyer, status="submitted,resolved") == "3"
    assert listed(buyer, type="logistics") == "2"
    assert listed(buyer, subtype="damaged") == "31"
    assert listed(buyer, stage="contact_seller") == "21"
    assert listed(buyer, stage="closed") == ""
    assert listed(buyer, open="true", page_size=100) == "321"
    assert listed(buyer, q=first["reference"].lower()) == "1"
    assert listed(buyer, q="nonsense") == ""
    assert listed(supervisor, flag="incomplete") == "3"
    assert listed(supervisor, seller=world.shop.key) == "21"
    assert listed(supervisor, owner=world.arbitrator.username) == ""
    assert listed(supervisor, ordering="-priority") in ("123", "321", "213")


@pytest.mark.parametrize(
    "query",
    [
        "assigned_to__password=1",
        "seller__account__balance__gt=0",
        "pk__in=1",
        "a.b=1",
        "_connector=OR",
        "status__in=draft",
        "consumer=1",
        "consumer__email=a",
        "id=1",
        "flags=media",
        "search=x",
        "limit=1",
        "offset=1",
        "format=api",
        "ordering=consumer__password",
        "ordering=pk",
        "ordering=?",
        "ordering=--created",
        "ordering=created,due_at",
        "status=nonsense",
        "open=perhaps",
        "created_from=yesterday",
        "status=draft&status=nonsense",
        "cursor=x",
        "page_size=0",
        "page_size=101",
        "page_size=x",
        "q=a&q=b",
        "q=" + "x" * 33,
    ],
)
def test_a_query_string_can_ask_for_nothing_else(buyer: Api, query: str) -> None:
    answer = buyer.get("/cases/?" + query)
    assert answer.status_code == 400, answer.json()


@pytest.mark.parametrize("query", ["flag=media", "owner=x", "seller=x"])
def test_parties_do_not_search_by_what_they_may_not_know(world: World, buyer: Api, seller: Api, query: str) -> None:
    for party in (buyer, seller):
        refused(party.get("/cases/?" + query), 400, "unknown_parameter")


def test_pages_follow_each_other_without_gaps(world: World, buyer: Api) -> None:
    wanted = [buyer.files()["reference"] for _ in range(5)]
    for ordering in ("-created", "due_at", "-priority"):
        found: list[str] = []
        answer = buyer.get("/cases/", page_size=2, ordering=ordering).json()
        while True:
            found += [row["reference"] for row in answer["results"]]
            if answer["next"] is None:
                break
            answer = buyer.get("/cases/?" + answer["next"].partition("?")[2]).json()
        assert sorted(found) == sorted(wanted), ordering
