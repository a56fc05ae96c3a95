"""One turn of a sweeper: look at the clock, carry out what is due, and let deadlines follow what has changed."""

from collections.abc import Callable
from datetime import datetime

from sla import heartbeat, outages, recalculation
from sla.guard import Guard
from sla.sweep import Swept, fire_due

_guard = Guard()  # of this process


def turn(name: str, *, now: Callable[[], datetime], batch_size: int = 500) -> Swept:
    """As the sweeper `name`; `now` is asked again after each batch, for its sign of life.

    While the database's clock is not trusted it does nothing: that counts as an outage later.
    """
    at = now()
    if not _guard.lets_go_on(at=at):
        return Swept()
    outages.wake_up(name, at=at)
    swept = fire_due(
        at=at, batch_size=batch_size, alive=lambda swept: heartbeat.beat(name, at=now(), fired=swept.fired)
    )
    outages.let_go(at=at)
    recalculation.catch_up(at=at)
    return swept
