"""The thin task that beat runs every hour; a second or a doubled one costs nothing."""

from celery import shared_task

from casemgmt import clock
from evidence import janitor


@shared_task(name="evidence.tasks.sweep_up")  # type: ignore[untyped-decorator]
def sweep_up() -> None:
    janitor.sweep(at=clock.now())
