"""Celery's alarm: PostgreSQL decides what is due. A task that runs twice, or at once with another, changes nothing."""

from celery import shared_task

from casemgmt import clock
from sla import sweeping


@shared_task(name="sla.tasks.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Carry out everything that is due, then let open deadlines follow a changed calendar."""
    sweeping.turn("worker", now=clock.now)
