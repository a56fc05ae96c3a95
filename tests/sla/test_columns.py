"""A column of deadlines is what each of them is alone."""

import random
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from sla import calendars, columns
from sla.calendars import DayFact, WorkingCalendar
from sla.columns import Table

from .test_known_answers import CHINA

SAMPLES = 3000
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]


def some(seed: int, first: datetime, days: int) -> list[datetime]:
    chance = random.Random(seed)
    return [first + timedelta(microseconds=chance.randrange(days * 86_400_000_000)) for _ in range(SAMPLES)]


@pytest.mark.parametrize("days", [1, 3, 7, 30])
def test_in_china_each_of_a_column_is_what_it_is_alone(days: int) -> None:
    starts = some(days, datetime(2024, 1, 1, tzinfo=UTC), 1000)
    table = Table.of(CHINA, first_year=2023, last_year=2027)
    assert columns.datetimes(table.deadlines(columns.instants(starts), days=days)) == [
        calendars.working_deadline(CHINA, start=start, days=days) for start in starts
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_where_clocks_change_too(zone: str) -> None:
    facts = {date(2024, 5, 1): DayFact(False, "a holiday"), date(2024, 5, 4): DayFact(True, "a make-up day")}
    calendar = WorkingCalendar(zone=zone, weekend=(5, 6), days=facts)
    starts = some(1, datetime(2011, 12, 1, tzinfo=UTC), 5000)
    table = Table.of(calendar, first_year=2011, last_year=2026)
    assert columns.datetimes(table.deadlines(columns.instants(starts), days=2)) == [
        calendars.working_deadline(calendar, start=start, days=2) for start in starts
    ]


def test_both_sides_of_each_midnight_belong_to_their_own_day() -> None:
    table = Table.of(CHINA, first_year=2026, last_year=2026)
    edges = np.concatenate([table.midnights[1:-1] - 1, table.midnights[1:-1]])
    places = table.days(edges)
    half = len(edges) // 2
    assert (places[:half] == np.arange(half)).all()
    assert (places[half:] == np.arange(1, half + 1)).all()


def test_what_the_table_does_not_hold_is_refused_and_never_guessed() -> None:
    table = Table.of(CHINA, first_year=2026, last_year=2026)
    inside = columns.instants([datetime(2026, 12, 29, tzinfo=UTC)])
    with pytest.raises(ValueError, match="beyond"):
        table.deadlines(inside, days=7)
    for outside in (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)):
        with pytest.raises(ValueError, match="outside"):
            table.deadlines(columns.instants([outside]), days=1)
    with pytest.raises(ValueError, match="at least one"):
        table.deadlines(inside, days=0)
    assert len(table.deadlines(columns.instants([]), days=7)) == 0
