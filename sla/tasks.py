"""Celery's alarm: PostgreSQL decides what is due. A task that runs twice, or at once with another, changes nothing."""

from celery import shared_task

from casemgmt import clock
from sla import rollups, sweeping


@shared_task(name="sla.tasks.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Carry out everything that is due, then let open deadlines follow a changed calendar."""
    sweeping.turn("worker", now=clock.now)


@shared_task(name="sla.tasks.count")  # type: ignore[untyped-decorator]
def count() -> None:
    """Count what has happened since, for the dashboards."""
    rollups.catch_up()
