"""The receipt of a deadline says in words what its steps say in codes; none of them is left unsaid."""

from __future__ import annotations

import inspect
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from sla import calendars, dials, explanations, receipts, reckoning

SHANGHAI = ZoneInfo("Asia/Shanghai")
PAUSE = {"step": "paused", "reason": "awaiting_buyer", "from": "2026-11-03T02:00:00+00:00", "to": "2026-11-04T02:00:00+00:00"}  # fmt: skip
STEPS: list[tuple[dict[str, Any], str]] = [
    ({"step": "start", "at": "2026-11-02T02:00:00+00:00", "seconds": 172800}, "It began at Nov. 2, 2026, 10 a.m. and is 2 d long."),
    ({"step": "day_0", "date": "2026-11-02"}, "Nov. 2, 2026 is when it happened; counting begins on the next day."),
    ({"step": "counted", "n": 1, "date": "2026-11-03"}, "Nov. 3, 2026: working day 1."),
    ({"step": "counted", "n": 1, "date": "2027-11-03", "provisional": True}, "Nov. 3, 2027: working day 1. The calendar of that year is not final yet."),
    ({"step": "make_up_day", "date": "2026-10-10", "name": "国庆节"}, "Oct. 10, 2026 is worked in exchange for the holiday National Day."),
    ({"step": "skipped", "date": "2026-11-07", "to": "2026-11-08", "days": 2, "name": ""}, "Nov. 7, 2026 to Nov. 8, 2026 do not count: 2 days of rest."),
    ({"step": "skipped", "date": "2026-11-08", "to": "2026-11-08", "days": 1, "name": ""}, "Nov. 8, 2026 does not count: a day of rest."),
    ({"step": "skipped", "date": "2026-06-19", "to": "2026-06-19", "days": 1, "name": "端午节"}, "June 19, 2026 does not count: Dragon Boat Festival."),
    ({"step": "skipped", "date": "2026-10-01", "to": "2026-10-07", "days": 7, "name": "国庆节"}, "Oct. 1, 2026 to Oct. 7, 2026 do not count: National Day, 7 days of rest."),
    ({"step": "skipped", "date": "2026-12-24", "to": "2026-12-25", "days": 2, "name": "Weihnachten"}, "Dec. 24, 2026 to Dec. 25, 2026 do not count: Weihnachten, 2 days of rest."),
    ({"step": "make_up_day", "date": "2026-10-10", "name": ""}, "Oct. 10, 2026 is worked."),
    ({**PAUSE, "days": 1}, "It stood still from Nov. 3, 2026, 10 a.m. to Nov. 4, 2026, 10 a.m.: waiting. That is 1 working day more."),
    ({**PAUSE, "seconds": 86400}, "It stood still from Nov. 3, 2026, 10 a.m. to Nov. 4, 2026, 10 a.m.: waiting. That is 1 d more."),
    (PAUSE, "It stood still from Nov. 3, 2026, 10 a.m. to Nov. 4, 2026, 10 a.m.: waiting."),
    ({"step": "window", "opens": 540, "closes": 1080}, "Only the time from 09:00 to 18:00 of each day counts."),
    ({"step": "extended", "by": 2, "unit": "working_days", "reason": "test"}, "It was made 2 working days longer."),
    ({"step": "extended", "by": 86400, "unit": "calendar", "reason": "test"}, "It was made 1 d longer."),
    ({"step": "extended", "by": 1800, "unit": "calendar", "reason": "outage", "outage": "x"}, "Our service was interrupted. It was made 30 min longer."),
    ({"step": "due", "at": "2026-11-24T21:06:00+00:00"}, "It ends at Nov. 25, 2026, 5:06 a.m."),
    ({"step": "cut", "seconds": 3600}, "It was made shorter by 1 h."),
    ({"step": "last_day", "n": 7, "date": "2026-11-09"}, "Day 7, the last one, is Nov. 9, 2026."),
    ({"step": "rolled", "date": "2026-11-07", "to": "2026-11-09"}, "Nov. 7, 2026 is a day of rest, so it moves to Nov. 9, 2026."),
    ({"step": "kept", "at": "2026-11-02T02:00:00+00:00"}, "The deadline that was told before, Nov. 2, 2026, 10 a.m., stands."),
    ({"step": "due", "at": "2026-11-05T16:00:00+00:00", "date": "2026-11-05", "time": "24:00"}, "It ends on Nov. 5, 2026 at 24:00."),
    ({"step": "due", "at": "2026-11-05T16:00:00+00:00"}, "It ends at Nov. 6, 2026, midnight."),
]  # fmt: skip


def told(step: dict[str, Any], language: str) -> list[str]:
    with translation.override(language):
        return receipts.told([step], zone=SHANGHAI, why=lambda _code: "waiting")


@pytest.mark.parametrize(("step", "said"), STEPS)
def test_a_step_is_told_in_words(step: dict[str, Any], said: str) -> None:
    assert told(step, "en") == [said]


@pytest.mark.parametrize("step", [step for step, _said in STEPS])
def test_a_step_is_told_in_chinese_too(step: dict[str, Any]) -> None:
    said = told(step, "zh-hans")[0].replace("waiting", "").replace("Weihnachten", "")
    assert re.search(r"[\u4e00-\u9fff]", said) and not re.search(r"[A-Za-z]{3,}", said)


def test_every_step_that_is_made_has_words() -> None:
    """Read off the modules that make them."""
    made: set[str] = set()
    for module in (calendars, dials, explanations, reckoning):
        made |= set(re.findall(r'"step": "(\w+)"', inspect.getsource(module)))
    assert made == {step["step"] for step, _said in STEPS}


def test_a_step_of_another_version_is_left_out() -> None:
    assert told({"step": "unheard_of"}, "en") == told({}, "en") == []
