"""Every action of the workflow: the state in which it is tried, what is sent, and who may. Written by hand.

Whoever sees the case and is not named is answered 403, whoever does not see it 404. A supervisor stands in for the
intake; only the person assigned hears and rules; an auditor writes nothing; an administrator knows of no case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.journeys.rulings import for_the_buyer


@dataclass(frozen=True, kw_only=True)
class Row:
    """`closed`: who may still do it once the case is closed; others who may at all are told that it is over (409)."""

    room: str
    body: dict[str, Any]
    may: frozenset[str]
    closed: frozenset[str] = frozenset()


def row(room: str, may: str, *, closed: str = "", **body: Any) -> Row:
    return Row(room=room, body=body, may=frozenset(may.split()), closed=frozenset(closed.split()))


TEXT = {"text": "Because of this"}
ADDRESS = {"recipient": "Returns", "phone": "0571", "line": "1 Road", "mainland": True}
TALK = "consumer seller agent assigned supervisor"
REFUND = {"remedy": "partial_refund", "amount": "10.00"}
ASKED = [{"party": "seller", "slot": "dispatch_proof"}]

ACTIONS: dict[str, Row] = {
    # Intake
    "submit": row("draft", "consumer"),
    "link_order": row("incomplete", "consumer agent supervisor", order_number="TB-OF-THE-BUYER"),
    "request_info": row("submitted", "agent supervisor", **TEXT),
    "provide_info": row("info", "consumer", **TEXT),
    "give_initial_opinion": row("review", "agent assigned supervisor", **TEXT),
    "reject_intake": row("submitted", "agent supervisor", reason="no_facts", **TEXT),
    "admit": row("submitted", "agent supervisor", route="seller"),
    "carrier_result": row("carrier", "agent supervisor", result="lost", **TEXT),
    # Between the two
    "agree": row("talks", "seller", address=ADDRESS),
    "offer": row("talks", "consumer seller", **REFUND),
    "refuse": row("talks", "seller", reason="goods_fine", **TEXT),
    "accept_offer": row("offer", "consumer"),
    "decline_offer": row("offer", "consumer"),
    "revise_claim": row("refused", "consumer", **REFUND),
    "escalate": row("refused", "consumer seller", reason="seller_refused"),
    "withdraw": row("talks", "consumer", confirm=True),
    "urge": row("talks", "consumer"),
    # Goods and money
    "ship_return": row("to_return", "consumer", carrier="SF", waybill="SF5"),
    "record_return_signed": row("in_transit", "agent supervisor", signed_at="2026-11-03T12:00:00+08:00"),
    "confirm_receipt": row("in_transit", "seller"),
    "contest_return": row("in_transit", "seller", condition="damaged", **TEXT),
    "fulfil": row("to_fulfil", "seller"),
    "record_reshipment_signed": row("to_confirm", "agent supervisor"),
    "buyer_confirm": row("to_confirm", "consumer"),
    "reject_fulfilment": row("to_confirm", "consumer", **TEXT),
    # The hearing
    "accept_intervention": row("asked_in", "assigned", opinion="We look at it"),
    "decline_intervention": row("asked_in", "assigned", reason="beyond_rules", **TEXT),
    "open_evidence": row("review", "assigned", requests=ASKED),
    "extend_evidence": row("evidence", "consumer seller assigned", hours=24),
    "close_evidence": row("evidence", "assigned"),
    "propose_settlement": row("review", "assigned", **REFUND),
    "end_mediation": row("mediation", "consumer seller assigned"),
    "propose_terms": row("review", "consumer seller", **REFUND),
    "accept_terms": row("mediation", "consumer seller"),
    "concede": row("review", "seller"),
    "suspend": row("review", "assigned", reason="court", **TEXT),
    "document_stay": row("suspended", "assigned supervisor", document="(2026) 1"),
    "resume": row("suspended", "assigned supervisor"),
    "ask_recusal": row("review", "consumer seller", reason="They know each other"),
    "decide_recusal": row("recusal", "supervisor", granted=False),
    "propose_no_ruling": row("review", "assigned", reason="too_complex", **TEXT),
    "no_ruling": row("no_ruling_proposed", "supervisor", bodies=["court"]),
    # Ruling and after
    "issue_ruling": row("review", "assigned", **for_the_buyer()),
    "approve_ruling": row("approval", "reviewer supervisor"),
    "return_ruling": row("approval", "reviewer supervisor", note="Say more"),
    "accept_ruling": row("ruled", "consumer seller"),
    "appeal": row("ruled", "consumer seller", grounds="amount", **TEXT),
    "withdraw_appeal": row("appeal", "seller"),
    "decide_appeal": row("appeal", "assigned", decision="upheld", reasons="It stands"),
    "perform_obligations": row("executing", "seller supervisor"),
    "execution_failed": row("stuck", "supervisor", bodies=["court"], **TEXT),
    # Oversight
    "assign": row("asked_in", "supervisor"),
    "reassign": row("review", "supervisor", reason="Ill"),
    "reopen": row("withdrawn", "consumer supervisor", closed="consumer supervisor", **TEXT),
    "merge": row("talks", "agent supervisor", into="TWIN"),
    "hold_promises": row("talks", "supervisor", reason="Flood"),
    "release_promises": row("held", "supervisor"),
    "extend_promise": row("talks", "supervisor", kind="resolution", days=2, reason="A test takes long"),
    # Talking
    "post_message": row("review", TALK, closed="consumer seller agent supervisor", **TEXT),
    "log_contact": row(
        "review", "agent assigned supervisor", closed="agent supervisor",
        channel="phone", direction="inbound", summary="They asked how it goes",
    ),
    "rate": row("resolved", "consumer seller", closed="consumer seller", target="outcome", score=4),
}  # fmt: skip
# On a closed case there is no offer and no appeal any more, so that either side is told of the state, not of its side.
EITHER_SIDE_WHEN_CLOSED = frozenset({"accept_offer", "decline_offer", "withdraw_appeal"})
