"""Simulate a marketplace's complaints over weeks, in a database of its own, and say what became of them."""

import sys
import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from casemgmt.simulation import districts, report, scratch
from casemgmt.simulation.figures import Figures
from casemgmt.simulation.worker import Setup

_WORTH_TWO = 200  # cases; below, a second process costs more than it saves
_BAR = "{desc} {percentage:3.0f}%|{bar}| {elapsed}"


class Command(BaseCommand):
    help = "Drive the real workflow with simulated people on a simulated calendar. The same seed gives the same table."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=2000, help="complaints to come (2000)")
        parser.add_argument(
            "--days", type=int, default=30, help="days simulated (30); complaints come in the first 2/3"
        )
        parser.add_argument("--seed", type=int, default=7, help="decides everything that is left to chance (7)")
        parser.add_argument("--from", dest="start", default="2026-09-14", help="the first day (2026-09-14)")
        parser.add_argument("--tick", type=int, default=15, help="simulated minutes between two sweeps (15)")
        parser.add_argument(
            "--districts", type=int, help="processes side by side; part of the seed (2, 1 for few cases)"
        )
        parser.add_argument("--keep", action="store_true", help="keep the databases and say their names")

    def handle(self, *, keep: bool, **options: Any) -> None:
        setups = _setups(options)
        began = time.monotonic()
        with tqdm(total=100, desc="Simulating", disable=not sys.stderr.isatty(), bar_format=_BAR) as bar:
            try:
                results = districts.simulate_all(setups, keep=keep, progress=lambda part: _show(bar, part))
            except (scratch.NoScratchError, districts.DistrictLostError) as problem:
                raise CommandError(str(problem)) from problem
        figures = sum((result.figures for result in results), Figures())
        said = "{cases} cases, {days} days from {start}, seed {seed}".format(**options)
        self.stdout.write(f"{said}, districts {len(setups)}, tick {options['tick']} min")
        self.stdout.write("\n".join(report.lines(figures)))
        kept = f"; kept as {', '.join(result.database for result in results)}" if keep else ""
        self.stderr.write(f"{time.monotonic() - began:.0f} s{kept}")
        if figures.broken:
            raise CommandError("An invariant was broken.")


def _setups(options: dict[str, Any]) -> list[Setup]:
    """One a district; the cases are divided among them."""
    cases = options["cases"]
    number = options["districts"] or (2 if cases >= _WORTH_TWO else 1)
    if not 1 <= number <= cases or options["days"] < 2 or not 1 <= options["tick"] <= 1440:
        raise CommandError("At least one case a district, two days, and a tick of 1 to 1440 minutes.")
    try:
        start = datetime.fromisoformat(options["start"]).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    except ValueError as wrong:
        raise CommandError(f"--from {options['start']} is not a date like 2026-09-14.") from wrong
    return [
        Setup(
            cases=cases // number + (place < cases % number),
            days=options["days"],
            seed=f"{options['seed']}:{place}",
            start=start,
            tick=timedelta(minutes=options["tick"]),
        )
        for place in range(number)
    ]


def _show(bar: "tqdm[Any]", part: float) -> None:
    bar.n = round(part * 100)
    bar.refresh()
