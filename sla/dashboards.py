"""Answers for supervisors, from the counters alone: none of them reads a case or a clock. Dates are local days.

compliance: promises kept ÷ promises that were due on those days; one that was released (withdrawn, merged) is not due.
stages: how long cases stood in a status, counted when they left it; percentiles to within a factor of two.
flow: filed and closed a day; what is left over is the backlog's growth. standing: open now, by status and age.
hours: filed by weekday (Monday 0) and hour. causes: who used the time of the promises that were missed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from casemgmt.errors import Invalid
from sla import buckets
from sla.models import RollUp

BY = ("kind", "day", "type", "channel", "priority", "handler", "seller")
AGES = (("today", 0), ("1-3", 3), ("4-7", 7), ("older", None))  # calendar days since the day of filing
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The days from `since` to `until`, both counted, and what the figures are narrowed to.

    Raises Invalid for days that run backwards, and where a handler or a seller is asked for together with anything
    else: their counters are kept apart.
    """

    since: date
    until: date
    type: str = ""
    channel: str = ""
    priority: str = ""
    handler: int = 0
    seller: int = 0

    def __post_init__(self) -> None:
        if self.until < self.since or self.until - self.since > LONGEST:
            raise Invalid("bad_period", _("Give days that run forwards, three years at most: since and until."))
        if bool(self.type or self.channel or self.priority) + bool(self.handler) + bool(self.seller) > 1:
            raise Invalid("bad_filter", _("Narrow by type, channel and priority, or by handler, or by seller."))

    @property
    def before(self) -> Scope:
        """As many days, right before these."""
        length = self.until - self.since + timedelta(days=1)
        return replace(self, since=self.since - length, until=self.until - length)

    def rows(self, *measures: str, by: str = "") -> QuerySet[RollUp]:
        """The counters of the scope; told apart by handler or seller only if the scope is narrowed to nothing else."""
        cube = "handler" if self.handler or by == "handler" else "seller" if self.seller or by == "seller" else "all"
        named = {name: getattr(self, name) for name in ("type", "channel", "priority", "handler", "seller")}
        wanted = {name: value for name, value in named.items() if value}
        if cube != "all" and (wanted.keys() - {cube} or by in ("type", "channel", "priority")):
            raise Invalid("bad_filter", _("Narrow by type, channel and priority, or by handler, or by seller."))
        return RollUp.objects.filter(cube=cube, measure__in=measures, **wanted)

    def within(self, *measures: str, by: str = "") -> QuerySet[RollUp]:
        return self.rows(*measures, by=by).filter(day__gte=self.since, day__lte=self.until)


def compliance(scope: Scope, *, by: str = "kind") -> dict[str, Any]:
    """{rows: [{key, met, missed, rate}], total, before}; `rate` is None where nothing was due."""
    if by not in BY:
        raise Invalid("bad_grouping", _("Group by one of: %(known)s.") % {"known": ", ".join(BY)})
    sums: defaultdict[str, dict[str, int]] = defaultdict(lambda: {"met": 0, "missed": 0})
    grouped = scope.within("met", "missed", by=by).values_list(by, "measure").annotate(many=Sum("n"))
    for key, measure, many in grouped.order_by():
        sums[str(key)][measure] += many
    rows = [{"key": key, **_rated(one)} for key, one in sorted(sums.items())]
    return {"rows": rows, "total": _total(scope), "before": _total(scope.before)}


def stages(scope: Scope) -> list[dict[str, Any]]:
    """[{status, n, mean, p50, p90}] in seconds, of the stays that ended on those days."""
    found: dict[str, dict[str, Any]] = {}
    for status, n, seconds in _summed(scope.within("stage"), "n", "seconds"):
        found[status] = {"status": status, "n": n, "mean": seconds / n if n else None}
    stays: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for kind, n in _summed(scope.within("stage_within"), "n"):
        status, _slash, number = kind.rpartition("/")
        stays[status][int(number)] = n
    return [
        {**one, "p50": _percentile(stays[status], 0.5), "p90": _percentile(stays[status], 0.9)}
        for status, one in sorted(found.items())
    ]


def flow(scope: Scope) -> list[dict[str, Any]]:
    """[{day, filed, closed, growth}], every day of the scope."""
    sums: defaultdict[tuple[date, str], int] = defaultdict(int)
    for day, measure, many in (
        scope.within("filed", "closed").values_list("day", "measure").annotate(many=Sum("n")).order_by()
    ):
        sums[day, measure] += many
    days = [scope.since + timedelta(days=number) for number in range((scope.until - scope.since).days + 1)]
    return [
        {"day": day, "filed": sums[day, "filed"], "closed": sums[day, "closed"],
         "growth": sums[day, "filed"] - sums[day, "closed"]}
        for day in days
    ]  # fmt: skip


def standing(scope: Scope) -> list[dict[str, Any]]:
    """[{status, n, ages: {today, 1-3, 4-7, older}, oldest}] of what is open now; `until` is today."""
    found: dict[str, dict[str, Any]] = {}
    rows = scope.rows("open").values_list("kind", "day").annotate(many=Sum("n")).filter(many__gt=0)
    for status, day, many in rows.order_by("kind", "day"):
        one = found.setdefault(status, {"status": status, "n": 0, "ages": dict.fromkeys(dict(AGES), 0), "oldest": day})
        one["n"] += many
        one["ages"][_age((scope.until - day).days)] += many
    return list(found.values())


def hours(scope: Scope) -> list[dict[str, Any]]:
    """[{weekday, hour, filed}] where anything was filed; Monday is 0."""
    found = [(*kind.split("-"), n) for kind, n in _summed(scope.within("filed_hour"), "n")]
    return [{"weekday": int(weekday), "hour": int(hour), "filed": n} for weekday, hour, n in found]


def causes(scope: Scope) -> list[dict[str, Any]]:
    """[{kind, seconds: {side: …}, shares: {side: 0–1}}] of the promises that were missed on those days."""
    used: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for kind, seconds in _summed(scope.within("used"), "seconds"):
        clock, _slash, side = kind.partition("/")
        used[clock][side] = seconds
    return [
        {"kind": kind, "seconds": sides, "shares": {side: one / sum(sides.values()) for side, one in sides.items()}}
        for kind, sides in sorted(used.items())
    ]


def _total(scope: Scope) -> dict[str, Any]:
    summed = scope.within("met", "missed").values_list("measure").annotate(many=Sum("n")).order_by()
    return {"since": scope.since, "until": scope.until, **_rated({"met": 0, "missed": 0, **dict(summed)})}


def _rated(sums: dict[str, int]) -> dict[str, Any]:
    due = sums["met"] + sums["missed"]
    return {**sums, "rate": sums["met"] / due if due else None}


def _summed(rows: QuerySet[RollUp], *columns: str) -> Iterable[tuple[Any, ...]]:
    """(kind, sum of each column), by kind."""
    sums = {f"sum_{name}": Sum(name) for name in columns}
    return rows.values_list("kind").annotate(**sums).order_by("kind")


def _age(days: int) -> str:
    return next(name for name, most in AGES if most is None or days <= most)


def _percentile(stays: dict[int, int], share: float) -> float | None:
    """The end of the bucket in which that share of the stays had ended."""
    wanted, seen = share * sum(stays.values()), 0
    for number, n in sorted(stays.items()):
        seen += n
        if n and seen >= wanted:
            return buckets.ends(number)
    return None
