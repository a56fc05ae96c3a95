"""Simulate a marketplace's complaints over weeks, in a database of its own, and say what became of them."""

import sys
import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from casemgmt.simulation import running, scratch


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
        parser.add_argument("--keep", action="store_true", help="keep the database and say its name")

    def handle(self, *, keep: bool, **options: Any) -> None:
        setup = _setup(options)
        began = time.monotonic()
        with tqdm(
            total=100,
            unit="%",
            disable=not sys.stderr.isatty(),
            bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed}",
        ) as bar:
            try:
                result = running.simulate(setup, keep=keep, progress=lambda doing, part: _show(bar, doing, part))
            except scratch.NoScratchError as problem:
                raise CommandError(str(problem)) from problem
        self.stdout.write(f"{setup.cases} cases, {setup.days} days from {setup.start:%Y-%m-%d}, seed {setup.seed}")
        self.stdout.write("\n".join(result.lines))
        self.stderr.write(f"{time.monotonic() - began:.0f} s{f'; kept as {result.database}' if keep else ''}")
        if not result.sound:
            raise CommandError("An invariant was broken.")


def _setup(options: dict[str, Any]) -> running.Setup:
    if options["cases"] < 1 or options["days"] < 2 or not 1 <= options["tick"] <= 1440:
        raise CommandError("At least one case, two days, and a tick of 1 to 1440 minutes.")
    try:
        start = datetime.fromisoformat(options["start"]).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    except ValueError as wrong:
        raise CommandError(f"--from {options['start']} is not a date like 2026-09-14.") from wrong
    return running.Setup(
        cases=options["cases"],
        days=options["days"],
        seed=options["seed"],
        start=start,
        tick=timedelta(minutes=options["tick"]),
    )


def _show(bar: "tqdm[Any]", doing: str, part: float) -> None:
    bar.set_description(doing, refresh=False)
    bar.n = round(part * 100)
    bar.refresh()
