"""Roll-ups: counters kept as events happen, so that a dashboard of ten million cases reads a few thousand rows.

The timeline is the truth. One counter at a time reads on where the last one stopped, in the order of the event ids, and
adds what each event adds (the rulebook says what, `registry.count_by`). Ids are given before transactions commit, so
that an event may appear behind a later one: nothing is counted before every transaction has ended that could still add
an event in front of it. Counted from the beginning, the same comes out; `rebuild` does that.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from casemgmt.timeline.models import Event
from sla import registry
from sla.models import Counting, RollUp

BATCH = 2000  # events a transaction
PATIENCE = 0.05  # seconds between two looks at who still runs
Cell = tuple[str, str, str, date, str, str, str, int, int]  # cube, measure, kind, day, type, channel, priority, …
Sums = dict[Cell, tuple[int, float]]

_SAFE = """
SELECT coalesce(max(event.id), 0), pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint
FROM timeline_event AS event
"""
_ADD = """
INSERT INTO sla_rollup AS old (cube, measure, kind, day, type, channel, priority, handler, seller, n, seconds)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::text[], %s::text[], %s::text[], %s::bigint[],
                     %s::bigint[], %s::bigint[], %s::float8[])
ON CONFLICT (cube, measure, handler, seller, day, kind, type, channel, priority)
DO UPDATE SET n = old.n + excluded.n, seconds = old.seconds + excluded.seconds
"""


def catch_up(*, batches: int = 50) -> int:
    """Count what has happened since; how many events. Nothing where another one is counting. Two queries if idle."""
    total = 0
    for _number in range(batches):
        with transaction.atomic(durable=True):
            state = _state()
            if state is None:
                return total
            upto = _safe(state)
            events = list(_ids(state.counted_id, upto))
            if events:
                _count(events, after=state.counted_id)
                state.counted_id = events[-1]
            state.save(update_fields=["counted_id", "seen_id", "seen_xmax"])
        total += len(events)
        if len(events) < BATCH:
            break
    return total


def rebuild() -> int:
    """Forget all counters and count the whole timeline anew; how many events."""
    with transaction.atomic(durable=True):
        Counting.objects.get_or_create(pk=1)
        Counting.objects.select_for_update().get(pk=1)
        RollUp.objects.all().delete()
        Counting.objects.filter(pk=1).update(counted_id=0)
    return settle()


def settle(*, seconds: float = 600) -> int:
    """Count until everything is counted that is recorded now; how many events. Waits for transactions that run on.

    Transactions of other databases on the same server are waited for too: their numbers come from one sequence.
    """
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    total, until = catch_up(), time.monotonic() + seconds
    while Counting.objects.filter(counted_id__lt=last).exists() and time.monotonic() < until:
        time.sleep(PATIENCE)
        total += catch_up()
    return total


def _state() -> Counting | None:
    """The row, locked; None where somebody else holds it."""
    if not Counting.objects.filter(pk=1).exists():
        Counting.objects.get_or_create(pk=1)
    return Counting.objects.select_for_update(skip_locked=True).filter(pk=1).first()


def _safe(state: Counting) -> int:
    """The last event before which none can appear any more; remembers how far one could see now."""
    with connection.cursor() as cursor:
        cursor.execute(_SAFE)
        last, oldest_running, next_one = cursor.fetchone()
    if oldest_running >= state.seen_xmax:  # everybody who ran at the last look has ended
        safe = state.seen_id
        state.seen_id, state.seen_xmax = last, next_one
        # This transaction has an id of its own by now, for it holds the row's lock: if nobody else runs, all is safe.
        return int(last) if oldest_running + 1 >= next_one else safe
    return state.counted_id


def _ids(after: int, upto: int) -> Iterable[int]:
    rows = Event.objects.filter(pk__gt=after, pk__lte=upto).order_by("pk")
    return rows.values_list("pk", flat=True)[:BATCH]


def _count(ids: Sequence[int], *, after: int) -> None:
    """Add what these events add; their cases are read from the beginning, for it depends on what was before."""
    cases = Event.objects.filter(pk__in=ids).values("case_id")
    whole = Event.objects.filter(case_id__in=cases, pk__lte=ids[-1]).order_by("case_id", "seq")
    read = whole.only("pk", "case_id", "seq", "at", "code", "data").iterator(chunk_size=2000)
    sums: Sums = defaultdict(lambda: (0, 0.0))
    for _case, events in groupby(read, key=lambda event: event.case_id):
        for one in registry.counted(events):
            if one.event_id > after:
                for cell in cells(one):
                    n, seconds = sums[cell]
                    sums[cell] = (n + one.n, seconds + one.seconds)
    _add({cell: added for cell, added in sums.items() if added != (0, 0.0)})


def cells(one: Any) -> Iterator[Cell]:
    """The counters that this goes into, one a cube."""
    facts = one.facts
    what = (one.measure, one.kind, one.day)
    yield (RollUp.Cube.ALL.value, *what, facts.type, facts.channel, facts.priority, 0, 0)
    if facts.handler:
        yield (RollUp.Cube.HANDLER.value, *what, "", "", "", facts.handler, 0)
    if facts.seller:
        yield (RollUp.Cube.SELLER.value, *what, "", "", "", 0, facts.seller)


def _add(sums: Sums) -> None:
    if not sums:
        return
    rows = [(*cell, n, seconds) for cell, (n, seconds) in sorted(sums.items())]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])
