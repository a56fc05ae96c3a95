"""Staff have hours and only two hands: when somebody gets round to a thing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from casemgmt.accounts.roles import Role
from sla.calendars import WorkingCalendar

# Agents are there every day, the others on working days. Minutes of one act.
_HOURS: dict[Role, tuple[time, time]] = {
    Role.AGENT: (time(9), time(21)),
    Role.ARBITRATOR: (time(9), time(18)),
    Role.REVIEWER: (time(9), time(18)),
    Role.SUPERVISOR: (time(9), time(18)),
}
MINUTES: dict[Role, int] = {Role.AGENT: 8, Role.ARBITRATOR: 20, Role.REVIEWER: 15, Role.SUPERVISOR: 10}


class Desks:
    """One queue a person: what comes is dealt with in the order in which it was taken up, in service hours."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar = calendar
        self._free_from: dict[int, datetime] = {}

    def book(self, person: int, *, role: Role, ready: datetime) -> datetime:
        """When this person will have done what lies ready from `ready` on; the time is taken."""
        begins = self._in_service(max(ready, self._free_from.get(person, ready)), role)
        self._free_from[person] = done = begins + timedelta(minutes=MINUTES[role])
        return done

    def least_busy(self, people: list[int], ready: datetime) -> int:
        """Who is free first; the first of the list among equals."""
        return min(people, key=lambda person: max(ready, self._free_from.get(person, ready)))

    def _in_service(self, at: datetime, role: Role) -> datetime:
        opens, closes = _HOURS[role]
        local = at.astimezone(self._calendar.zone)
        day = local.date()
        if self._serves(day, role) and local.time() < closes:
            return max(at, datetime.combine(day, opens, tzinfo=self._calendar.zone))
        day += timedelta(days=1)
        while not self._serves(day, role):
            day += timedelta(days=1)
        return datetime.combine(day, opens, tzinfo=self._calendar.zone)

    def _serves(self, day: date, role: Role) -> bool:
        return role == Role.AGENT or self._calendar.fact(day).is_working
