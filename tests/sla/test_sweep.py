"""What is due is carried out: once, in order, set-wise, and a poisoned case stops nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casemgmt.accounts.actors import SYSTEM
from casemgmt.timeline import chain
from casemgmt.timeline.log import Entry
from casemgmt.timeline.models import Event
from sla import heartbeat, sweep
from sla.batch import Batch
from sla.models import Clock, Heartbeat
from sla.sweep import Swept
from sla.tasks import sweep as sweep_task

from .conftest import DAY, FILED, HOUR, Desk

SECOND = timedelta(seconds=1)
Install = Callable[[str, Callable[[list[Clock], Batch], None]], None]


def move(clocks: list[Clock], batch: Batch) -> None:
    """What a rulebook's handler does: record the move at the deadline's own instant, and start the next clock."""
    for clock in clocks:
        batch.journal.record(
            Entry(case_id=clock.case_id, at=clock.due_at, actor=SYSTEM, code=f"case.{clock.kind}_over")
        )


def chained(kind: str) -> Callable[[list[Clock], Batch], None]:
    def handle(clocks: list[Clock], batch: Batch) -> None:
        move(clocks, batch)
        for clock in clocks:
            batch.book.start(case_id=clock.case_id, policy_id=clock.policy_id, kind=kind, at=clock.due_at)

    return handle


def poison(clocks: list[Clock], batch: Batch) -> None:
    raise ZeroDivisionError("a rule nobody thought of")


def test_nothing_happens_a_second_early(desk: Desk) -> None:
    case = desk.start("offer")
    assert desk.sweep(FILED + 36 * HOUR - SECOND) == Swept()
    assert desk.events(case) == []


def test_a_warning_is_given_once_and_bears_its_own_instant(desk: Desk) -> None:
    case = desk.start("offer")
    assert desk.sweep(FILED + 40 * HOUR) == Swept(warned=1)
    assert desk.sweep(FILED + 41 * HOUR) == Swept()
    assert desk.events(case) == [("clock.warned", FILED + 36 * HOUR)]
    event = Event.objects.get(case_id=case)
    assert event.recorded_at == FILED + 40 * HOUR
    assert event.data == {
        "kind": "offer",
        "variant": "",
        "cycle": 1,
        "due_at": (FILED + 48 * HOUR).isoformat(),
        "rung": "before_12_h",
    }
    assert desk.clock(case, "offer").wake_at == FILED + 48 * HOUR


def test_a_promise_without_a_handler_is_breached_reported_and_goes_on(desk: Desk) -> None:
    case = desk.start("initial_response")
    due_at = desk.clock(case, "initial_response").due_at
    desk.sweep(due_at)
    clock = desk.clock(case, "initial_response")
    assert (clock.status, clock.breached_at, clock.stopped_at, clock.wake_at) == ("breached", due_at, None, None)
    assert desk.events(case)[-1] == ("clock.breached", due_at)
    assert desk.sweep(due_at + DAY) == Swept()


def test_missed_rungs_and_the_deadline_come_once_and_in_order_after_an_outage(desk: Desk) -> None:
    case = desk.start("return_ship")
    assert desk.sweep(FILED + 30 * DAY) == Swept(warned=2, expired=1)
    assert desk.events(case) == [
        ("clock.warned", FILED + 5 * DAY),
        ("clock.warned", FILED + 6 * DAY),
        ("clock.breached", FILED + 7 * DAY),
    ]


def test_a_handler_moves_the_case_at_the_deadlines_own_instant(desk: Desk, handlers: Install) -> None:
    handlers("offer", move)
    case = desk.start("offer")
    desk.sweep(FILED + 50 * HOUR)
    clock = desk.clock(case, "offer")
    assert desk.events(case)[-1] == ("case.offer_over", FILED + 48 * HOUR)
    assert (clock.status, clock.breached_at, clock.stopped_at) == ("breached", clock.due_at, clock.due_at)


def test_deadlines_of_one_case_fire_in_order_even_those_that_a_handler_starts(desk: Desk, handlers: Install) -> None:
    handlers("offer", chained("buyer_escalate"))
    handlers("buyer_escalate", move)
    case = desk.start("offer")
    desk.start("resolution", case_id=case)
    desk.sweep(FILED + 20 * DAY)
    events = desk.events(case)
    assert [at for _, at in events] == sorted(at for _, at in events)
    assert [code for code, _ in events] == [
        "clock.warned",
        "case.offer_over",
        "clock.warned",
        "clock.warned",
        "case.buyer_escalate_over",
        "clock.warned",
        "clock.breached",
    ]
    assert desk.clock(case, "buyer_escalate").due_at == FILED + 48 * HOUR + 5 * DAY


def test_a_handler_gets_many_cases_at_once_and_each_case_once(desk: Desk, handlers: Install) -> None:
    calls: list[list[int]] = []
    handlers("offer", lambda clocks, _batch: calls.append([clock.case_id for clock in clocks]))
    cases = [desk.start("offer") for _ in range(5)]
    desk.sweep(FILED + 48 * HOUR)
    assert calls == [cases]


def test_all_are_fired_in_batches_without_a_cap(desk: Desk) -> None:
    cases = [desk.start("offer") for _ in range(7)]
    assert desk.sweep(FILED + 48 * HOUR, batch_size=2) == Swept(warned=7, expired=7)
    assert all(desk.clock(case, "offer").status == "breached" for case in cases)


def test_clocks_with_the_very_same_instant_are_all_claimed(desk: Desk) -> None:
    for _ in range(3):
        case = desk.start("offer")
        desk.start("mediation", case_id=case)
    assert desk.sweep(FILED + 36 * HOUR, batch_size=1) == Swept(warned=6)


def test_a_paused_clock_does_not_fire(desk: Desk) -> None:
    case = desk.start("offer")
    desk.do("pause", case, kinds=None, reason="suspended", at=FILED + HOUR)
    assert desk.sweep(FILED + 30 * DAY) == Swept()
    desk.do("resume", case, kinds=None, at=FILED + 30 * DAY)
    assert desk.sweep(FILED + 31 * DAY) == Swept(warned=0, expired=0)
    assert desk.sweep(FILED + 30 * DAY + 47 * HOUR) == Swept(warned=1, expired=1)


@pytest.mark.parametrize("batch_size", [1, 500])
def test_a_poisoned_case_is_put_off_and_stops_nobody(desk: Desk, handlers: Install, batch_size: int) -> None:
    handlers("info", poison)
    handlers("offer", move)
    good, bad, late = desk.start("offer"), desk.start("info"), desk.start("offer", at=FILED + DAY)
    at = FILED + 5 * DAY
    assert desk.sweep(at, batch_size=batch_size) == Swept(warned=2, expired=2, failed=1)
    assert desk.clock(good, "offer").status == desk.clock(late, "offer").status == "breached"
    clock = desk.clock(bad, "info")
    assert (clock.status, clock.attempts, clock.due_at) == ("running", 1, FILED + 3 * DAY)
    assert clock.wake_at == at + 5 * SECOND
    assert "a rule nobody thought of" in clock.last_error
    assert desk.events(bad) == []  # nothing half-written: the warning before it comes with the next try


def test_a_poisoned_case_is_tried_again_ever_more_rarely_and_heals(desk: Desk, handlers: Install) -> None:
    handlers("info", poison)
    case, at = desk.start("info"), FILED + 5 * DAY
    waits = []
    for _ in range(8):
        desk.sweep(at)
        wake_at = desk.clock(case, "info").wake_at
        assert wake_at is not None
        waits.append((wake_at - at).total_seconds())
        at = wake_at
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300]
    handlers("info", move)
    assert desk.sweep(at) == Swept(warned=1, expired=1)
    clock = desk.clock(case, "info")
    assert (clock.attempts, clock.last_error, clock.status) == (0, "", "breached")
    assert desk.events(case)[-1] == ("case.info_over", FILED + 3 * DAY)


def test_the_door_settles_what_is_overdue_although_it_was_put_off(desk: Desk, handlers: Install) -> None:
    handlers("info", poison)
    case, at = desk.start("info"), FILED + 5 * DAY
    desk.sweep(at)
    with pytest.raises(ZeroDivisionError):
        sweep.fire_case(case, at=at + SECOND)
    assert desk.clock(case, "info").due_at == FILED + 3 * DAY
    handlers("info", move)
    assert sweep.fire_case(case, at=at + 2 * SECOND) == Swept(warned=1, expired=1)
    assert sweep.fire_case(case, at=at + 3 * SECOND) == Swept()


def test_the_door_settles_only_its_own_case(desk: Desk) -> None:
    mine, other = desk.start("offer"), desk.start("offer")
    assert sweep.fire_case(mine, at=FILED + 48 * HOUR) == Swept(warned=1, expired=1)
    assert desk.clock(other, "offer").status == "running"


def test_an_empty_tick_is_one_select_and_the_door_looks_once(desk: Desk) -> None:
    case = desk.start("offer")
    with CaptureQueriesContext(connection) as queries:
        desk.sweep(FILED)
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        sweep.fire_case(case, at=FILED)
    assert len(queries) == 1


def test_the_claim_reads_the_index_of_running_clocks_only(desk: Desk) -> None:
    desk.start("offer")
    with connection.cursor() as cursor:
        # With three rows any plan is as good; what has to hold is that the index alone gives the order. These only
        # discourage: were a sort needed, it would still be in the plan.
        for other in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{other} = off")
        cursor.execute("EXPLAIN " + sweep._CLAIM, [FILED, *sweep._BEGINNING, 500])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Only Scan using clock_wakes" in plan
    assert "Sort" not in plan


def test_a_batch_takes_as_many_statements_for_forty_cases_as_for_one(desk: Desk) -> None:
    counts = []
    for cases in (1, 40):
        for _ in range(cases):
            desk.start("offer")
        with CaptureQueriesContext(connection) as queries:
            assert desk.sweep(FILED + 36 * HOUR).warned == cases
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16  # with BEGIN, savepoints and COMMIT


def test_the_events_of_a_sweep_are_chained(desk: Desk) -> None:
    case = desk.start("return_ship")
    desk.sweep(FILED + 30 * DAY)
    links = [
        (event.sealed(), event.prev_hash, event.hash) for event in Event.objects.filter(case_id=case).order_by("seq")
    ]
    assert len(links) == 3
    assert chain.first_break(links) is None


def test_the_task_may_run_twice_and_leaves_a_sign_of_life(desk: Desk) -> None:
    case = desk.start("offer")
    sweep_task()
    sweep_task()
    beat = Heartbeat.objects.get(name="worker")
    assert beat.fired == Event.objects.filter(case_id=case).count()


def test_the_oldest_waiting_deadline_is_known(desk: Desk) -> None:
    desk.start("offer")
    desk.start("offer", at=FILED + DAY)
    assert heartbeat.oldest_due(at=FILED + 36 * HOUR - SECOND) is None
    assert heartbeat.oldest_due(at=FILED + 90 * HOUR) == FILED + 36 * HOUR
