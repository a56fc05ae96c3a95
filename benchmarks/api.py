"""Filing, listing and reading over HTTP, beside a bare view of four inserts and beside django-helpdesk.

`make bench NAME=api`. `case=file` is a complaint through the API with everything that belongs to it (order snapshot,
case, claim, clocks, hash-chained events, notices, idempotency key), two workers, four clients; the floor inserts four
rows in one transaction. The peer is one POST of a ticket to django-helpdesk 2.6, one worker each. Then lists and case
pages at CASES cases (100,000), beside the peer's list and detail. PEER=0 leaves the peer out.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from benchmarks import load, rig

if TYPE_CHECKING:
    from benchmarks.crowd import People

REQUESTS = int(os.environ.get("REQUESTS", "300"))
REPEATS = int(os.environ.get("REPEATS", "3"))
CASES = int(os.environ.get("CASES", "100000"))
PEER = os.environ.get("PEER", "1") == "1"
GENEROUS = {"THROTTLE_PERSON": "100000000/min", "THROTTLE_ADDRESS": "100000000/min"}


def main() -> None:
    with rig.scratch("api") as url, ExitStack() as stack:
        from benchmarks import crowd
        from benchmarks.peers import helpdesk

        people = crowd.people()
        peer = stack.enter_context(helpdesk.installed()) if PEER else None
        _filing(url, people)
        if peer:
            _filing_beside(peer, people)
        rig.say(f"filling {CASES} cases …")
        cases = crowd.multiply(crowd.under_review(people), CASES)
        if peer:
            peer.fill(CASES)
        _reading(people, cases, peer)


def _filing(url: str, people: People) -> None:
    from benchmarks import floor_tables

    floor_tables.create(url)
    ours: list[float] = []
    floors: list[float] = []
    with (
        load.served("casemgmt.wsgi:application", workers=2, environment=GENEROUS) as here,
        load.served("benchmarks.floor.wsgi:application", workers=2, environment={}) as there,
    ):
        load.timed(here, complaints(people, 20), clients=4, expected=201)
        load.timed(there, _bare(20), clients=4, expected=201)
        for _ in range(REPEATS):
            ours.append(load.timed(here, complaints(people, REQUESTS), clients=4, expected=201)[0])
            floors.append(load.timed(there, _bare(REQUESTS), clients=4, expected=201)[0])
            rig.say(f"file: ours {ours[-1]:.0f}/s, floor {floors[-1]:.0f}/s")
    floor = rig.middle(floors)
    rig.report(bench="api", case="file", kind="2 workers", unit="cases/s", ours=rig.middle(ours), floor=floor,
               limit=round(0.4 * floor, 1))  # fmt: skip


def _filing_beside(peer: object, people: People) -> None:
    from benchmarks.peers.helpdesk import Helpdesk

    assert isinstance(peer, Helpdesk)
    ours: list[float] = []
    theirs: list[float] = []
    with load.served("casemgmt.wsgi:application", workers=1, environment=GENEROUS) as here, peer.served() as there:
        load.timed(here, complaints(people, 10), clients=1, expected=201)
        load.timed(there, peer.tickets(10), clients=1, expected=201)
        for _ in range(REPEATS):
            ours.append(load.timed(here, complaints(people, REQUESTS // 2), clients=1, expected=201)[0])
            theirs.append(load.timed(there, peer.tickets(REQUESTS // 2), clients=1, expected=201)[0])
            rig.say(f"file: ours {ours[-1]:.0f}/s, peer {theirs[-1]:.0f}/s")
    other = rig.middle(theirs)
    rig.report(bench="api", case="file", kind="1 worker", unit="cases/s", ours=rig.middle(ours), peer=other,
               limit=round(2 * other, 1))  # fmt: skip


def _reading(people: People, cases: Sequence[int], peer: object) -> None:
    from benchmarks.peers.helpdesk import Helpdesk

    references = [numbered(pk) for pk in cases[:: max(1, len(cases) // 60)]]
    header = {"Authorization": f"Bearer {key(people.supervisor)}"}
    pages = {
        "list": [load.Ask(method="GET", path="/api/v1/cases/?page_size=25", headers=header)] * 60,
        "detail": [load.Ask(method="GET", path=f"/api/v1/cases/{r}/", headers=header) for r in references],
    }
    with load.served("casemgmt.wsgi:application", workers=1, environment=GENEROUS) as here:
        took = {name: load.timed(here, asks, clients=1, expected=200)[1] for name, asks in pages.items()}
    theirs = peer.reading() if isinstance(peer, Helpdesk) else {}
    for name, asks in pages.items():
        rig.report(bench="api", case=name, kind=f"p95 at {CASES}", unit="ms", ours=load.p95(took[name]) * 1e3,
                   peer=theirs[name] * 1e3 if name in theirs else None, limit=250.0)  # fmt: skip
        rig.report(bench="api", case=name, kind="queries", unit="queries", ours=_queries(asks[0], people))


def numbered(pk: int) -> str:
    """A case number with a check symbol, instead of the one that the copying in SQL gave."""
    from casemgmt import references
    from disputes.models import Case

    number = references.make()
    Case.objects.filter(pk=pk).update(reference=number)
    return number


def complaints(people: People, count: int) -> list[load.Ask]:
    """Complaints of the buyer, each about an order of its own, each with its own Idempotency-Key."""
    from casemgmt import clock
    from disputes.models import Order

    at, header = clock.now(), {"Authorization": f"Bearer {key(people.buyer)}"}
    numbers = [f"BENCH{time.time_ns()}-{number}" for number in range(count)]
    Order.objects.bulk_create(
        Order(number=number, buyer=people.buyer, seller=people.shop, updated_at=at, paid_total=Decimal(100),
              status="signed", items=[{"sku": "S1", "title": "陶瓷杯", "qty": 1, "paid": "100.00"}])
        for number in numbers
    )  # fmt: skip
    return [
        load.Ask(
            method="POST", path="/api/v1/cases/", headers={**header, "Idempotency-Key": number}, body=_body(number)
        )
        for number in numbers
    ]


_keys: dict[int, str] = {}


def key(person: object) -> str:
    """One API key per person for the whole run."""
    from casemgmt import clock
    from casemgmt.accounts import keys
    from casemgmt.accounts.models import User

    assert isinstance(person, User)
    if person.pk not in _keys:
        _made, _keys[person.pk] = keys.make(
            user=person, name="bench", scopes=["cases:read", "cases:write"], ttl=timedelta(days=1), at=clock.now()
        )
    return _keys[person.pk]


def _body(number: str) -> dict[str, object]:
    return {"type": "product_quality", "subtype": "damaged", "description": "杯子到货就碎了,附上照片", "remedy": "return_refund",
            "contact": "13800138000", "order_number": number, "evidence_waiver": "photos follow"}  # fmt: skip


def _bare(count: int) -> list[load.Ask]:
    return [load.Ask(method="POST", path="/file/", headers={}, body=_body(str(number))) for number in range(count)]


def _queries(ask: load.Ask, people: People) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = Client(SERVER_NAME="127.0.0.1").get(ask.path, headers=ask.headers)
    if answer.status_code != 200:
        raise SystemExit(f"{ask.path}: {answer.status_code}")
    return len(captured)


if __name__ == "__main__":
    main()
