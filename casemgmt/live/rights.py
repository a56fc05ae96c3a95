"""Who stands behind a session at this moment, and what they may be told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from casemgmt.accounts import second_factor
from casemgmt.accounts.models import User
from casemgmt.web import sessions
from disputes.models import Case


def holder(session_key: str, *, at: datetime) -> User | None:
    """The person signed in with this session, as every page would decide it now; None for nobody.

    Unlike a page it notes nothing in the session: an open stream is no sign that somebody is at the desk.
    """
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = auth.get_user(request)
    if not isinstance(user, User):
        return None
    request.user = user
    if sessions.is_over(request, at) or second_factor.lacks(user, request.session):
        return None
    return user


def cases(user: User, case_ids: Collection[int]) -> dict[int, str]:
    """Of these cases, those the person may see now: id → reference."""
    return dict(Case.objects.visible_to(user).filter(pk__in=case_ids).values_list("pk", "reference"))
