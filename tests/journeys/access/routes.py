"""Every other address of the API: what is asked, of which case, and what each person is answered. Written by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.journeys.access.people import NOBODY, PRINCIPALS

V1 = "/api/v1"
CASE = f"{V1}/cases/{{reference}}"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One question: `answers` says the status for every principal; `room` and `ids` fill the path."""

    path: str  # as the API's description has it
    method: str
    answers: dict[str, int]
    room: str = ""
    body: Any = None
    form: bool = False
    ids: dict[str, str] = field(default_factory=dict)
    names: str = ""


def all_of(status: int) -> dict[str, int]:
    """Whoever is signed in; the others are asked to sign in."""
    return {name: 401 if name in NOBODY else status for name in PRINCIPALS}


def those(may: str, *, status: int = 200, others: int = 403) -> dict[str, int]:
    return {**all_of(others), **dict.fromkeys(may.split(), status)}


NEW_ORDER = {
    "number": "TB-NEW", "buyer": {"external_ref": "b-9"}, "seller": {"key": "s-9"}, "status": "unshipped",
    "paid_total": "10.00",
}  # fmt: skip
NEW_CASE = {
    "type": "product_quality", "subtype": "defect", "description": "It leaks", "contact": "13900000000",
    "remedy": "return_refund", "evidence_waiver": "none", "order_number": "TB-OF-THE-BUYER",
}  # fmt: skip
OWNERS = "consumer seller agent supervisor auditor administrator"

GENERAL: list[Cell] = [
    Cell(path=f"{V1}/me/", method="get", answers=all_of(200)),
    Cell(path=f"{V1}/me/", method="patch", body={"display_name": "Me"}, answers=all_of(200)),
    Cell(path=f"{V1}/catalogue/", method="get", answers=all_of(200)),
    Cell(path=f"{V1}/clauses/", method="get", answers=all_of(200)),
    *(
        Cell(path=f"{V1}/dashboards/{name}/", method="get", answers=those("supervisor auditor"))
        for name in ("compliance", "stages", "flow", "open", "hours", "causes")
    ),
    Cell(path=f"{V1}/notices/", method="get", answers=all_of(200)),
    Cell(path=f"{V1}/notices/{{notice_id}}/read/", method="post", answers=those("consumer", others=404)),
    Cell(path=f"{V1}/notices/preferences/", method="get", answers=all_of(200)),
    Cell(path=f"{V1}/notices/preferences/", method="put", body={"preferences": []}, answers=all_of(200)),
    Cell(path=f"{V1}/orders/", method="get", answers=all_of(200)),
    Cell(path=f"{V1}/orders/", method="post", body=NEW_ORDER, answers=those("administrator", status=201)),
    Cell(path=f"{V1}/orders/{{number}}/", method="get", answers=those(OWNERS, others=404)),
    Cell(path=f"{V1}/cases/", method="get", answers=all_of(200)),
    # Another consumer's order does not exist for a stranger; who is not of the intake files nothing for others.
    Cell(path=f"{V1}/cases/", method="post", body=NEW_CASE, names="for oneself",
         answers={**those("consumer", status=201), "stranger": 422, "agent": 422, "supervisor": 422}),
    Cell(path=f"{V1}/cases/", method="post", body={**NEW_CASE, "consumer": "{consumer}"}, names="for the consumer",
         answers=those("consumer agent supervisor", status=201)),
]  # fmt: skip

READ = ("", "clocks/", "contacts/", "evidence/", "evidence-requests/", "messages/", "offers/", "returns/", "time/", "timeline/",
        "tracking/")  # fmt: skip
# The file itself is read in every state; its parts in one state of every kind of audience.
READ_IN = ("draft", "carrier", "talks", "evidence", "approval", "about_us")

PHOTO_FORM = {"slot": "product_photo", "kind": "photo"}
# (path below the case, method, room, body, who may and with which status, the others who see it)
WRITES: list[tuple[str, str, str, Any, dict[str, int]]] = [
    ("", "patch", "draft", {"description": "It is broken"}, {"consumer": 200}),
    ("", "patch", "talks", {"description": "It is broken"}, {"consumer": 409}),
    ("messages/", "post", "review", {"text": "Hello"},
     dict.fromkeys(("consumer", "seller", "agent", "assigned", "supervisor"), 200)),
    ("messages/", "post", "approval", {"text": "Hello"},
     dict.fromkeys(("consumer", "seller", "agent", "assigned", "supervisor"), 200)),
    ("offers/", "post", "talks", {"remedy": "partial_refund", "amount": "10.00"}, {"consumer": 200, "seller": 200}),
    # Whoever judges adds nothing to what is judged.
    ("evidence/", "post", "talks", PHOTO_FORM, dict.fromkeys(("consumer", "seller", "agent", "supervisor"), 201)),
    ("evidence/", "post", "evidence", PHOTO_FORM, dict.fromkeys(("consumer", "seller", "agent", "supervisor"), 201)),
    ("evidence/", "post", "approval", PHOTO_FORM, dict.fromkeys(("consumer", "seller", "agent", "supervisor"), 201)),
    ("evidence/", "post", "resolved", PHOTO_FORM, dict.fromkeys(("consumer", "seller", "agent", "supervisor"), 409)),
    ("evidence-requests/{request_id}/waive/", "post", "evidence", {}, {"assigned": 200}),
    ("evidence/{submitted}/submit/", "post", "evidence", {}, {"consumer": 409}),
    ("evidence/{submitted}/withdraw/", "post", "evidence", {"reason": "Wrong one"}, {"consumer": 200}),
]  # fmt: skip
# A staged exhibit is known to the side that uploaded it and to nobody else.
STAGED: list[tuple[str, str, Any]] = [
    ("evidence/{staged}/submit/", "post", {}),
    ("evidence/{staged}/withdraw/", "post", {"reason": "Wrong one"}),
]
