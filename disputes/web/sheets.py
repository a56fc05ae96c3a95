"""The form of one action: its questions, what was typed, why it cannot be sent, and what has changed meanwhile."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Min
from django.http import QueryDict
from django.utils.translation import get_language
from rest_framework import serializers

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.errors import DomainError
from disputes import casefile, catalogue, workflow
from disputes.api.inputs import INPUTS
from disputes.models import Case, Clause, UnsentForm
from disputes.moves.law import LAWS
from disputes.states import Outcome
from disputes.web import forms, happenings, words

MOST_SAID = 5  # complaints about what the page did not ask


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Why a form that was sent comes back."""

    errors: Any = None
    refusal: DomainError | None = None
    barred: bool = False  # there is nothing to fill in
    changed: Sequence[dict[str, Any]] = ()

    @property
    def status(self) -> int:
        return self.refusal.status if self.refusal else 422 if self.errors else 200


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a template needs to show the form of an action."""

    case: Case
    action: str
    once: str
    version: int | str
    boxes: list[forms.Box] = field(default_factory=list)
    trouble: Trouble = field(default_factory=Trouble)
    others: list[str] = field(default_factory=list)
    kept: UnsentForm | None = None
    place: str = ""
    open: bool = False

    @property
    def verb(self) -> words.Verb:
        return words.VERBS[self.action]

    @property
    def grave(self) -> bool:
        return self.action in words.GRAVE

    @property
    def keepable(self) -> bool:
        """There is something longer to write."""
        return any(box.kind == "long" for box in self.boxes)

    @property
    def groups(self) -> list[tuple[str, list[forms.Box], str]]:
        """Words over the questions that belong together, these, and the list that may get one more row after them."""
        parts = [(words_over, list(them)) for words_over, them in groupby(self.boxes, lambda box: box.group)]
        return [(words_over, them, them[-1].rows) for words_over, them in parts]


def sheet(
    case: Case, action: str, *, once: str, said: QueryDict | None = None, trouble: Trouble | None = None,
    kept: UnsentForm | None = None, place: str = "", request: Any = None, open_: bool = False,
) -> Sheet:  # fmt: skip
    """The form with what was sent, or else with what was kept of it."""
    trouble = trouble or Trouble()
    form = INPUTS[action](context={"request": request})
    typed = said if said is not None else as_posted(kept.fields) if kept else None
    within = f"{action}-" if place else ""
    asked = forms.boxes(form, posted=typed, errors=trouble.errors, only=fitting(case, form), within=within)
    asked = [] if trouble.barred else sorted(asked, key=lambda box: box.name == "text")  # the words come last
    others = list(forms.unplaced(trouble.errors, frozenset(box.name for box in asked)))[:MOST_SAID]
    return Sheet(
        case=case, action=action, once=once, boxes=asked, trouble=trouble, others=others, place=place,
        version=read_version(said) if trouble.errors and said is not None else case.version,
        kept=kept if said is None else None, open=open_,
    )  # fmt: skip


def as_posted(fields: Mapping[str, list[str]]) -> QueryDict:
    """What was kept, as a browser would post it."""
    found = QueryDict(mutable=True)
    for name, values in fields.items():
        found.setlist(name, values)
    return found


def bar(action: str, case: Case, actor: Actor, at: datetime) -> Trouble | None:
    """Why there is nothing to fill in: it is not the person's to do, or not now."""
    try:
        workflow.refuse_unless_lawful(LAWS[action], case=case, actor=actor, at=at)
    except DomainError as refusal:
        return Trouble(refusal=refusal, barred=True)
    return None


def changes(case: Case, actor: Actor, version: int | None) -> list[dict[str, Any]]:
    """What has happened since the person read this version, as far as they may know it; the latest first."""
    if version is None or version >= case.version:
        return []
    since = case.events.filter(data__set__version__gt=version).aggregate(first=Min("seq"))["first"]
    return happenings.told(case, casefile.side_of(actor, case), since=since)


def read_version(said: QueryDict) -> str:
    """The version that the person has read: mending a form is not reading the case again."""
    version = said.get("version", "")
    return version if re.fullmatch(r"[0-9]{1,9}", version) else ""


def fitting(case: Case, form: serializers.Serializer[Any]) -> dict[str, list[tuple[str, str]]]:
    """Choices that make sense for this case: remedies of its family, clauses in force, outcomes of a ruling."""
    found = {"remedy": catalogue.remedies(case.flow)}
    asked = forms.names_in(form)
    if "citations" in asked:
        found["citations"] = _clauses(clock.now())
    if "outcome" in asked:
        ruled = (Outcome.BUYER_FAVOUR, Outcome.SELLER_FAVOUR, Outcome.SPLIT)
        found["outcome"] = [(one.value, str(one.label)) for one in ruled]
    return found


def _clauses(at: datetime) -> list[tuple[str, str]]:
    """The clauses in force with what they say, in the reader's language."""
    chinese = (get_language() or "zh").startswith("zh")
    rows = Clause.objects.in_force(at).order_by("code")
    return [(row.code, f"{row.code}: {row.summary_zh if chinese else row.summary_en}") for row in rows]
