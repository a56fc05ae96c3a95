"""`manage.py rollups`: count what has happened since; or compare with counting the whole timeline anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from sla import rollups


class Command(BaseCommand):
    help = "Count what has happened since. --rebuild: forget the counters and count the whole timeline anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="count everything anew")

    def handle(self, *_args: Any, **options: Any) -> None:
        events = rollups.rebuild() if options["rebuild"] else rollups.catch_up()
        self.stdout.write(f"{events} events counted.")
