"""Start everything on this machine; `make run` calls this."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from casemgmt import env
from casemgmt.supervisor import Supervisor


class Command(BaseCommand):
    help = "Start the servers, the web, the worker, beat and the sweep of this machine, and stop them together."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        host = os.environ.get("HOST", "127.0.0.1")
        Supervisor(var=env.var_dir(), host=host, port=env.integer("PORT", 8000, least=1)).run()
