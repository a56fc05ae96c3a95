"""The thin task that beat runs; a second or a doubled one costs nothing."""

from celery import shared_task

from casemgmt import clock
from casemgmt.notifications import outbox


@shared_task(name="casemgmt.notifications.tasks.deliver")  # type: ignore[untyped-decorator]
def deliver() -> None:
    outbox.deliver(at=clock.now())
