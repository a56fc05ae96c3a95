"""What happened on a case, in words, as far as one side may know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from casemgmt.timeline import wording
from disputes import conversation
from disputes.models import Case, Message

LATEST = 60  # events on a page
_TIME = Q(code__startswith="clock.") | Q(code__startswith="promises.") | Q(code__endswith="_timed_out") | Q(
    code__endswith="_overdue")  # fmt: skip
_PROOF = Q(code__startswith="evidence.") | Q(code__startswith="case.evidence_")
# What of it staff look at: words and which events.
KINDS: dict[str, tuple[Any, Q]] = {
    "": (pgettext_lazy("events", "All"), Q()),
    "moves": (_("Moves"), ~Q(to_status="")),
    "messages": (_("Messages"), Q(code__in=("message.posted", "contact.logged"))),
    "deadlines": (_("Deadlines"), _TIME),
    "evidence": (pgettext_lazy("events", "Evidence"), _PROOF),
}  # fmt: skip


def told(
    case: Case, side: str, *, since: int | None = None, before: int | None = None, kind: str = "",
    said: Mapping[tuple[str, int], str] | None = None, most: int = LATEST,
) -> list[dict[str, Any]]:  # fmt: skip
    """The timeline, the latest first: from the event of the number `since` on, before that of the number `before`.

    `said`: the words of messages and contacts that the reader may know, by what they are and their id.
    """
    language = get_language() or "zh-hans"
    rows = conversation.events(case, side).filter(KINDS[kind][1])
    if since is not None:
        rows = rows.filter(seq__gte=since)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    return [
        {"seq": event.seq, "at": event.at, "says": wording.sentence(event, language=language),
         "moved": bool(event.to_status), "internal": event.data.get("thread") == Message.Thread.INTERNAL,
         "text": conversation.words_of(event, side) or _said(event.data, said or {})}
        for event in rows.order_by("-seq")[:most]
    ]  # fmt: skip


def _said(data: Mapping[str, Any], known: Mapping[tuple[str, int], str]) -> str:
    """The message or the call that the event is about, where it is at hand."""
    return next((known[name, data[name]] for name in ("message", "contact") if (name, data.get(name)) in known), "")
