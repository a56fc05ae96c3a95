"""Views of one's own: kept from what a list shows now, shown among the chips, removed again."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casemgmt import clock
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from casemgmt.errors import DomainError, NotFound
from disputes import saved_views
from disputes.web import queue
from disputes.web.acting import person


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the list that the form came with under the name it gives."""
    user = _worker(request)
    shown = queue.read(QueryDict(request.POST.get("query", "")).dict(), user.role).address()
    try:
        saved_views.keep(user=user, name=request.POST.get("name", ""), query=shown, at=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal.detail))
    return redirect(f"{reverse('desk')}?{shown}")


@login_required
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of one's own."""
    try:
        saved_views.drop(user=_worker(request), pk=pk)
    except NotFound as refusal:
        raise Http404(str(refusal.detail)) from refusal
    messages.success(request, _("The view was removed."))
    return redirect("desk")


def may_keep(user: User) -> bool:
    """Whoever works with a table."""
    return user.role in queue.OF_ROLE and user.role != Role.CONSUMER


def _worker(request: HttpRequest) -> User:
    user, _actor = person(request)
    if not may_keep(user):
        raise Http404
    return user
