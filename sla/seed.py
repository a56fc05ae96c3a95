"""Loading the facts that ship with the product: the Chinese calendar and three presets. Running it twice is safe."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from sla import facts, policies
from sla.calendars import DayFact
from sla.models import Calendar, Day, Policy, Target

_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_WARNING = re.compile(r"(\d+) (?:(%)|(working days?) before|(s|min|h|d) (before|after))")


def load() -> None:
    """Calendar "cn" and the policies taobao_2025, tmall_classic, jd_2025; what is published already stays as it is.

    An announced day replaces a provisional one. A day that an administrator entered by hand (with a source of his own)
    is left alone.
    """
    with transaction.atomic():
        calendar = _load_calendar(facts.read("calendar_cn.json"))
        source = facts.read("policies.json")
        for preset in source["policies"]:
            _load_policy(calendar, source, preset)


def warning(text: str) -> dict[str, Any]:
    """The stored form of "60 %", "1 working day before", "24 h before" or "5 d after"; ValueError for anything else."""
    if (found := _WARNING.fullmatch(text)) is None:
        raise ValueError(f"Not a warning: {text}")
    number, percent, working_days, unit, side = found.groups()
    if percent:
        return {"rung": f"percent_{number}", "percent": int(number)}
    if working_days:
        return {"rung": f"before_{number}_working_days", "days_before": int(number)}
    return {"rung": f"{side}_{number}_{unit}", side: int(number) * _SECONDS[unit]}


def _load_calendar(source: Mapping[str, Any]) -> Calendar:
    calendar, _ = Calendar.objects.get_or_create(
        code=source["code"],
        defaults={key: source[key] for key in ("name", "zone", "weekend", "statutory")},
    )
    known = {day.date: day for day in Day.objects.filter(calendar=calendar)}
    Day.objects.filter(pk__in=[day.pk for day in _withdrawn(source, known)]).delete()
    Day.objects.bulk_create(
        Day(calendar=calendar, date=day, **fact._asdict())
        for day, fact in facts.day_facts(source).items()
        if day not in known
    )
    return calendar


def _withdrawn(source: Mapping[str, Any], known: dict[date, Day]) -> Iterator[Day]:
    """The provisional days of our own that the file no longer holds as they stand; they leave `known`."""
    found = facts.day_facts(source)
    for day, row in list(known.items()):
        if row.provisional and found.get(day) != DayFact(row.is_working, row.name, row.provisional, row.source):
            yield known.pop(day)


def _load_policy(calendar: Calendar, source: Mapping[str, Any], preset: Mapping[str, Any]) -> None:
    policy, created = Policy.objects.get_or_create(
        code=preset["code"],
        version=source["version"],
        defaults={
            "name": preset["name"],
            "calendar": calendar,
            "is_default": preset.get("is_default", False),
            "effective_from": datetime.fromisoformat(source["effective_from"]),
            "settings": {**source["settings"], **preset["settings"]},
        },
    )
    if not created:
        return
    rows = {(row["kind"], row.get("variant", "")): row for row in [*source["targets"], *preset["targets"]]}
    Target.objects.bulk_create(_target(policy, row) for row in rows.values())
    policies.publish(policy, at=policy.effective_from)


def _target(policy: Policy, row: Mapping[str, Any]) -> Target:
    return Target(
        policy=policy,
        kind=row["kind"],
        variant=row.get("variant", ""),
        unit=row["unit"],
        target=_amount(row["target"]) if "target" in row else None,
        due=_amount(row["due"]),
        windows=row.get("windows", []),
        warnings=[warning(text) for text in row.get("warnings", [])],
    )


def _amount(written: int | str) -> int:
    """Working days as they are; "24 h" in seconds."""
    if isinstance(written, int):
        return written
    number, unit = written.split()
    return int(number) * _SECONDS[unit]
