"""Thirteen principals and how each of them calls: programs with a key, browsers with a session."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from rest_framework.test import APIClient

from casemgmt.accounts import keys
from casemgmt.accounts.models import Membership, User
from casemgmt.accounts.roles import Role
from casemgmt.web.sessions import BEGAN, SEEN
from tests.world import World

PRINCIPALS = (
    "anonymous", "consumer", "stranger", "seller", "other_seller", "agent", "assigned", "unassigned", "reviewer",
    "supervisor", "auditor", "administrator", "disabled",
)  # fmt: skip
NOBODY = ("anonymous", "disabled")  # signed out, and an account that is closed: both are asked to sign in
PEOPLE = tuple(name for name in PRINCIPALS if name not in NOBODY)
BACK_OFFICE = ("supervisor", "auditor", "administrator")


class Cast:
    """The people of a world under the names of the tables."""

    def __init__(self, world: World) -> None:
        self.world = world
        closed = world.person(Role.SELLER_STAFF, "disabled")
        Membership.objects.create(organisation=world.shop, user=closed)
        self.users: dict[str, User] = {
            "consumer": world.buyer, "stranger": world.stranger, "seller": world.seller,
            "other_seller": world.other_seller, "agent": world.agent, "assigned": world.arbitrator,
            "unassigned": world.arbitrator2, "reviewer": world.reviewer, "supervisor": world.supervisor,
            "auditor": world.auditor, "administrator": world.administrator, "disabled": closed,
        }  # fmt: skip
        User.objects.filter(pk__in=[self.users[name].pk for name in BACK_OFFICE]).update(is_staff=True)
        self.programs = {name: self._program(name) for name in PRINCIPALS}
        self.sessions = {name: self._session(name) for name in PRINCIPALS}
        User.objects.filter(pk=closed.pk).update(is_active=False)

    def _program(self, name: str) -> APIClient:
        """With every scope, so that only the person decides."""
        if name == "anonymous":
            return APIClient(HTTP_ACCEPT_LANGUAGE="en")
        born = self.world.now - timedelta(days=1)
        key, secret = keys.make(user=self.users[name], name=name, scopes=keys.SCOPES, ttl=timedelta(days=300), at=born)
        key.last_used_at = self.world.now + timedelta(days=60)  # so that a request writes nothing of its own
        key.save(update_fields=["last_used_at"])
        return APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_ACCEPT_LANGUAGE="en")

    def _session(self, name: str) -> str:
        """The key of a session that began now; so that a request of now writes nothing of its own."""
        if name == "anonymous":
            return ""
        browser = Client()
        browser.force_login(self.users[name])
        session = browser.session
        session[BEGAN] = session[SEEN] = self.world.now.isoformat()
        session.save()
        return str(session.session_key)

    def browser(self, name: str, at: datetime | None = None) -> Client:
        """A fresh one with the person's cookie, as signing out throws it away; their session began at this instant."""
        found = Client(headers={"Accept-Language": "en"})
        if self.sessions[name] and at:
            session = SessionStore(self.sessions[name])
            if session.get(SEEN) != at.isoformat():
                session[BEGAN] = session[SEEN] = at.isoformat()
                session.save()
        if self.sessions[name]:
            found.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[name]
        return found
