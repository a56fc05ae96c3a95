"""The cast and a story builder: states are reached by walking there, through the one door."""

from __future__ import annotations

import itertools
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import Membership, Organisation, User
from casemgmt.accounts.roles import Role
from disputes import intake, workflow
from disputes.models import Case, Order, SellerAccount
from sla import sweep

# Monday 2026-11-02, 10:00 in Shanghai: no holiday for the rest of the month.
MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
ADDRESS = {
    "recipient": "退货组",
    "phone": "057100000000",
    "line": "杭州市余杭区某路 1 号",
    "region": "浙江",
    "mainland": True,
}
_numbers = itertools.count(1)


class World:
    """Buyer, seller, stranger, other seller, and one or two of every role of the platform."""

    def __init__(self, *, at: datetime = MONDAY) -> None:
        self.now = at
        self.buyer = self.person(Role.CONSUMER, "buyer")
        self.stranger = self.person(Role.CONSUMER, "stranger")
        self.agent = self.person(Role.AGENT, "agent")
        self.arbitrator = self.person(Role.ARBITRATOR, "arbitrator")
        self.arbitrator2 = self.person(Role.ARBITRATOR, "arbitrator2")
        self.reviewer = self.person(Role.REVIEWER, "reviewer")
        self.supervisor = self.person(Role.SUPERVISOR, "supervisor")
        self.supervisor2 = self.person(Role.SUPERVISOR, "supervisor2")
        self.auditor = self.person(Role.AUDITOR, "auditor")
        self.administrator = self.person(Role.ADMINISTRATOR, "administrator")
        self.shop, self.seller = self.seller_with_shop("shop")
        self.other_shop, self.other_seller = self.seller_with_shop("othershop")

    def person(self, role: Role, name: str) -> User:
        return User.objects.create(
            username=f"{name}-{next(_numbers)}",
            display_name=name,
            role=role,
            email=f"{name}@people.example",
            language="en",
        )

    def seller_with_shop(self, name: str) -> tuple[Organisation, User]:
        shop = Organisation.objects.create(key=f"{name}-{next(_numbers)}", name=name, return_address=ADDRESS)
        member = self.person(Role.SELLER_STAFF, f"{name}-staff")
        Membership.objects.create(organisation=shop, user=member, role=Membership.Role.OWNER)
        SellerAccount.objects.create(seller=shop, balance=Decimal(10_000), deposit=Decimal(50_000))
        return shop, member

    def order(self, **facts: Any) -> Order:
        """A finished order of the buyer at the shop: 100 paid, 10 freight, signed for yesterday."""
        values: dict[str, Any] = {
            "number": f"TB{next(_numbers):012d}", "buyer": self.buyer, "seller": self.shop, "updated_at": self.now,
            "paid_total": Decimal(100), "freight": Decimal(10), "status": "finished",
            "carrier": "SF", "waybill": "SF100",
            "shipped_at": self.now - timedelta(days=3), "signed_at": self.now - timedelta(days=1),
            "finished_at": self.now - timedelta(days=1),
            "items": [{"sku": "S1", "title": "陶瓷杯", "qty": 1, "unit_price": "100.00", "paid": "100.00"}],
        }  # fmt: skip
        return Order.objects.create(**{**values, **facts})

    def complaint(self, **facts: Any) -> intake.Complaint:
        """A broken cup: return and refund of everything."""
        if "order_number" not in facts and "no_order_reason" not in facts:
            facts["order_number"] = self.order().number
        values: dict[str, Any] = {
            "type": "product_quality", "subtype": "damaged", "description": "杯子碎了", "contact": "13800138000",
            "remedy": "return_refund", "evidence_waiver": "already thrown away",
        }  # fmt: skip
        return intake.Complaint(**{**values, **facts})

    def files(self, *, submit: bool = True, **facts: Any) -> Story:
        """The buyer files a complaint now."""
        with self.at(self.now):
            filed = intake.file(
                self.complaint(**facts), consumer=self.buyer, actor=Actor.of(self.buyer), at=self.now, submit=submit
            )
        assert filed is not None
        return Story(self, filed.case.pk)

    def at(self, instant: datetime) -> AbstractContextManager[None]:
        return clock.standing_at(instant)

    def passes(self, **time: float) -> None:
        """Let time pass; nobody sweeps."""
        self.now += timedelta(**time)

    def sweeps(self) -> sweep.Swept:
        """The sweep runs now."""
        with self.at(self.now):
            return sweep.fire_due(at=self.now)


class Story:
    """One case of a world; what people do to it, at the world's now."""

    def __init__(self, world: World, case_id: int) -> None:
        self.world = world
        self.case_id = case_id

    @property
    def case(self) -> Case:
        return Case.objects.select_related("policy", "order").get(pk=self.case_id)

    @property
    def status(self) -> str:
        return str(self.case.status)

    @property
    def handler(self) -> User:
        owner = self.case.owner
        assert owner is not None
        return owner

    def does(self, person: User, action: str, *, version: Any = None, **details: Any) -> Story:
        """Through the door. Refusals come back as exceptions."""
        with self.world.at(self.world.now):
            workflow.perform(
                action,
                case_id=self.case_id,
                actor=Actor.of(person),
                at=self.world.now,
                version=version,
                details=details,
            )
        return self

    def after(self, **time: float) -> Story:
        self.world.passes(**time)
        return self

    def due(self, kind: str) -> datetime:
        """When the latest clock of the kind is (or was) due."""
        return self.case.clocks.filter(kind=kind).latest("id").due_at

    def runs_out(self, kind: str) -> Story:
        """Time passes to the very instant the clock is due, and the sweep runs."""
        self.world.now = self.due(kind)
        self.world.sweeps()
        return self

    def timeline(self) -> list[tuple[str, datetime]]:
        return [(event.code, event.at) for event in self.case.events.order_by("seq")]
