"""Filing over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return World()


def client(user: Any) -> APIClient:
    c = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    c.force_authenticate(user)
    return c


def body(world: World, **facts: Any) -> dict[str, Any]:
    return {
        "type": "product_quality", "subtype": "damaged", "description": "the cup is broken", "contact": "13800138000",
        "remedy": "return_refund", "evidence_waiver": "already thrown away", "order_number": world.order().number, **facts,
    }  # fmt: skip


def test_a_complaint_is_filed_and_goes_to_the_seller(world: World) -> None:
    with world.at(world.now):
        answer = client(world.buyer).post("/api/v1/cases/", body(world))
        assert answer.status_code == 201, answer.json()
        file = answer.json()
        assert file["status"] == "awaiting_seller"
        print(file)
        shown = client(world.seller).get(f"/api/v1/cases/{file['reference']}/")
        assert shown.status_code == 200
        assert shown.json()["consumer"]["contact"] is None
        agreed = client(world.seller).post(f"/api/v1/cases/{file['reference']}/actions/agree/", {})
        assert agreed.status_code == 200, agreed.json()
        listed = client(world.seller).get("/api/v1/cases/?ordering=due_at")
        assert listed.status_code == 200, listed.json()
        print(listed.json())
