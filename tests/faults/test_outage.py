"""RB21: everything was down for six hours, over 500 deadlines. Nobody loses by default until a person has looked."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.timeline.models import Event
from disputes.models import Case
from sla import heartbeat, outages, sweeping
from sla.guard import Guard
from sla.models import Clock, Outage
from tests import ledger
from tests.faults.falling import CODE, KIND, Falling
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
MANY, HOURS = 500, 6
HOUR = timedelta(hours=1)
GRACE = timedelta(hours=24)


def test_after_six_hours_without_us_500_deadlines_wait_and_then_each_fires_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sweeping, "_guard", Guard())
    world = World()
    deadlines = Falling(world)
    down = clock.now()
    heartbeat.beat("loop", at=down)
    for number in range(MANY // 10):
        deadlines.more(due_in=HOURS * 3600 * (number + 1) / (MANY // 10 + 1), many=10)
    back = down + HOURS * HOUR
    _turn(back, after_silence=True)
    assert deadlines.left() == 0
    assert _statuses(deadlines) == Counter({"held": MANY})
    _turn(back + 48 * HOUR)
    assert not Event.objects.filter(code=CODE).exists(), "somebody lost although nobody has released it"
    assert Case.objects.filter(pk__in=deadlines.case_ids, status="seller_refused").count() == MANY
    released = back + 49 * HOUR
    (waiting,) = outages.held()
    assert waiting["cases"] == MANY + 1  # and the one that all were copied from
    outages.release(outage_id=Outage.objects.get().pk, actor=Actor.of(world.supervisor), at=released)
    _turn(released)
    assert _statuses(deadlines) == Counter({"running": MANY})
    _turn(released + GRACE - timedelta(seconds=1))
    assert not Event.objects.filter(code=CODE).exists(), "they were promised a day from the release on"
    _turn(released + GRACE + timedelta(seconds=1))  # deadlines are whole seconds later
    assert _statuses(deadlines) == Counter({"breached": MANY})
    fired = Counter(Event.objects.filter(code=CODE, case_id__in=deadlines.case_ids).values_list("case_id", flat=True))
    assert fired == Counter(deadlines.case_ids), "each once"
    ledger.assert_whole(deadlines.case_ids)
    told = Counter(Event.objects.filter(case_id__in=deadlines.case_ids).values_list("code", flat=True))
    with capsys.disabled():
        print(f"\n{MANY} deadlines in {HOURS} h: held {told['clock.held']}, lost by default 0, fired {told[CODE]}")


def test_red_control_without_the_note_of_the_outage_all_of_them_lose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "_guard", Guard())
    monkeypatch.setattr(outages, "silences", lambda **_given: [])
    deadlines = Falling(World())
    down = clock.now()
    heartbeat.beat("loop", at=down)
    deadlines.more(due_in=3600, many=20)
    _turn(down + HOURS * HOUR, after_silence=True)
    assert _statuses(deadlines) == Counter({"breached": 20})


def _turn(at: datetime, *, after_silence: bool = False) -> None:
    """As a sweeper that has just started: nothing to compare the clock with. Others lived all the time, or nobody."""
    sweeping._guard = Guard()
    if not after_silence:
        heartbeat.beat("worker", at=at)
    sweeping.turn("loop", now=lambda: at)


def _statuses(deadlines: Falling) -> Counter[str]:
    return Counter(Clock.objects.filter(case_id__in=deadlines.case_ids, kind=KIND).values_list("status", flat=True))
