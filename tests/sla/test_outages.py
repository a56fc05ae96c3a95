"""Nobody loses by default because we were down: short outages are credited, long ones wait for a supervisor."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.errors import NotFound, NotPermitted
from casemgmt.timeline.models import Event
from sla import heartbeat, outages, policies, registry, sweep, sweeping
from sla.models import Clock, Heartbeat, Outage, Policy

from .conftest import FILED, HOUR, Desk
from .test_sweep import move

pytestmark = pytest.mark.django_db(transaction=True)

DUE = FILED + 48 * HOUR  # of an offer
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
Install = Callable[..., None]


@pytest.fixture(autouse=True)
def party(handlers: Install) -> None:
    handlers("offer", move, of_party=True)


@pytest.fixture
def desk(shared_desk: Desk) -> Desk:
    return shared_desk


def silent(from_at: datetime, until_at: datetime) -> None:
    """The sweepers were silent between the two: then one is back, and has not looked for anything due yet."""
    heartbeat.beat("worker", at=from_at)
    outages.wake_up("loop", at=until_at)


def told(case_id: int) -> list[str]:
    return list(Event.objects.filter(case_id=case_id).order_by("seq").values_list("code", flat=True))


def supervisor() -> Actor:
    return Actor.of(User.objects.create(username="boss", role="supervisor", display_name="Boss"))


def test_a_minute_without_a_sign_is_no_outage_and_a_second_more_is(desk: Desk) -> None:
    silent(FILED, FILED + heartbeat.SILENCE)
    assert not Outage.objects.exists()
    silent(FILED + HOUR, FILED + HOUR + heartbeat.SILENCE + SECOND)
    assert list(Outage.objects.values_list("from_at", "until_at")) == [
        (FILED + HOUR, FILED + HOUR + heartbeat.SILENCE + SECOND)
    ]


def test_one_live_sweeper_is_enough_and_several_that_come_back_note_one_outage(desk: Desk) -> None:
    heartbeat.beat("worker", at=FILED)
    heartbeat.beat("loop", at=FILED + 10 * MINUTE)
    outages.wake_up("worker", at=FILED + 10 * MINUTE + SECOND)
    assert not Outage.objects.exists()
    outages.wake_up("worker", at=FILED + HOUR)
    outages.wake_up("loop", at=FILED + HOUR)
    assert Outage.objects.count() == 1


def test_the_very_first_sign_ends_nothing(desk: Desk) -> None:
    outages.wake_up("worker", at=FILED)
    assert not Outage.objects.exists()
    assert Heartbeat.objects.get(name="worker").beat_at == FILED


def test_what_a_party_owed_in_a_short_outage_is_due_later_by_its_length(desk: Desk) -> None:
    case = desk.start("offer")
    desk.sweep(FILED + 40 * HOUR)
    silent(DUE - 10 * MINUTE, DUE + 20 * MINUTE)
    assert desk.sweep(DUE + 20 * MINUTE).expired == 0
    clock = desk.clock(case, "offer")
    assert (clock.status, clock.due_at) == ("running", DUE + 30 * MINUTE)
    assert told(case) == ["clock.warned", "clock.credited"]
    assert desk.sweep(DUE + 30 * MINUTE - SECOND).fired == 0
    assert desk.sweep(DUE + 30 * MINUTE).expired == 1
    assert told(case) == ["clock.warned", "clock.credited", "case.offer_over"]
    assert next(step for step in clock.steps if step["step"] == "extended")["reason"] == "outage"


@pytest.mark.parametrize("inside", [False, True])
def test_only_what_fell_inside_the_outage_is_credited(desk: Desk, inside: bool) -> None:
    case = desk.start("offer")
    desk.sweep(FILED + 40 * HOUR)
    end = DUE + SECOND if inside else DUE  # up to, not including, the sign of life that ended it
    silent(end - 30 * MINUTE, end)
    assert desk.sweep(end).expired == (0 if inside else 1)
    assert (desk.clock(case, "offer").status == "running") == inside


def test_our_own_promises_are_late_all_the_same_and_flagged(desk: Desk) -> None:
    case = desk.start("acknowledge")
    silent(FILED, FILED + 5 * HOUR)
    desk.sweep(FILED + 5 * HOUR)
    assert desk.clock(case, "acknowledge").status == "breached"
    assert Event.objects.get(case_id=case).data["during_outage"] is True


def test_a_warning_that_fell_into_an_outage_is_given_once_and_says_so(desk: Desk) -> None:
    case = desk.start("offer")
    silent(FILED + 35 * HOUR, FILED + 37 * HOUR)
    desk.sweep(FILED + 37 * HOUR)
    desk.sweep(FILED + 38 * HOUR)
    (event,) = Event.objects.filter(case_id=case)
    assert (event.code, event.data["during_outage"]) == ("clock.warned", True)


def test_in_quiet_times_nothing_is_flagged(desk: Desk) -> None:
    case = desk.start("offer")
    desk.sweep(FILED + 36 * HOUR)
    assert "during_outage" not in Event.objects.get(case_id=case).data


def test_after_a_long_outage_nobody_loses_until_a_supervisor_lets_it_go_on(desk: Desk) -> None:
    case = desk.start("offer")
    desk.sweep(FILED + 40 * HOUR)
    silent(DUE - HOUR, DUE + 5 * HOUR)
    later = DUE + 30 * 24 * HOUR
    assert desk.sweep(DUE + 5 * HOUR).expired == 0
    assert desk.sweep(later).expired == 0
    assert desk.clock(case, "offer").status == "held"
    assert [(one["outage"].from_at, one["cases"]) for one in outages.held()] == [(DUE - HOUR, 1)]
    outages.release(outage_id=Outage.objects.get().pk, actor=supervisor(), at=later)
    assert outages.let_go(at=later) == 1
    clock = desk.clock(case, "offer")
    assert (clock.status, clock.due_at) == ("running", later + 24 * HOUR)
    assert outages.held() == []
    assert desk.sweep(later + 24 * HOUR).expired == 1
    assert told(case) == ["clock.warned", "clock.held", "clock.credited", "case.offer_over"]


def test_who_acts_while_the_clock_is_held_has_acted_in_time(desk: Desk) -> None:
    case = desk.start("offer")
    desk.sweep(FILED + 40 * HOUR)
    silent(DUE - HOUR, DUE + 5 * HOUR)
    desk.sweep(DUE + 5 * HOUR)
    desk.do("stop", case, at=DUE + 6 * HOUR, kinds=["offer"])
    assert desk.clock(case, "offer").status == "met"


def test_at_the_door_an_outage_that_still_lasts_counts_too_and_is_not_credited_twice(desk: Desk) -> None:
    case = desk.start("offer")
    desk.sweep(FILED + 40 * HOUR)
    heartbeat.beat("worker", at=DUE - 10 * MINUTE)
    assert sweep.fire_case(case, at=DUE + 10 * MINUTE).expired == 0
    assert desk.clock(case, "offer").due_at == DUE + 20 * MINUTE
    outages.wake_up("worker", at=DUE + 30 * MINUTE)
    desk.sweep(DUE + 30 * MINUTE)
    assert desk.clock(case, "offer").due_at == DUE + 40 * MINUTE


def test_the_limits_are_the_policys(desk: Desk) -> None:
    policy = policies.draft_next(Policy.objects.get(pk=desk.policy_id), at=FILED)
    policy.settings = {**policy.settings, "outage_credit_after_seconds": 7200, "outage_hold_after_seconds": 9000}
    policy.save(update_fields=["settings"])
    policies.publish(policy, at=FILED)
    desk.policy_id = policy.pk
    cases = [desk.start("offer"), desk.start("offer", at=FILED + 10 * HOUR)]
    desk.sweep(FILED + 47 * HOUR)
    silent(DUE - HOUR, DUE + HOUR - SECOND)  # a second short of what is credited
    assert desk.sweep(DUE + HOUR).expired == 1
    silent(DUE + 10 * HOUR, DUE + 12 * HOUR + 30 * MINUTE)
    desk.sweep(DUE + 12 * HOUR + 30 * MINUTE)
    assert [desk.clock(case, "offer").status for case in cases] == ["breached", "held"]


def test_only_a_supervisor_releases_and_only_what_there_is(desk: Desk) -> None:
    silent(FILED, FILED + 5 * HOUR)
    outage = Outage.objects.get()
    for role in ("arbitrator", "agent", "seller_staff", "consumer", "auditor", "reviewer"):
        person = User.objects.create(username=role, role=role, display_name=role)
        with pytest.raises(NotPermitted):
            outages.release(outage_id=outage.pk, actor=Actor.of(person), at=FILED + 6 * HOUR)
    boss = supervisor()
    with pytest.raises(NotFound):
        outages.release(outage_id=outage.pk + 1, actor=boss, at=FILED + 6 * HOUR)
    outages.release(outage_id=outage.pk, actor=boss, at=FILED + 6 * HOUR)
    outages.release(outage_id=outage.pk, actor=boss, at=FILED + 7 * HOUR)
    outage.refresh_from_db()
    assert (outage.released_at, outage.released_by_id) == (FILED + 6 * HOUR, boss.id)


def test_what_another_outage_holds_goes_on_waiting(desk: Desk, handlers: Install) -> None:
    handlers("info", move, of_party=True)  # due a day after the offer
    case = desk.start("offer")
    desk.start("info", case_id=case)
    desk.sweep(FILED + 40 * HOUR)
    for due in (DUE, DUE + 24 * HOUR):
        silent(due - HOUR, due + 5 * HOUR)
        desk.sweep(due + 5 * HOUR)
    later = Outage.objects.latest("from_at")
    outages.release(outage_id=later.pk, actor=supervisor(), at=DUE + 30 * HOUR)
    assert outages.let_go(at=DUE + 30 * HOUR) == 1
    assert (desk.clock(case, "offer").status, desk.clock(case, "info").status) == ("held", "running")


def test_a_release_that_stops_midway_goes_on_at_the_next_look(desk: Desk) -> None:
    cases = [desk.start("offer") for _ in range(5)]
    desk.sweep(FILED + 40 * HOUR)
    silent(DUE - HOUR, DUE + 5 * HOUR)
    desk.sweep(DUE + 5 * HOUR)
    outages.release(outage_id=Outage.objects.get().pk, actor=supervisor(), at=DUE + 6 * HOUR)
    assert outages.let_go(at=DUE + 6 * HOUR, batches=1, batch_size=2) == 2
    assert outages.let_go(at=DUE + 6 * HOUR, batches=10, batch_size=2) == 3
    assert {desk.clock(case, "offer").status for case in cases} == {"running"}
    assert Outage.objects.get().settled_at is not None


def test_a_sweepers_turn_does_all_of_this_by_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = desk.start("offer")
    desk.sweep(FILED + 40 * HOUR)
    heartbeat.beat("worker", at=DUE - HOUR)
    monkeypatch.setattr(sweeping, "_guard", _Trusting())
    sweeping.turn("loop", now=lambda: DUE + 5 * HOUR)
    assert desk.clock(case, "offer").status == "held"
    outages.release(outage_id=Outage.objects.get().pk, actor=supervisor(), at=DUE + 6 * HOUR)
    sweeping.turn("loop", now=lambda: DUE + 6 * HOUR)
    assert desk.clock(case, "offer").status == "running"
    assert registry.is_of_party("offer") and not registry.is_of_party("acknowledge")


def test_clocks_of_parties_are_those_that_cost_them_something() -> None:
    from disputes import deadlines

    deadlines.register()
    kinds = {kind for kind in deadlines.EXPIRY if registry.is_of_party(kind)} | {"execution"}
    assert kinds == {
        "seller_response", "offer", "buyer_escalate", "info", "return_ship", "return_receipt", "fulfil",
        "buyer_confirm", "evidence", "mediation", "appeal_window", "execution",
    }  # fmt: skip
    assert not Clock.objects.exists()


class _Trusting:
    def lets_go_on(self, **_given: Any) -> bool:
        return True
