"""What is counted at the end of a simulation. Figures of two districts add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from casemgmt.simulation.engine import Course
from casemgmt.timeline.models import Event
from disputes.deadlines import EXPIRY
from disputes.models import Case, MoneyMovement
from disputes.moves.law import LAWS
from disputes.states import CLOSED
from sla.models import Clock

_FIRED = {"clock.warned", "clock.breached", *(LAWS[action].event for action in EXPIRY.values())}
FATES = ("met", "on target", "breached", "cancelled", "open")


@dataclass(kw_only=True)
class Figures:
    """`clocks` counts by (kind, fate); `lateness` counts deadlines by whole seconds; `broken` cases by invariant."""

    ended: Counter[str] = field(default_factory=Counter)
    going: Counter[str] = field(default_factory=Counter)
    clocks: Counter[tuple[str, str]] = field(default_factory=Counter)
    lateness: Counter[int] = field(default_factory=Counter)
    swept: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    payments: int = 0
    paid: Decimal = Decimal(0)
    events: int = 0

    def __add__(self, other: Figures) -> Figures:
        added = {part.name: getattr(self, part.name) + getattr(other, part.name) for part in fields(self)}
        return Figures(**added)


def count(*, course: Course, broken: dict[str, list[int]]) -> Figures:
    """From the database that is in use."""
    moved = MoneyMovement.objects.aggregate(number=Count("pk"), total=Sum("amount"))
    swept = course.swept
    return Figures(
        ended=Counter(Case.objects.filter(status__in=CLOSED).values_list("outcome_code", flat=True)),
        going=Counter(Case.objects.exclude(status__in=CLOSED).values_list("status", flat=True)),
        clocks=_clocks(),
        lateness=_lateness(),
        swept=Counter(warnings=swept.warned, deadlines=swept.expired, failed=swept.failed),
        acts=course.acts,
        refused=course.refused,
        broken=Counter({name: len(cases) for name, cases in broken.items() if cases}),
        payments=moved["number"],
        paid=moved["total"] or Decimal(0),
        events=Event.objects.count(),
    )


def _clocks() -> Counter[tuple[str, str]]:
    kinds = Clock.objects.values("kind").annotate(
        met=Count("pk", filter=Q(status="met")),
        on_target=Count("pk", filter=Q(status="met", target_at__isnull=False, stopped_at__lt=F("target_at"))),
        breached=Count("pk", filter=Q(status="breached")),
        cancelled=Count("pk", filter=Q(status="cancelled")),
        open=Count("pk", filter=Q(status__in=Clock.OPEN)),
    )
    rows = kinds.order_by("kind").values_list("kind", *(fate.replace(" ", "_") for fate in FATES))
    return Counter(
        {(kind, fate): number for kind, *numbers in rows for fate, number in zip(FATES, numbers, strict=True)}
    )


def _lateness() -> Counter[int]:
    fired = Event.objects.filter(actor=None, code__in=_FIRED).values_list("at", "recorded_at")
    return Counter(int((recorded - due).total_seconds()) for due, recorded in fired)
