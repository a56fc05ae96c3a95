"""The supervisor's overview: how much is open, at risk, late and without a handler. Every number opens its list."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casemgmt import clock
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from disputes.models import Case
from disputes.states import CLOSED, Priority, Status
from disputes.web.acting import person
from disputes.web.desk import OURS, SOON
from sla.models import Clock

BUSIEST = 12


@login_required
@never_cache
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """For supervisors; anybody else has no such page."""
    user, _actor = person(request)
    if user.role != Role.SUPERVISOR:
        raise Http404
    at = clock.now()
    name = "disputes/wall_numbers.html" if request.headers.get("HX-Request") else "disputes/wall.html"
    return render(request, name, {**numbers(user, at), "at": at})


def numbers(user: User, at: datetime) -> dict[str, Any]:
    """{counts, statuses, handlers, oldest}: what is open now, as this person may know it."""
    live = Case.objects.visible_to(user).exclude(status__in=sorted(CLOSED)).order_by()
    parts: list[Any] = list(
        live.values("status", "priority", "owner").annotate(n=Count("pk"), oldest=Min("created_at"))
    )
    due = Clock.objects.filter(kind__in=OURS, status="running", due_at__lte=at + SOON, case__in=live)
    missed = Clock.objects.filter(status="breached", stopped_at=None, case__in=live)
    risk, late = (rows.aggregate(n=Count("case", distinct=True))["n"] for rows in (due, missed))
    return {
        "counts": [
            _count(pgettext_lazy("cases", "Open"), _sum(parts), "", view="open"),
            _count(_("At risk today"), risk, "warn", view="open", term="risk"),
            _count(_("Promise missed"), late, "bad", view="open", term="overdue"),
            _count(_("Without a handler"), _sum(parts, status=_WANTED, owner=(None,)), "warn", view="unassigned"),
            _count(_("To approve"), _sum(parts, status=(Status.RULING_IN_APPROVAL,)), "", view="approve"),
            _count(_("Appeals"), _sum(parts, status=(Status.UNDER_APPEAL,)), "", view="appeals"),
            _count(_("Urgent"), _sum(parts, priority=(Priority.URGENT, Priority.HIGH)), "", view="urgent"),
        ],
        "statuses": _by_status(parts),
        "handlers": _by_handler(parts),
        "oldest": min((part["oldest"] for part in parts), default=None),
    }


_WANTED = (Status.INTERVENTION_REQUESTED,)


def _sum(parts: list[Any], **wanted: tuple[Any, ...]) -> int:
    """How many cases are in the parts whose columns have one of the wanted values."""
    return sum(part["n"] for part in parts if all(part[name] in values for name, values in wanted.items()))


def _by_status(parts: list[Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "status": status, "label": status.label, "n": _sum(parts, status=(status,)),
            "oldest": min((part["oldest"] for part in parts if part["status"] == status), default=None),
            "to": _list(view="open", status=status),
        }
        for status in Status
    ]  # fmt: skip
    return sorted((row for row in rows if row["n"]), key=_many_first)


def _by_handler(parts: list[Any]) -> list[dict[str, Any]]:
    """The handlers with the most open cases."""
    people = User.objects.in_bulk({part["owner"] for part in parts} - {None})
    rows: list[dict[str, Any]] = [
        {"name": one.display_name, "n": _sum(parts, owner=(one.pk,)), "to": _list(view="open", owner=one.username)}
        for one in people.values()
    ]
    return sorted(rows, key=_many_first)[:BUSIEST]


def _many_first(row: dict[str, Any]) -> int:
    return -int(row["n"])


def _count(words: Any, number: int, tone: str, **narrowed: str) -> dict[str, Any]:
    return {"words": words, "number": number, "tone": tone if number else "", "to": _list(**narrowed)}


def _list(**narrowed: str) -> str:
    return f"{reverse('desk')}?{urlencode(narrowed)}"
