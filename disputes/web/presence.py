"""Who else has a case open: asked by the page beside its own work,
and forgotten after a minute. Redis; without it nobody."""

from __future__ import annotations

import logging
from time import time

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from redis.exceptions import RedisError

from casemgmt.accounts.models import User
from disputes import casefile
from disputes.holdings import STAFF
from disputes.web.acting import person, seen

log = logging.getLogger(__name__)

SECONDS = 60


@login_required
@never_cache
@require_POST
def here(request: HttpRequest, reference: str) -> HttpResponse:
    """I have the case open; who else has? For the platform's people only."""
    case, actor = seen(request, reference)
    if casefile.side_of(actor, case) != STAFF:
        raise Http404
    return render(request, "disputes/here.html", {"others": others(case.pk, person(request)[0])})


def others(case_id: int, user: User) -> list[str]:
    """Names of the others who looked within the last minute,
    after noting that `user` does. Two at once may miss one."""
    key, now = f"here:{case_id}", time()
    try:
        known: dict[int, tuple[str, float]] = cache.get(key) or {}
        known = {pk: (name, at) for pk, (name, at) in known.items() if at > now - SECONDS}
        cache.set(key, {**known, user.pk: (user.display_name, now)}, timeout=SECONDS)
    except (RedisError, OSError) as error:
        log.info("presence is not known: %s", type(error).__name__)
        return []
    return [name for pk, (name, _at) in sorted(known.items()) if pk != user.pk]
