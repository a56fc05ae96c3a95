"""Calendars, policies and clauses from the files that ship with the product; may be run any number of times."""

from typing import Any

from django.core.management.base import BaseCommand

import disputes.seed
import sla.seed


class Command(BaseCommand):
    help = "Load the calendars, policies and clauses that ship with this version."

    def handle(self, *args: Any, **options: Any) -> None:
        sla.seed.load()
        disputes.seed.load()
        if options["verbosity"]:
            self.stdout.write("The rules are loaded.")
