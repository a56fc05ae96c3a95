"""A case as the people around it see it at one instant, and the plans they can make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from casemgmt.accounts.roles import Role
from casemgmt.simulation.desks import Desks
from casemgmt.simulation.population import Population
from casemgmt.simulation.temper import Plan, Temper
from disputes.models import Case


@dataclass(kw_only=True)
class Scene:
    """Everything a decision may look at; no query beyond the case's row and its order."""

    case: Case
    temper: Temper
    at: datetime
    desks: Desks
    people: Population

    @property
    def paid(self) -> Decimal:
        return self.case.order.paid_total if self.case.order else Decimal(0)

    def share(self, least: int, most: int) -> Decimal:
        """So many percent of what was paid, in whole units, at least one."""
        return max(Decimal(1), (self.paid * self.temper.dice.randrange(least, most) / 100).quantize(Decimal(1)))

    def consumer(self, action: str, hours: float, **details: Any) -> Plan:
        return self._after(self.case.consumer_id, action, hours, details)

    def seller(self, action: str, hours: float, **details: Any) -> Plan | None:
        if self.case.seller_id is None:
            return None
        return self._after(self.people.speakers[self.case.seller_id], action, hours, details)

    def owner(self, action: str, hours: float, **details: Any) -> Plan | None:
        """The handler, in service hours and after what lies on the desk already; None if nobody handles the case."""
        if self.case.owner_id is None:
            return None
        return self._at_desk(self.case.owner_id, action, hours, details)

    def staff(self, role: Role, action: str, hours: float, *, but_not: set[int] | None = None, **details: Any) -> Plan:
        """Whoever of that role is free first."""
        ready = self.at + timedelta(hours=hours)
        able = [person for person in self.people.staff[role] if person not in (but_not or set())]
        return self._at_desk(self.desks.least_busy(able, ready), action, hours, details)

    def shows(self, side: str, slot: str, hours: float) -> Plan:
        """One side hands in an exhibit."""
        seller = self.people.speakers.get(self.case.seller_id or 0)
        person = seller if side == "seller" and seller else self.case.consumer_id
        return Plan(at=self.at + timedelta(hours=hours), person=person, action="", exhibit=slot)

    def _after(self, person: int, action: str, hours: float, details: dict[str, Any]) -> Plan:
        return Plan(at=self.at + timedelta(hours=hours), person=person, action=action, details=details)

    def _at_desk(self, person: int, action: str, hours: float, details: dict[str, Any]) -> Plan:
        ready = self.at + timedelta(hours=hours)
        at = self.desks.book(person, role=self.people.actors[person].role, ready=ready)
        return Plan(at=at, person=person, action=action, details=details)
