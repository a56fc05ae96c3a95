"""The phone desk: who calls, what is open for them, and where the call is written down."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Right
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
NAMESAKES = 100  # consumers of one name, at most
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
    """(cases that surely belong to the number, cases that may): the whole number, or its last digits or a name.

    Each way to belong is looked up by its own index, all in one statement: an OR over them would read every case.
    """
    digits, known = _DIGITS.sub("", wanted), ~Q(contact="")
    people = User.objects.filter(Q(username=wanted) | Q(display_name=wanted), role=Role.CONSUMER)
    named = dict(people.values_list("pk", "username")[:NAMESAKES])
    surely = [
        Q(reference=references.parse(wanted) or ""),
        Q(order_number=wanted),
        known & Q(contact__in=[wanted, digits] if len(digits) > TAIL else [wanted]),
        Q(consumer__in=[pk for pk, username in named.items() if username == wanted]),
    ]
    maybe = [Q(consumer__in=list(named))]
    if len(digits) >= TAIL:
        maybe.append(known & Q(tail=digits[-TAIL:]))
    found = [_ids(seen, which, SURE, sure=True) for which in surely]
    found += [_ids(seen, which, SURE + MAYBE, sure=False) for which in maybe]
    ids = dict(sorted(found[0].union(*found[1:], all=True), key=lambda one: one[1]))  # what is sure is said last
    rows = list(casefile.rows(Case.objects.filter(pk__in=ids)).order_by("-pk"))
    return [case for case in rows if ids[case.pk]][:SURE], [case for case in rows if not ids[case.pk]][:MAYBE]


def _ids(seen: CaseQuerySet, which: Q, most: int, *, sure: bool) -> QuerySet[Case, tuple[int, bool]]:
    rows = seen.alias(tail=Right("contact", TAIL)).filter(which).order_by("-pk")
    return rows.values_list("pk", Value(sure))[:most]
