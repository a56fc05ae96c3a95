"""The screens of a case and of single rows: what is sent to each, and what each person is answered. Written by hand.

As the API answers, with two differences: whoever is not signed in is sent to sign in (302), and what is carried out
leads on to another page (302).
"""

from __future__ import annotations

from typing import Any

from tests.journeys.access.people import NOBODY, PEOPLE, PRINCIPALS
from tests.journeys.access.sight import SEEN_BY

SENT_ON = 302
# Addresses that name a case, an exhibit, a notice or a person; those without are in the table of the shell.
SCREENS = (
    "case-page", "preview", "here", "act", "keep-form", "deadline", "hand-in", "exhibit", "exhibit-content",
    "bell-follow", "revoke-key", "drop-view", "try", "draft", "filed",
    "shop-invite", "invitation-back", "member-role", "member-out", "join",
)  # fmt: skip
# Addresses below a case that only a form is sent to.
ONLY_FORMS = ("evidence/", "evidence/{submitted}/withdraw/", "evidence/{staged}/submit/")

# A form of an exhibit is answered with its case in any event: it says whether it was taken.
HANDED_IN: dict[str, str] = {
    "talks": "consumer seller agent supervisor",
    "evidence": "consumer seller agent supervisor",
    "approval": "consumer seller agent supervisor",
    "resolved": "",  # closed: told so
}
WITHDRAWN = "consumer"  # whose exhibit it is


def of_a_case(room: str, seen: int, *, may: frozenset[str] = frozenset()) -> dict[str, int]:
    """Sent to sign in, 404 unseen, `seen` for whoever sees it, and sent on who may."""
    answers = {name: seen if name in SEEN_BY[room] else 404 for name in PEOPLE}
    return {**dict.fromkeys(NOBODY, SENT_ON), **answers, **dict.fromkeys(may, SENT_ON)}


def everybody(status: int) -> dict[str, int]:
    return dict.fromkeys(PRINCIPALS, status)


def as_form(body: dict[str, Any], before: str = "") -> dict[str, Any]:
    """A body of the API as the fields of a form."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, dict):
            found |= as_form(value, f"{before}{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for place, one in enumerate(value):
                found |= as_form(one, f"{before}{name}.{place}.")
        else:
            found[f"{before}{name}"] = str(value).lower() if isinstance(value, bool) else value
    return found
