"""Counters: what is counted as it happens is what is counted from the beginning, whatever happened."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from casemgmt.timeline.models import Event
from disputes import tally
from disputes.models import Case
from disputes.states import CLOSED
from sla import buckets, rollups
from sla.models import Clock, Counting, RollUp
from tests.disputes import chance
from tests.disputes import test_seven_days as seven
from tests.disputes.walks import incomplete
from tests.world import Story, World

SHANGHAI = ZoneInfo("Asia/Shanghai")
FLOWS = [flow for name, flow in vars(seven).items() if name.startswith(("f1_", "f2_", "f2s_", "f3_", "f4_", "f5_"))]


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


def table() -> dict[tuple[Any, ...], tuple[int, float]]:
    """Every counter that is not zero."""
    names = ("cube", "measure", "kind", "day", "type", "channel", "priority", "handler", "seller", "n", "seconds")
    rows = RollUp.objects.values_list(*names)
    return {tuple(row[:9]): (row[9], round(row[10], 3)) for row in rows if row[9] or round(row[10], 3)}


def total(measure: str, kind: str | None = None, *, cube: str = "all") -> int:
    rows = RollUp.objects.filter(cube=cube, measure=measure)
    return sum((rows if kind is None else rows.filter(kind=kind)).values_list("n", flat=True))


def wander(world: World, *, seed: int, steps: int) -> Story:
    """A history at random: people do what they may, time passes, deadlines fall."""
    random = Random(seed)
    story = chance.files(world, random)
    for _step in range(steps):
        chance.step(story, random)
    return story


def test_one_complaint_is_one_filed_one_open_and_then_one_closed(world: World) -> None:
    story = world.files()
    rollups.settle()
    assert (total("filed"), total("open"), total("open", "awaiting_seller"), total("closed")) == (1, 1, 1, 0)
    assert total("open", cube="seller") == 1
    story.after(hours=5).does(world.buyer, "withdraw", confirm=True)
    rollups.settle()
    assert (total("filed"), total("open"), total("closed", "withdrawn")) == (1, 0, 1)
    (stage,) = RollUp.objects.filter(cube="all", measure="stage", kind="awaiting_seller")
    assert (stage.n, stage.seconds) == (1, 5 * 3600)


def test_promises_kept_and_missed_are_counted_on_the_day_they_were_due(world: World) -> None:
    world.files().does(world.agent, "give_initial_opinion", text="x")
    missed = incomplete(world)  # waits for us, and nobody looks at it
    due = missed.due("initial_response").astimezone(SHANGHAI).date()
    missed.after(days=20)
    world.sweeps()
    rollups.settle()
    days = RollUp.objects.filter(cube="all", measure__in=["met", "missed"], kind="initial_response")
    assert {(one.measure, one.day, one.n) for one in days} == {("met", due, 1), ("missed", due, 1)}
    used = RollUp.objects.filter(cube="all", measure="used", kind__startswith="initial_response/")
    term = Clock.objects.get(case=missed.case, kind="initial_response")
    assert sum(one.seconds for one in used) == pytest.approx((term.due_at - term.started_at).total_seconds())


def test_counting_twice_changes_nothing(world: World) -> None:
    world.files()
    assert rollups.settle() > 0
    before = table()
    assert rollups.settle() == 0
    assert table() == before


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: str(flow.__name__))
def test_each_flow_counted_step_by_step_is_the_flow_counted_at_once(world: World, flow: Callable[[World], Any]) -> None:
    flow(world)
    ids = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    last = 0
    for pk in ids:
        with transaction.atomic():
            rollups._count([pk], after=last)
        last = pk
    stepwise = table()
    rollups.rebuild()
    assert table() == stepwise
    assert total("open") == Case.objects.exclude(status__in=[*CLOSED, "draft"]).count()


@pytest.mark.parametrize("seed", range(6))
def test_after_random_histories_the_stock_is_what_the_cases_say(world: World, seed: int) -> None:
    for number in range(3):
        wander(world, seed=10 * seed + number, steps=25)
        rollups.settle()
    as_it_happened = table()
    assert rollups.rebuild() > 0
    assert table() == as_it_happened
    said = Counter(Case.objects.exclude(status__in=[*CLOSED, "draft"]).values_list("status", flat=True))
    counted = Counter({kind: total("open", kind) for kind in said})
    assert counted == said and total("open") == sum(said.values())
    handlers = Counter(Case.objects.exclude(status__in=[*CLOSED, "draft"]).values_list("owner_id", flat=True))
    for handler, many in handlers.items():
        if handler:
            rows = RollUp.objects.filter(cube="handler", measure="open", handler=handler)
            assert sum(rows.values_list("n", flat=True)) == many
    ended = Counter(Clock.objects.filter(stopped_at__isnull=False, status="met").values_list("kind", flat=True))
    assert {kind: total("met", kind) for kind in ended} == dict(ended)
    missed = Counter(Clock.objects.filter(status="breached").values_list("kind", flat=True))
    assert {kind: total("missed", kind) for kind in missed} == dict(missed)


def test_what_is_not_committed_yet_is_waited_for_and_never_skipped(world: World) -> None:
    rollups.settle()
    begun, go_on = threading.Event(), threading.Event()
    first = world.files().case

    def slow() -> None:
        try:
            with transaction.atomic():
                Case.objects.select_for_update().get(pk=first.pk)
                with connection.cursor() as cursor:  # an id is drawn, and the event not committed for a while
                    cursor.execute("SELECT nextval(pg_get_serial_sequence('timeline_event', 'id'))")
                begun.set()
                go_on.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(30)
    world.files()
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    try:
        for _look in range(3):
            rollups.catch_up()
            time.sleep(0.1)
        assert Counting.objects.get().counted_id < (newest or 0), "counted past an id that may still appear"
    finally:
        go_on.set()
        thread.join(30)
    rollups.settle()
    assert Counting.objects.get().counted_id == newest
    assert total("filed") == 2


def test_of_two_that_count_at_once_one_does(world: World) -> None:
    world.files()
    Counting.objects.create(pk=1)
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Counting.objects.select_for_update().get(pk=1)
                held.set()
                go_on.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(30)
    try:
        assert rollups.catch_up() == 0
    finally:
        go_on.set()
        thread.join(30)
    assert rollups.settle() > 0
    assert total("filed") == 1


@pytest.mark.parametrize(("seconds", "number"), [(0, 0), (899, 0), (901, 1), (1801, 2), (3601, 3), (86400, 7)])
def test_a_time_lies_in_the_bucket_that_ends_after_it(seconds: float, number: int) -> None:
    assert buckets.bucket(seconds) == number
    assert seconds <= buckets.ends(number)
    assert number == 0 or seconds > buckets.ends(number - 1)


def test_days_are_the_calendars_own() -> None:
    from datetime import UTC, datetime

    life = tally._Life(SHANGHAI)
    assert life._day(datetime(2026, 11, 2, 15, 59, tzinfo=UTC)).isoformat() == "2026-11-02"
    assert life._day(datetime(2026, 11, 2, 16, 0, tzinfo=UTC)).isoformat() == "2026-11-03"
    assert life._hour(datetime(2026, 11, 2, 16, 0, tzinfo=UTC) + timedelta(minutes=1)) == "1-00"
