"""Two threads with a connection each that act at the same instant, again and again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

from django.db import connection, connections

Act = Callable[[], object]
TRIALS = 100


class Pair:
    """`race(a, b)` gives what each returned or raised, in that order."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(2)
        self._barrier = Barrier(2, timeout=30)
        # One side gets up to 4 ms of a start, so that the steps of both meet in every order.
        self._chance = random.Random(17)

    def race(self, one: Act, other: Act) -> tuple[object, object]:
        lead = self._chance.uniform(-0.004, 0.004)
        first = self._pool.submit(self._run, one, max(0.0, lead))
        second = self._pool.submit(self._run, other, max(0.0, -lead))
        return first.result(60), second.result(60)

    def close(self) -> None:
        """End both threads and their connections; statistics of a connection are complete once it is closed."""
        for ended in [self._pool.submit(self._leave) for _ in range(2)]:
            ended.result(30)
        self._pool.shutdown()

    def _run(self, act: Act, lead: float) -> object:
        self._barrier.wait()
        time.sleep(lead)
        try:
            return act()
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test judges it
            return error

    def _leave(self) -> None:
        connections.close_all()
        self._barrier.wait()


@contextmanager
def pair() -> Iterator[Pair]:
    """Two threads; at the end, no deadlock was found by PostgreSQL in between."""
    before = deadlocks()
    both = Pair()
    try:
        yield both
    finally:
        both.close()
    assert deadlocks() == before, "PostgreSQL had to break a deadlock"


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        (count,) = cursor.fetchone()
    return int(count)
