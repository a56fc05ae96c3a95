"""From a rule, a start and the pauses to everything a clock shows: deadline, target, rungs and steps. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sla import calendars
from sla.calendars import Due, Span, Step, WorkingCalendar
from sla.explanations import iso_instant

if TYPE_CHECKING:
    from sla.policies import Rule

Terms = dict[str, Any]
Rung = list[str]  # [code, ISO instant]


def amount(unit: str, days: int | None, seconds: int | None) -> int | None:
    """The one that fits the unit; ValueError if the other one was given."""
    given, other = (days, seconds) if unit == "working_days" else (seconds, days)
    if other is not None:
        raise ValueError(f"This clock counts in {unit}.")
    return given


def cut(due_at: datetime, *, start: datetime, not_after: datetime | None, not_before: datetime | None) -> int:
    """By how many seconds (0 or less) to cut the deadline to `not_after`, but not below `not_before` or the start."""
    if not_after is None:
        return 0
    end = max(not_after, not_before or not_after, start + timedelta(seconds=1))
    return min(0, round((end - due_at).total_seconds()))


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a clock shows. `rungs` are [code, instant] in order, after the start and before the deadline."""

    due_at: datetime
    target_at: datetime | None
    rungs: list[Rung]
    steps: list[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """One clock's arithmetic. `terms`: {"due", "target" (in the rule's unit), "cut" (seconds), "extended": […]}."""

    rule: "Rule"
    calendar: WorkingCalendar
    day_end: int
    start: datetime
    terms: Mapping[str, Any]
    pauses: Sequence[Span] = ()

    def result(self) -> Reckoned:
        due = self.due()
        return Reckoned(due.at, self._target_at(), self._rungs(due.at), due.steps)

    def due(self) -> Due:
        """The deadline with its steps, after what was cut off at the start and what was added later."""
        due = self._due(self._amount)
        steps = [{"step": "extended", **extension} for extension in self.terms.get("extended", ())]
        if cut := self.terms.get("cut", 0):
            at = due.at + timedelta(seconds=cut)
            due = Due(at, [*due.steps[:-1], {"step": "cut", "seconds": cut}, {"step": "due", "at": iso_instant(at)}])
        return Due(due.at, [*due.steps[:-1], *steps, due.steps[-1]]) if steps else due

    @property
    def _amount(self) -> int:
        return int(self.terms["due"]) + sum(int(extension["by"]) for extension in self.terms.get("extended", ()))

    def _target_at(self) -> datetime | None:
        target = self.terms.get("target")
        return None if target is None else self._at(int(target))

    def _due(self, amount: int) -> Due:
        match self.rule.unit:
            case "working_days":
                return calendars.due_working_days(
                    self.calendar, start=self.start, days=amount, pauses=self.pauses, day_end=self.day_end
                )
            case "windowed":
                return calendars.due_windowed(
                    start=self.start,
                    seconds=amount,
                    windows=self.rule.windows,
                    zone=self.calendar.zone,
                    pauses=self.pauses,
                )
        return calendars.due_elapsed(start=self.start, seconds=amount, pauses=self.pauses)

    def _at(self, amount: int) -> datetime:
        match self.rule.unit:
            case "working_days":
                return calendars.working_deadline(
                    self.calendar, start=self.start, days=amount, pauses=self.pauses, day_end=self.day_end
                )
            case "windowed":
                return calendars.windowed_deadline(
                    start=self.start,
                    seconds=amount,
                    windows=self.rule.windows,
                    zone=self.calendar.zone,
                    pauses=self.pauses,
                )
        return calendars.elapsed_deadline(start=self.start, seconds=amount, pauses=self.pauses)

    def _rungs(self, due_at: datetime) -> list[Rung]:
        found = [(self._rung_at(warning, due_at), warning["rung"]) for warning in self.rule.warnings]
        return [[code, iso_instant(at)] for at, code in sorted(found) if self.start < at < due_at]

    def _rung_at(self, warning: Mapping[str, Any], due_at: datetime) -> datetime:
        """`percent`, `after` and `before` (seconds) of the running time; `days_before` in working days."""
        days = self.rule.unit == "working_days"
        if "percent" in warning:
            return self._used_up(self._amount * warning["percent"]) if days else self._share(warning["percent"])
        if "days_before" in warning:
            return self._used_up(max(0, self._amount - warning["days_before"]) * 100)
        if "after" in warning:
            return self._at(warning["after"])
        if days or self.terms.get("cut"):
            return due_at - timedelta(seconds=warning["before"])
        return self._at(max(0, self._amount - warning["before"]))

    def _share(self, percent: int) -> datetime:
        return self._at((self._amount + self.terms.get("cut", 0)) * percent // 100)

    def _used_up(self, hundredths: int) -> datetime:
        return calendars.after_working_days(
            self.calendar, start=self.start, hundredths=hundredths, pauses=self.pauses, day_end=self.day_end
        )
