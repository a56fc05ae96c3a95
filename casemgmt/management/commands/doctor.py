"""What is running, reachable and migrated, and how late the deadlines are."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from casemgmt import clock, env, stackfile
from casemgmt.web import health
from sla import heartbeat
from sla.models import Clock

LATE_AFTER = 60  # seconds that a due deadline may wait, even without Redis
SHOWN = 5  # failing clocks
EXPECTED = ("web", "live", "sweep", "worker", "beat")


class Command(BaseCommand):
    help = "Say what is running, reachable and migrated, and how old the oldest due deadline is. Exit code 1: mend it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.wrong = 0
        self._processes()
        self._redis()
        self._live()
        try:
            with health.probe() as database:
                database.ensure_connection()
                self._say(True, f"PostgreSQL answers at {_place(settings.DATABASE_URL)}.")
                if self._migrations(database):
                    self._sweep(database)
                    self._deadlines()
        except OperationalError as error:
            self._say(
                False,
                f"PostgreSQL at {_place(settings.DATABASE_URL)} cannot be reached: {str(error).splitlines()[0]}.",
                "Start it with `make run`, or correct DATABASE_URL.",
            )
        if self.wrong:
            raise SystemExit(1)

    def _processes(self) -> None:
        alive = stackfile.alive(env.var_dir())
        shown = ", ".join(f"{name} {pid}" for name, pid in sorted(alive.items()))
        if not alive:
            self._say(True, f"`make run` started nothing that is running in {env.var_dir()}.")
            return
        missing = [name for name in EXPECTED if name not in alive]
        self._say(not missing, f"Running: {shown}.", f"Not running: {', '.join(missing)}. See {env.var_dir()}/log.")

    def _redis(self) -> None:
        said = health.redis_says()
        self._say(
            said == health.OK,
            f"Redis at {_place(settings.BROKER_URL)}: {said}.",
            "Deadlines go on by `manage.py sweep --loop`. Start it with `make run`, or correct REDIS_URL.",
        )

    def _live(self) -> None:
        if settings.LIVE_URL:
            said = health.live_says()
            self._say(
                said == health.OK,
                f"Live news at {settings.LIVE_URL}: {said}.",
                "Pages work without it. `make run` starts it; behind a proxy see docs/how-to/production.md.",
            )

    def _migrations(self, database: BaseDatabaseWrapper) -> bool:
        missing = health.unapplied(database)
        self._say(
            not missing,
            f"The database lacks {len(missing)} migrations ({missing[0]} …)."
            if missing
            else "All migrations are applied.",
            "Run `manage.py migrate`; `make run` does it too.",
        )
        return not missing

    def _sweep(self, database: BaseDatabaseWrapper) -> None:
        seconds = health.silence(database)
        self._say(
            health.sweep_says(seconds) == health.OK,
            "No sweep ever ran." if seconds is None else f"The last sweep was {seconds:.0f} s ago.",
            "Run `manage.py sweep --loop`; `make run` does it too.",
        )

    def _deadlines(self) -> None:
        at = clock.now()
        oldest = heartbeat.oldest_due(at=at)
        waited = (at - oldest).total_seconds() if oldest else 0
        self._say(
            waited <= LATE_AFTER,
            f"The oldest due deadline has waited {waited:.0f} s." if oldest else "No deadline is due.",
            "Run `manage.py sweep`; `make run` does it too.",
        )
        failing = Clock.objects.filter(status=Clock.Status.RUNNING, attempts__gt=0).order_by("pk")
        for one in failing[:SHOWN]:
            self._say(
                False,
                f"Clock {one.pk} ({one.kind}, due {one.due_at:%Y-%m-%d %H:%M} UTC) failed {one.attempts} times: "
                f"{one.last_error.splitlines()[-1] if one.last_error else 'no reason kept'}.",
                "It is tried again every few minutes; mend what the error names.",
            )

    def _say(self, good: bool, finding: str, mending: str = "") -> None:
        self.wrong += not good
        self.stdout.write(f"{'ok   ' if good else 'WRONG'}  {finding}{'' if good else f' {mending}'}")


def _place(url: str) -> str:
    """The address without the password."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}{parts.path}" if parts.port else f"{parts.hostname}{parts.path}"
