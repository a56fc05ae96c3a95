"""Housekeeping of the API."""

from celery import shared_task

from casemgmt import clock
from casemgmt.rest import idempotency


@shared_task(name="casemgmt.rest.tasks.purge")  # type: ignore[untyped-decorator]
def purge() -> None:
    """Forget answers that nobody will ask for again."""
    idempotency.purge(at=clock.now())
