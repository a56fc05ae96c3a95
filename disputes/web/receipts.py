"""The receipt of a deadline: the steps by which it came about, in words, for those who may know of it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casemgmt import clock
from disputes import casefile, holdings
from disputes.web import page, words
from disputes.web.acting import seen
from sla import receipts
from sla.models import Clock, Pause


@login_required
@never_cache
@require_safe
def deadline(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """The deadlines of this kind that the case has or had, the latest first."""
    case, actor = seen(request, reference)
    side = casefile.side_of(actor, case)
    mine = [one for one in holdings.clocks(case) if one.kind == kind and may_see(one, side)]
    if not mine:
        raise Http404
    at = clock.of(request)
    rows = [
        {**page.dressed(holdings.a_clock(one), at), "steps": told(one)} for one in sorted(mine, key=lambda one: -one.pk)
    ]
    shown = {"case": case, "name": words.CLOCKS.get(kind, kind), "rows": rows, "patterns": page.patterns(), "at": at}
    name = "disputes/deadline_steps.html" if request.headers.get("HX-Request") else "disputes/deadline.html"
    return render(request, name, shown)


def may_see(one: Clock, side: str) -> bool:
    return bool(holdings.clocks_for([one], side))


def told(one: Clock) -> list[str]:
    """The steps in the reader's language and the site's zone."""
    return receipts.told(one.steps, zone=get_current_timezone(), why=_reason)


def _reason(code: str) -> Any:
    return holdings.label(Pause.Reason, code) if code in Pause.Reason.values else code
