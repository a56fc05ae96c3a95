"""What a simulation ends with: one table, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Q, Sum

from casemgmt.simulation.engine import Course
from casemgmt.timeline.models import Event
from disputes.deadlines import EXPIRY
from disputes.models import Case, MoneyMovement
from disputes.moves.law import LAWS
from disputes.states import CLOSED, Outcome, Status
from sla.models import Clock

_FIRED = {"clock.warned", "clock.breached", *(LAWS[action].event for action in EXPIRY.values())}


def lines(*, course: Course, broken: dict[str, list[int]], at: datetime) -> Iterator[str]:
    yield from _outcomes()
    yield from _clocks(at)
    yield from _sweep(course)
    yield from _acts(course)
    yield "Invariants"
    for name, cases in broken.items():
        yield f"  {name:<48}{'holds' if not cases else f'BROKEN by {len(cases)}: {cases[:5]}'}"


def _outcomes() -> Iterator[str]:
    ended = Counter(Case.objects.filter(status__in=CLOSED).values_list("outcome_code", flat=True))
    going = Counter(Case.objects.exclude(status__in=CLOSED).values_list("status", flat=True))
    yield f"Cases by outcome {sum(ended.values()):>30}"
    for outcome in Outcome:
        yield f"  {outcome.value:<36}{ended[outcome]:>8}"
    yield f"Cases still open {sum(going.values()):>30}"
    for status in Status:
        if going[status]:
            yield f"  {status.value:<36}{going[status]:>8}"


def _clocks(at: datetime) -> Iterator[str]:
    yield f"{'Clocks':<24}{'met':>8}{'on target':>11}{'breached':>10}{'% kept':>8}{'cancelled':>11}{'open':>7}"
    kinds = Clock.objects.values("kind").annotate(
        met=Count("pk", filter=Q(status="met")),
        on_target=Count("pk", filter=Q(status="met", target_at__isnull=False, stopped_at__lt=F("target_at"))),
        breached=Count("pk", filter=Q(status="breached")),
        cancelled=Count("pk", filter=Q(status="cancelled")),
        open=Count("pk", filter=Q(status__in=Clock.OPEN)),
    )
    for row in kinds.order_by("kind"):
        judged = row["met"] + row["breached"]
        kept = f"{100 * row['met'] / judged:.1f}" if judged else "-"
        yield (
            f"  {row['kind']:<22}{row['met']:>8}{row['on_target']:>11}{row['breached']:>10}{kept:>8}"
            f"{row['cancelled']:>11}{row['open']:>7}"
        )


def _sweep(course: Course) -> Iterator[str]:
    late = sorted(
        (recorded - due).total_seconds()
        for due, recorded in Event.objects.filter(actor=None, code__in=_FIRED).values_list("at", "recorded_at")
    )
    swept = course.swept
    yield "Sweep"
    yield f"  warnings {swept.warned}, deadlines {swept.expired}, put off {swept.failed}; with the door's {len(late)}"
    if late:
        middle, high = late[len(late) // 2], late[len(late) * 95 // 100]
        yield f"  late by (simulated): median {_time(middle)}, 95 % {_time(high)}, most {_time(late[-1])}"


def _acts(course: Course) -> Iterator[str]:
    moved = MoneyMovement.objects.aggregate(number=Count("pk"), total=Sum("amount"))
    yield f"Acts {sum(course.acts.values())}, events {Event.objects.count()}"
    yield from _listed(course.acts)
    yield f"Refused {sum(course.refused.values())}"
    yield from _listed(course.refused)
    yield f"Paid to consumers {moved['total'] or 0} in {moved['number']} payments"


def _listed(found: Counter[str]) -> Iterator[str]:
    """The most frequent first, three in a line."""
    told = [f"{name:<22}{number:>6}" for name, number in sorted(found.items(), key=lambda one: (-one[1], one[0]))]
    for first in range(0, len(told), 3):
        yield "  " + "   ".join(told[first : first + 3])


def _time(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"
