"""Lists of cases, each role's own: cards for consumers, a table for everybody who works with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from disputes import casefile, saved_views
from disputes.models import Case
from disputes.states import Status
from disputes.web import kept, page, queue
from disputes.web.acting import person

LOOKED = 200  # of the queue, to find the one after this
_NAMES = {
    "q": _("Number"),
    "status": _("Status"),
    "owner": _("Handler"),
}  # of what a chip says; the rest says it itself


@login_required
@never_cache
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases one may see, by view, words and order, a page at a time."""
    user, actor = person(request)
    wanted = queue.read(request.GET.dict(), user.role)
    at = clock.now()
    order = wanted.order or queue.usual(wanted.view, user.role)
    found = queue.page(queue.narrowed(Case.objects.visible_to(user), wanted, at), order, request.GET.dict())
    chiefs = dict(handlers()) if user.role == Role.SUPERVISOR else {}
    shown = {
        "views": [(name, queue.VIEWS[name][0]) for name in queue.OF_ROLE.get(user.role, ("open", "closed"))],
        "wanted": wanted, "query": wanted.address(), "order": order, "chips": chips(wanted, chiefs),
        "orderings": queue.ORDERINGS.items(), "rows": [line(case, actor, at) for case in found.rows],
        "earlier": wanted.address(**found.earlier) if found.earlier else "",
        "later": wanted.address(**found.later) if found.later else "",
        "filters": {name: values.items() for name, values in queue.filters_of(user.role).items()},
        "bulk": user.role == Role.SUPERVISOR, "once": uuid4().hex, "handlers": chiefs.items(),
        "saved": saved_views.of(user) if kept.may_keep(user) else (), "may_keep": kept.may_keep(user),
        "patterns": page.patterns(), "at": at, "as_cards": user.role == Role.CONSUMER,
        "staff": user.role not in (Role.CONSUMER, Role.SELLER_STAFF),
    }  # fmt: skip
    return render(request, "disputes/cases.html", shown)


@login_required
@never_cache
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """The case after this one in one's first view, due first, or the one before it; beyond both ends, the list."""
    user, _actor = person(request)
    view = queue.OF_ROLE.get(user.role, ("open",))[0]
    lined_up = queue.due_first(Case.objects.visible_to(user).filter(queue.VIEWS[view][1]), LOOKED)
    back = request.GET.get("before", "")
    this = Case.objects.filter(reference=back or request.GET.get("after", "")).values_list("pk", flat=True).first()
    place = lined_up.index(this) + (-1 if back else 1) if this in lined_up else -1 if back else 0
    if not 0 <= place < len(lined_up):
        return redirect("desk")
    return redirect("case-page", reference=Case.objects.values_list("reference", flat=True).get(pk=lined_up[place]))


def chips(wanted: queue.Wanted, chiefs: Mapping[str, str]) -> list[tuple[str, str]]:
    """What narrows the list, in words, each with the query of the list without it."""
    said = {
        "q": wanted.q, "owner": chiefs.get(wanted.owner, wanted.owner),
        "status": str(dict(Status.choices).get(wanted.status, "")),
        "term": str(queue.TERMS.get(wanted.term, "")), "age": str(queue.AGES.get(wanted.age, "")),
    }  # fmt: skip
    names = wanted.narrowed_by()
    return [(f"{_NAMES[name]}: {said[name]}" if name in _NAMES else said[name], wanted.without(name)) for name in names]


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
    return {**row, "step": page.step(row, side), "clock": _first_clock(case, row, at)}


def _first_clock(case: Case, row: dict[str, Any], at: datetime) -> dict[str, Any] | None:
    waiting = [one for one in getattr(case, "waiting", ()) if one.due_at == row["next_action"]["due_at"]]
    return page.named(waiting[0], at) if waiting else None
