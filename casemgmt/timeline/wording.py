"""Sentences for events: the row keeps a code and its facts, the words are made when somebody reads it."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)

Audience = Literal["parties", "buyer", "seller", "staff"]
Facts = Mapping[str, Any]
# Turns stored codes and instants into words; called with the reader's language active.
Words = Callable[[Facts], Facts]


class Worded(Protocol):
    """What `sentence` needs of an event."""

    @property
    def code(self) -> str: ...

    @property
    def data(self) -> dict[str, Any]: ...


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A lazily translated text with %(name)s places, and who may read it."""

    text: str | Promise
    audience: Audience
    words: Words | None = None


_GENERIC = _("Something was recorded on this case (%(code)s).")
_sentences: dict[str, Sentence] = {}


class _Filled(dict[str, Any]):
    """A fact that an old event does not have is a dash, never an error."""

    def __missing__(self, key: str) -> str:
        return "—"


def register(code: str, text: str | Promise, *, audience: Audience = "parties", words: Words | None = None) -> None:
    """Give an event code its sentence. Registering a code again replaces it, so that loading twice is harmless."""
    _sentences[code] = Sentence(text=text, audience=audience, words=words)


def registered() -> Mapping[str, Sentence]:
    """Every code that has a sentence: for the reference pages and their test."""
    return dict(_sentences)


def audience(code: str) -> Audience:
    """Who may read an event of this code. An unknown code is for staff only."""
    found = _sentences.get(code)
    return found.audience if found else "staff"


def sentence(event: Worded, *, language: str, extra: Facts | None = None) -> str:
    """The event in words. `extra` adds facts the row does not hold (a name). Never raises for what is stored."""
    found = _sentences.get(event.code)
    facts = {"code": event.code, **event.data, **(extra or {})}
    with translation.override(language):
        if found is None:
            return str(_GENERIC) % {"code": event.code}
        return filled(found.text, facts, found.words, instead=str(_GENERIC) % {"code": event.code})


def filled(text: str | Promise, facts: Facts, words: Words | None, *, instead: str) -> str:
    """`text` with the facts in its places; `instead` where an old row's facts do not fit the sentence any more."""
    try:
        known = {**facts, **(words(facts) if words else {})}
        return str(text) % _Filled(known)
    except (KeyError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError) as problem:
        log.warning("a sentence did not fit its facts: %s", type(problem).__name__)
        return instead
