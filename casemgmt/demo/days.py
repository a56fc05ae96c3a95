"""Instants of the past, told in working days and hours before the day of loading."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sla import policies
from sla.calendars import WorkingCalendar


class Days:
    """The working days around `now`: 0 is today, or the next one if today is a day of rest; -1 the one before it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._calendar = _calendar(now)
        today = self._calendar.ordinal(now)
        self._zero = self._calendar.nth_working_day(today - 1, 1)

    def ago(self, hours: float) -> datetime:
        return self.now - timedelta(hours=hours)

    def at(self, number: int, clock: str = "10:00") -> datetime:
        """A local time of a working day, or half an hour ago where that is still to come."""
        ordinal = self._zero
        while number < 0:
            ordinal -= 1
            number += self._calendar.fact(date.fromordinal(ordinal)).is_working
        wall = datetime.combine(date.fromordinal(ordinal), time.fromisoformat(clock), tzinfo=self._calendar.zone)
        return min(wall, self.ago(0.5))

    def end_of_today(self) -> datetime:
        """When working day 0 is over."""
        return self._calendar.end(self._zero)

    def in_service(self, at: datetime) -> datetime:
        """The next instant between 9:00 and 21:00, when staff are there; `at` itself where that is still to come."""
        local = at.astimezone(self._calendar.zone)
        if 9 <= local.hour < 21:
            return at
        day = local.date() + timedelta(days=local.hour >= 21)
        opening = datetime.combine(day, time(9, 10), tzinfo=self._calendar.zone)
        return opening if opening <= self.now else at


def hours(written: str) -> float:
    """Of "2:30", two and a half."""
    whole, _, minutes = written.partition(":")
    return int(whole) + int(minutes or 0) / 60


def _calendar(now: datetime) -> WorkingCalendar:
    return policies.calendar(policies.rulebook(policies.current(now).pk).calendar_id)
