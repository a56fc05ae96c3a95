"""Keeping what somebody tells, page by page, until it is a draft: through a lost session, on every device."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from casemgmt.accounts.models import User
from disputes.models import Case, Unfinished

KEPT_FOR = timedelta(days=30)
LONGEST = 2000  # characters of an answer


def of(*, person: User, at: datetime) -> Unfinished | None:
    """What they have begun, with the case that came of it; None if nothing, or too long ago."""
    found = Unfinished.objects.filter(person=person, updated_at__gt=at - KEPT_FOR)
    return found.select_related("case", "case__consumer", "case__order", "case__parent").first()


def keep(*, person: User, answers: Mapping[str, str], instead_of: Case | None, at: datetime) -> bool:
    """Keep these answers, of which there is no case yet. False if meanwhile something else came of those before.

    What is empty, too long or no text is left out: the row stays small, whatever is pasted.
    """
    kept = {name: said for name, said in answers.items() if said and len(said) <= LONGEST and "\0" not in said}
    first = {"answers": kept, "updated_at": at}
    _row, made = Unfinished.objects.get_or_create(person=person, defaults=first)
    same = Unfinished.objects.filter(person=person, case=instead_of)
    return made or same.update(answers=kept, case=None, updated_at=at) == 1


def forget(*, person: User) -> None:
    """Start anew. A draft that came of it stays a draft."""
    Unfinished.objects.filter(person=person).delete()


def purge(*, at: datetime) -> int:
    """Forget what nobody has gone on with; how many."""
    return Unfinished.objects.filter(updated_at__lte=at - KEPT_FOR).delete()[0]


class Becoming:
    """A `workflow.Recorder`: one draft comes of one person's answers, however often the page was sent."""

    def __init__(self, *, person: User, at: datetime) -> None:
        self._person, self._at = person, at
        self.case: Case | None = None

    def replayed(self) -> bool:
        row = Unfinished.objects.select_for_update(of=("self",)).select_related("case").filter(person=self._person)
        found = row.first()
        self.case = found.case if found else None
        return self.case is not None

    def keep(self, case: Case, made: Any = None) -> None:
        said = {"answers": {}, "case": case, "updated_at": self._at}
        Unfinished.objects.update_or_create(person=self._person, defaults=said)
        self.case = case
