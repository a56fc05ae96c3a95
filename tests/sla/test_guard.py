"""A database clock that jumps decides nothing until a supervisor has looked."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.errors import NotPermitted, Unavailable
from casemgmt.notifications.models import Notice
from sla import guard, sweep, sweeping
from sla.guard import Guard
from sla.models import Halt, Heartbeat

from .conftest import DAY, FILED, HOUR, Desk
from .test_sweep import move

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


@pytest.fixture
def desk(shared_desk: Desk) -> Desk:
    return shared_desk


@pytest.fixture
def uptime(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the machine's own time says; the test moves it."""
    says = [1000.0]
    monkeypatch.setattr(guard, "uptime", lambda: says[0])
    return says


@pytest.fixture
def boss(transactional_db: None) -> Actor:
    return Actor.of(User.objects.create(username="boss", role="supervisor", display_name="Boss"))


@pytest.mark.parametrize(("jump", "halts"), [(120, False), (121, True), (-120, False), (-121, True)])
def test_two_minutes_are_borne_and_a_second_more_halts(uptime: list[float], jump: int, halts: bool) -> None:
    looks = Guard()
    assert looks.lets_go_on(at=FILED)
    uptime[0] += 5
    assert looks.lets_go_on(at=FILED + (5 + jump) * SECOND) is not halts
    assert Halt.objects.exists() is halts


def test_time_that_really_passed_is_no_jump(uptime: list[float]) -> None:
    looks = Guard()
    looks.lets_go_on(at=FILED)
    uptime[0] += DAY.total_seconds()
    assert looks.lets_go_on(at=FILED + DAY)


def test_a_day_too_far_fires_nothing_not_at_the_door_either(desk: Desk, uptime: list[float], boss: Actor) -> None:
    case = desk.start("offer")
    sweeping.turn("loop", now=lambda: FILED + HOUR)
    uptime[0] += 5
    assert sweeping.turn("loop", now=lambda: FILED + HOUR + 3 * DAY).fired == 0
    with pytest.raises(Unavailable) as refusal:
        sweep.fire_case(case, at=FILED + 3 * DAY)
    assert refusal.value.code == "clock_halted"
    assert desk.clock(case, "offer").status == "running"
    assert desk.events(case) == []
    assert Heartbeat.objects.get(name="loop").beat_at == FILED + HOUR


def test_where_nothing_is_overdue_the_door_stays_open(desk: Desk, boss: Actor) -> None:
    case = desk.start("offer")
    guard.halt(at=FILED, jumped=DAY)
    assert sweep.fire_case(case, at=FILED + HOUR).fired == 0


def test_supervisors_are_told_once_however_many_notice(boss: Actor) -> None:
    User.objects.create(username="judge", role="arbitrator", display_name="Judge")
    guard.halt(at=FILED, jumped=DAY)
    guard.halt(at=FILED + HOUR, jumped=DAY)
    (notice,) = Notice.objects.filter(channel="in_app")
    assert (notice.recipient_id, notice.template) == (boss.id, guard.HALTED)
    assert Halt.objects.count() == 1


def test_it_goes_on_when_a_supervisor_says_so_and_what_passed_meanwhile_is_an_outage(
    desk: Desk, uptime: list[float], boss: Actor, handlers: Callable[..., None]
) -> None:
    handlers("offer", move, of_party=True)
    case = desk.start("offer")
    sweeping.turn("loop", now=lambda: FILED + HOUR)
    uptime[0] += 5
    sweeping.turn("loop", now=lambda: FILED + HOUR + DAY)
    agent = Actor.of(User.objects.create(username="agent", role="agent", display_name="Agent"))
    with pytest.raises(NotPermitted):
        guard.release(actor=agent, at=FILED + HOUR)
    uptime[0] += 5
    sweeping.turn("loop", now=lambda: FILED + HOUR + 10 * SECOND)  # the clock is right again
    assert guard.halted()
    guard.release(actor=boss, at=FILED + HOUR + 15 * SECOND)
    uptime[0] += 47 * HOUR.total_seconds()
    swept = sweeping.turn("loop", now=lambda: FILED + 48 * HOUR + 10 * SECOND)
    assert (swept.warned, swept.expired) == (1, 0)
    assert [code for code, _at in desk.events(case)] == ["clock.warned", "clock.held"]
