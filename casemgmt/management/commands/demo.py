"""Load the demo marketplace, or finish loading it, or bring it on to today."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from casemgmt import clock
from casemgmt.demo import cast, loading, summary


class Command(BaseCommand):
    help = "Load a marketplace of our own writing: people, shops, orders and cases in every status. Twice is safe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--refresh", action="store_true", help="file everything anew, dated from now")
        parser.add_argument("--force", action="store_true", help="even among people the demo has not made")

    def handle(self, *, refresh: bool, force: bool, **options: Any) -> None:
        if cast.strangers() and not (force or settings.DEMO):
            raise CommandError(
                "People live in this database whom the demo has not made, and nothing is ever mixed in with them. "
                "Use another database; or, where this is a playground, say DEMO=1 or --force."
            )
        at = clock.now()
        with tqdm(desc="Cases", unit=" cases", disable=not sys.stderr.isatty()) as bar:
            loaded = loading.load(at=at, refresh=refresh, progress=lambda done, of: _show(bar, done, of))
        self._tell(loaded)
        if loaded.told:
            for line in summary.lines(at):
                self.stdout.write(line)

    def _tell(self, loaded: loading.Loaded) -> None:
        if loaded.withdrawn:
            self.stdout.write(f"{loaded.withdrawn} open cases of before were withdrawn by their consumers.")
        if loaded.told:
            self.stdout.write(f"{len(loaded.told)} cases were told.")
        else:
            self.stdout.write("The demo is loaded already: nothing was done. --refresh files it anew, dated from now.")
        if loaded.new_accounts:
            self.stdout.write(f"Passwords and API keys are new: {loaded.accounts} (yours alone to read).")


def _show(bar: "tqdm[Any]", done: int, of: int) -> None:
    bar.total, bar.n = of, done
    bar.refresh()
