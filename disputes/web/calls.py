"""The phone desk: who calls, what is open for them, and where the call is written down."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casemgmt import clock, references
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from disputes import casefile
from disputes.models import Case, CaseQuerySet, ContactLog
from disputes.web import page, words
from disputes.web.acting import person
from disputes.web.desk import line
from sla import badges

SURE, MAYBE, LATEST, PROMISED = 20, 10, 15, 50
TAIL = 4  # the last digits of a number, where a caller's number is shown in part
_DIGITS = re.compile(r"\D")


@login_required
@never_cache
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """What fits a number surely and what may fit; the calls that were promised; one's latest contacts."""
    user, actor = person(request)
    if user.role not in (Role.AGENT, Role.SUPERVISOR):
        raise Http404
    wanted = request.GET.get("q", "").strip()[:64]
    seen = Case.objects.visible_to(user)
    sure, maybe = matches(seen, wanted) if wanted else ([], [])
    at = clock.now()
    latest = ContactLog.objects.filter(agent=user).select_related("case").order_by("-pk")[:LATEST]
    shown: dict[str, Any] = {
        "q": wanted, "sure": [_caller(case, actor, at) for case in sure],
        "maybe": [_caller(case, actor, at) for case in maybe], "latest": latest, "promised": call_backs(user, seen, at),
        "everybodys": user.role == Role.SUPERVISOR, "patterns": page.patterns(), "at": at,
    }  # fmt: skip
    return render(request, "disputes/calls.html", shown)


def call_backs(user: User, seen: CaseQuerySet, at: datetime) -> list[dict[str, Any]]:
    """The promised calls that nobody has made, due first: one's own, and for a supervisor everybody's."""
    rows = ContactLog.objects.to_call_back().filter(case__in=seen)
    if user.role != Role.SUPERVISOR:
        rows = rows.filter(agent=user)
    rows = rows.select_related("case__consumer", "agent").order_by("call_back_at", "pk")[:PROMISED]
    return [
        {
            "contact": one,
            "party": words.CODES["with_party"].get(one.with_party, ""),
            "badge": badges.badge(_Due(one), at),
        }
        for one in rows
    ]


class _Due:
    """A promised call, as a badge reads it."""

    def __init__(self, one: ContactLog) -> None:
        self.status, self.stopped_at = "running", one.called_back_at
        self.started_at, self.due_at = one.at, one.call_back_at or one.at


def _caller(case: Case, actor: Actor, at: datetime) -> dict[str, Any]:
    return {**line(case, actor, at), "username": case.consumer.username}


def matches(seen: CaseQuerySet, wanted: str) -> tuple[list[Case], list[Case]]:
    """(cases that surely belong to the number, cases that may): the whole number, or its last digits or a name."""
    reference, digits = references.parse(wanted), _DIGITS.sub("", wanted)
    by = Q(reference=reference or "") | Q(order_number=wanted) | Q(contact=wanted) | Q(consumer__username=wanted)
    if len(digits) > TAIL:
        by |= Q(contact=digits)
    rows = casefile.rows(seen)
    sure = list(rows.filter(by).order_by("-pk")[:SURE])
    like = Q(consumer__display_name=wanted)
    if len(digits) >= TAIL:
        like |= Q(contact__endswith=digits[-TAIL:])
    maybe = rows.filter(like).exclude(pk__in=[case.pk for case in sure]).order_by("-pk")[:MAYBE]
    return sure, list(maybe)
