"""What consumers and sellers do: answer, offer, refuse, send back, pay, accept, or nothing at all."""

from __future__ import annotations

from casemgmt.simulation.scene import Scene
from casemgmt.simulation.temper import Plan
from disputes.states import GOODS, Party
from disputes.taxonomy import REMEDIES

_ANSWER_HOURS = {"quick": (0.5, 9.0), "slow": (10.0, 46.0), "stubborn": (2.0, 30.0)}


def awaiting_seller(s: Scene) -> Plan | None:
    temper = s.temper
    if "word" not in temper.done and temper.happens(0.2):
        temper.done.add("word")
        return s.consumer("post_message", temper.hours(0.2, 3), text="Please look at this.")
    if temper.happens(0.02):
        return s.consumer("withdraw", temper.hours(1, 20), confirm=True)
    if temper.seller == "silent":
        insists = temper.buyer == "insistent" and temper.happens(0.4)
        return s.consumer("escalate", temper.hours(24.5, 40), reason="seller_no_response") if insists else None
    hours = temper.hours(*_ANSWER_HOURS[temper.seller])
    answer = temper.one_of(_ANSWERS["stubborn" if temper.seller == "stubborn" else "other"])
    if answer == "offer" and s.case.offer_rounds < 3 and "partial_refund" in REMEDIES[s.case.flow]:
        return s.seller("offer", hours, remedy="partial_refund", amount=s.share(20, 80))
    if answer == "agree":
        return s.seller("agree", hours)
    return s.seller("refuse", hours, reason="goods_fine", text="The goods left us in order.")


_ANSWERS = {"stubborn": [("agree", 0.1), ("offer", 0.25), ("refuse", 0.65)],
            "other": [("agree", 0.5), ("offer", 0.3), ("refuse", 0.2)]}  # fmt: skip


def offer_pending(s: Scene) -> Plan | None:
    temper = s.temper
    choice = temper.one_of([("accept_offer", 0.55), ("decline_offer", 0.25), ("nothing", 0.2)])
    if choice == "nothing":
        return None
    by_consumer = s.case.offer_by == Party.CONSUMER
    return s.seller(choice, temper.hours(1, 40)) if by_consumer else s.consumer(choice, temper.hours(0.5, 40))


def seller_refused(s: Scene) -> Plan | None:
    temper = s.temper
    shares = {"insistent": (0.85, 0.1, 0.02), "patient": (0.6, 0.2, 0.05), "vanishing": (0.15, 0.05, 0.1)}[temper.buyer]
    escalate, revise, withdraw = shares
    rest = 1 - sum(shares)
    choice = temper.one_of([("escalate", escalate), ("revise", revise), ("withdraw", withdraw), ("nothing", rest)])
    if choice == "escalate":
        return s.consumer("escalate", temper.hours(1, 100), reason="seller_refused", text="They refuse.")
    if choice == "revise" and s.case.claim_revisions < 3 and "partial_refund" in REMEDIES[s.case.flow]:
        amount = s.share(20, 60)
        return s.consumer(
            "revise_claim", temper.hours(1, 60), remedy="partial_refund", amount=amount, reason="Less will do."
        )
    if choice == "withdraw":
        return s.consumer("withdraw", temper.hours(1, 60), confirm=True)
    return None


def awaiting_return(s: Scene) -> Plan | None:
    if s.temper.buyer == "vanishing" and s.temper.happens(0.5):
        return None
    return s.consumer("ship_return", s.temper.hours(6, 130), carrier="SF", waybill=f"SFR{s.case.pk}")


def return_in_transit(s: Scene) -> Plan | None:
    choice = s.temper.one_of([("receive", 0.75), ("contest", 0.07), ("nothing", 0.18)])
    if choice == "contest":
        return s.seller("contest_return", s.temper.hours(40, 120), condition="damaged", text="It came back broken.")
    return s.seller("confirm_receipt", s.temper.hours(36, 120)) if choice == "receive" else None


def awaiting_fulfilment(s: Scene) -> Plan | None:
    reliable = 0.55 if s.temper.seller == "silent" else 0.92
    if not s.temper.happens(reliable):
        return None
    proof = f"SFX{s.case.pk}" if s.case.agreed_remedy in GOODS else "done"
    return s.seller("fulfil", s.temper.hours(1, 47), proof=proof)


def awaiting_buyer_confirm(s: Scene) -> Plan | None:
    if not s.case.fulfilment_rejected and s.temper.happens(0.08):
        return s.consumer("reject_fulfilment", s.temper.hours(4, 60), text="It is still not right.")
    return s.consumer("buyer_confirm", s.temper.hours(6, 140)) if s.temper.happens(0.55) else None


def mediation(s: Scene) -> Plan | None:
    accepted = s.case.terms_accepted_by
    if not s.temper.happens(0.75):
        return s.consumer("end_mediation", s.temper.hours(2, 30), text="No.") if s.temper.happens(0.5) else None
    if "seller" not in accepted:
        return s.seller("accept_terms", s.temper.hours(1, 20))
    return s.consumer("accept_terms", s.temper.hours(1, 20)) if "consumer" not in accepted else None


def ruled(s: Scene) -> Plan | None:
    temper, case = s.temper, s.case
    loser = "consumer" if case.outcome_code == "seller_favour" else "seller"
    if "appeal" not in temper.done and temper.happens(0.15):
        temper.done.add("appeal")
        appeal = s.consumer if loser == "consumer" else s.seller
        return appeal("appeal", temper.hours(4, 160), grounds="fact_error", text="The facts are wrong.")
    if len(case.ruling_accepted_by) == 0 and temper.happens(0.3):
        return s.consumer("accept_ruling", temper.hours(2, 40))
    if case.ruling_accepted_by == ["consumer"] and temper.happens(0.4):
        return s.seller("accept_ruling", temper.hours(2, 60))
    return None


def closed(s: Scene) -> Plan | None:
    """Some take it up again, some say what they think of it, once."""
    temper = s.temper
    if "after" in temper.done:
        return None
    temper.done.add("after")
    if s.case.status in ("resolved", "lapsed") and temper.happens(0.03):
        return s.consumer("reopen", temper.hours(10, 300), text="It broke again.")
    if temper.happens(0.2):
        return s.consumer("rate", temper.hours(1, 100), target="outcome", score=temper.dice.randrange(1, 6))
    return None
