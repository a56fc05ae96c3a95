"""The bell: one's notices, and following one to its case."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from casemgmt import clock
from casemgmt.errors import NotFound
from casemgmt.notifications import inbox, registry
from casemgmt.web.me import person
from disputes.models import Case

SHOWN = 50


@login_required
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The latest notices, in words."""
    language = get_language() or "zh-hans"
    rows = [
        {"notice": notice, "said": registry.render(notice.template, notice.params, language=language)}
        for notice in inbox.notices(user=person(request)).order_by("-pk")[:SHOWN]
    ]
    return render(request, "notices.html", {"rows": rows})


@login_required
@require_POST
def follow(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Mark it as read and go to its case; where that has gone to somebody else, show the notice and say so."""
    user = person(request)
    try:
        notice = inbox.read(user=user, uid=uid, at=clock.now())
    except NotFound as refusal:
        raise Http404 from refusal
    if notice.case is None:
        return redirect("bell")
    if Case.objects.visible_to(user).filter(pk=notice.case.pk).exists():
        return redirect("case-page", reference=notice.case.reference)
    said = registry.render(notice.template, notice.params, language=get_language() or "zh-hans")
    return render(request, "notice.html", {"notice": notice, "said": said})
