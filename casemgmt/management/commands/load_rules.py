"""Calendars, policies and clauses from the files that ship with the product; may be run any number of times."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Load the calendars, policies and clauses that ship with this version."

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("sla.seed", "disputes.seed"):
            if find_spec(name):
                import_module(name).load()
        if options["verbosity"]:
            self.stdout.write("The rules are loaded.")
