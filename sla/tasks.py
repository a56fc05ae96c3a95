"""Celery's alarm: PostgreSQL decides what is due. A task that runs twice, or at once with another, changes nothing."""

from celery import shared_task

from casemgmt import clock
from sla import heartbeat, recalculation
from sla.sweep import fire_due


@shared_task(name="sla.tasks.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Carry out everything that is due, then let open deadlines follow a changed calendar."""
    at = clock.now()
    heartbeat.beat("worker", at=at, fired=fire_due(at=at).fired)
    recalculation.catch_up(at=at)
