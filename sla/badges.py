"""A clock on one small badge: how it stands, in words, with an icon and a colour, never by colour alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

AT_RISK = 0.25  # of the whole term is left
SOON = timedelta(hours=1)
URGENT = timedelta(minutes=30)


class Shown(Protocol):
    """What a badge must know of a clock."""

    @property
    def status(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def stopped_at(self) -> datetime | None: ...


@dataclass(frozen=True, kw_only=True)
class Badge:
    """`tone` is a class of the style sheet, `icon` a name of the icon set; `due_at` is set while it counts down."""

    tone: str
    icon: str
    words: str
    due_at: datetime | None = None


def badge(clock: Shown, at: datetime, *, paused_for: str = "") -> Badge:
    """The badge of a clock at an instant."""
    left = clock.due_at - at
    match clock.status:
        case "paused" | "held":
            said = _("Paused: %(why)s") % {"why": paused_for} if paused_for else _("Paused")
            return Badge(tone="still", icon="pause", words=said)
        case "met":
            spare = clock.due_at - (clock.stopped_at or at)
            return Badge(tone="good", icon="done", words=_("Kept, %(span)s to spare") % {"span": span(spare)})
        case "cancelled":
            return Badge(tone="still", icon="none", words=_("No longer needed"))
    if clock.status == "breached" or left <= timedelta(0):
        late = (clock.stopped_at or at) - clock.due_at
        if clock.stopped_at and late <= timedelta(0):
            return Badge(tone="bad", icon="late", words=_("Ran out"))
        said = _("Missed by %(span)s") if clock.stopped_at else _("Overdue by %(span)s")
        open_since = None if clock.stopped_at else clock.due_at
        return Badge(tone="bad", icon="late", words=said % {"span": span(late)}, due_at=open_since)
    return Badge(
        tone=_tone(clock, left), icon="clock", words=_("%(span)s left") % {"span": span(left)}, due_at=clock.due_at
    )


def _tone(clock: Shown, left: timedelta) -> str:
    if left <= URGENT:
        return "urgent"
    return "warn" if left <= SOON or left < (clock.due_at - clock.started_at) * AT_RISK else "calm"


def span(time: timedelta) -> str:
    """At most two units, such as "1 d 4 h"; never less than a minute."""
    seconds = max(60, int(abs(time).total_seconds()))
    days, hours, minutes = seconds // 86400, seconds % 86400 // 3600, seconds % 3600 // 60
    parts = [
        ngettext("%(n)d d", "%(n)d d", days) % {"n": days} if days else "",
        ngettext("%(n)d h", "%(n)d h", hours) % {"n": hours} if hours else "",
        ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes} if minutes and not days else "",
    ]
    return " ".join(part for part in parts if part)


def patterns() -> dict[str, Any]:
    """The same words with % for the number, for the page that counts down by itself."""
    return {
        "d": _("%(n)d d") % {"n": 0},
        "h": _("%(n)d h") % {"n": 0},
        "m": _("%(n)d min") % {"n": 0},
        "left": _("%(span)s left") % {"span": "%"},
        "late": _("Overdue by %(span)s") % {"span": "%"},
    }
