"""Callers over HTTP that do not give up: the same request under the same key until there is an answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any, TypeVar

import httpx

from casemgmt import clock
from casemgmt.accounts import keys
from casemgmt.accounts.models import User
from tests.faults.falling import wait_for

T = TypeVar("T")
COMPLAINT: dict[str, Any] = {
    "type": "product_quality", "subtype": "damaged", "description": "杯子碎了", "contact": "13800138000",
    "remedy": "return_refund", "no_order_reason": "bought in the shop", "evidence_waiver": "thrown away",
}  # fmt: skip


def key_of(user: User) -> str:
    """An API key of that person, for the header."""
    _key, secret = keys.make(user=user, name="t", scopes=keys.SCOPES, ttl=timedelta(days=1), at=clock.now())
    return secret


class Client:
    """One person's program."""

    def __init__(self, port: int, secret: str) -> None:
        headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
        patient = httpx.Limits(max_connections=100)
        self._http = httpx.Client(
            base_url=f"http://127.0.0.1:{port}/api/v1/", headers=headers, timeout=30, limits=patient
        )

    def post(self, path: str, body: Any, *, key: str = "") -> httpx.Response:
        return self._http.post(path, json=body, headers={"Idempotency-Key": key} if key else {})

    def insists(
        self, path: str, body: Any, *, key: str, put_off: list[httpx.Response] | None = None, seconds: float = 60
    ) -> Insisted:
        """Post until it is neither in flight nor out of reach. Answers on the way are added to `put_off` at once."""
        told, until = Insisted(put_off), time.monotonic() + seconds
        while True:
            try:
                answer = self.post(path, body, key=key)
            except httpx.TransportError:
                told.cut_off += 1
                wait = 0.2
            else:
                if answer.status_code not in (409, 503):
                    told.answer = answer
                    return told
                told.put_off.append(answer)
                wait = float(answer.headers["Retry-After"])
            assert time.monotonic() < until, [said.text for said in told.put_off[-1:]]
            time.sleep(wait)

    def close(self) -> None:
        self._http.close()


class Insisted:
    """What a client that insists met on its way."""

    def __init__(self, put_off: list[httpx.Response] | None = None) -> None:
        self.answer = httpx.Response(0)
        self.put_off: list[httpx.Response] = [] if put_off is None else put_off
        self.cut_off = 0


def at_once(act: Callable[[], T], many: int, *, meanwhile: Callable[[], None] = lambda: None) -> Sequence[T]:
    """The same act in so many threads at the same instant, and something else from this one meanwhile."""
    barrier = Barrier(many + 1, timeout=30)

    def run() -> T:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(many) as pool:
        running = [pool.submit(run) for _ in range(many)]
        barrier.wait()
        meanwhile()
        return [one.result(120) for one in running]


def health(port: int) -> tuple[int, str]:
    """Status code and the word; 0 while nobody listens."""
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=10)
    except httpx.TransportError:
        return 0, ""
    return answer.status_code, str(answer.json()["status"])


def until_it_answers(port: int, code: int = 200, *, seconds: float = 60) -> float:
    """Wait for this status code of /healthz; how many seconds it took."""
    began = time.monotonic()
    wait_for(lambda: health(port)[0] == code, seconds=seconds, otherwise=lambda: f"/healthz says {health(port)}")
    return time.monotonic() - began
