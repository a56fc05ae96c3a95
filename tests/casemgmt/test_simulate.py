"""The simulation: a seed tells everything, nothing is left behind, and a broken case does not pass."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from casemgmt import env
from casemgmt.accounts.roles import Role
from casemgmt.simulation import invariants
from casemgmt.simulation.desks import MINUTES, Desks
from disputes.models import Case, MoneyMovement
from sla.calendars import WorkingCalendar
from tests.copies import database_url
from tests.world import Story, World


def simulated(seed: int, *more: str) -> str:
    """What a process of its own prints, with hashes of its own."""
    words = ["simulate", "--cases", "20", "--days", "9", "--tick", "30", "--seed", str(seed), *more]
    done = subprocess.run(
        [sys.executable, str(env.ROOT / "manage.py"), *words],
        env=os.environ | {"DATABASE_URL": database_url()},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-3000:]
    return done.stdout


@pytest.mark.django_db(transaction=True)
def test_the_same_seed_gives_the_same_table_and_another_seed_another() -> None:
    first = simulated(7)

    assert "20 cases, 9 days" in first
    assert first.count("holds") == len(invariants.NAMES)
    assert simulated(7) == first
    other = simulated(8, "--districts", "2")
    assert other.count("holds") == len(invariants.NAMES)
    assert "file                      20" in other
    assert other.splitlines()[1:] != first.splitlines()[1:]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_database WHERE datname LIKE %s", [f"{connection.settings_dict['NAME']}_sim%"]
        )
        assert cursor.fetchone() == (0,)


@pytest.fixture
def paid() -> Story:
    """A complaint that went all the way: refused, heard, ruled for the consumer, paid."""
    story = World().files(remedy="refund_only", received_goods=True)
    world = story.world
    story.after(hours=3).does(world.seller, "refuse", reason="goods_fine", text="The goods are fine.")
    story.after(hours=3).does(world.buyer, "escalate", reason="seller_refused")
    story.after(hours=1).does(story.handler, "accept_intervention", opinion="First view.")
    story.after(hours=1).does(
        story.handler, "issue_ruling", outcome="buyer_favour", reason="defect_proven", facts="Broken.",
        reasoning="Proven.", citations=["taobao-65"], liability={"seller": 100},
        remedies=[{"remedy": "refund_only", "amount": "50"}],
    )  # fmt: skip
    story.runs_out("appeal_window")
    return story.after(hours=1).does(world.seller, "perform_obligations", proof="paid")


def broken(story: Story) -> list[str]:
    found = invariants.violations(at=story.world.now)
    return [name for name, cases in found.items() if story.case_id in cases]


@pytest.mark.django_db
def test_a_case_that_went_all_the_way_breaks_nothing(paid: Story) -> None:
    assert paid.status == "resolved"
    assert broken(paid) == []


def _change_the_row(story: Story) -> None:
    Case.objects.filter(pk=story.case_id).update(priority="urgent")


def _change_the_past(story: Story) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE timeline_event SET role = 'agent' WHERE case_id = %s AND seq = 2", [story.case_id])


def _pay_again(story: Story) -> None:
    at = story.world.now
    MoneyMovement.objects.create(
        case_id=story.case_id, key="by hand", source="deposit", amount=Decimal(50), currency="CNY", at=at
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("harm", "name"),
    [
        (_change_the_row, "the timeline folds to the row"),
        (_change_the_past, "the chain is unbroken"),
        (_pay_again, "no money moves twice"),
    ],
)
def test_a_case_that_was_tampered_with_is_found(paid: Story, harm: Callable[[Story], None], name: str) -> None:
    harm(paid)
    assert broken(paid) == [name]


@pytest.mark.django_db
def test_a_case_under_review_that_nobody_handles_is_found() -> None:
    story = World().files(type="after_sales_service", subtype="bad_attitude", remedy="apology")
    story.runs_out("seller_response")
    story.after(hours=1).does(story.handler, "accept_intervention", opinion="First view.")
    assert broken(story) == []

    Case.objects.filter(pk=story.case_id).update(owner=None)
    assert "every open case has an owner of its next step" in broken(story)


@pytest.mark.django_db
def test_a_deadline_that_no_sweep_has_carried_out_is_found() -> None:
    story = World().files()
    due = story.due("seller_response")
    story.world.now = due - timedelta(seconds=1)
    assert broken(story) == []
    story.world.now = due
    assert broken(story) == ["nothing is overdue and unswept"]


FRIDAY_EVENING = datetime(2026, 11, 20, 9, 55, tzinfo=UTC)  # 17:55 in Shanghai


def test_staff_take_one_thing_after_the_other_in_their_hours() -> None:
    desks = Desks(WorkingCalendar(zone="Asia/Shanghai"))
    minutes = timedelta(minutes=MINUTES[Role.ARBITRATOR])

    first = desks.book(1, role=Role.ARBITRATOR, ready=FRIDAY_EVENING)
    second = desks.book(1, role=Role.ARBITRATOR, ready=FRIDAY_EVENING)

    assert first == FRIDAY_EVENING + minutes
    assert second == datetime(2026, 11, 23, 1, 0, tzinfo=UTC) + minutes
    assert desks.least_busy([1, 2], FRIDAY_EVENING) == 2
    agent = desks.book(3, role=Role.AGENT, ready=FRIDAY_EVENING + timedelta(hours=4))
    assert agent == datetime(2026, 11, 21, 1, 0, tzinfo=UTC) + timedelta(minutes=MINUTES[Role.AGENT])
