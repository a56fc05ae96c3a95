"""The steps of a deadline in words, in the active language: what `explanations` keeps as codes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sla.badges import span

Step = Mapping[str, Any]


def told(steps: Sequence[Step], *, zone: tzinfo, why: Callable[[str], str]) -> list[str]:
    """One sentence a step. `why`: a pause's reason in words. A step this version does not know is left out."""
    tell = _Telling(zone, why)
    said = [getattr(tell, step.get("step", ""), _unknown)(step) for step in steps]
    open_end = _("The calendar of that year is not final yet.")
    said = [one.replace("..", ".") for one in said]  # an instant may end in a.m. or p.m., and a sentence ends with it
    told_of = [(one, step.get("provisional")) for one, step in zip(said, steps, strict=True) if one]
    return [f"{one} {open_end}" if provisional else one for one, provisional in told_of]


# The festivals of China's calendar, whose facts bear their Chinese names; another calendar's stay as they are.
_HOLIDAYS = {
    "元旦": gettext_lazy("New Year"),
    "春节": gettext_lazy("Spring Festival"),
    "清明节": gettext_lazy("Qingming"),
    "劳动节": gettext_lazy("Labour Day"),
    "端午节": gettext_lazy("Dragon Boat Festival"),
    "中秋节": gettext_lazy("Mid-Autumn Festival"),
    "国庆节": gettext_lazy("National Day"),
}


def _holiday(name: str) -> str:
    """Several festivals that fall together are named together."""
    return "、".join(str(_HOLIDAYS.get(one, one)) for one in name.split("、")) if name else ""


def _unknown(_step: Step) -> str:
    return ""


class _Telling:
    """A method per code."""

    def __init__(self, zone: tzinfo, why: Callable[[str], str]) -> None:
        self._zone = zone
        self._why = why

    def start(self, step: Step) -> str:
        facts = {"at": self._at(step["at"]), "span": span(timedelta(seconds=step["seconds"]))}
        return _("It began at %(at)s and is %(span)s long.") % facts

    def day_0(self, step: Step) -> str:
        return _("%(day)s is when it happened; counting begins on the next day.") % {"day": _day(step["date"])}

    def counted(self, step: Step) -> str:
        return _("%(day)s: working day %(n)s.") % {"day": _day(step["date"]), "n": step["n"]}

    def make_up_day(self, step: Step) -> str:
        facts = {"day": _day(step["date"]), "name": _holiday(step.get("name", ""))}
        said = (
            _("%(day)s is worked in exchange for the holiday %(name)s.") if facts["name"] else _("%(day)s is worked.")
        )
        return said % facts

    def skipped(self, step: Step) -> str:
        name = _holiday(step.get("name", ""))
        facts = {"first": _day(step["date"]), "last": _day(step["to"]), "days": step["days"], "name": name}
        if step["days"] == 1:
            said = _("%(first)s does not count: %(name)s.") if name else _("%(first)s does not count: a day of rest.")
        elif name:
            said = _("%(first)s to %(last)s do not count: %(name)s, %(days)s days of rest.")
        else:
            said = _("%(first)s to %(last)s do not count: %(days)s days of rest.")
        return said % facts

    def paused(self, step: Step) -> str:
        facts = {"first": self._at(step["from"]), "last": self._at(step["to"]), "why": self._why(step["reason"])}
        said = _("It stood still from %(first)s to %(last)s: %(why)s.") % facts
        if "days" in step:
            more = ngettext("That is %(n)s working day more.", "That is %(n)s working days more.", step["days"])
            return f"{said} {more % {'n': step['days']}}"
        if "seconds" in step:
            more = _("That is %(span)s more.") % {"span": span(timedelta(seconds=step["seconds"]))}
            return f"{said} {more}"
        return said

    def window(self, step: Step) -> str:
        facts = {"opens": _clock(step["opens"]), "closes": _clock(step["closes"])}
        return _("Only the time from %(opens)s to %(closes)s of each day counts.") % facts

    def extended(self, step: Step) -> str:
        why = _("Our service was interrupted.") if "outage" in step else ""
        return f"{why} {self._longer(step)}".strip()

    def _longer(self, step: Step) -> str:
        if step["unit"] == "working_days":
            more = step["by"]
            said = ngettext("It was made %(n)s working day longer.", "It was made %(n)s working days longer.", more)
            return said % {"n": more}
        return _("It was made %(span)s longer.") % {"span": span(timedelta(seconds=step["by"]))}

    def cut(self, step: Step) -> str:
        return _("It was made shorter by %(span)s.") % {"span": span(timedelta(seconds=step["seconds"]))}

    def last_day(self, step: Step) -> str:
        return _("Day %(n)s, the last one, is %(day)s.") % {"n": step["n"], "day": _day(step["date"])}

    def rolled(self, step: Step) -> str:
        facts = {"first": _day(step["date"]), "last": _day(step["to"])}
        return _("%(first)s is a day of rest, so it moves to %(last)s.") % facts

    def kept(self, step: Step) -> str:
        return _("The deadline that was told before, %(at)s, stands.") % {"at": self._at(step["at"])}

    def due(self, step: Step) -> str:
        if "time" in step:
            return _("It ends on %(day)s at %(time)s.") % {"day": _day(step["date"]), "time": step["time"]}
        return _("It ends at %(at)s.") % {"at": self._at(step["at"])}

    def _at(self, said: str) -> str:
        return str(date_format(datetime.fromisoformat(said).astimezone(self._zone), "DATETIME_FORMAT"))


def _day(said: str) -> str:
    return str(date_format(date.fromisoformat(said), "DATE_FORMAT"))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
