"""What PostgreSQL refuses for a moment, as refusals that say when to try again."""

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransition

from casemgmt.errors import Conflict, DomainError, Invalid, Unavailable

LOCK_NOT_AVAILABLE = "55P03"
DEADLOCK_DETECTED = "40P01"
SERIALIZATION_FAILURE = "40001"
QUERY_CANCELED = "57014"
UNIQUE_VIOLATION = "23505"


def refusal(exc: Exception) -> DomainError | None:
    """The refusal an exception of the database amounts to; None where it is a mistake of ours."""
    if isinstance(exc, ConcurrentTransition):
        return Conflict("changed_meanwhile", _("It was changed at the same time by somebody else. Read it again."))
    if not isinstance(exc, DatabaseError | InterfaceError):
        return None
    state = getattr(exc.__cause__, "sqlstate", None)
    if state in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED, SERIALIZATION_FAILURE):
        return Conflict("busy", _("Somebody else is working on it at this moment. Try again shortly."), retry_after=1)
    if state == QUERY_CANCELED:
        return Unavailable("too_slow", _("It took too long and was given up. Ask for less."), retry_after=5)
    if isinstance(exc, OperationalError | InterfaceError):
        return Unavailable("database_unavailable", _("The database is not there. Try again shortly."), retry_after=5)
    if isinstance(exc, IntegrityError) and state == UNIQUE_VIOLATION:
        return Conflict("already_there", _("It exists already, or somebody else made it just now. Read it first."))
    if isinstance(exc, DataError):
        return Invalid("not_storable", _("A value is too long or out of range. Send a smaller one."))
    return None
