"""What the apps above hand over: which events make which notices, and the words of each notice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casemgmt.notifications.models import Channel
from casemgmt.timeline.models import Event
from casemgmt.timeline.wording import Facts, Words, filled

BOTH = (Channel.IN_APP, Channel.EMAIL)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One person to tell. `params` must be JSON; instants as ISO strings."""

    recipient_id: int
    template: str
    case_id: int | None = None
    event_id: int | None = None
    params: dict[str, Any] = field(default_factory=dict)
    channels: tuple[str, ...] = BOTH


@dataclass(frozen=True, kw_only=True)
class Template:
    """Lazily translated subject and body with %(name)s places."""

    subject: str | Promise
    body: str | Promise
    words: Words | None = None


@dataclass(frozen=True, kw_only=True)
class Rendered:
    subject: str
    body: str


Resolver = Callable[[Sequence[Event], Mapping[int, Any]], list[Draft]]

_UNKNOWN = Template(subject=_("News about your case"), body=_("There is news about your case. Sign in to read it."))
_templates: dict[str, Template] = {}
_resolvers: list[Resolver] = []


def drafts_by(resolver: Resolver) -> None:
    """Name who turns events into drafts. The last one named is asked; until then nobody is told anything."""
    _resolvers[:] = [resolver]


def drafts(events: Sequence[Event], cases: Mapping[int, Any]) -> list[Draft]:
    """Whom to tell of these events, and what. `cases`: what the caller has in memory of their cases, by id."""
    return [draft for resolver in _resolvers for draft in resolver(events, cases)]


def register_template(code: str, *, subject: str | Promise, body: str | Promise, words: Words | None = None) -> None:
    """Give a template its words. Registering a code again replaces it."""
    _templates[code] = Template(subject=subject, body=body, words=words)


def templates() -> Mapping[str, Template]:
    """Every template that has words: for the reference pages and their test."""
    return dict(_templates)


def render(template: str, params: Facts, *, language: str) -> Rendered:
    """A notice in words, in this language. Never raises for what is stored; the subject is one line."""
    found = _templates.get(template, _UNKNOWN)
    with translation.override(language):
        subject = filled(found.subject, params, found.words, instead=str(_UNKNOWN.subject))
        body = filled(found.body, params, found.words, instead=str(_UNKNOWN.body))
    return Rendered(subject=one_line(subject), body=body)


def one_line(text: str) -> str:
    """Printable characters on one line: a name with line breaks must not become a mail header of its own."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:200]
