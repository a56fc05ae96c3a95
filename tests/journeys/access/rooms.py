"""A case in every state that the tables name, walked there through the door; each at an instant of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from evidence import items, receiving
from evidence.models import Item, Request
from sla import sweep
from tests.evidence import samples
from tests.journeys.rulings import for_the_buyer
from tests.world import MONDAY, Story, World


@dataclass(frozen=True, kw_only=True)
class Room:
    """One case and the instant at which it is looked at."""

    story: Story
    at: datetime
    reference: str


Maker = Callable[[World], Story]
MAKERS: dict[str, Maker] = {}


def room(maker: Maker) -> Maker:
    MAKERS[maker.__name__] = maker
    return maker


def build(world: World, name: str) -> Room:
    """Monday again; only one arbitrator is on duty, so that it is clear who sits."""
    world.now = MONDAY
    on_duty(world.arbitrator2, False)
    on_duty(world.supervisor2, False)
    story = MAKERS[name](world)
    with world.at(world.now):
        sweep.fire_case(story.case_id, at=world.now)
    for person in (world.arbitrator, world.arbitrator2, world.supervisor2):
        on_duty(person, True)
    return Room(story=story, at=world.now, reference=story.case.reference)


def on_duty(person: User, there: bool) -> None:
    User.objects.filter(pk=person.pk).update(on_duty=there)


def exhibit(story: Story, person: User, *, submit: bool, content: bytes = samples.JPEG) -> Item:
    """A photo on the case, staged or submitted."""
    received = receiving.receive([content], name="photo.png" if content == samples.png() else "photo.jpg")
    with story.world.at(story.world.now):
        return items.upload(
            case=story.case, actor=Actor.of(person), received=received, submit=submit, at=story.world.now,
            details=items.Details(slot="product_photo", kind="photo"),
        )  # fmt: skip


def asked(story: Story) -> Request:
    return Request.objects.get(case_id=story.case_id)


@room
def draft(w: World) -> Story:
    return w.files(submit=False)


@room
def submitted(w: World) -> Story:
    return w.files(type="other", subtype="other", remedy="apology")


@room
def info(w: World) -> Story:
    return submitted(w).does(w.agent, "request_info", text="Which cup?")


@room
def incomplete(w: World) -> Story:
    return w.files(order_number="", no_order_reason="lost it")


@room
def carrier(w: World) -> Story:
    order = w.order(status="shipped", signed_at=None, finished_at=None)
    return w.files(type="logistics", subtype="lost", remedy="reship", order_number=order.number)


@room
def talks(w: World) -> Story:
    """The seller was asked a day ago."""
    return w.files().after(hours=25)


@room
def offer(w: World) -> Story:
    return w.files().does(w.seller, "offer", remedy="partial_refund", amount=Decimal(30))


@room
def refused(w: World) -> Story:
    return w.files().does(w.seller, "refuse", reason="goods_fine", text="It was whole")


@room
def to_return(w: World) -> Story:
    return w.files().does(w.seller, "agree")


@room
def in_transit(w: World) -> Story:
    return to_return(w).does(w.buyer, "ship_return", carrier="SF", waybill="SF1").after(hours=30)


@room
def to_fulfil(w: World) -> Story:
    return w.files(remedy="partial_refund", amount=Decimal(20)).does(w.seller, "agree")


@room
def to_confirm(w: World) -> Story:
    return w.files(remedy="reship").does(w.seller, "agree").does(w.seller, "fulfil", proof="SF2")


@room
def asked_in(w: World) -> Story:
    return refused(w).does(w.buyer, "escalate", reason="seller_refused")


@room
def review(w: World) -> Story:
    return asked_in(w).does(w.arbitrator, "accept_intervention", opinion="We look at it")


@room
def evidence(w: World) -> Story:
    """A staged exhibit and a submitted one of the consumer's, one thing asked of the seller."""
    story = review(w)
    exhibit(story, w.buyer, submit=True)
    wanted = [{"party": "seller", "slot": "dispatch_proof", "mandatory": False}]
    story.does(w.arbitrator, "open_evidence", requests=wanted)
    exhibit(story, w.buyer, submit=False, content=samples.png())
    return story


@room
def mediation(w: World) -> Story:
    return review(w).does(w.arbitrator, "propose_settlement", remedy="partial_refund", amount=Decimal(40))


@room
def suspended(w: World) -> Story:
    return review(w).does(w.arbitrator, "suspend", reason="court", text="A court has it")


@room
def recusal(w: World) -> Story:
    return review(w).does(w.buyer, "ask_recusal", reason="They know each other")


@room
def no_ruling_proposed(w: World) -> Story:
    return review(w).does(w.arbitrator, "propose_no_ruling", reason="evidence_insufficient", text="Word against word")


@room
def approval(w: World) -> Story:
    """Six thousand: a second person has to look."""
    story = w.files(order_number=w.order(paid_total=Decimal(6000)).number)
    story.does(w.seller, "refuse", reason="goods_fine", text="It was whole")
    story.does(w.buyer, "escalate", reason="seller_refused")
    story.does(w.arbitrator, "accept_intervention", opinion="We look at it")
    return story.does(w.arbitrator, "issue_ruling", **ruling(amount=Decimal(6000)))


@room
def ruled(w: World) -> Story:
    return review(w).does(w.arbitrator, "issue_ruling", **ruling())


@room
def appeal(w: World) -> Story:
    """Ruled by another arbitrator, who sees it no more; the appeal is the assigned one's."""
    on_duty(w.arbitrator, False)
    on_duty(w.arbitrator2, True)
    story = asked_in(w).does(w.arbitrator2, "accept_intervention", opinion="We look at it")
    story.does(w.arbitrator2, "issue_ruling", **ruling())
    on_duty(w.arbitrator, True)
    return story.does(w.seller, "appeal", grounds="amount", text="Too much")


@room
def executing(w: World) -> Story:
    return ruled(w).does(w.buyer, "accept_ruling").does(w.seller, "accept_ruling")


@room
def stuck(w: World) -> Story:
    """The shop has nothing; the seller's day is over."""
    account = w.shop.account
    kept = account.balance, account.deposit
    account.balance = account.deposit = Decimal(0)
    account.save(update_fields=["balance", "deposit"])
    story = executing(w).after(hours=25)
    with w.at(w.now):
        sweep.fire_case(story.case_id, at=w.now)
    account.balance, account.deposit = kept
    account.save(update_fields=["balance", "deposit"])
    return story


@room
def resolved(w: World) -> Story:
    return to_fulfil(w).does(w.seller, "fulfil")


@room
def withdrawn(w: World) -> Story:
    return w.files().does(w.buyer, "withdraw", confirm=True)


@room
def held(w: World) -> Story:
    story = w.files().does(w.supervisor, "hold_promises", reason="Flood")
    return story.does(w.agent, "log_contact", channel="phone", direction="inbound", summary="Asked how long")


@room
def about_us(w: World) -> Story:
    """A complaint about the assigned arbitrator's work; a supervisor hears it."""
    parent = review(w).case_id
    facts: dict[str, Any] = {"order_number": "", "no_order_reason": "about you", "remedy": "apology", "parent": parent}
    return w.files(type="service_complaint", subtype="attitude", **facts)


def ruling(*, amount: Decimal = Decimal(110)) -> dict[str, Any]:
    return for_the_buyer(remedies=[{"remedy": "refund_only", "amount": amount}])
