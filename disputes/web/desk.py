"""Lists of cases, each role's own: cards for consumers, a table for everybody who works with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from unicodedata import normalize
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
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
CLOCKS_OF_A_CASE = 4  # that run at once, about
LAST = 400  # the farthest page: what lies beyond is searched for
SEARCHED = 64
LOOKED = 200  # of the queue, to find the one after this
_PLATFORMS = (Status.SUBMITTED, Status.AWAITING_CARRIER)
OURS = ("initial_response", "resolution", "review_resolution")  # the promises that a supervisor watches
SOON = timedelta(hours=24)

# View → its words and what belongs to it. The first one is where a role begins.
VIEWS: dict[str, tuple[Any, Any]] = {
    "open": (pgettext_lazy("cases", "Open"), ~Q(status__in=sorted(CLOSED))),
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
    wanted = request.GET.get("q", "").strip()[:SEARCHED]
    order = request.GET.get("order", "")
    order = order if order in ORDERINGS else ("new" if user.role == Role.CONSUMER or view == "closed" else "due")
    staff = user.role not in (Role.CONSUMER, Role.SELLER_STAFF)
    found = narrowed(Case.objects.visible_to(user), request.GET if staff else {}, wanted, view)
    number = _number(request.GET.get("page", ""))
    rows = paged(found, order, (number - 1) * PAGE, number * PAGE + 1)
    at = clock.now()
    shown = {
        "views": [(name, VIEWS[name][0]) for name in views], "view": view, "q": wanted, "order": order,
        "orderings": ORDERINGS.items(), "rows": [line(case, actor, at) for case in rows[:PAGE]], "number": number,
        "more": len(rows) > PAGE and number < LAST, "status": request.GET.get("status", ""), "statuses": Status.choices,
        "bulk": user.role == Role.SUPERVISOR, "once": uuid4().hex,
        "handlers": handlers() if user.role == Role.SUPERVISOR else (),
        "patterns": page.patterns(), "at": at,
        "as_cards": user.role == Role.CONSUMER, "staff": staff,
    }  # fmt: skip
    return render(request, "disputes/cases.html", shown)


@login_required
@never_cache
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """The next case of one's first view, due first; after the last one, the list."""
    user, _actor = person(request)
    view = OF_ROLE.get(user.role, ("open",))[0]
    queue = due_first(Case.objects.visible_to(user).filter(VIEWS[view][1]), LOOKED)
    after = Case.objects.filter(reference=request.GET.get("after", "")).values_list("pk", flat=True).first()
    place = queue.index(after) + 1 if after in queue else 0
    if place >= len(queue):
        return redirect("desk")
    return redirect("case-page", reference=Case.objects.values_list("reference", flat=True).get(pk=queue[place]))


def narrowed(found: CaseQuerySet, said: Mapping[str, str], wanted: str, view: str) -> CaseQuerySet:
    """By a search for a number if there is one, else by view and by the filters that staff may use."""
    if wanted:
        reference, number = references.parse(wanted), "".join(normalize("NFKC", wanted).split())
        return found.filter(Q(reference=reference or "") | Q(order_number__in=[wanted, number, number.upper()]))
    found = found.filter(VIEWS[view][1])
    if (status := said.get("status", "")) in Status.values:
        found = found.filter(status=status)
    if owner := said.get("owner", ""):
        found = found.filter(owner__username=owner)
    match said.get("term", ""):
        case "overdue":
            found = found.filter(_has_clock(Q(status="breached", stopped_at=None)))
        case "risk":
            found = found.filter(_has_clock(Q(status="running", due_at__lte=clock.now() + SOON, kind__in=OURS)))
    return found


def paged(found: CaseQuerySet, order: str, first: int, last: int) -> list[Case]:
    """The cases from the first to before the last, in order, with what a list needs."""
    if order != "due":
        return list(casefile.rows(found.order_by("pk" if order == "old" else "-pk"))[first:last])
    ids = due_first(found, last)[first:last]
    known = casefile.rows(Case.objects.filter(pk__in=ids)).in_bulk()
    return [known[pk] for pk in ids if pk in known]


def due_first(found: CaseQuerySet, count: int) -> list[int]:
    """The ids of so many cases: promises that were missed, then whose clock runs out first, then those without one.

    Read along the clocks in order of their deadlines: a page costs the same among a hundred cases and a million.
    """
    inside = Clock.objects.filter(case__in=found.order_by()).order_by("due_at", "pk")
    ids = _along(inside.filter(status="breached", stopped_at=None), count, {})
    ids = _along(inside.filter(status="running"), count, ids)
    if len(ids) < count:
        still = ~Exists(Clock.objects.filter(case=OuterRef("pk"), status="running"))
        ids |= dict.fromkeys(found.filter(still).order_by("pk").values_list("pk", flat=True)[:count])
    return list(ids)[:count]


def _along(clocks: QuerySet[Clock], count: int, ids: dict[int, None]) -> dict[int, None]:
    """Add the clocks' cases, in order, until there are so many or no more clocks."""
    read, size = 0, CLOCKS_OF_A_CASE * count
    while len(ids) < count:
        rows = clocks.values_list("case_id", flat=True)[read : read + size]
        ids |= dict.fromkeys(rows)
        read += size
        if len(rows) < size:
            break
    return ids


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
    return {**row, "step": page.step(row, side), "clock": _first_clock(case, row, side, at)}


def _first_clock(case: Case, row: dict[str, Any], side: str, at: datetime) -> dict[str, Any] | None:
    waiting = [one for one in getattr(case, "waiting", ()) if one.due_at == row["next_action"]["due_at"]]
    if not waiting:
        return None
    return page.named(waiting[0], at)


def _has_clock(which: Q) -> Q:
    return Q(pk__in=Clock.objects.filter(which).values("case_id"))


def _number(said: str) -> int:
    return max(1, min(int(said), LAST)) if said.isdecimal() and len(said) < 6 else 1
