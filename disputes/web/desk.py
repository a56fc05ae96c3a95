"""Lists of cases, each role's own: cards for consumers, a table for everybody who works with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Min, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casemgmt import clock, references
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from disputes import casefile
from disputes.models import Case, CaseQuerySet
from disputes.states import CLOSED, Priority, Status
from disputes.web import page
from disputes.web.acting import person
from sla.models import Clock

PAGE = 25
LOOKED = 200  # of the queue, to find the one after this
_PLATFORMS = (Status.SUBMITTED, Status.AWAITING_CARRIER)
OURS = ("initial_response", "resolution", "review_resolution")  # the promises that a supervisor watches
SOON = timedelta(hours=24)

# View → its words and what belongs to it. The first one is where a role begins.
VIEWS: dict[str, tuple[Any, Any]] = {
    "open": (_("Open"), ~Q(status__in=sorted(CLOSED))),
    "answer": (_("To answer"), Q(status__in=[Status.AWAITING_SELLER, Status.RETURN_IN_TRANSIT,
                                             Status.AWAITING_FULFILMENT, Status.EVIDENCE_PERIOD, Status.EXECUTING])),
    "intake": (_("To admit"), Q(status__in=_PLATFORMS)),
    "approve": (_("To approve"), Q(status=Status.RULING_IN_APPROVAL)),
    "unassigned": (_("Without a handler"), Q(status=Status.INTERVENTION_REQUESTED, owner=None)),
    "appeals": (_("Appeals"), Q(status=Status.UNDER_APPEAL)),
    "urgent": (_("Urgent"), Q(priority__in=[Priority.URGENT, Priority.HIGH]) & ~Q(status__in=sorted(CLOSED))),
    "closed": (_("Closed"), Q(status__in=sorted(CLOSED))),
}  # fmt: skip
OF_ROLE: dict[str, tuple[str, ...]] = {
    Role.CONSUMER: ("open", "closed"),
    Role.SELLER_STAFF: ("answer", "open", "closed"),
    Role.AGENT: ("intake", "open", "urgent", "closed"),
    Role.ARBITRATOR: ("open", "urgent", "closed"),
    Role.REVIEWER: ("approve",),
    Role.SUPERVISOR: ("open", "unassigned", "urgent", "approve", "appeals", "closed"),
    Role.AUDITOR: ("open", "closed"),
}
ORDERINGS = {"due": _("Due first"), "new": _("Newest first"), "old": _("Oldest first")}


@login_required
@never_cache
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases one may see, by view, words and order, a page at a time."""
    user, actor = person(request)
    views = OF_ROLE.get(user.role, ("open", "closed"))
    view = request.GET.get("view", "")
    view = view if view in views else views[0]
    wanted = request.GET.get("q", "").strip()
    order = request.GET.get("order", "")
    order = order if order in ORDERINGS else ("new" if user.role == Role.CONSUMER or view == "closed" else "due")
    found = narrowed(Case.objects.visible_to(user), request, wanted, view)
    number = _number(request.GET.get("page", ""))
    rows = list(casefile.rows(ordered(found, order))[(number - 1) * PAGE : number * PAGE + 1])
    at = clock.now()
    shown = {
        "views": [(name, VIEWS[name][0]) for name in views], "view": view, "q": wanted, "order": order,
        "orderings": ORDERINGS.items(), "rows": [line(case, actor, at) for case in rows[:PAGE]], "number": number,
        "more": len(rows) > PAGE, "status": request.GET.get("status", ""), "statuses": Status.choices,
        "bulk": user.role == Role.SUPERVISOR, "handlers": handlers() if user.role == Role.SUPERVISOR else (),
        "patterns": page.patterns(), "at": at,
        "as_cards": user.role == Role.CONSUMER, "staff": user.role not in (Role.CONSUMER, Role.SELLER_STAFF),
    }  # fmt: skip
    return render(request, "disputes/cases.html", shown)


@login_required
@never_cache
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """The next case of one's first view, due first; after the last one, the list."""
    user, _actor = person(request)
    view = OF_ROLE.get(user.role, ("open",))[0]
    found = ordered(Case.objects.visible_to(user).filter(VIEWS[view][1]), "due")
    queue = list(found.values_list("reference", flat=True)[:LOOKED])
    after = request.GET.get("after", "")
    place = queue.index(after) + 1 if after in queue else 0
    return redirect("case-page", reference=queue[place]) if place < len(queue) else redirect("desk")


def narrowed(found: CaseQuerySet, request: HttpRequest, wanted: str, view: str) -> CaseQuerySet:
    """By a search for a number if there is one, else by view; and by the filters of the address."""
    if wanted:
        reference = references.parse(wanted)
        return found.filter(Q(reference=reference or "") | Q(order_number=wanted))
    found = found.filter(VIEWS[view][1])
    if (status := request.GET.get("status", "")) in Status.values:
        found = found.filter(status=status)
    if owner := request.GET.get("owner", ""):
        found = found.filter(owner__username=owner)
    match request.GET.get("term", ""):
        case "overdue":
            found = found.filter(_has_clock(Q(status="breached", stopped_at=None)))
        case "risk":
            found = found.filter(_has_clock(Q(status="running", due_at__lte=clock.now() + SOON, kind__in=OURS)))
    return found


def ordered(found: CaseQuerySet, order: str) -> CaseQuerySet:
    if order == "due":
        running = Clock.objects.filter(case=OuterRef("pk"), status="running").order_by()
        first = running.values("case").annotate(first=Min("due_at")).values("first")
        return found.annotate(next_due_at=Subquery(first)).order_by("next_due_at", "pk")
    return found.order_by("pk" if order == "old" else "-pk")


def handlers() -> list[tuple[str, str]]:
    """Who hears cases: username and name."""
    rows = User.objects.filter(role__in=(Role.ARBITRATOR, Role.SUPERVISOR), is_active=True).order_by(
        "display_name", "pk"
    )
    return list(rows.values_list("username", "display_name"))


def line(case: Case, actor: Actor, at: datetime) -> dict[str, Any]:
    """One row: the API's, with the next step in words and the clock that runs out first."""
    row = casefile.row(case, actor=actor, at=at)
    side = casefile.side_of(actor, case)
    return {**row, "step": page.step(row["next_action"], side), "clock": _first_clock(case, row, side, at)}


def _first_clock(case: Case, row: dict[str, Any], side: str, at: datetime) -> dict[str, Any] | None:
    waiting = [one for one in getattr(case, "waiting", ()) if one.due_at == row["next_action"]["due_at"]]
    if not waiting:
        return None
    return page.named(waiting[0], at)


def _has_clock(which: Q) -> Q:
    return Q(pk__in=Clock.objects.filter(which).values("case_id"))


def _number(said: str) -> int:
    return min(int(said), 400) if said.isdecimal() and int(said) > 0 else 1
