"""Random walks through the real door and PostgreSQL: whatever people do, the laws of the case hold (RB14)."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemgmt.accounts.actors import SYSTEM, Actor
from casemgmt.timeline import chain
from disputes import record, workflow
from disputes.deadlines import EXPIRY
from disputes.models import Case, MoneyMovement, Obligation, SellerAccount
from disputes.moves.law import LAWS
from tests.disputes import chance
from tests.disputes.table import CLOSED, EDGES
from tests.world import Story, World

PROMISES = ("initial_response", "resolution", "review_opinion", "review_resolution")


@contextmanager
def forgotten() -> Iterator[None]:
    """What happens inside is rolled back, as if the block were a test case."""
    block = transaction.atomic()
    vars(block)["_from_testcase"] = True  # the door's transactions are durable
    with block:
        yield
        transaction.set_rollback(True)


class Watch:
    """What must hold after every step."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.promised: dict[int, datetime] = {}

    def look(self) -> None:
        case = self.story.case
        clocks = list(case.clocks.defer("steps", "rungs", "terms"))
        for clock in clocks:
            if clock.kind in PROMISES:
                assert clock.due_at >= self.promised.get(clock.pk, clock.due_at), f"{clock} was moved earlier"
                self.promised[clock.pk] = clock.due_at
        running = [clock.kind for clock in clocks if clock.status in ("running", "paused", "held")]
        if case.status in CLOSED:
            assert not running, f"{running} run on a closed case"
            assert case.outcome_code and case.closed_at
        elif case.status != "draft":
            assert any(kind in EXPIRY for kind in running) or self._somebody_can_move(case), f"{case.status} is stuck"

    def _somebody_can_move(self, case: Case) -> bool:
        people = [Actor.of(person) for person in chance.cast(self.story.world)]
        return any(
            LAWS[name].targets for person in people for name in workflow.allowed(case, person, self.story.world.now)[0]
        )


def audit(story: Story, accounts: dict[int, Decimal]) -> None:
    """What must hold of the whole file."""
    case = story.case
    events = list(case.events.order_by("seq"))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert chain.first_break((event.sealed(), event.prev_hash, event.hash) for event in events) is None
    assert [event.at for event in events] == sorted(event.at for event in events)
    steps = [(event.from_status, event.to_status) for event in events if event.to_status]
    assert set(steps) <= EDGES, set(steps) - EDGES
    for (_from, to), (next_from, _to) in itertools.pairwise(steps):
        assert to == next_from
    assert sum(to in CLOSED for _from, to in steps) - sum(came in CLOSED for came, _to in steps) == (
        case.status in CLOSED
    )
    if events:
        assert record.fold(events) == record.snapshot(case)
    _audit_money(case, accounts)


def _audit_money(case: Case, accounts: dict[int, Decimal]) -> None:
    for obligation in Obligation.objects.filter(case=case):
        moved = MoneyMovement.objects.filter(key__startswith=f"obligation:{obligation.pk}:").aggregate(s=Sum("amount"))[
            "s"
        ]
        paid = obligation.amount if obligation.status == "done" and obligation.amount else None
        assert moved == paid, f"{obligation}: {moved} moved"
    refunds = case.obligations.filter(status="done").exclude(remedy="compensation").aggregate(s=Sum("amount"))["s"]
    if case.order and refunds:
        assert refunds <= case.order.paid_total + case.order.freight
    for account in SellerAccount.objects.all():
        taken = case.movements.filter(source__in=["balance", "deposit"], case__seller=account.seller_id)
        spent = taken.aggregate(s=Sum("amount"))["s"] or Decimal(0)
        assert accounts[account.pk] - spent == account.balance + account.deposit


def walk(world: World, seed: object, steps: int) -> None:
    began, dice = world.now, Random(str(seed))
    with forgotten():
        accounts = {a.pk: a.balance + a.deposit for a in SellerAccount.objects.all()}
        story = chance.files(world, dice)
        watch = Watch(story)
        for _step in range(steps):
            chance.step(story, dice)
            watch.look()
        audit(story, accounts)
    world.now = began


CALM = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@pytest.mark.promise("R1-10", "R2-18")
@pytest.mark.parametrize("part", range(4))  # together 200 walks of 30 steps; apart, so that workers share them
@settings(max_examples=50, derandomize=True, **CALM)  # type: ignore[arg-type]
@given(seed=st.integers(0, 2**32))
def test_whatever_people_do_the_laws_hold(world: World, part: int, seed: int) -> None:
    walk(world, (part, seed), 30)


@pytest.mark.night
@settings(max_examples=2000, **CALM)  # type: ignore[arg-type]
@given(seed=st.integers(0, 2**32))
def test_whatever_people_do_all_night_the_laws_hold(world: World, seed: int) -> None:
    walk(world, seed, 50)


def test_the_system_alone_carries_every_open_case_to_a_person_or_an_end(world: World) -> None:
    """Nobody acts at all: no case is forgotten, and nothing goes round for ever."""
    for seed in range(8):
        with forgotten():
            story = chance.files(world, Random(seed))
            for _term in range(40):
                due = story.case.clocks.filter(status="running", kind__in=EXPIRY).order_by("due_at").first()
                if due is None:
                    break
                world.now = max(world.now, due.due_at)
                world.sweeps()
            assert SYSTEM.id is None
            Watch(story).look()
