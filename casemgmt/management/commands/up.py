"""Start everything on this machine; `make run` calls this."""

from typing import Any

from django.core.management.base import BaseCommand

from casemgmt import supervisor


class Command(BaseCommand):
    help = "Start the servers, the web, the worker, beat and the sweep of this machine, and stop them together."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        supervisor.main()
