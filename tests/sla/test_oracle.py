"""RB9: the arithmetic against a minute-by-minute walk, over random starts, calendars, hours, zones and pauses."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from sla import calendars
from sla.calendars import WHOLE_DAY, DayFact, Span, WorkingCalendar

from . import oracle
from .oracle import MINUTE, Stretch

# Each stretch begins some days before the clocks change, or before a leap day: gaps and overlaps of an hour and of half
# an hour, at two in the morning and at midnight itself, on both sides of the equator.
WORLDS = [
    ("Asia/Shanghai", date(2024, 2, 1)),
    ("Asia/Kolkata", date(2027, 12, 10)),
    ("America/New_York", date(2026, 2, 20)),
    ("America/New_York", date(2026, 10, 15)),
    ("Europe/Berlin", date(2026, 3, 10)),
    ("Europe/Berlin", date(2026, 10, 5)),
    ("Australia/Lord_Howe", date(2026, 3, 15)),
    ("Australia/Lord_Howe", date(2026, 9, 15)),
    ("America/Havana", date(2026, 2, 20)),
    ("America/Havana", date(2026, 10, 15)),
    ("America/Sao_Paulo", date(2018, 10, 20)),
    ("America/Sao_Paulo", date(2018, 1, 30)),
]
MANY: Any = {"deadline": None, "database": None}
SPREAD = 20 * 24 * 60  # minutes after the beginning in which clocks start and pauses begin


@st.composite
def worlds(draw: st.DrawFn) -> Stretch:
    return oracle.stretch(*draw(st.sampled_from(WORLDS)))


@st.composite
def pauses(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Up to three, overlapping, adjacent or empty; some at the very midnight of UTC."""
    begins = st.integers(3 * 1440, SPREAD) | st.integers(3, 20).map(lambda day: day * 1440)
    lengths = st.sampled_from([0, 1, 2, 60, 720, 1440, 2880]) | st.integers(0, 4 * 1440)
    return [(begin, begin + length) for begin, length in draw(st.lists(st.tuples(begins, lengths), max_size=3))]


@st.composite
def calendars_of(draw: st.DrawFn, world: Stretch, zone: str) -> WorkingCalendar:
    """Random weekends, holidays and make-up days."""
    weekend = draw(st.sampled_from([(5, 6), (4, 5), (6,), ()]))
    first = date.fromordinal(world.dates[0])
    facts = draw(st.dictionaries(st.integers(0, 45), st.booleans(), max_size=12))
    days = {first + timedelta(days=number): DayFact(is_working) for number, is_working in facts.items()}
    return WorkingCalendar(zone=zone, weekend=weekend, days=days)


def spans(world: Stretch, found: list[tuple[int, int]]) -> list[Span]:
    return [Span(world.instant(first), world.instant(last)) for first, last in found]


@settings(max_examples=5000, **MANY)
@given(data=st.data())
def test_working_days_agree_with_the_walk(data: st.DataObject) -> None:
    zone, first = data.draw(st.sampled_from(WORLDS))
    world = oracle.stretch(zone, first)
    calendar = data.draw(calendars_of(world, zone))
    start, days = data.draw(st.integers(2 * 1440, SPREAD)), data.draw(st.integers(1, 5))
    stood = data.draw(pauses())
    day_end = data.draw(st.sampled_from([WHOLE_DAY, WHOLE_DAY, 21 * 60, 12 * 60 + 30]))
    at, off = world.instant(start), spans(world, stood)
    due = calendars.due_working_days(calendar, start=at, days=days, pauses=off, day_end=day_end)
    working = {day for day in world.days if calendar.fact(date.fromordinal(day)).is_working}
    assert due.at == world.instant(oracle.working_days(world, start, days, working, stood, day_end))
    assert due.at == calendars.working_deadline(calendar, start=at, days=days, pauses=off, day_end=day_end)
    assert [step["n"] for step in due.steps if step["step"] == "counted"] == list(range(1, days + 1))
    unpaused = calendars.working_deadline(calendar, start=at, days=days, day_end=day_end)
    given_back = sum(step["days"] for step in due.steps if step["step"] == "paused")
    counted = calendar.count(calendar.ordinal(at) + 1, date.fromisoformat(due.steps[-1]["date"]).toordinal() + 1)
    assert counted == days + given_back
    assert due.at >= unpaused > at


@settings(max_examples=3000, **MANY)
@given(data=st.data())
def test_windows_agree_with_the_walk(data: st.DataObject) -> None:
    zone, first = data.draw(st.sampled_from(WORLDS))
    world = oracle.stretch(zone, first)
    opens, length = data.draw(st.integers(0, 22 * 60)), data.draw(st.integers(30, 18 * 60))
    windows = [(opens, min(opens + length, WHOLE_DAY))]
    if opens > 120 and data.draw(st.booleans()):
        windows.append((30, 90))
    start, minutes = data.draw(st.integers(2 * 1440, SPREAD)), data.draw(st.integers(1, 10 * 60))
    stood = data.draw(pauses())
    due = calendars.windowed_deadline(
        start=world.instant(start),
        seconds=minutes * 60,
        windows=windows,
        zone=ZoneInfo(zone),
        pauses=spans(world, stood),
    )
    assert due == world.instant(oracle.running(world, start, minutes, stood, windows))


@settings(max_examples=2000, **MANY)
@given(world=worlds(), start=st.integers(0, SPREAD), minutes=st.integers(1, 2 * 1440), stood=pauses())
def test_plain_hours_agree_with_the_walk(
    world: Stretch, start: int, minutes: int, stood: list[tuple[int, int]]
) -> None:
    due = calendars.due_elapsed(start=world.instant(start), seconds=minutes * 60, pauses=spans(world, stood))
    assert due.at == world.instant(oracle.running(world, start, minutes, stood, [(0, WHOLE_DAY)]))
    given_back = sum(step.get("seconds", 0) for step in due.steps if step["step"] == "paused")
    assert due.at == world.instant(start + minutes) + timedelta(seconds=given_back)


@settings(max_examples=700, **MANY)
@given(data=st.data())
def test_later_longer_or_more_paused_is_never_earlier(data: st.DataObject) -> None:
    zone, first = data.draw(st.sampled_from(WORLDS))
    world = oracle.stretch(zone, first)
    calendar = data.draw(calendars_of(world, zone))
    start, days = data.draw(st.integers(2 * 1440, SPREAD)), data.draw(st.integers(1, 6))
    stood = spans(world, data.draw(pauses()))

    def due(start_index: int, number: int, off: list[Span]) -> datetime:
        return calendars.working_deadline(calendar, start=world.instant(start_index), days=number, pauses=off)

    base = due(start, days, stood)
    assert due(start + data.draw(st.integers(0, 3000)), days, stood) >= base
    assert due(start, days + 1, stood) > base
    longer = [span._replace(until_at=span.until_at + data.draw(st.integers(0, 3000)) * MINUTE) for span in stood]
    assert due(start, days, longer) >= base
    assert due(start, days, stood[:-1]) <= base
    limited = [span._replace(limit_days=1) for span in stood]
    assert due(start, days, []) <= due(start, days, limited) <= base
    share = [
        calendars.after_working_days(calendar, start=world.instant(start), hundredths=h) for h in (0, 60, 100, 160)
    ]
    assert share == sorted(share)
