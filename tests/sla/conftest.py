"""Cases with clocks and nothing else, and a registry of their own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from casemgmt.accounts.models import User
from casemgmt.timeline.models import Event
from disputes.models import Case
from sla import policies, registry, sweep, sweeping
from sla.batch import Batch
from sla.guard import Guard
from sla.models import Clock

FILED = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_numbers = count(1)


@dataclass
class Desk:
    """What a test does with clocks: each call is one transaction under the case's lock, as at the door."""

    policy_id: int
    consumer: User
    cases: list[int] = field(default_factory=list)

    def case(self) -> int:
        case = Case.objects.create(
            reference=f"T{next(_numbers)}",
            type="product_quality",
            subtype="damaged",
            description="The lid is cracked.",
            channel="web",
            consumer=self.consumer,
            policy_id=self.policy_id,
            created_at=FILED,
            touched_at=FILED,
        )
        self.cases.append(case.pk)
        return case.pk

    def do(self, act: str, case_id: int, *, at: datetime, **given: Any) -> Any:
        """One verb of the book: start, stop, cancel, pause, resume or extend."""
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=case_id)
            batch = Batch.open([case_id], at=at)
            result = getattr(batch.book, act)(case_id=case_id, at=at, **given)
            batch.write()
        return result

    def start(self, kind: str, *, at: datetime = FILED, case_id: int | None = None, **given: Any) -> int:
        """A new case (or that one) with a running clock; the case's id."""
        case_id = self.case() if case_id is None else case_id
        self.do("start", case_id, at=at, kind=kind, policy_id=self.policy_id, **given)
        return case_id

    def clock(self, case_id: int, kind: str) -> Clock:
        """The latest clock of that kind, as stored."""
        return Clock.objects.filter(case_id=case_id, kind=kind).latest("pk")

    def events(self, case_id: int) -> list[tuple[str, datetime]]:
        return list(Event.objects.filter(case_id=case_id).order_by("seq").values_list("code", "at"))

    def sweep(self, at: datetime, **given: Any) -> sweep.Swept:
        return sweep.fire_due(at=at, **given)


@pytest.fixture(autouse=True)
def handlers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A registry without the rulebook's handlers; call it to install one for the test."""
    monkeypatch.setattr(registry, "_handlers", {})
    monkeypatch.setattr(registry, "_of_party", set())
    monkeypatch.setattr(sweeping, "_guard", Guard())  # another test's clock is no jump of this one's
    return registry.on_expiry


def _desk() -> Desk:
    consumer = User.objects.create(username=f"consumer{next(_numbers)}", role="consumer", display_name="Mei")
    return Desk(policy_id=policies.current(FILED).pk, consumer=consumer)


@pytest.fixture
def desk(db: None) -> Desk:
    return _desk()


@pytest.fixture
def shared_desk(transactional_db: None) -> Desk:
    """For several connections at once: what it writes is committed."""
    return _desk()
