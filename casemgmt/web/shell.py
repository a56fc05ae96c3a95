"""What every page needs beside its own content: where one can go, and how it is dressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casemgmt.accounts.roles import Role
from casemgmt.notifications import inbox

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"


@dataclass(frozen=True, kw_only=True)
class Way:
    """A link of the navigation: the name of its address and its words."""

    to: str
    words: str | Promise

    @property
    def address(self) -> str:
        return reverse(self.to)


_CASES = Way(to="desk", words=_("Cases"))
# Role → ways, the first of which is that role's home.
WAYS: dict[str, tuple[Way, ...]] = {
    Role.CONSUMER: (
        Way(to="service", words=_("Service centre")),
        Way(to="desk", words=_("My complaints")),
        Way(to="file", words=_("File a complaint")),
    ),
    Role.SELLER_STAFF: (Way(to="desk", words=_("Complaints to answer")), Way(to="shop", words=_("My shop"))),
    Role.AGENT: (Way(to="calls", words=_("Phone desk")), _CASES, Way(to="file", words=_("File for a caller"))),
    Role.ARBITRATOR: (Way(to="desk", words=_("My desk")),),
    Role.REVIEWER: (Way(to="desk", words=_("To approve")),),
    Role.SUPERVISOR: (Way(to="wall", words=_("Overview")), _CASES),
    Role.AUDITOR: (_CASES,),
}


# Keys → what they do; a page offers those that do something on it.
KEYS: dict[str, Any] = {
    "j k": _("rows down and up"), "Enter": pgettext_lazy("key", "open"), "x": _("choose the row"),
    "p": _("preview of the row, open or closed"), "/": _("search"), "[": _("previous case"), "]": _("next case"),
    "g q": _("the list"), "g d": _("the overview"), "g n": _("the notices"),
    "r": _("write a message"), "n": _("write an internal note"), "e": _("evidence"), "c": _("compare"),
    "u": _("ask for evidence"), "d": _("rule"), "a": _("give to another handler"),
    "::": _("text block"), "Ctrl+Enter": _("send"), "Ctrl+K": _("go to"), "?": _("this sheet"),
}  # fmt: skip


def ways(role: str) -> tuple[Way, ...]:
    """Where a person of this role can go."""
    return WAYS.get(role, ())


def home(role: str) -> str:
    """The address that a person of this role begins at."""
    return ways(role)[0].address if ways(role) else reverse("landing")


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: `ways`, `theme`, and how many notices wait unread (asked only if it is shown)."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "ways": ways(getattr(user, "role", "")) if signed_in else (),
        "theme": chosen if chosen in THEMES else "auto",
        "themes": ((name, words) for name, words in _THEME_WORDS),
        "live": _live(request) if signed_in else "",
        "unread": SimpleLazyObject(lambda: inbox.unread(user_id=user.pk)) if user is not None and signed_in else 0,
        "key_words": {
            "keys": str(_("Keys")),
            "go": str(_("Go to")),
            "sheet": {k: str(v) for k, v in KEYS.items()},
            "off": str(_("Single keys are switched off. Switch them on under My data.")),
            "cut": str(_CUT),
        },
    }


def _live(request: HttpRequest) -> str:
    """Where this page hears of news. Opened under another name than PUBLIC_URL's, it would be refused: then nowhere."""
    ours = request.get_host() == urlsplit(settings.PUBLIC_URL).netloc
    return settings.LIVE_URL if ours or settings.LIVE_URL.startswith("/") else ""


_CUT = _("That was too long: only the first % characters are kept. Hand longer texts in as a file, under Evidence.")
_THEME_WORDS = (("auto", _("As the system")), ("light", _("Light")), ("dark", _("Dark")))
