"""One case of the demo and what people do to it, one after the other, through the one door, at instants of the past."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from casemgmt.demo import exhibits, facts, orders
from casemgmt.demo.cast import Cast
from casemgmt.demo.days import Days, hours
from casemgmt.demo.facts import Facts
from disputes import intake, workflow
from disputes.models import Case, Order
from disputes.moves.intake import mandatory_slots
from evidence import items, receiving
from sla import sweep


class Story:
    """`at` is where the story has come to; it never passes `days.now`."""

    def __init__(self, *, entry: Facts, generation: int, cast: Cast, days: Days) -> None:
        self.entry = entry
        self.generation = generation
        self.number = orders.number(generation, entry["n"])
        self.cast = cast
        self.days = days
        self.at = days.now
        self.case_id = 0
        self.order: Order | None = None

    @property
    def case(self) -> Case:
        return Case.objects.select_related("policy", "order", "owner").get(pk=self.case_id)

    def other(self, n: int) -> Case:
        """A case that was told before this one."""
        return Case.objects.get(order_number=orders.number(self.generation, n))

    @cached_property
    def consumer(self) -> User:
        return self.cast.people[self.entry["consumer"]]

    @cached_property
    def shop(self) -> str:
        return facts.goods()[self.entry["sku"]][0]

    @cached_property
    def seller(self) -> User:
        return self.cast.speakers[self.shop]

    @property
    def handler(self) -> User:
        owner: User | None = self.case.owner
        assert owner is not None, f"nobody handles case {self.entry['n']}"
        return owner

    def staff(self, role: Role) -> User:
        """One of them, by turns."""
        people, turn = self.cast.of_role(role), int(self.entry["n"])
        return people[turn % len(people)]

    @property
    def agent(self) -> User:
        return self.staff(Role.AGENT)

    @property
    def supervisor(self) -> User:
        return self.staff(Role.SUPERVISOR)

    @property
    def left(self) -> float:
        """Hours that the deadline in question still has when the demo is loaded."""
        return hours(self.entry["left"])

    @property
    def offered(self) -> Decimal:
        return Decimal(self.entry["offer"])

    # Time

    def starts(self, at: datetime) -> None:
        self.at = at

    def after(self, hours: float) -> None:
        self.at = min(self.at + timedelta(hours=hours), self.days.now)

    def comes_to(self, at: datetime) -> None:
        self.at = max(self.at, min(at, self.days.now))

    def before_end_of(self, term: float) -> datetime:
        """When a term of so many hours must have begun to have `left` hours still."""
        return self.days.ago(term - self.left)

    def runs_out(self, kind: str) -> None:
        """Nobody acts until that clock is due; then the sweep does."""
        self.comes_to(self.case.clocks.filter(kind=kind).latest("id").due_at)
        self.settle()

    def settle(self) -> None:
        """The real sweep, on this case alone."""
        with clock.standing_at(self.at):
            sweep.fire_case(self.case_id, at=self.at)

    # Filing

    def files(self, *, submit: bool = True, **more: Any) -> None:
        """The order, the complaint, what it has to be filed with, and its submission."""
        self._orders()
        complaint = self._complaint(**more)
        with clock.standing_at(self.at):
            actor = Actor.of(self.consumer)
            filed = intake.file(complaint, consumer=self.consumer, actor=actor, at=self.at, submit=False)
            assert filed is not None
            self.case_id = filed.case.pk
            slots = sorted(mandatory_slots(filed.case))
        if not submit:
            return
        for slot in slots:
            self.after(0.1)
            self.shows(self.consumer, slot, self.say("consumer_proof"))
        with clock.standing_at(self.at):
            intake.refuse_unless_complete(self.case, self.at)
        self.does(self.consumer, "submit")

    def files_again(self) -> None:
        """The same complaint, by phone this time: it is counted."""
        complaint = self._complaint(channel="phone", evidence_waiver="电话补充 By phone")
        with clock.standing_at(self.at):
            intake.file(complaint, consumer=self.consumer, actor=Actor.of(self.agent), at=self.at)

    def _orders(self) -> None:
        self.order = orders.place_order(
            cast=self.cast,
            buyer=self.consumer,
            sku=self.entry["sku"],
            number=self.number,
            shape=self.entry["order"],
            at=self.at,
            freight=Decimal(self.entry.get("freight", 0)),
        )

    def _complaint(self, **more: Any) -> intake.Complaint:
        amount = self.entry.get("amount")
        values: dict[str, Any] = {
            "type": self.entry["type"],
            "subtype": self.entry["subtype"],
            "description": self.entry["text"],
            "contact": self.consumer.phone,
            "remedy": self.entry["remedy"],
            "amount": Decimal(amount) if amount else None,
            "order_number": self.number,
            "received_goods": self.entry.get("received"),
            "channel": ("web", "app", "wechat", "online")[self.entry["n"] % 4],
        }
        return intake.Complaint(**{**values, **more})

    # Acting and talking

    def does(self, person: User, action: str, **details: Any) -> None:
        """Through the door, now. A refusal is a mistake in the story and stops the loading."""
        if person.role not in (Role.CONSUMER, Role.SELLER_STAFF):
            self.at = self.days.in_service(self.at)
        with clock.standing_at(self.at):
            workflow.perform(action, case_id=self.case_id, actor=Actor.of(person), at=self.at, details=details)

    def say(self, kind: str, **places: str) -> str:
        """Words of that kind, in the language of the case."""
        product = facts.goods()[self.entry["sku"]][1]["title"]
        return facts.line(kind, language=self.consumer.language, turn=self.entry["n"], product=product, **places)

    def writes(self, person: User, kind: str, thread: str = "parties") -> None:
        self.does(person, "post_message", text=self.say(kind), thread=thread)

    def talks(self) -> None:
        """A question and an answer between the two sides."""
        self.after(0.7)
        self.writes(self.consumer, "question")
        self.after(1.1)
        self.writes(self.seller, "reply")

    def calls(self) -> None:
        """An agent calls the consumer and says what happens next: the first opinion."""
        told = {"summary": self.say("contact"), "opinion": self.say("told")}
        self.does(self.agent, "log_contact", channel="phone", direction="outbound", **told)

    def shows(self, person: User, slot: str, statement: str) -> None:
        """An exhibit of that side, made here, received, judged and sealed like any other."""
        talk = slot == "chat_log"
        content = self._chat() if talk else exhibits.photo(self.entry["n"] * 100 + len(slot) + person.pk)
        name, declared = ("chat.txt", "text/plain") if talk else (f"{slot}.png", "image/png")
        details = items.Details(slot=slot, kind="chat_log" if talk else "photo", statement=statement)
        with clock.standing_at(self.at):
            received = receiving.receive([content], name=name, declared=declared)
            items.upload(
                case=self.case, actor=Actor.of(person), received=received, details=details, submit=True, at=self.at
            )

    def _chat(self) -> bytes:
        asked, shop = self.at - timedelta(hours=20), self.cast.shops[self.shop].name
        return exhibits.chat_log(
            [
                (asked, self.consumer.display_name, self.say("question")),
                (asked + timedelta(hours=3), f"{shop}:{self.seller.display_name}", self.say("reply")),
                (asked + timedelta(hours=9), self.consumer.display_name, self.entry["text"]),
            ]
        )
