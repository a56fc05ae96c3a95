"""What happened on a case, in words, as far as one side may know it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from casemgmt.timeline import wording
from disputes import conversation
from disputes.models import Case

LATEST = 60  # events on a page; the rest by the API


def told(case: Case, side: str, *, since: int | None = None) -> list[dict[str, Any]]:
    """The timeline, the latest first; from the event of this number on."""
    language = get_language() or "zh-hans"
    rows = conversation.events(case, side)
    if since is not None:
        rows = rows.filter(seq__gte=since)
    return [
        {"at": event.at, "says": wording.sentence(event, language=language), "moved": bool(event.to_status),
         "text": conversation.words_of(event, side)}
        for event in rows.order_by("-seq")[:LATEST]
    ]  # fmt: skip
