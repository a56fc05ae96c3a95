"""People in front of a browser: a client per person, at the world's now, in English."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from casemgmt.web.sessions import BEGAN, SEEN
from tests.world import World


class Screens:
    """One person's browser. It never raises what a page fails at: a failure is a 500, as it is for people."""

    def __init__(self, world: World, user: Any, *, language: str = "en") -> None:
        self.world = world
        self.client = Client(headers={"Accept-Language": language}, raise_request_exception=False)
        self.client.force_login(user)

    def get(self, path: str, query: dict[str, Any] | None = None, *, headers: Any = None) -> Any:
        return self._sends("get", path, query, headers)

    def head(self, path: str) -> Any:
        return self._sends("head", path, None, None)

    def post(self, path: str, form: dict[str, Any] | None = None) -> Any:
        return self.raw(path, urlencode(form or {}, doseq=True).encode())

    def raw(self, path: str, body: bytes) -> Any:
        """A form as it stands, byte by byte."""
        self._stays()
        with self.world.at(self.world.now):
            return self.client.post(path, body, content_type="application/x-www-form-urlencoded")

    def uploads(self, path: str, form: dict[str, Any]) -> Any:
        """A form in parts, with or without a file."""
        return self._sends("post", path, form, None)

    def does(self, case: Any, action: str, **form: Any) -> Any:
        return self.post(f"/cases/{case.reference}/do/{action}/", form)

    def _sends(self, method: str, path: str, said: Any, headers: Any) -> Any:
        self._stays()
        with self.world.at(self.world.now):
            return getattr(self.client, method)(path, said, headers=headers)

    def _stays(self) -> None:
        """However far the world's time was moved: this is not about sessions that end."""
        session = self.client.session
        if session.get(SEEN) != self.world.now.isoformat():
            session[BEGAN] = session[SEEN] = self.world.now.isoformat()
            session.save()


def text(answer: Any) -> str:
    """The page as text, with its entities read."""
    return html.unescape(answer.content.decode())


def hidden(answer: Any, name: str) -> str:
    """What the page's form sends by itself."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, f"no {name} on the page"
    return found.group(1)


def alerts(answer: Any) -> list[str]:
    """What the page complains about."""
    return [html.unescape(said) for said in re.findall(r'role="alert">([^<]*)<', answer.content.decode())]


def links(answer: Any) -> list[str]:
    return [html.unescape(to) for to in re.findall(r'href="([^"]*)"', answer.content.decode())]


def listed(answer: Any) -> list[str]:
    """The numbers of the cases on a list, in order."""
    return re.findall(r'href="/cases/([0-9A-Z]{5}-[0-9A-Z]{5})/"', answer.content.decode())
