"""Builds that are broken on purpose, so that the checks of the faults are seen to go red.

As a program: `python -m tests.faults.broken NAME` sweeps once with the build of that name.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any

import django
from django.apps import apps
from django.db import connection, transaction

if not apps.ready:  # run as a program
    django.setup()

from casemgmt.failpoints import failpoint
from casemgmt.notifications import outbox
from casemgmt.timeline.models import Event
from disputes import workflow
from disputes.models import Case
from sla import locking, storage

_STALE_CHECKS = (
    " AND clock.status = new.old_status",
    " AND clock.status = 'running'",
    " AND clock.rung_index = new.old_rung_index",
)
_UNIQUE = "event_seq_once_per_case"


@contextmanager
def replaced(owner: Any, name: str, other: Any) -> Iterator[None]:
    kept = getattr(owner, name)
    setattr(owner, name, other)
    try:
        yield
    finally:
        setattr(owner, name, kept)


@contextmanager
def without_lock() -> Iterator[None]:
    """Neither the sweep nor the door locks the case."""

    def unlocked(case_ids: Collection[int], *, wait: bool) -> list[int]:
        return sorted(case_ids)

    def read(case_id: int) -> Case:
        return Case.objects.select_related("policy", "order").get(pk=case_id)

    with replaced(locking, "lock", unlocked), replaced(workflow, "lock", read):
        yield


@contextmanager
def without_stale_check() -> Iterator[None]:
    """A clock is written whatever became of it since it was read."""
    broken = {}
    for name in ("_CHANGE", "_CLIMB"):
        sql = getattr(storage, name)
        for check in _STALE_CHECKS:
            sql = sql.replace(check, "")
        assert sql.count(" AND ") == 0, f"{name} has checks that are not known here"
        broken[name] = sql
    with replaced(storage, "_CHANGE", broken["_CHANGE"]), replaced(storage, "_CLIMB", broken["_CLIMB"]):
        yield


@contextmanager
def without_unique_key() -> Iterator[None]:
    """Two events of a case may have the same number. At the end the timeline is emptied, and the key is back."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE timeline_event DROP CONSTRAINT {_UNIQUE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE timeline_event CASCADE")
            cursor.execute(f"ALTER TABLE timeline_event ADD CONSTRAINT {_UNIQUE} UNIQUE (case_id, seq)")


@contextmanager
def on_commit_instead_of_outbox() -> Iterator[None]:
    """People are told after the commit, by whoever is still alive then."""
    tell = outbox.announce

    def later(events: Sequence[Event], *, at: datetime, cases: Mapping[int, Any] | None = None) -> int:
        def now() -> None:
            failpoint("between_commit_and_telling")
            tell(events, at=at, cases=cases)

        transaction.on_commit(now)
        return 0

    with replaced(outbox, "announce", later):
        yield


@contextmanager
def without_transaction() -> Iterator[None]:
    """Each statement stands for itself."""

    def nothing(**_options: Any) -> Any:
        return nullcontext()

    def unlocked(case_ids: Collection[int], *, wait: bool) -> list[int]:
        return sorted(case_ids)

    with replaced(transaction, "atomic", nothing), replaced(locking, "lock", unlocked):
        yield


BUILDS = {"on_commit": on_commit_instead_of_outbox, "no_transaction": without_transaction}


def main(name: str) -> None:
    from casemgmt import clock
    from sla import sweep

    with BUILDS[name]():
        sweep.fire_due(at=clock.now(), batch_size=10)


if __name__ == "__main__":
    main(sys.argv[1])
