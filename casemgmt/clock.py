"""The one clock: PostgreSQL's. Tests, the demo and the simulation replace it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import connection
from django.db.models import DateTimeField, Expression, Func, Value
from django.http import HttpRequest

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The database's clock, in UTC. Not `now()`, which stands still inside a transaction."""
    if (frozen := _frozen.get()) is not None:
        return frozen
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    instant: datetime = row[0]
    return instant


def of(request: HttpRequest) -> datetime:
    """When this request came: asked once, for the middleware and for a view that only reads."""
    known = vars(request)
    if "came_at" not in known:
        known["came_at"] = now()
    at: datetime = known["came_at"]
    return at


def column() -> Expression:
    """The same, as a column of a query that is made anyway."""
    if (frozen := _frozen.get()) is not None:
        return Value(frozen, output_field=DateTimeField())
    return Func(function="clock_timestamp", output_field=DateTimeField())


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Let `now()` answer `instant` inside the block: for tests, the demo and the simulation only."""
    token = _frozen.set(instant)
    try:
        yield
    finally:
        _frozen.reset(token)
