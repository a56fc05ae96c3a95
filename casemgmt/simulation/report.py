"""What a simulation ends with: one table, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from casemgmt.simulation import invariants
from casemgmt.simulation.figures import FATES, Figures
from disputes.states import Outcome, Status


def lines(figures: Figures) -> Iterator[str]:
    yield from _outcomes(figures)
    yield from _clocks(figures)
    yield from _sweep(figures)
    yield f"Acts {figures.acts.total()}, events {figures.events}"
    yield from _listed(figures.acts)
    yield f"Refused {figures.refused.total()}"
    yield from _listed(figures.refused)
    yield f"Paid to consumers {figures.paid} in {figures.payments} payments"
    yield "Invariants"
    for name in invariants.NAMES:
        found = figures.broken[name]
        yield f"  {name:<48}{f'BROKEN by {found}' if found else 'holds'}"


def _outcomes(figures: Figures) -> Iterator[str]:
    yield f"Cases by outcome{figures.ended.total():>30}"
    for outcome in Outcome:
        yield f"  {outcome.value:<36}{figures.ended[outcome]:>8}"
    yield f"Cases still open{figures.going.total():>30}"
    for status in Status:
        if figures.going[status]:
            yield f"  {status.value:<36}{figures.going[status]:>8}"


def _clocks(figures: Figures) -> Iterator[str]:
    yield f"{'Clocks':<24}" + "".join(f"{fate:>11}" for fate in FATES) + f"{'% kept':>9}"
    for kind in sorted({kind for kind, _fate in figures.clocks}):
        numbers = {fate: figures.clocks[kind, fate] for fate in FATES}
        judged = numbers["met"] + numbers["breached"]
        kept = f"{100 * numbers['met'] / judged:.1f}" if judged else "-"
        yield f"  {kind:<22}" + "".join(f"{numbers[fate]:>11}" for fate in FATES) + f"{kept:>9}"


def _sweep(figures: Figures) -> Iterator[str]:
    swept = figures.swept
    total = figures.lateness.total()
    yield "Sweep"
    mine = f"warnings {swept['warnings']}, deadlines {swept['deadlines']}, put off {swept['failed']}"
    yield f"  {mine}; with those settled at the door {total}"
    if total:
        middle, high, most = (_quantile(figures.lateness, share) for share in (0.5, 0.95, 1.0))
        yield f"  late by (simulated): median {_time(middle)}, 95 % {_time(high)}, most {_time(most)}"


def _quantile(counts: Counter[int], share: float) -> int:
    left = share * counts.total()
    for seconds in sorted(counts):
        left -= counts[seconds]
        if left <= 0:
            return seconds
    return max(counts)


def _listed(found: Counter[str]) -> Iterator[str]:
    """The most frequent first, three in a line."""
    told = [f"{name:<22}{number:>6}" for name, number in sorted(found.items(), key=lambda one: (-one[1], one[0]))]
    for first in range(0, len(told), 3):
        yield "  " + "   ".join(told[first : first + 3])


def _time(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d} min"
