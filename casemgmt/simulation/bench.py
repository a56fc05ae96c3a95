"""What the platform's people do: admit, hear, ask, mediate, rule, approve, decide appeals, carry out."""

from __future__ import annotations

from typing import Any

from casemgmt.accounts.roles import Role
from casemgmt.simulation.scene import Scene
from casemgmt.simulation.temper import Plan
from disputes.states import Status

_OPINION = "I have read both sides. The evidence so far points one way; I now ask both for more."
_REQUESTS = [
    {"party": "consumer", "slot": "order_screenshot", "mandatory": True, "text": "Whole and close, please."},
    {"party": "seller", "slot": "chat_log", "mandatory": True, "text": "What was said when it was sent."},
]


def submitted(s: Scene) -> Plan | None:
    temper = s.temper
    if s.case.info_asked:
        provides = temper.happens(0.75)
        return s.consumer("provide_info", temper.hours(2, 60), text="Here it is.") if provides else None
    if "info" not in temper.done and temper.happens(0.2):
        temper.done.add("info")
        return s.staff(Role.AGENT, "request_info", 0.2, text="Please send a screenshot of the payment.")
    if s.case.flow == "f4" and temper.happens(0.15):
        return s.staff(
            Role.SUPERVISOR, "reject_intake", 1, reason="beyond_rules", text="Outside the rules; 12315 is open."
        )
    return s.staff(Role.AGENT, "admit", 0.3)


def awaiting_carrier(s: Scene) -> Plan | None:
    if s.temper.happens(0.25):
        return None
    found = s.temper.one_of([("lost", 0.45), ("delayed", 0.25), ("delivered", 0.2), ("damaged", 0.1)])
    return s.staff(
        Role.AGENT, "carrier_result", s.temper.hours(4, 40), result=found, text=f"The carrier says: {found}."
    )


def intervention_requested(s: Scene) -> Plan | None:
    if s.temper.happens(0.04):
        return None  # overlooked: the deadline hands it on
    if s.temper.happens(0.03):
        return s.owner("decline_intervention", 1, reason="out_of_scope", text="This is not for us to decide.")
    return s.owner("accept_intervention", s.temper.hours(0.5, 6), opinion=_OPINION)


def under_review(s: Scene) -> Plan | None:
    temper, case = s.temper, s.case
    if case.no_ruling_proposed:
        away = {case.owner_id} if case.owner_id else set()
        return s.staff(
            Role.SUPERVISOR, "no_ruling", 2, but_not=away, bodies=["court", "authority_12315"], text="No proof."
        )
    if not temper.heard:
        temper.heard = True
        step = temper.one_of(
            [("evidence", 0.55), ("mediate", 0.2), ("rule", 0.2), ("suspend", 0.02), ("concede", 0.03)]
        )
        return _first_step(s, step)
    if temper.happens(0.03):
        return s.owner("propose_no_ruling", 1, reason="evidence_insufficient", text="Neither side can prove it.")
    return _ruling(s)


def _first_step(s: Scene, step: str) -> Plan | None:
    if step == "concede":
        return s.seller("concede", s.temper.hours(1, 20))
    if step == "mediate":
        return s.owner("propose_settlement", 1, remedy="partial_refund", amount=s.share(30, 70), terms_text="Half way.")
    if step == "suspend":
        return s.owner("suspend", 1, reason="testing", text="The goods are being tested.")
    heard = s.case.seller_heard or s.case.seller_defaulted
    return _ruling(s) if step == "rule" and heard else s.owner("open_evidence", 1, requests=_REQUESTS)


def _ruling(s: Scene) -> Plan | None:
    if not s.case.seller_heard and not s.case.seller_defaulted:
        return s.owner("open_evidence", 1, requests=_REQUESTS)
    return s.owner("issue_ruling", s.temper.hours(0.5, 12), **_text(s))


def _text(s: Scene, *, otherwise: bool = False) -> dict[str, Any]:
    """For the consumer, shared, or for the seller; `otherwise` than the ruling before."""
    outcome = s.temper.one_of([("buyer_favour", 0.55), ("split", 0.2), ("seller_favour", 0.25)])
    if otherwise:
        outcome = "buyer_favour" if s.case.outcome_code == "seller_favour" else "seller_favour"
    amount = {"buyer_favour": s.paid, "split": s.share(30, 60)}.get(outcome)
    remedy = "refund_only" if outcome == "buyer_favour" else "partial_refund"
    return {
        "outcome": outcome,
        "reason": "defect_not_proven" if outcome == "seller_favour" else "defect_proven",
        "facts": "Photos, chat and parcel record were compared.",
        "reasoning": "Who alleges proves; who could have shown and did not bears the consequence.",
        "citations": ["taobao-65", "cpl-24"],
        "liability": {"consumer": 0, "seller": 100} if amount else {"consumer": 100, "seller": 0},
        "remedies": [{"remedy": remedy, "amount": str(amount)}] if amount else [],
    }


def evidence_period(s: Scene) -> Plan | None:
    temper = s.temper
    for side, slot in (("consumer", "order_screenshot"), ("seller", "chat_log")):
        if side in temper.shown:
            continue
        if f"asked:{side}" not in temper.done:
            temper.done.add(f"asked:{side}")
            if temper.happens(0.3 if side == "seller" and temper.seller == "silent" else 0.85):
                temper.shown.add(side)
                return s.shows(side, slot, temper.hours(2, 30))
    both = {"consumer", "seller"} <= temper.shown
    return s.owner("close_evidence", 1) if both else None


def suspended(s: Scene) -> Plan | None:
    return s.owner("resume", s.temper.hours(60, 200)) if s.temper.happens(0.8) else None


def ruling_in_approval(s: Scene) -> Plan | None:
    author = {s.case.ruling_author_id} if s.case.ruling_author_id else set()
    if s.temper.happens(0.1):
        return s.staff(Role.REVIEWER, "return_ruling", 1, but_not=author, note="Say more about the dates.")
    return s.staff(Role.REVIEWER, "approve_ruling", 1, but_not=author, note="Agreed.")


def under_appeal(s: Scene) -> Plan | None:
    temper = s.temper
    if s.case.owner_id is None:
        return s.staff(Role.SUPERVISOR, "reassign", 8, reason="The appeal needs a handler.")
    if s.case.return_to == Status.INADMISSIBLE:
        decision = temper.one_of([("rejected", 0.7), ("allowed", 0.3)])
        return s.owner("decide_appeal", temper.hours(1, 10), decision=decision, reasons="Looked at again.")
    decision = temper.one_of([("upheld", 0.7), ("changed", 0.15), ("sent_back", 0.15)])
    more = {"ruling": _text(s, otherwise=True)} if decision == "changed" else {}
    return s.owner("decide_appeal", temper.hours(1, 10), decision=decision, reasons="Looked at again.", **more)


def executing(s: Scene) -> Plan | None:
    """Sellers pay, or the platform does when their day is over; with nothing to take a supervisor ends it."""
    temper = s.temper
    if "executed" in temper.done:
        return s.staff(Role.SUPERVISOR, "execution_failed", 20, bodies=["court"], text="There is nothing to take.")
    temper.done.add("executed")
    reliable = 0.4 if temper.seller in ("silent", "stubborn") else 0.85
    return s.seller("perform_obligations", temper.hours(1, 23), proof="paid") if temper.happens(reliable) else None
