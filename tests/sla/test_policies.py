"""Policies and calendars as data: frozen once published, loaded twice, changed afterwards."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from casemgmt import clock
from sla import facts, policies, recalculation, seed
from sla.models import Calendar, Clock, Day, Policy, Target
from sla.tasks import sweep as sweep_task

from .conftest import DAY, FILED, HOUR, Desk

SHANGHAI = ZoneInfo("Asia/Shanghai")
H, D = 3600, 86400

# kind, variant: what taobao_2025, tmall_classic and jd_2025 give, in seconds
TIME_OUTS = {
    ("seller_response", "unshipped_refund"): (24 * H, 48 * H, 24 * H),
    ("seller_response", "not_received"): (36 * H, 48 * H, 24 * H),
    ("seller_response", "return"): (48 * H, 5 * D, 24 * H),
    ("seller_response", "other"): (48 * H, 48 * H, 24 * H),
    ("offer", ""): (48 * H, 48 * H, 24 * H),
    ("buyer_escalate", ""): (5 * D, 7 * D, 7 * D),
    ("info", ""): (3 * D, 3 * D, 3 * D),
    ("return_ship", ""): (7 * D, 7 * D, 7 * D),
    ("return_receipt", "waybill"): (10 * D, 10 * D, 10 * D),
    ("return_receipt", "signed"): (72 * H, 10 * D, 10 * D),
    ("fulfil", "refund"): (48 * H, 48 * H, 24 * H),
    ("fulfil", "payment"): (72 * H, 72 * H, 72 * H),
    ("fulfil", "reship"): (72 * H, 72 * H, 72 * H),
    ("fulfil", "exchange"): (10 * D, 10 * D, 10 * D),
    ("fulfil", "repair"): (30 * D, 30 * D, 30 * D),
    ("buyer_confirm", "signed"): (7 * D, 7 * D, 7 * D),
    ("evidence", ""): (72 * H, 72 * H, 4 * H),
    ("mediation", ""): (48 * H, 48 * H, 24 * H),
    ("appeal_window", ""): (7 * D, 7 * D, 7 * D),
    ("suspension", "negotiation"): (30 * D, 30 * D, 30 * D),
    ("suspension", "police"): (180 * D, 180 * D, 180 * D),
}
PROMISES = {  # kind: target and due in working days
    "initial_response": (1, 3),
    "resolution": (None, 7),
    "review_opinion": (1, 3),
    "review_resolution": (None, 7),
    "assignment": (None, 1),
    "intervention_accept": (None, 1),
    "approval": (None, 1),
    "appeal": (None, 3),
    "carrier_inquiry": (None, 2),
    "email_reply": (1, 2),
}


@pytest.fixture
def calendar(db: None) -> Calendar:
    return Calendar.objects.get(code="cn")


@pytest.mark.parametrize(("place", "code"), [(0, "taobao_2025"), (1, "tmall_classic"), (2, "jd_2025")])
def test_each_preset_holds_the_numbers_of_the_field(desk: Desk, place: int, code: str) -> None:
    book = policies.rulebook(policies.current(FILED, code=code).pk)
    assert {key: book.rule(*key).due for key in TIME_OUTS} == {key: dues[place] for key, dues in TIME_OUTS.items()}
    assert {kind: (book.rule(kind).target, book.rule(kind).due) for kind in PROMISES} == PROMISES
    assert book.settings["escalate_after_hours"] == (24, 48, 24)[place]


def test_a_live_answer_takes_minutes_and_half_an_hour_in_a_peak(desk: Desk) -> None:
    book = policies.rulebook(desk.policy_id)
    assert (book.rule("live_wait").due, book.rule("live_wait", "peak").due) == (300, 1800)
    assert (book.rule("email_reply").target, book.rule("email_reply").due) == (1, 2)


def test_every_number_in_the_settings_is_a_number(desk: Desk) -> None:
    for name, value in policies.rulebook(desk.policy_id).settings.items():
        if name not in ("day_end", "seller_points"):
            assert Decimal(value) >= 0, name


def test_loading_twice_changes_nothing(calendar: Calendar) -> None:
    before = [model.objects.count() for model in (Calendar, Day, Policy, Target)], calendar.revision
    seed.load()
    calendar.refresh_from_db()
    assert ([model.objects.count() for model in (Calendar, Day, Policy, Target)], calendar.revision) == before


def test_loading_keeps_what_an_administrator_announced_and_renews_our_own_guess(calendar: Calendar) -> None:
    announced = Day.objects.create(calendar=calendar, date=date(2027, 2, 9), is_working=False, source="gov.cn")
    Day.objects.filter(calendar=calendar, date=date(2027, 4, 5)).update(provisional=False, source="gov.cn")
    Day.objects.filter(calendar=calendar, date=date(2027, 6, 9)).update(name="an old guess")
    seed.load()
    assert Day.objects.filter(pk=announced.pk).exists()
    assert Day.objects.get(calendar=calendar, date=date(2027, 4, 5)).source == "gov.cn"
    assert Day.objects.get(calendar=calendar, date=date(2027, 6, 9)).name == "端午节"


def test_the_stored_calendar_is_the_one_of_the_file(calendar: Calendar) -> None:
    stored, shipped = policies.calendar(calendar.pk), facts.working_calendar(facts.read("calendar_cn.json"))
    day = date(2023, 6, 1)
    while day < date(2028, 6, 1):
        assert stored.fact(day) == shipped.fact(day)
        day += DAY


@pytest.mark.parametrize("text", ["60%", "soon", "-1 h before", "1 working day after"])
def test_a_warning_that_nobody_can_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Not a warning"):
        seed.warning(text)


def test_a_published_policy_cannot_be_changed_even_by_hand(desk: Desk) -> None:
    policy = Policy.objects.get(pk=desk.policy_id)
    target = policy.targets.get(kind="resolution")
    changes: list[Callable[[], object]] = [
        lambda: Policy.objects.filter(pk=policy.pk).update(settings={}),
        lambda: Policy.objects.filter(pk=policy.pk).delete(),
        lambda: Target.objects.filter(pk=target.pk).update(due=9),
        lambda: Target.objects.filter(pk=target.pk).delete(),
        lambda: Target.objects.create(policy=policy, kind="tea_break", unit="calendar", due=60),
    ]
    for change in changes:
        with pytest.raises(IntegrityError, match="published"), transaction.atomic():
            change()
    assert Policy.objects.filter(pk=policy.pk).update(effective_to=FILED + DAY) == 1


def test_the_next_version_starts_as_a_draft_with_the_same_targets(desk: Desk) -> None:
    standing = policies.current(FILED)
    draft = policies.draft_next(standing, at=FILED)
    assert (draft.code, draft.version, draft.published_at) == ("taobao_2025", 2, None)
    assert draft.targets.count() == standing.targets.count()
    draft.targets.filter(kind="offer").update(due=60)
    assert policies.current(FILED + HOUR) == standing  # a draft is not in force
    policies.publish(draft, at=FILED)
    assert policies.current(FILED + HOUR) == draft
    assert policies.rulebook(draft.pk).rule("offer").due == 60
    assert policies.rulebook(standing.pk).rule("offer").due == 48 * H


def test_a_draft_is_read_anew_each_time(desk: Desk) -> None:
    draft = policies.draft_next(policies.current(FILED), at=FILED)
    assert policies.rulebook(draft.pk).rule("offer").due == 48 * H
    draft.targets.filter(kind="offer").update(due=60)
    assert policies.rulebook(draft.pk).rule("offer").due == 60


@pytest.mark.parametrize("change", [{"target": 8, "due": 7}, {"target": 0}, {"due": 0}])
def test_a_target_that_makes_no_sense_is_refused(desk: Desk, change: dict[str, int]) -> None:
    draft = policies.draft_next(policies.current(FILED), at=FILED)
    with pytest.raises(IntegrityError, match="target_"), transaction.atomic():
        draft.targets.filter(kind="resolution").update(**change)


def test_a_new_holiday_counts_at_once_and_open_deadlines_follow_later_only(desk: Desk, calendar: Calendar) -> None:
    open_case, done = desk.start("initial_response"), desk.start("initial_response")
    desk.do("stop", done, kinds=None, at=FILED + HOUR)
    before = desk.clock(open_case, "initial_response").due_at
    Day.objects.create(calendar=calendar, date=date(2026, 11, 18), is_working=False, name="Storm")
    assert desk.clock(desk.start("initial_response"), "initial_response").due_at == before + DAY
    with clock.standing_at(FILED + HOUR):
        sweep_task()
    assert recalculation.catch_up(at=FILED + HOUR) == 0
    moved = desk.clock(open_case, "initial_response")
    assert moved.due_at == before + DAY == datetime(2026, 11, 21, tzinfo=SHANGHAI)
    assert {"step": "skipped", "name": "Storm", "date": "2026-11-18", "to": "2026-11-18", "days": 1} in moved.steps
    assert [code for code, _ in desk.events(open_case)] == ["clock.recomputed"]
    assert desk.events(done) == []

    Day.objects.filter(calendar=calendar, name="Storm").delete()
    assert recalculation.catch_up(at=FILED + 2 * HOUR) == 0
    kept = desk.clock(open_case, "initial_response")
    assert kept.due_at == moved.due_at  # what was shown is never shortened
    assert kept.steps[-1] == {"step": "kept", "at": moved.due_at.isoformat()}


def test_catching_up_goes_on_where_it_stopped(desk: Desk, calendar: Calendar) -> None:
    cases = [desk.start("resolution") for _ in range(5)]
    Day.objects.create(calendar=calendar, date=date(2026, 11, 18), is_working=False, name="Storm")
    assert recalculation.catch_up(at=FILED + HOUR, batches=1, batch_size=2) == 2
    assert recalculation.catch_up(at=FILED + HOUR, batches=1, batch_size=2) == 2
    assert recalculation.catch_up(at=FILED + HOUR, batches=2, batch_size=2) == 1
    calendar.refresh_from_db()
    assert calendar.applied == calendar.revision
    assert Clock.objects.filter(case_id__in=cases, due_at=datetime(2026, 11, 27, tzinfo=SHANGHAI)).count() == 5


def test_a_paused_clock_reckons_with_the_calendar_of_its_resumption(desk: Desk, calendar: Calendar) -> None:
    case = desk.start("resolution")
    before = desk.clock(case, "resolution").due_at
    desk.do("pause", case, kinds=None, reason="testing", at=FILED + HOUR)
    Day.objects.create(calendar=calendar, date=date(2026, 11, 18), is_working=False, name="Storm")
    assert recalculation.catch_up(at=FILED + HOUR) == 0
    desk.do("resume", case, kinds=None, at=FILED + 2 * HOUR)
    assert desk.clock(case, "resolution").due_at == before + DAY


def test_a_service_that_closes_at_nine_ends_its_days_there(desk: Desk) -> None:
    draft = policies.draft_next(policies.current(FILED), at=FILED - timedelta(hours=1))
    Policy.objects.filter(pk=draft.pk).update(settings={**draft.settings, "day_end": "21:00"})
    desk.policy_id = draft.pk
    due_at = desk.clock(desk.start("initial_response"), "initial_response").due_at
    assert due_at == datetime(2026, 11, 19, 21, tzinfo=SHANGHAI)
    with pytest.raises(ValueError, match="Not a time of day"):
        policies.minutes("24:30")
