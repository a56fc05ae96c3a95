"""Housekeeping of what was begun and never filed."""

from celery import shared_task

from casemgmt import clock
from disputes import unfinished


@shared_task(name="disputes.tasks.forget")  # type: ignore[untyped-decorator]
def forget() -> None:
    unfinished.purge(at=clock.now())
