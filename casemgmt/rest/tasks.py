"""Housekeeping of the API."""

from celery import shared_task

from casemgmt import clock
from casemgmt.accounts import attempts
from casemgmt.rest import idempotency


@shared_task(name="casemgmt.rest.tasks.purge")  # type: ignore[untyped-decorator]
def purge() -> None:
    """Forget answers that nobody will ask for again, and attempts that count no more."""
    at = clock.now()
    idempotency.purge(at=at)
    attempts.purge(at=at)
