"""Deadlines whose answer is known from the law, the announced calendars and the platforms' own examples."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from sla import calendars, facts
from sla.calendars import DayFact, Span, WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = facts.working_calendar(facts.read("calendar_cn.json"))
JD_WINDOW = ((9 * 60, 18 * 60),)

# filed, then the last days of 1, 2, 3 and 7 working days
TABLE = [
    ("2026-01-01", "01-04", "01-05", "01-06", "01-12"),
    ("2026-02-13", "02-14", "02-24", "02-25", "03-02"),
    ("2026-02-14", "02-24", "02-25", "02-26", "03-03"),
    ("2026-02-20", "02-24", "02-25", "02-26", "03-03"),
    ("2026-04-30", "05-06", "05-07", "05-08", "05-13"),
    ("2026-05-08", "05-09", "05-11", "05-12", "05-18"),
    ("2026-09-18", "09-20", "09-21", "09-22", "09-29"),
    ("2026-09-24", "09-28", "09-29", "09-30", "10-12"),
    ("2026-09-30", "10-08", "10-09", "10-10", "10-15"),
    ("2026-11-20", "11-23", "11-24", "11-25", "12-01"),
    ("2026-12-22", "12-23", "12-24", "12-25", "12-31"),
]
CASES = [(row[0], days, f"2026-{row[place]}") for row in TABLE for place, days in ((1, 1), (2, 2), (3, 3), (4, 7))]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def after(start: datetime, days: int, *pauses: Span) -> datetime:
    return calendars.working_deadline(CHINA, start=start, days=days, pauses=pauses)


@pytest.mark.promise("R1-25", "R1-26")
@pytest.mark.parametrize(("filed", "days", "last"), CASES)
def test_the_nth_working_day_ends_at_midnight_of_the_known_date(filed: str, days: int, last: str) -> None:
    due = calendars.due_working_days(CHINA, start=local(f"{filed}T11:00"), days=days)
    assert due.at == local(f"{last}T00:00") + timedelta(days=1)
    assert due.at == after(local(f"{filed}T11:00"), days)
    assert due.steps[-1]["date"] == last
    assert not due.provisional


def test_the_instant_is_stored_in_utc() -> None:
    assert after(local("2026-02-13T09:00"), 3) == datetime(2026, 2, 25, 16, tzinfo=UTC)


def test_the_hour_of_filing_does_not_matter_but_the_local_date_does() -> None:
    first, last = local("2026-11-20T00:00:00"), local("2026-11-20T23:59:59")
    assert after(first, 3) == after(last, 3)
    in_utc = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # already the 21st in Shanghai
    assert after(in_utc, 1) == after(local("2026-11-21T00:30"), 1) == after(local("2026-11-21T12:00"), 1)


def test_a_year_that_nobody_announced_does_not_raise_and_is_provisional() -> None:
    due = calendars.due_working_days(CHINA, start=local("2026-12-23T10:00"), days=7)
    assert due.at == local("2027-01-05T00:00")
    assert due.provisional
    assert not calendars.due_working_days(CHINA, start=local("2026-12-22T10:00"), days=7).provisional


def test_a_year_without_any_row_falls_back_to_weekends_and_statutory_days() -> None:
    due = calendars.due_working_days(CHINA, start=local("2031-09-30T10:00"), days=1)
    assert due.at == local("2031-10-07T00:00")  # 1 to 3 October off, 4 and 5 a weekend
    assert due.provisional
    assert CHINA.fact(date(2031, 10, 1)) == DayFact(False, "国庆节", True)
    early = calendars.due_working_days(CHINA, start=local("1999-12-30T10:00"), days=2)
    assert early.at == local("2000-01-04T00:00")


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_agrees_with_the_second_opinion(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        assert CHINA.fact(day).is_working == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_the_steps_name_the_holiday_and_the_make_up_day() -> None:
    steps = calendars.due_working_days(CHINA, start=local("2026-09-30T10:00"), days=3).steps
    assert steps == [
        {"step": "day_0", "date": "2026-09-30"},
        {"step": "skipped", "name": "国庆节", "date": "2026-10-01", "to": "2026-10-07", "days": 7},
        {"step": "counted", "n": 1, "date": "2026-10-08"},
        {"step": "counted", "n": 2, "date": "2026-10-09"},
        {"step": "make_up_day", "date": "2026-10-10", "name": "国庆节"},
        {"step": "counted", "n": 3, "date": "2026-10-10"},
        {"step": "due", "at": "2026-10-10T16:00:00+00:00", "date": "2026-10-10", "time": "24:00"},
    ]


def test_a_working_day_may_end_when_the_service_closes() -> None:
    due = calendars.due_working_days(CHINA, start=local("2026-11-20T10:00"), days=1, day_end=21 * 60)
    assert due.at == local("2026-11-23T21:00")
    assert due.steps[-1]["time"] == "21:00"


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-10-01T10:00", "2026-10-01T14:00"),
        ("2026-10-01T14:00", "2026-10-01T18:00"),
        ("2026-10-01T14:01", "2026-10-02T09:01"),
        ("2026-10-01T18:00", "2026-10-02T13:00"),
        ("2026-10-01T03:00", "2026-10-01T13:00"),
    ],
)
def test_four_hours_between_nine_and_eighteen_run_on_holidays_too(asked: str, due: str) -> None:
    found = calendars.due_windowed(start=local(asked), seconds=4 * 3600, windows=JD_WINDOW, zone=SHANGHAI)
    assert found.at == local(due)
    assert found.steps[1] == {"step": "window", "opens": 540, "closes": 1080}


@pytest.mark.parametrize(
    ("signed", "last"),
    [("2026-03-03", "2026-03-10"), ("2026-04-27", "2026-05-06"), ("2026-11-14", "2026-11-23")],
)
def test_seven_days_of_no_reason_return_roll_over_rest(signed: str, last: str) -> None:
    due = calendars.due_calendar_days(CHINA, start=local(f"{signed}T15:00"), days=7)
    assert due.at == local(f"{last}T00:00") + timedelta(days=1)
    assert due.steps[-1]["date"] == last


def test_rolling_over_rest_can_be_switched_off() -> None:
    due = calendars.due_calendar_days(CHINA, start=local("2026-04-27T15:00"), days=7, roll=False)
    assert due.at == local("2026-05-05T00:00")


def test_two_minutes_over_midnight_buy_nothing() -> None:
    start = local("2026-11-16T10:00")
    pause = Span(local("2026-11-17T23:59"), local("2026-11-18T00:01"), "awaiting_buyer")
    assert after(start, 3, pause) == after(start, 3) == local("2026-11-20T00:00")


def test_a_whole_working_day_inside_a_pause_is_given_back_and_a_rest_day_is_not() -> None:
    start = local("2026-11-19T10:00")  # a Thursday
    over_friday = Span(local("2026-11-20T00:00"), local("2026-11-21T00:00"), "testing")
    over_weekend = Span(local("2026-11-21T00:00"), local("2026-11-23T00:00"), "testing")
    assert after(start, 2, over_friday) == local("2026-11-25T00:00")
    assert after(start, 2, over_weekend) == after(start, 2) == local("2026-11-24T00:00")


def test_a_day_short_of_one_minute_at_either_end_is_not_whole() -> None:
    start = local("2026-11-16T10:00")
    whole = (local("2026-11-18T00:00"), local("2026-11-19T00:00"))
    assert after(start, 3, Span(*whole)) == after(start, 4)
    last = (local("2026-11-19T00:00"), local("2026-11-20T00:00"))
    assert after(start, 3, Span(*last)) == after(start, 4)
    assert after(start, 2, Span(*last)) == last[0]  # begins at the very deadline
    assert after(start, 3, Span(whole[0] + timedelta(minutes=1), whole[1])) == after(start, 3)
    assert after(start, 3, Span(whole[0], whole[1] - timedelta(minutes=1))) == after(start, 3)


def test_neighbouring_pauses_count_as_one() -> None:
    start, noon = local("2026-11-16T10:00"), local("2026-11-18T12:00")
    first = Span(noon - timedelta(days=1), noon, "awaiting_buyer")
    second = Span(noon, noon + timedelta(days=1), "suspended")
    assert after(start, 3, first) == after(start, 3, second) == after(start, 3)
    due = calendars.due_working_days(CHINA, start=start, days=3, pauses=(first, second))
    assert due.at == after(start, 4)
    assert [(step["reason"], step["days"]) for step in due.steps if step["step"] == "paused"] == [
        ("awaiting_buyer", 1),
        ("suspended", 0),
    ]


def test_a_limited_pause_counts_so_many_working_days_and_no_more() -> None:
    start = local("2026-11-16T10:00")
    long = (local("2026-11-17T10:00"), local("2026-11-27T10:00"))
    assert after(start, 3, Span(*long, "carrier_investigation", 2)) == after(start, 5)
    assert after(start, 3, Span(*long, "carrier_investigation", 0)) == after(start, 3)
    assert after(start, 3, Span(*long, "testing")) == after(start, 10)


def test_a_pause_that_begins_when_it_is_already_late_changes_nothing() -> None:
    start = local("2026-11-16T10:00")
    due = after(start, 3)
    assert after(start, 3, Span(due, due + timedelta(days=5))) == due


def test_a_quarter_into_the_fifth_day() -> None:
    start = local("2026-11-16T10:00")
    assert calendars.after_working_days(CHINA, start=start, hundredths=420) == local("2026-11-23T04:48")
    assert calendars.after_working_days(CHINA, start=start, hundredths=600) == local("2026-11-25T00:00")


def test_a_calendar_without_a_working_weekday_is_refused() -> None:
    with pytest.raises(ValueError, match="working weekday"):
        WorkingCalendar(zone="UTC", weekend=range(7))


@pytest.mark.parametrize("windows", [(), ((600, 600),), ((700, 600),), ((0, 1441),)])
def test_a_window_that_never_opens_is_refused(windows: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValueError, match="daily window"):
        calendars.windowed_deadline(start=local("2026-11-16T10:00"), seconds=60, windows=windows, zone=SHANGHAI)


def test_zero_working_days_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        after(local("2026-11-16T10:00"), 0)
