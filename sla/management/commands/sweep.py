"""The second sweeper: needs PostgreSQL and nothing else, so that deadlines hold while the broker is away."""

import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from casemgmt import clock
from casemgmt.notifications import outbox
from sla import rollups, sweeping

log = logging.getLogger(__name__)

JOIN_SECONDS = 5.0
COUNT_EVERY = 1.0  # seconds: a dashboard shows what happened a moment ago


class Command(BaseCommand):
    help = "Carry out what is due and send what waits, once, or for ever with --loop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument("--every", type=float, default=5.0, help="seconds between two looks (5)")
        parser.add_argument("--batch", type=int, default=500, help="cases a transaction (500)")

    def handle(self, *_args: Any, **options: Any) -> None:
        sweep = partial(_sweep, options["batch"])
        if not options["loop"]:
            swept = sweep()
            _deliver()
            self.stdout.write(f"{swept} deadlines carried out.")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        # Mail has a thread of its own: a mail server that hangs must not delay a deadline.
        sender = threading.Thread(target=_repeat, args=(_deliver, options["every"], stop), daemon=True)
        counter = threading.Thread(target=_repeat, args=(rollups.catch_up, COUNT_EVERY, stop), daemon=True)
        sender.start()
        counter.start()
        _repeat(sweep, options["every"], stop)
        for thread in (sender, counter):
            thread.join(JOIN_SECONDS)


def _repeat(act: Callable[[], object], every: float, stop: threading.Event) -> None:
    """Do it again and again; while PostgreSQL is away, keep trying."""
    while not stop.is_set():
        try:
            act()
        except (OperationalError, InterfaceError) as error:
            log.warning("PostgreSQL does not answer, trying again: %s", error)
            connection.close()
        close_old_connections()
        stop.wait(every)
    connection.close()


def _sweep(batch_size: int) -> int:
    return sweeping.turn("loop", now=clock.now, batch_size=batch_size).fired


def _deliver() -> None:
    outbox.deliver(at=clock.now())
