"""Which policy stands, and what it sets. A published policy never changes, so each process keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from sla.calendars import WHOLE_DAY, DayFact, WorkingCalendar
from sla.facts import statutory_days
from sla.models import Calendar, Clock, Day, Policy, Target


class NoPolicyError(LookupError):
    """No published policy is in force, or it sets no target for a kind of clock: `manage.py load_rules` mends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One target, frozen. `due` and `target` are working days, or seconds; `windows` minutes after midnight."""

    id: int
    kind: str
    variant: str
    unit: str
    target: int | None
    due: int
    windows: tuple[tuple[int, int], ...]
    warnings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """One policy, frozen. `day_end` is in minutes after midnight: when a working day is over."""

    id: int
    code: str
    version: int
    calendar_id: int
    day_end: int
    settings: Mapping[str, Any]
    rules: Mapping[tuple[str, str], Rule]

    def rule(self, kind: str, variant: str = "") -> Rule:
        """The rule of that variant, else of the kind; NoPolicyError if there is neither."""
        found = self.rules.get((kind, variant)) or self.rules.get((kind, ""))
        if found is None:
            raise NoPolicyError(f"Policy {self.code} {self.version} sets no target for {kind} {variant}".rstrip())
        return found


_published: dict[int, Rulebook] = {}
_calendars: dict[int, tuple[int, WorkingCalendar]] = {}  # calendar id: its revision, and what it was then


# By hand: every filing asks this, and making the statement anew from expressions costs more than running it.
_IN_FORCE = """
SELECT policy.id, policy.calendar_id, calendar.revision
FROM sla_policy AS policy JOIN sla_calendar AS calendar ON calendar.id = policy.calendar_id
WHERE CASE WHEN %(code)s = '' THEN policy.is_default ELSE policy.code = %(code)s END
  AND policy.published_at IS NOT NULL AND policy.effective_from <= %(at)s
  AND (policy.effective_to IS NULL OR policy.effective_to > %(at)s)
ORDER BY policy.effective_from DESC, policy.version DESC LIMIT 1
"""


@dataclass(frozen=True, kw_only=True)
class InForce:
    """A policy's id, and by its id the calendar it counts with, as it stands now."""

    policy_id: int
    calendars: dict[int, WorkingCalendar]


def in_force(at: datetime, *, code: str = "") -> InForce:
    """The policy that a case filed at `at` falls under: of that code, or the default one; else NoPolicyError."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, {"code": code, "at": at})
        row = cursor.fetchone()
    if row is None:
        raise NoPolicyError(f"No published policy {code or '(default)'} is in force at {at.isoformat()}.")
    policy_id, calendar_id, revision = row
    return InForce(policy_id=policy_id, calendars={calendar_id: calendar(calendar_id, revision=revision)})


def current(at: datetime, *, code: str = "") -> Policy:
    """The row of the policy in force at `at`; else NoPolicyError."""
    return Policy.objects.get(pk=in_force(at, code=code).policy_id)


def publish(policy: Policy, *, at: datetime) -> None:
    """Freeze the policy: from now on cases are filed under it, and neither it nor its targets ever change."""
    policy.published_at = at
    policy.save(update_fields=["published_at"])


def draft_next(policy: Policy, *, at: datetime) -> Policy:
    """The policy's next version as a draft, with a copy of its targets; in force from `at` once it is published."""
    latest = Policy.objects.filter(code=policy.code).order_by("-version").values_list("version", flat=True).first()
    targets = list(policy.targets.all())
    draft = Policy.objects.create(
        code=policy.code,
        version=(latest or 0) + 1,
        name=policy.name,
        calendar_id=policy.calendar_id,
        is_default=policy.is_default,
        effective_from=at,
        settings=policy.settings,
    )
    for target in targets:
        target.pk, target.policy = None, draft
    Target.objects.bulk_create(targets)
    return draft


def rulebook(policy_id: int) -> Rulebook:
    """What the policy sets. Two queries the first time in a process; none after that, once it is published."""
    if (known := _published.get(policy_id)) is not None:
        return known
    policy = Policy.objects.get(pk=policy_id)
    book = Rulebook(
        id=policy.pk,
        code=policy.code,
        version=policy.version,
        calendar_id=policy.calendar_id,
        day_end=minutes(policy.settings.get("day_end", "24:00")),
        settings=policy.settings,
        rules={(rule.kind, rule.variant): rule for rule in map(_rule, Target.objects.filter(policy_id=policy_id))},
    )
    if policy.published_at is not None:
        _published[policy_id] = book
    return book


def rule_of(clock: Clock) -> Rule:
    """What the clock's frozen policy sets for it."""
    return rulebook(clock.policy_id).rule(clock.kind, clock.variant)


def calendar(calendar_id: int, *, revision: int | None = None) -> WorkingCalendar:
    """The calendar as it stands now: one small query unless its revision is known; its days again only if changed."""
    if revision is None:
        revision = Calendar.objects.values_list("revision", flat=True).get(pk=calendar_id)
    known = _calendars.get(calendar_id)
    if known is None or known[0] != revision:
        _calendars[calendar_id] = known = (revision, _calendar(calendar_id))
    return known[1]


def forget() -> None:
    """Keep nothing any longer: this process goes on with another database."""
    _published.clear()
    _calendars.clear()


def minutes(wall_time: str) -> int:
    """Minutes after midnight of "HH:MM"; "24:00" is the end of the day."""
    hours, _, rest = wall_time.partition(":")
    total = int(hours) * 60 + int(rest)
    if not 0 <= total <= WHOLE_DAY:
        raise ValueError(f"Not a time of day: {wall_time}")
    return total


def _calendar(calendar_id: int) -> WorkingCalendar:
    row = Calendar.objects.get(pk=calendar_id)
    days: dict[date, DayFact] = {
        day.date: DayFact(day.is_working, day.name, day.provisional, day.source)
        for day in Day.objects.filter(calendar_id=calendar_id)
    }
    return WorkingCalendar(zone=row.zone, weekend=row.weekend, days=days, statutory=statutory_days(row.statutory))


def _rule(target: Target) -> Rule:
    return Rule(
        id=target.pk,
        kind=target.kind,
        variant=target.variant,
        unit=target.unit,
        target=target.target,
        due=target.due,
        windows=tuple((minutes(opens), minutes(closes)) for opens, closes in target.windows),
        warnings=tuple(target.warnings),
    )
