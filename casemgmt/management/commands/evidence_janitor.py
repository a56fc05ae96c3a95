"""manage.py evidence_janitor: remove bytes that no row speaks of."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from casemgmt import clock
from evidence import janitor, limits


class Command(BaseCommand):
    help = "Remove evidence bytes that belong to no exhibit: uploads that were given up or whose process died."

    def add_arguments(self, parser: CommandParser) -> None:
        hours = limits.ORPHAN_AGE.total_seconds() / 3600
        parser.add_argument(
            "--older-than-hours", type=float, default=hours, help="only older ones (default: %(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        age = timedelta(hours=options["older_than_hours"])
        swept = janitor.sweep(at=clock.now(), age=age)
        self.stdout.write(f"{swept.incoming} given up on the way in, {swept.orphans} without a row: removed.")
