"""What a process of its own begins with. It must not import Django's models before Django is set up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import django


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How much, how long, from which instant, with which dice, and how often the sweep runs."""

    cases: int
    days: int
    seed: str
    start: datetime
    tick: timedelta


def work(place: int, setup: Setup, keep: bool, told: Any) -> None:
    """One district. Tells (place, part done, None), at last (place, 1, Result) or (place, 0, what went wrong)."""
    django.setup()
    from casemgmt.simulation.running import simulate

    try:
        result = simulate(setup, keep=keep, progress=lambda part: told.put((place, part, None)))
        told.put((place, 1.0, result))
    except KeyboardInterrupt:
        return
    except Exception as problem:  # noqa: BLE001  whatever it was, the one who waits has to hear of it
        told.put((place, 0.0, f"District {place + 1}: {problem!r}"))
