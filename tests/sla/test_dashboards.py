"""The figures of the dashboards, from counters whose every row is known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from casemgmt.errors import Invalid
from sla import buckets, dashboards
from sla.dashboards import Scope
from sla.models import RollUp

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)
WEEK = Scope(since=MONDAY, until=MONDAY + timedelta(days=6))


def row(
    measure: str, kind: str, n: int, *, day: int = 0, cube: str = "all", seconds: float = 0.0, **facts: Any
) -> None:
    told = {"type": "logistics", "channel": "web", "priority": "normal"} if cube == "all" else {}
    RollUp.objects.create(
        cube=cube,
        measure=measure,
        kind=kind,
        day=MONDAY + timedelta(days=day),
        n=n,
        seconds=seconds,
        **{**told, **facts},
    )


def test_compliance_is_what_was_kept_of_what_was_due_beside_the_period_before() -> None:
    row("met", "resolution", 8)
    row("missed", "resolution", 2, day=6)
    row("missed", "initial_response", 1, day=3)
    row("released", "resolution", 50)
    row("met", "resolution", 3, day=-1)
    row("missed", "resolution", 1, day=-7)
    row("met", "resolution", 100, day=7)
    row("met", "resolution", 100, day=-8)
    found = dashboards.compliance(WEEK)
    assert found["rows"] == [
        {"key": "initial_response", "met": 0, "missed": 1, "rate": 0.0},
        {"key": "resolution", "met": 8, "missed": 2, "rate": 0.8},
    ]
    assert (found["total"]["met"], found["total"]["missed"]) == (8, 3)
    assert found["before"] == {
        "since": MONDAY - timedelta(days=7), "until": MONDAY - timedelta(days=1), "met": 3, "missed": 1, "rate": 0.75,
    }  # fmt: skip


def test_where_nothing_was_due_there_is_no_rate() -> None:
    assert dashboards.compliance(WEEK)["total"]["rate"] is None


@pytest.mark.parametrize(("by", "keys"), [("day", ["2026-11-02", "2026-11-03"]), ("type", ["logistics", "order"]),
                                          ("channel", ["phone", "web"]), ("priority", ["high", "normal"])])  # fmt: skip
def test_figures_are_told_apart_by_what_is_asked(by: str, keys: list[str]) -> None:
    row("met", "resolution", 1)
    row("met", "resolution", 2, day=1, type="order", channel="phone", priority="high")
    assert [one["key"] for one in dashboards.compliance(WEEK, by=by)["rows"]] == keys


def test_figures_are_narrowed_and_the_sums_agree() -> None:
    row("met", "resolution", 1)
    row("met", "resolution", 2, type="order")
    row("met", "resolution", 3, cube="handler", handler=7)
    row("met", "resolution", 3, cube="seller", seller=9)
    whole = dashboards.compliance(WEEK)["total"]["met"]
    assert whole == sum(one["met"] for one in dashboards.compliance(WEEK, by="type")["rows"]) == 3
    narrowed = {"type": "order", "handler": 7, "seller": 9}
    for name, value in narrowed.items():
        scope = Scope(since=WEEK.since, until=WEEK.until, **{name: value})  # type: ignore[arg-type]
        assert dashboards.compliance(scope)["total"]["met"] == (2 if name == "type" else 3)
    assert dashboards.compliance(WEEK, by="handler")["rows"][0]["key"] == "7"


def test_what_the_counters_cannot_tell_together_is_refused() -> None:
    with pytest.raises(Invalid):
        Scope(since=MONDAY, until=MONDAY, handler=1, seller=1)
    with pytest.raises(Invalid):
        Scope(since=MONDAY, until=MONDAY, handler=1, type="order")
    with pytest.raises(Invalid):
        dashboards.compliance(Scope(since=MONDAY, until=MONDAY, seller=1), by="type")
    with pytest.raises(Invalid):
        dashboards.compliance(WEEK, by="weather")


@pytest.mark.parametrize("days", [-1, 3 * 366 + 1])
def test_days_run_forwards_and_not_for_ever(days: int) -> None:
    with pytest.raises(Invalid):
        Scope(since=MONDAY, until=MONDAY + timedelta(days=days))
    Scope(since=MONDAY, until=MONDAY)


def test_percentiles_are_the_ends_of_their_buckets() -> None:
    row("stage", "awaiting_seller", 10, seconds=36000)
    row("stage_within", "awaiting_seller/0", 5)
    row("stage_within", "awaiting_seller/3", 4, day=1)
    row("stage_within", "awaiting_seller/9", 1)
    (one,) = dashboards.stages(WEEK)
    assert (one["n"], one["mean"]) == (10, 3600)
    assert (one["p50"], one["p90"]) == (buckets.ends(0), buckets.ends(3))


def test_the_backlog_grows_by_what_was_filed_and_not_closed() -> None:
    row("filed", "", 5)
    row("closed", "settled", 2)
    row("closed", "withdrawn", 1)
    days = dashboards.flow(WEEK)
    assert len(days) == 7
    assert days[0] == {"day": MONDAY, "filed": 5, "closed": 3, "growth": 2}
    assert days[6] == {"day": MONDAY + timedelta(days=6), "filed": 0, "closed": 0, "growth": 0}


def test_open_work_is_told_by_status_and_age() -> None:
    for day, n in ((6, 1), (5, 2), (3, 4), (2, 8), (-1, 16), (-2, 32)):
        row("open", "awaiting_seller", n, day=day)
    row("open", "ruled", 3)
    row("open", "ruled", -3, channel="phone")
    (one,) = dashboards.standing(WEEK)
    assert one == {
        "status": "awaiting_seller", "n": 63, "oldest": MONDAY - timedelta(days=2),
        "ages": {"today": 1, "1-3": 6, "4-7": 24, "older": 32},
    }  # fmt: skip


def test_hours_and_causes_are_read_off_their_kinds() -> None:
    row("filed_hour", "0-09", 4)
    row("filed_hour", "6-23", 1)
    row("used", "resolution/seller", 1, seconds=300)
    row("used", "resolution/platform", 1, seconds=100)
    assert dashboards.hours(WEEK) == [
        {"weekday": 0, "hour": 9, "filed": 4}, {"weekday": 6, "hour": 23, "filed": 1},
    ]  # fmt: skip
    (cause,) = dashboards.causes(WEEK)
    assert cause["shares"] == {"seller": 0.75, "platform": 0.25}
