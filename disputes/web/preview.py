"""A case in a pane beside the list: what it is about, whose turn it is, what was said last."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casemgmt import clock
from disputes import casefile, conversation
from disputes.web import page, words
from disputes.web.acting import seen

LATEST = 3


@login_required
@never_cache
@require_safe
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """A part of a page, for the list to show beside itself."""
    case, actor = seen(request, reference)
    at = clock.now()
    file, side = casefile.full(case, actor=actor, at=at), casefile.side_of(actor, case)
    said = conversation.messages(case, side).select_related("author").order_by("-pk")[:LATEST]
    shown = {
        "case": case, "file": file, "step": page.step(file, side), "now_clock": page.now_clock(file, at),
        "verbs": page.verbs(file["allowed_actions"], words.MAIN.get(file["next_action"]["activity"], "")),
        "clocks": [page.dressed(one, at) for one in file["clocks"] if one["stopped_at"] is None],
        "latest": list(said)[::-1],
    }  # fmt: skip
    return render(request, "disputes/preview.html", shown)
