"""One case's clocks through the book: start, stop, pause, resume, extend, cancel; stored in PostgreSQL."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from sla import policies
from sla.clocks import Book, ClockAlreadyOpenError
from sla.models import Clock, Pause, Policy
from sla.storage import StaleClockError

from .conftest import DAY, FILED, HOUR, Desk

SHANGHAI = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.promise("R1-25")
def test_the_initial_response_has_a_target_of_one_and_a_deadline_of_three_working_days(desk: Desk) -> None:
    clock = desk.clock(desk.start("initial_response"), "initial_response")
    assert clock.target_at == local("11-18T00:00")
    assert clock.due_at == local("11-20T00:00")
    assert [step["step"] for step in clock.steps] == ["day_0", "counted", "counted", "counted", "due"]


@pytest.mark.promise("R1-26")
def test_the_resolution_warns_at_sixty_percent_and_one_working_day_before(desk: Desk) -> None:
    clock = desk.clock(desk.start("resolution"), "resolution")
    assert clock.due_at == local("11-26T00:00")
    assert [(code, datetime.fromisoformat(at)) for code, at in clock.rungs] == [
        ("percent_60", local("11-21T00:00") + 2 * DAY + 0.2 * DAY),  # four days used by Friday, a fifth of Monday
        ("before_1_working_days", local("11-25T00:00")),
    ]
    assert clock.wake_at == datetime.fromisoformat(clock.rungs[0][1])


def test_a_party_time_out_runs_in_plain_hours(desk: Desk) -> None:
    clock = desk.clock(desk.start("seller_response", variant="not_received"), "seller_response")
    assert clock.due_at == FILED + 36 * HOUR
    assert clock.rungs == [["before_12_h", (FILED + 24 * HOUR).isoformat()]]


def test_a_variant_without_a_target_falls_back_to_its_kind(desk: Desk) -> None:
    clock = desk.clock(desk.start("offer", variant="unheard_of"), "offer")
    assert clock.due_at == FILED + 48 * HOUR


def test_an_unknown_kind_is_refused_by_name(desk: Desk) -> None:
    with pytest.raises(policies.NoPolicyError, match="no target for tea_break"):
        desk.start("tea_break")


@pytest.mark.parametrize(("late", "status"), [(-SECOND, "met"), (timedelta(0), "breached"), (SECOND, "breached")])
def test_at_the_deadline_is_late(desk: Desk, late: timedelta, status: str) -> None:
    case = desk.start("offer")
    desk.do("stop", case, kinds=["offer"], at=FILED + 48 * HOUR + late)
    clock = desk.clock(case, "offer")
    assert clock.status == status
    assert clock.stopped_at == FILED + 48 * HOUR + late
    assert clock.wake_at is None
    assert clock.breached_at == (None if status == "met" else clock.due_at)


def test_a_breach_is_sticky_and_is_answered_once(desk: Desk) -> None:
    case = desk.start("initial_response")
    desk.sweep(FILED + 10 * DAY)
    assert desk.clock(case, "initial_response").stopped_at is None
    desk.do("stop", case, kinds=["initial_response"], at=FILED + 11 * DAY)
    desk.do("stop", case, kinds=None, at=FILED + 12 * DAY)
    desk.do("cancel", case, kinds=None, at=FILED + 13 * DAY)
    clock = desk.clock(case, "initial_response")
    assert (clock.status, clock.stopped_at) == ("breached", FILED + 11 * DAY)


def test_cancelling_closes_what_is_open_and_leaves_the_breach(desk: Desk) -> None:
    case = desk.start("initial_response")
    desk.sweep(FILED + 5 * DAY)
    desk.start("resolution", case_id=case)
    desk.do("cancel", case, kinds=None, at=FILED + 6 * DAY)
    assert desk.clock(case, "initial_response").status == "breached"
    assert desk.clock(case, "resolution").status == "cancelled"
    assert not Clock.objects.filter(case_id=case, stopped_at=None).exists()


def test_a_pause_moves_a_calendar_deadline_by_exactly_its_length(desk: Desk) -> None:
    case = desk.start("return_ship")
    desk.do("pause", case, kinds=None, reason="suspended", at=FILED + HOUR)
    paused = desk.clock(case, "return_ship")
    assert (paused.status, paused.wake_at) == ("paused", None)
    desk.do("resume", case, kinds=None, at=FILED + 3 * HOUR + SECOND)
    clock = desk.clock(case, "return_ship")
    assert clock.due_at == FILED + 7 * DAY + 2 * HOUR + SECOND
    assert clock.rungs[0][1] == (FILED + 5 * DAY + 2 * HOUR + SECOND).isoformat()
    paused_step = clock.steps[1]
    assert (paused_step["step"], paused_step["reason"], paused_step["seconds"]) == ("paused", "suspended", 7201)


def test_a_pause_moves_a_working_day_deadline_and_its_target_by_whole_working_days(desk: Desk) -> None:
    case = desk.start("initial_response")
    desk.do("pause", case, kinds=["initial_response"], reason="awaiting_buyer", at=local("11-16T20:00"))
    desk.do("resume", case, kinds=["initial_response"], at=local("11-19T09:00"))
    clock = desk.clock(case, "initial_response")
    assert clock.due_at == local("11-24T00:00")  # 17 and 18 November given back
    assert clock.target_at == local("11-20T00:00")
    assert clock.status == "running"


def test_two_minutes_over_midnight_and_a_zero_pause_change_nothing(desk: Desk) -> None:
    case = desk.start("resolution")
    before = desk.clock(case, "resolution")
    for from_at, until_at in ((FILED, FILED), (local("11-17T23:59"), local("11-18T00:01"))):
        desk.do("pause", case, kinds=None, reason="testing", at=from_at)
        desk.do("resume", case, kinds=None, at=until_at)
    after = desk.clock(case, "resolution")
    assert (after.due_at, after.rungs, after.wake_at) == (before.due_at, before.rungs, before.wake_at)


def test_another_reason_takes_over_without_a_gap(desk: Desk) -> None:
    case = desk.start("resolution")
    desk.do("pause", case, kinds=None, reason="awaiting_buyer", at=local("11-17T12:00"))
    desk.do("pause", case, kinds=None, reason="awaiting_buyer", at=local("11-17T15:00"))
    desk.do("pause", case, kinds=None, reason="return_in_transit", at=local("11-18T12:00"))
    desk.do("resume", case, kinds=None, at=local("11-19T12:00"), reason="awaiting_buyer")  # not what it stands for
    assert desk.clock(case, "resolution").status == "paused"
    desk.do("resume", case, kinds=None, at=local("11-19T12:00"), reason="return_in_transit")
    clock = desk.clock(case, "resolution")
    assert clock.due_at == local("11-27T00:00")  # the 18th lies in the two together, in neither alone
    assert list(Pause.objects.filter(clock=clock).order_by("pk").values_list("reason", "from_at", "until_at")) == [
        ("awaiting_buyer", local("11-17T12:00"), local("11-18T12:00")),
        ("return_in_transit", local("11-18T12:00"), local("11-19T12:00")),
    ]


def test_the_carrier_gets_two_working_days_of_our_promise_and_no_more(desk: Desk) -> None:
    case = desk.start("resolution")
    desk.do("pause", case, kinds=None, reason="carrier_investigation", at=local("11-16T12:00"), limit_days=2)
    desk.do("resume", case, kinds=None, at=local("11-25T12:00"))
    assert desk.clock(case, "resolution").due_at == local("11-28T00:00")


def test_a_paused_clock_is_judged_by_its_deadline_after_the_pause(desk: Desk) -> None:
    case = desk.start("offer")
    desk.do("pause", case, kinds=None, reason="suspended", at=FILED + HOUR)
    desk.do("stop", case, kinds=None, at=FILED + 60 * HOUR)
    clock = desk.clock(case, "offer")
    assert (clock.status, clock.due_at) == ("met", FILED + 107 * HOUR)
    assert Pause.objects.get(clock=clock).until_at == FILED + 60 * HOUR


def test_cancelling_a_paused_clock_ends_its_pause(desk: Desk) -> None:
    case = desk.start("offer")
    desk.do("pause", case, kinds=None, reason="suspended", at=FILED + HOUR)
    desk.do("cancel", case, kinds=None, at=FILED + 2 * HOUR)
    assert Pause.objects.get().until_at == FILED + 2 * HOUR
    assert desk.clock(case, "offer").status == "cancelled"


def test_a_late_clock_cannot_be_paused(desk: Desk) -> None:
    case = desk.start("offer")
    assert desk.do("pause", case, kinds=None, reason="suspended", at=FILED + 48 * HOUR) == []
    assert desk.clock(case, "offer").status == "running"


@pytest.mark.promise("R1-27")
def test_an_extension_adds_working_days_and_says_so(desk: Desk) -> None:
    case = desk.start("resolution")
    desk.do("extend", case, kind="resolution", days=2, reason="complex", at=FILED + DAY)
    clock = desk.clock(case, "resolution")
    assert clock.due_at == local("11-28T00:00")
    assert {
        "step": "extended",
        "by": 2,
        "unit": "working_days",
        "reason": "complex",
        "on": "2026-11-17T02:00:00+00:00",
    } in clock.steps
    assert clock.steps[-1]["date"] == "2026-11-27"


@pytest.mark.parametrize("given", [{"days": 0}, {"days": -1}, {"seconds": 60}, {}])
def test_an_extension_only_moves_later_and_in_the_clocks_own_unit(desk: Desk, given: dict[str, int]) -> None:
    case = desk.start("resolution")
    with pytest.raises(ValueError, match=r"only moves later|counts in working_days"):
        desk.do("extend", case, kind="resolution", reason="complex", at=FILED, **given)
    with pytest.raises(LookupError, match="no open offer"):
        desk.do("extend", case, kind="offer", reason="complex", at=FILED, seconds=60)


def test_a_rung_that_was_passed_is_not_passed_again_after_an_extension(desk: Desk) -> None:
    case = desk.start("return_ship")
    desk.sweep(FILED + 5 * DAY)
    desk.do("extend", case, kind="return_ship", seconds=86400, reason="holiday", at=FILED + 5 * DAY + HOUR)
    clock = desk.clock(case, "return_ship")
    assert [code for code, _ in clock.rungs] == ["after_5_d", "after_6_d"]
    assert (clock.rung_index, clock.wake_at) == (1, FILED + 6 * DAY)


def test_a_deadline_is_cut_to_a_bound_but_not_below_the_other(desk: Desk) -> None:
    cut = desk.start("evidence", not_after=FILED + 30 * HOUR, not_before=FILED + 24 * HOUR)
    kept = desk.start("evidence", not_after=FILED + 3 * HOUR, not_before=FILED + 24 * HOUR)
    whole = desk.start("evidence", not_after=FILED + 99 * HOUR, not_before=FILED + 98 * HOUR)
    assert desk.clock(cut, "evidence").due_at == FILED + 30 * HOUR
    assert desk.clock(cut, "evidence").rungs == [["before_24_h", (FILED + 6 * HOUR).isoformat()]]
    assert {"step": "cut", "seconds": -42 * 3600} in desk.clock(cut, "evidence").steps
    assert desk.clock(kept, "evidence").due_at == FILED + 24 * HOUR
    assert desk.clock(whole, "evidence").due_at == FILED + 72 * HOUR


def test_the_amount_may_be_the_cases_own(desk: Desk) -> None:
    assert desk.clock(desk.start("evidence", seconds=24 * 3600), "evidence").due_at == FILED + DAY
    assert desk.clock(desk.start("resolution", days=1), "resolution").due_at == local("11-18T00:00")
    with pytest.raises(ValueError, match="counts in calendar"):
        desk.start("evidence", days=1)


def test_evidence_at_jd_runs_four_hours_of_the_day(desk: Desk) -> None:
    desk.policy_id = policies.current(FILED, code="jd_2025").pk
    clock = desk.clock(desk.start("evidence", at=local("11-16T16:00")), "evidence")
    assert clock.due_at == local("11-17T11:00")
    assert clock.rungs == [["before_1_h", local("11-17T10:00").astimezone(FILED.tzinfo).isoformat()]]


def test_only_one_clock_of_a_kind_is_open(desk: Desk) -> None:
    case = desk.start("offer")
    with pytest.raises(ClockAlreadyOpenError):
        desk.start("offer", case_id=case)
    row = desk.clock(case, "offer")
    row.pk = None
    with pytest.raises(IntegrityError, match="one_open_clock"), transaction.atomic():
        row.save(force_insert=True)


def test_a_clock_may_take_the_place_of_one_that_closes_in_the_same_act(desk: Desk) -> None:
    case = desk.start("return_receipt", variant="waybill")
    with transaction.atomic():
        book = Book.load([case])
        first = book.open(case, "return_receipt")
        assert first is not None
        book.cancel(case_id=case, kinds=["return_receipt"], at=FILED + 9 * DAY)
        book.start(
            case_id=case,
            policy_id=desk.policy_id,
            kind="return_receipt",
            variant="signed",
            at=FILED + 9 * DAY,
            not_after=first.due_at,
        )
        book.write()
    assert desk.clock(case, "return_receipt").due_at == FILED + 10 * DAY


def test_a_second_writer_fails_even_without_a_lock(desk: Desk) -> None:
    case = desk.start("offer")
    ours, theirs = Book.load([case]), Book.load([case])
    theirs.stop(case_id=case, kinds=None, at=FILED + HOUR)
    theirs.write()
    ours.stop(case_id=case, kinds=None, at=FILED + 2 * HOUR)
    with pytest.raises(StaleClockError):
        ours.write()


def test_a_book_of_many_cases_is_written_in_a_handful_of_statements(desk: Desk) -> None:
    cases = [desk.start("offer") for _ in range(20)]
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        book = Book.load(cases)
        for case in cases:
            book.stop(case_id=case, kinds=["offer"], at=FILED + HOUR)
            book.start(case_id=case, policy_id=desk.policy_id, kind="return_ship", at=FILED + HOUR)
        book.write()
    assert len(queries) <= 4  # read, calendar's revision, update, insert


def test_the_policy_in_force_is_the_one_of_the_day(desk: Desk) -> None:
    standing = policies.current(FILED)
    assert standing.code == "taobao_2025"
    later = Policy.objects.create(
        code="taobao_2025", version=2, name="next", calendar=standing.calendar, is_default=True,
        effective_from=FILED + DAY, published_at=FILED,
    )  # fmt: skip
    assert policies.current(FILED + DAY - SECOND) == standing
    assert policies.current(FILED + DAY) == later
    with pytest.raises(policies.NoPolicyError):
        policies.current(datetime(2020, 1, 1, tzinfo=SHANGHAI))
