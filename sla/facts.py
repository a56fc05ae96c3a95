"""The facts that ship with the product, read from sla/data: the Chinese calendar and the three presets. Pure."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sla.workdays import DayFact, WorkingCalendar

DATA = Path(__file__).parent / "data"


def read(name: str) -> Any:
    """The parsed content of one data file."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def day_facts(source: Mapping[str, Any]) -> dict[date, DayFact]:
    """{date: fact} of a calendar file: {"years": [{"year", "source", "provisional", "off", "work"}]}.

    "off" and "work" are {name: ["MM-DD" or "MM-DD..MM-DD", …]}.
    """
    return {
        day: DayFact(is_working, name, year["provisional"], year["source"])
        for year in source["years"]
        for is_working, key in ((False, "off"), (True, "work"))
        for name, stretches in year[key].items()
        for stretch in stretches
        for day in _dates(year["year"], stretch)
    }


def working_calendar(source: Mapping[str, Any]) -> WorkingCalendar:
    """The calendar of such a file, without a database."""
    return WorkingCalendar(
        zone=source["zone"],
        weekend=source["weekend"],
        days=day_facts(source),
        statutory=statutory_days(source["statutory"]),
    )


def statutory_days(named: Mapping[str, str]) -> dict[tuple[int, int], str]:
    """{(month, day): name} of {"MM-DD": name}."""
    return {(int(key[:2]), int(key[3:])): name for key, name in named.items()}


def _dates(year: int, stretch: str) -> Iterator[date]:
    first, _, last = stretch.partition("..")
    day, end = _date(year, first), _date(year, last or first)
    while day <= end:
        yield day
        day += timedelta(days=1)


def _date(year: int, month_and_day: str) -> date:
    return date.fromisoformat(f"{year}-{month_and_day}")
