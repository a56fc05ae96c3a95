"""What must hold of every case, whatever happened: checked over everything, one case at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from casemgmt.timeline import chain
from casemgmt.timeline.models import Event
from disputes import next_step, record
from disputes.models import Case, MoneyMovement, Obligation
from disputes.states import CLOSED, MONEY, Party, Status
from sla.models import Clock

_QUEUES = frozenset({Status.SUBMITTED, Status.AWAITING_CARRIER, Status.RULING_IN_APPROVAL})
_MANY = 200


def violations(*, at: datetime, progress: Callable[[int], None] = lambda done: None) -> dict[str, list[int]]:
    """Per invariant the ids of the cases that break it; all lists are empty when all is well."""
    found: dict[str, list[int]] = {name: [] for name in NAMES}
    for done, case in enumerate(_cases()):
        events = list(case.events.order_by("seq"))
        for name, holds in _CHECKS.items():
            if not holds(case, events, at):
                found[name].append(case.pk)
        progress(done + 1)
    found["nothing is overdue and unswept"] = _overdue(at)
    return found


def _cases() -> Iterator[Case]:
    found = Case.objects.exclude(status=Status.DRAFT).select_related("order", "policy", "complained_of")
    return found.order_by("pk").iterator(chunk_size=_MANY)


def has_an_owner(case: Case, events: list[Event], at: datetime) -> bool:
    """An open case says who acts next and until when; where that is us, a person or a queue of ours holds it."""
    if case.status in CLOSED:
        return True
    step = next_step.next_action(case, case.clocks.filter(stopped_at=None))
    if step["due_at"] is None:
        return False
    if step["party"] != Party.PLATFORM:
        return True
    return case.owner_id is not None or case.status in _QUEUES or step["activity"] == "assign"


def folds_to_its_row(case: Case, events: list[Event], at: datetime) -> bool:
    return record.fold(events) == record.snapshot(case)


def chain_is_unbroken(case: Case, events: list[Event], at: datetime) -> bool:
    links = ((event.sealed(), event.prev_hash, event.hash) for event in events)
    gapless = [event.seq for event in events] == list(range(1, len(events) + 1))
    return gapless and chain.first_break(links) is None


def never_runs_backwards(case: Case, events: list[Event], at: datetime) -> bool:
    instants = [event.at for event in events]
    return instants == sorted(instants) and all(event.at <= event.recorded_at <= at for event in events)


def pays_once(case: Case, events: list[Event], at: datetime) -> bool:
    """As much has moved as was done of money obligations, and refunds never exceed what was paid."""
    done = _sum(Obligation.objects.filter(case=case, status="done", remedy__in=sorted(MONEY)))
    moved = _sum(MoneyMovement.objects.filter(case=case))
    told = Counter(event.data.get("obligation") for event in events if event.code == "money.paid")
    ceiling = case.order.paid_total + case.order.freight if case.order else moved
    return moved == done and moved <= ceiling and all(times == 1 for times in told.values())


_CHECKS: dict[str, Callable[[Case, list[Event], datetime], bool]] = {
    "every open case has an owner of its next step": has_an_owner,
    "the timeline folds to the row": folds_to_its_row,
    "the chain is unbroken": chain_is_unbroken,
    "no event runs backwards": never_runs_backwards,
    "no money moves twice": pays_once,
}
NAMES = (*_CHECKS, "nothing is overdue and unswept")


def _overdue(at: datetime) -> list[int]:
    due = Clock.objects.filter(status=Clock.Status.RUNNING, due_at__lte=at)
    return sorted(set(due.values_list("case_id", flat=True)))


def _sum(rows: object) -> Decimal:
    total: Decimal | None = rows.aggregate(total=Sum("amount"))["total"]  # type: ignore[attr-defined]
    return total or Decimal(0)
