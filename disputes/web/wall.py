"""The supervisor's overview: how much is open, at risk, late and without a handler. Every number opens its list."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Case as Choice
from django.db.models import CharField, Count, Min, Q, Value, When
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
from disputes.states import ARBITRATION, CLOSED, Priority, Status
from disputes.web.acting import person
from disputes.web.queue import AGES, FILED, OURS, SOON, ages
from sla.models import Clock

BUSIEST = 12
_SINCE = {  # the headings of the stretches of AGES
    "today": pgettext_lazy("age", "Today"), "days": _("1–3 days"), "week": _("4–7 days"), "older": _("Over 7 days"),
}  # fmt: skip
_WANTED = (Status.INTERVENTION_REQUESTED,)


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
    """{counts, ages, statuses, handlers, oldest}: what is open now, as this person may know it."""
    live = Case.objects.visible_to(user).exclude(status__in=sorted(CLOSED)).order_by()
    parts: list[Any] = list(
        live.annotate(filed=FILED).annotate(age=_age(at)).values("status", "priority", "owner", "age")
        .annotate(n=Count("pk"), oldest=Min("filed"))
    )  # fmt: skip
    due, missed = Q(kind__in=OURS, status="running", due_at__lte=at + SOON), Q(status="breached", stopped_at=None)
    late = Clock.objects.filter(due | missed, case__in=live).aggregate(
        due=Count("case", distinct=True, filter=due), missed=Count("case", distinct=True, filter=missed)
    )
    return {
        "counts": [
            _count(pgettext_lazy("cases", "Open"), _sum(parts), "", view="open"),
            _count(_("At risk today"), late["due"], "warn", view="open", term="risk"),
            _count(_("Promise missed"), late["missed"], "bad", view="open", term="overdue"),
            _count(_("Without a handler"), _sum(parts, status=_WANTED, owner=(None,)), "warn", view="unassigned"),
            _count(_("Escalated to the platform"), _sum(parts, status=tuple(ARBITRATION)), "", view="escalated"),
            _count(_("To approve"), _sum(parts, status=(Status.RULING_IN_APPROVAL,)), "", view="approve"),
            _count(_("Appeals"), _sum(parts, status=(Status.UNDER_APPEAL,)), "", view="appeals"),
            _count(_("Urgent"), _sum(parts, priority=(Priority.URGENT, Priority.HIGH)), "", view="urgent"),
        ],
        "ages": _SINCE.values(),
        "statuses": _by_status(parts),
        "handlers": _by_handler(parts),
        "oldest": min((part["oldest"] for part in parts), default=None),
    }


def _age(at: datetime) -> Choice:
    """Which stretch of AGES a case was filed in."""
    begins = {name: first for name, (first, _before) in ages(at).items() if first}
    steps = [When(filed__gte=first, then=Value(name)) for name, first in begins.items()]
    return Choice(*steps, default=Value("older"), output_field=CharField())


def _sum(parts: list[Any], **wanted: tuple[Any, ...]) -> int:
    """How many cases are in the parts whose columns have one of the wanted values."""
    return sum(part["n"] for part in parts if all(part[name] in values for name, values in wanted.items()))


def _by_status(parts: list[Any]) -> list[dict[str, Any]]:
    """In the order of a case's way, so that a row stays where it is when its number changes."""
    rows: list[dict[str, Any]] = [
        {
            "status": status, "label": status.label, "n": _sum(parts, status=(status,)),
            "oldest": min((part["oldest"] for part in parts if part["status"] == status), default=None),
            "to": _list(view="open", status=status),
            "ages": [(_sum(parts, status=(status,), age=(age,)), _list(view="open", status=status, age=age))
                     for age in AGES],
        }
        for status in Status
    ]  # fmt: skip
    return [row for row in rows if row["n"]]


def _by_handler(parts: list[Any]) -> list[dict[str, Any]]:
    """The handlers with the most open cases."""
    people = User.objects.in_bulk({part["owner"] for part in parts} - {None})
    rows: list[dict[str, Any]] = [
        {"username": one.username, "name": one.display_name, "n": _sum(parts, owner=(one.pk,)),
         "to": _list(view="open", owner=one.username)}
        for one in people.values()
    ]  # fmt: skip
    return sorted(rows, key=_many_first)[:BUSIEST]


def _many_first(row: dict[str, Any]) -> tuple[int, str]:
    return -int(row["n"]), str(row["username"])


def _count(words: Any, number: int, tone: str, **narrowed: str) -> dict[str, Any]:
    return {"words": words, "number": number, "tone": tone if number else "", "to": _list(**narrowed),
            "id": "-".join(narrowed.values())}  # fmt: skip


def _list(**narrowed: str) -> str:
    return f"{reverse('desk')}?{urlencode(narrowed)}"
