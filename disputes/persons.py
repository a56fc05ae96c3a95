"""Whom an action belongs to, in words: what the guards of rules.py are called where a person reads it."""

from __future__ import annotations

import re
from functools import reduce

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The first name of each alternative of a guard; what narrows it ("and not …") is for programs and the rulebook.
NAMES: dict[str, Promise] = {
    "buyer": gettext_lazy("the consumer"),
    "seller": gettext_lazy("the seller"),
    "agent": gettext_lazy("the intake staff"),
    "reviewer": gettext_lazy("a reviewer"),
    "supervisor": gettext_lazy("a supervisor"),
    "auditor": gettext_lazy("an auditor"),
    "platform staff": gettext_lazy("the platform's staff"),
    "the case's arbitrator": gettext_lazy("the handler of the case"),
    "filed it on the buyer's behalf": gettext_lazy("whoever filed it for the consumer"),
    "the side the offer was made to": gettext_lazy("the side the offer was made to"),
    "system": gettext_lazy("the system"),
}
_NARROWED = re.compile(r" and \([^()]*\)")
_ALTERNATIVE = re.compile(r"(?:^| or )\(?(.+?)(?= or | and |$)")


def named(guard: str) -> str:
    """The people a guard of this name lets act, in the active language: "the consumer or the seller"."""
    known = [name for name in _ALTERNATIVE.findall(_NARROWED.sub("", guard)) if name in NAMES]
    people = [name for name in known if name != "system"] or known
    said = [str(NAMES[name]) for name in dict.fromkeys(people)]
    return reduce(lambda one, other: _("%(one)s or %(other)s") % {"one": one, "other": other}, said) if said else guard
