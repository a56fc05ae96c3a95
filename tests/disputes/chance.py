"""A person who does something at random: mostly what is allowed, with details that mostly fit."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.errors import DomainError
from disputes import workflow
from disputes.moves.law import LAWS
from sla import sweep
from sla.models import Clock
from tests.disputes.walks import FOR_SELLER, RULING, about_us, incomplete, lost_parcel, not_shipped, service
from tests.world import Story, World

Details = Callable[[Random, Story], dict[str, Any]]
MONEY = ["refund_only", "return_refund", "partial_refund", "compensation"]


def _remedy(chance: Random, _story: Story) -> dict[str, Any]:
    if chance.random() < 0.3:
        return {"remedy": chance.choice(["exchange", "repair", "reship", "apology", "invoice"])}
    return {"remedy": chance.choice(MONEY), "amount": Decimal(chance.choice([1, 30, 50, 110, 111]))}


def _ruling(chance: Random, _story: Story) -> dict[str, Any]:
    if chance.random() < 0.3:
        return FOR_SELLER
    remedies: list[dict[str, Any]] = [
        {"remedy": chance.choice([*MONEY, "freight"]), "amount": chance.choice(["20", "60", "110"])}
    ]
    remedies += [{"remedy": chance.choice(["apology", "reship", "exchange"])}] if chance.random() < 0.4 else []
    clause = chance.choice(["taobao-75", "cpl-55"])
    return {**RULING, "remedies": remedies, "citations": [clause]}


def _decision(chance: Random, story: Story) -> dict[str, Any]:
    decision = chance.choice(["upheld", "changed", "sent_back", "rejected", "allowed"])
    return {"decision": decision, "reasons": "x", "ruling": _ruling(chance, story) if decision == "changed" else None}


def _text(_chance: Random, _story: Story) -> dict[str, Any]:
    return {"text": "理由"}


def _none(_chance: Random, _story: Story) -> dict[str, Any]:
    return {}


DETAILS: dict[str, Details] = {
    "link_order": lambda c, s: {"order_number": s.world.order().number},
    "request_info": _text, "provide_info": _text, "give_initial_opinion": _text, "reject_fulfilment": _text,
    "reject_intake": lambda c, s: {"reason": "no_facts", "text": "x"},
    "admit": lambda c, s: {"route": c.choice(["", "seller", "platform", "carrier"])},
    "carrier_result": lambda c, s: {"result": c.choice(["lost", "delivered", "unknown"]), "text": "x",
                                    "to_platform": c.random() < 0.2},
    "offer": _remedy, "propose_settlement": _remedy, "propose_terms": _remedy,
    "revise_claim": lambda c, s: {**_remedy(c, s), "reason": "x"},
    "refuse": lambda c, s: {"reason": "goods_fine", "text": "x"},
    "escalate": lambda c, s: {"reason": "buyer_unsatisfied"},
    "ship_return": lambda c, s: {"carrier": "SF", "waybill": "R"},
    "record_return_signed": lambda c, s: {"signed_at": s.world.now - timedelta(hours=c.choice([0, 0, 30]))},
    "contest_return": lambda c, s: {"condition": c.choice(["damaged", "ok"]), "text": "x"},
    "fulfil": lambda c, s: {"proof": c.choice(["", "SF2", "SF2"])},
    "perform_obligations": lambda c, s: {"proof": c.choice(["", "SF2", "SF2"])},
    "accept_intervention": lambda c, s: {"opinion": "x"},
    "decline_intervention": lambda c, s: {"reason": "x", "text": "x", "back_to_seller": c.random() < 0.5},
    "open_evidence": lambda c, s: {"requests": [{"party": "seller", "slot": c.choice(["signing_proof", "invoice"])}],
                                   "hours": c.choice([None, 24, 168])},
    "extend_evidence": lambda c, s: {"hours": c.choice([12, 72, 73])},
    "issue_ruling": _ruling, "decide_appeal": _decision,
    "return_ruling": lambda c, s: {"note": "x"},
    "propose_no_ruling": lambda c, s: {"reason": "too_complex", "text": "x"},
    "no_ruling": lambda c, s: {"bodies": ["court"]},
    "execution_failed": lambda c, s: {"bodies": ["court"], "text": "x"},
    "suspend": lambda c, s: {"reason": c.choice(["testing", "court", "negotiation"]), "text": "x"},
    "document_stay": lambda c, s: {"document": "x"},
    "ask_recusal": lambda c, s: {"reason": "x"},
    "decide_recusal": lambda c, s: {"granted": c.random() < 0.5},
    "appeal": lambda c, s: {"grounds": "fact_error", "text": "x"},
    "withdraw": lambda c, s: {"confirm": c.random() < 0.9},
    "reopen": lambda c, s: {"text": "x", "to_seller": c.random() < 0.4},
    "reassign": lambda c, s: {"reason": "x"},
    "hold_promises": lambda c, s: {"reason": "x"},
    "extend_promise": lambda c, s: {"kind": c.choice(["resolution", "initial_response"]), "days": 2, "reason": "x"},
    "merge": lambda c, s: {"into": s.case_id + c.choice([-1, 1])},
    "post_message": lambda c, s: {"text": "x", "thread": c.choice(["parties", "buyer_platform", "internal"])},
    "log_contact": lambda c, s: {"channel": "phone", "direction": "inbound", "summary": "x", "opinion": c.choice(["", "y"]),
                                 "with_party": c.choice(["consumer", "handler"])},
    "count_repeat": lambda c, s: {"channel": "phone"},
    "rate": lambda c, s: {"target": "agent", "score": c.randint(1, 5)},
    "record_evidence": lambda c, s: {"code": "evidence.uploaded", "data": {}},
}  # fmt: skip
RARE = {"withdraw", "merge", "reject_intake", "hold_promises", "extend_promise", "post_message", "log_contact", "urge",
        "count_repeat", "record_evidence", "reassign", "assign", "rate", "give_initial_opinion", "execution_failed"}  # fmt: skip


def files(world: World, chance: Random) -> Story:
    """A complaint of some family."""
    status = chance.choice(["finished", "finished", "signed"])
    filed: Callable[[], Story] = chance.choice(
        [
            lambda: world.files(remedy=chance.choice(["return_refund", "exchange", "repair", "reship", "apology"])),
            lambda: world.files(
                remedy=chance.choice(MONEY), amount=Decimal(50), order_number=world.order(status=status).number
            ),
            lambda: lost_parcel(world, remedy=chance.choice(["refund_only", "reship"])),
            lambda: not_shipped(world),
            lambda: service(world),
            lambda: incomplete(world),
            lambda: about_us(world, complained_of=world.agent),
            lambda: world.files(submit=False),
        ]
    )
    return filed()


def cast(world: World) -> list[User]:
    return [world.buyer, world.seller, world.agent, world.arbitrator, world.arbitrator2, world.reviewer, world.supervisor,
            world.supervisor2, world.buyer, world.seller, world.stranger, world.auditor]  # fmt: skip


def step(story: Story, chance: Random) -> None:
    """Somebody acts, or time passes: to a deadline's last second, to the deadline, or somewhere."""
    if chance.random() < 0.3:
        _time_passes(story, chance)
    else:
        _somebody_acts(story, chance)


def _time_passes(story: Story, chance: Random) -> None:
    running = Clock.objects.filter(case_id=story.case_id, status="running")
    now = story.world.now
    jumps = [now + timedelta(minutes=chance.choice([1, 90, 1500]))]
    dues = running.order_by("due_at").values_list("due_at", flat=True)[:2]
    jumps += [due + timedelta(seconds=chance.choice([-1, 0, 0, 7200])) for due in dues]
    story.world.now = max(now, chance.choice(jumps))
    if chance.random() < 0.5:
        sweep.fire_case(story.case_id, at=story.world.now)


def _somebody_acts(story: Story, chance: Random) -> None:
    case, now = story.case, story.world.now
    people = {person.pk: person for person in cast(story.world)}
    person = people.get(case.owner_id or 0) if chance.random() < 0.3 else None
    person = person or chance.choice(cast(story.world))
    actor = Actor.of(person)
    names = [name for name, law in LAWS.items() if case.status in law.sources and law.by(actor, case)]
    common = [name for name in names if name not in RARE]
    if chance.random() < 0.05:
        action = chance.choice(sorted(LAWS))
    elif names:
        action = chance.choice(common if common and chance.random() < 0.9 else names)
    else:
        return
    try:
        workflow.perform(
            action, case_id=case.pk, actor=actor, at=now, details=DETAILS.get(action, _none)(chance, story)
        )
    except DomainError:
        pass  # refused by name; what that must leave behind is looked at after the step
    except TypeError:
        assert action not in names  # details that an action at random does not know
