"""The supervisor's overview: how much is open, at risk, late and without a handler. Every number opens its list."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
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
    live = Case.objects.visible_to(user).exclude(status__in=sorted(CLOSED))
    told = live.aggregate(
        open=Count("pk"),
        unassigned=Count("pk", filter=Q(status=Status.INTERVENTION_REQUESTED, owner=None)),
        urgent=Count("pk", filter=Q(priority__in=[Priority.URGENT, Priority.HIGH])),
        approve=Count("pk", filter=Q(status=Status.RULING_IN_APPROVAL)),
        appeals=Count("pk", filter=Q(status=Status.UNDER_APPEAL)),
        oldest=Min("created_at"),
    )
    running = Clock.objects.filter(kind__in=OURS, case__in=live)
    risk = running.filter(status="running", due_at__lte=at + SOON).values("case").distinct().count()
    late = Clock.objects.filter(status="breached", stopped_at=None, case__in=live).values("case").distinct().count()
    statuses = live.values("status").annotate(n=Count("pk"), oldest=Min("created_at")).order_by("-n")
    handlers = live.exclude(owner=None).values("owner__username", "owner__display_name").annotate(n=Count("pk"))
    return {
        "counts": [
            _count(_("Open"), told["open"], "", view="open"),
            _count(_("At risk today"), risk, "warn", view="open", term="risk"),
            _count(_("Promise missed"), late, "bad", view="open", term="overdue"),
            _count(_("Without a handler"), told["unassigned"], "warn", view="unassigned"),
            _count(_("To approve"), told["approve"], "", view="approve"),
            _count(_("Appeals"), told["appeals"], "", view="appeals"),
            _count(_("Urgent"), told["urgent"], "", view="urgent"),
        ],
        "statuses": [
            {**row, "label": Status(row["status"]).label, "to": _list(view="open", status=row["status"])}
            for row in statuses
        ],
        "handlers": [
            {**row, "to": _list(view="open", owner=row["owner__username"])} for row in handlers.order_by("-n")[:BUSIEST]
        ],
        "oldest": told["oldest"],
    }


def _count(words: Any, number: int, tone: str, **narrowed: str) -> dict[str, Any]:
    return {"words": words, "number": number, "tone": tone if number else "", "to": _list(**narrowed)}


def _list(**narrowed: str) -> str:
    return f"{reverse('desk')}?{urlencode(narrowed)}"
