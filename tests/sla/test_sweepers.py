"""Several sweepers and a door at once, each on its own connection."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.core.management import call_command
from django.db import connection, transaction

from casemgmt import clock
from casemgmt.timeline.models import Event
from disputes.models import Case
from sla import sweep
from sla.batch import Batch
from sla.models import Clock, Heartbeat
from sla.sweep import Swept

from .conftest import FILED, HOUR, Desk
from .test_sweep import move

AT = FILED + 50 * HOUR


def together(*acts: Callable[[], Swept]) -> list[Swept]:
    """Run them at the same moment; their answers in order."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Swept]) -> Swept:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_sweepers_fire_each_deadline_once(shared_desk: Desk, handlers: Callable[..., None]) -> None:
    handlers("offer", move)
    cases = [shared_desk.start("offer") for _ in range(40)]
    results = together(*[lambda: sweep.fire_due(at=AT, batch_size=7)] * 3)
    assert sum(result.expired for result in results) == 40
    assert sum(result.failed for result in results) == 0
    codes = list(Event.objects.filter(case_id__in=cases).values_list("case_id", "code"))
    assert len(codes) == len(set(codes)) == 80


def test_a_sweeper_passes_over_a_case_that_is_held_and_another_waits_for_it(shared_desk: Desk) -> None:
    held, free = shared_desk.start("offer"), shared_desk.start("offer")
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=held)
            locked.set()
            done.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    assert sweep.fire_due(at=AT) == Swept(warned=1, expired=1)
    assert shared_desk.clock(free, "offer").status == "breached"
    assert shared_desk.clock(held, "offer").status == "running"
    threading.Timer(0.3, done.set).start()
    assert sweep.fire_case(held, at=AT) == Swept(warned=1, expired=1)  # waited for the lock
    holder.join()


def test_a_sweeper_and_the_door_fire_it_once(shared_desk: Desk, handlers: Callable[..., None]) -> None:
    handlers("offer", move)
    for _ in range(10):
        case = shared_desk.start("offer")
        together(lambda: sweep.fire_due(at=AT), partial(sweep.fire_case, case, at=AT))
        assert [code for code, _ in shared_desk.events(case)] == ["clock.warned", "case.offer_over"]


def test_an_answer_in_time_and_the_sweep_do_not_both_win(shared_desk: Desk, handlers: Callable[..., None]) -> None:
    handlers("offer", move)

    def answer(case: int) -> Swept:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=case)
            batch = Batch.open([case], at=FILED + HOUR)
            batch.book.stop(case_id=case, kinds=["offer"], at=FILED + HOUR)
            batch.write()
        return Swept()

    for _ in range(10):
        case = shared_desk.start("offer")
        together(lambda: sweep.fire_due(at=AT), partial(answer, case))
        fired = "case.offer_over" in dict(shared_desk.events(case))
        assert shared_desk.clock(case, "offer").status == ("breached" if fired else "met")


def test_the_command_sweeps_once_without_a_broker(shared_desk: Desk) -> None:
    case = shared_desk.start("offer")
    with clock.standing_at(AT):
        call_command("sweep", verbosity=0)
    assert shared_desk.clock(case, "offer").status == "breached"
    assert Heartbeat.objects.get(name="loop").beat_at == AT
    assert not Clock.objects.filter(status="running").exists()
