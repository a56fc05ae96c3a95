"""The guard of the clock: where the database's clock jumps, nothing is carried out until a supervisor has looked.

Deadlines are judged by that clock alone. Each sweeper compares how far it went between two looks with the machine's own
uncorrected time; a jump stops every sweeper and the door's settling of deadlines, by one row.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from casemgmt.accounts.actors import Actor
from casemgmt.accounts.roles import Role
from casemgmt.errors import NotPermitted, Unavailable
from casemgmt.notifications import outbox
from sla.models import Halt

log = logging.getLogger(__name__)

JUMP = timedelta(seconds=120)
HALTED = "sweep.halted"  # the notice's template


def uptime() -> float:
    """Seconds that no correction of the wall clock touches, and that go on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Guard:
    """One per process: what it saw at its last look."""

    def __init__(self) -> None:
        self._before: tuple[datetime, float] | None = None

    def lets_go_on(self, *, at: datetime) -> bool:
        """Whether deadlines may be carried out at `at`, by the database's clock. A jump halts everybody."""
        jumped = self._jump(at)
        if abs(jumped) > JUMP:
            halt(at=at, jumped=jumped)
        return not halted()

    def _jump(self, at: datetime) -> timedelta:
        """By how much more the database's clock went on than time did, since the last look."""
        before, now = self._before, uptime()
        self._before = (at, now)
        return (at - before[0]) - timedelta(seconds=now - before[1]) if before else timedelta(0)


def halted() -> bool:
    return Halt.objects.filter(released_at=None).exists()


def refuse_while_halted() -> None:
    """For the door, before it settles a deadline. Raises Unavailable."""
    if halted():
        detail = _("The server's clock is being checked, so no deadline is judged. Try again in a few minutes.")
        raise Unavailable("clock_halted", detail, retry_after=60)


def halt(*, at: datetime, jumped: timedelta) -> None:
    """Stop everybody and tell the supervisors; once, however many notice."""
    row, new = Halt.objects.get_or_create(
        released_at=None, defaults={"since_at": at, "jumped_by": round(jumped.total_seconds())}
    )
    if not new:
        return
    log.critical("The database's clock jumped by %s s: no deadline is carried out until it is released", row.jumped_by)
    for role in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        outbox.tell_role(role, template=HALTED, at=at, seconds=row.jumped_by)


def release(*, actor: Actor, at: datetime) -> None:
    """The clock is right again: go on. Raises NotPermitted unless a supervisor asks."""
    if actor.role != Role.SUPERVISOR:
        raise NotPermitted("not_permitted", _("Only a supervisor lets the deadlines go on."))
    Halt.objects.filter(released_at=None).update(released_at=at, released_by=actor.id)
