"""Who else has a case open: asked by the page beside its own work, forgotten after a minute. Without Redis, nobody."""

from __future__ import annotations

from functools import cache
from time import time

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from casemgmt.accounts.models import User
from casemgmt.optional_redis import OptionalRedis
from disputes import casefile
from disputes.holdings import STAFF
from disputes.web.acting import person, seen

SECONDS = 60


@login_required
@never_cache
@require_POST
def here(request: HttpRequest, reference: str) -> HttpResponse:
    """I have the case open; who else has, and when did it change last? For the platform's people only."""
    case, actor = seen(request, reference)
    if casefile.side_of(actor, case) != STAFF:
        raise Http404
    answer = render(request, "disputes/here.html", {"others": others(case.pk, person(request)[0])})
    answer.headers["X-Case-Touched"] = case.touched_at.isoformat()  # so that a page can tell whether it is old
    return answer


def others(case_id: int, user: User) -> list[str]:
    """Names of the others who looked within the last minute, after noting that `user` does."""
    key, now = f"here:{connection.settings_dict['NAME']}:{case_id}", time()

    def note(server: redis.Redis) -> list[bytes]:
        with server.pipeline() as all_at_once:
            all_at_once.zadd(key, {str(user.pk): now})
            all_at_once.zremrangebyscore(key, 0, now - SECONDS)
            all_at_once.expire(key, SECONDS)
            all_at_once.zrange(key, 0, -1)
            answered: list[bytes] = all_at_once.execute()[-1]
        return answered

    found = {int(pk) for pk in _server(settings.REDIS_URL).ask(note) or ()} - {user.pk}
    people = User.objects.filter(pk__in=found).order_by("pk") if found else User.objects.none()
    return list(people.values_list("display_name", flat=True))


@cache
def _server(url: str) -> OptionalRedis:
    """One per process and address, so that all its threads know when Redis is gone."""
    return OptionalRedis(url, lost="who else has a case open is not known")
