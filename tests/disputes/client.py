"""People at their keyboards: a client per person, and bodies to send."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from tests.world import World

BASE = "/api/v1"


class Api:
    """One person's requests, at the world's now, in English."""

    def __init__(self, world: World, user: Any) -> None:
        self.world = world
        self._client = APIClient(HTTP_ACCEPT_LANGUAGE="en", raise_request_exception=False)
        self._client.force_authenticate(user)

    def get(self, path: str, **query: Any) -> Any:
        with self.world.at(self.world.now):
            return self._client.get(BASE + path, query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        with self.world.at(self.world.now):
            return self._client.post(BASE + path, {} if body is None else body, headers=headers)

    def patch(self, path: str, body: Any) -> Any:
        with self.world.at(self.world.now):
            return self._client.patch(BASE + path, body)

    def raw(self, path: str, body: bytes) -> Any:
        with self.world.at(self.world.now):
            return self._client.post(BASE + path, data=body, content_type="application/json")

    def upload(self, path: str, form: dict[str, Any]) -> Any:
        with self.world.at(self.world.now):
            return self._client.post(BASE + path, form, format="multipart")

    def files(self, **facts: Any) -> dict[str, Any]:
        """File a complaint; its file."""
        answer = self.post("/cases/", complaint(self.world, **facts))
        assert answer.status_code == 201, answer.json()
        found: dict[str, Any] = answer.json()
        return found

    def does(self, reference: str, action: str, **details: Any) -> Any:
        return self.post(f"/cases/{reference}/actions/{action}/", details)


def complaint(world: World, **facts: Any) -> dict[str, Any]:
    """A broken cup, as it is sent; None leaves a field out."""
    if "order_number" not in facts:
        facts["order_number"] = world.order().number
    body = {
        "type": "product_quality", "subtype": "damaged", "description": "杯子碎了", "contact": "13800138000",
        "remedy": "return_refund", "evidence_waiver": "already thrown away", **facts,
    }  # fmt: skip
    return {name: value for name, value in body.items() if value is not None}


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem document, after looking at it."""
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert answer["Content-Type"].startswith("application/problem+json")
    assert problem["detail"]
    return problem
