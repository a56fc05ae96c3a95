"""Calendars, policies, clocks, and who keeps watch over them."""

from sla.models.calendar import Calendar, Day
from sla.models.clock import Clock, Pause
from sla.models.policy import Policy, Target, Unit
from sla.models.rollup import Counting, RollUp
from sla.models.watch import Halt, Heartbeat, Outage

__all__ = [
    "Calendar", "Clock", "Counting", "Day", "Halt", "Heartbeat", "Outage", "Pause", "Policy", "RollUp", "Target",
    "Unit",
]  # fmt: skip
