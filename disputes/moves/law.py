"""What a move is: where from, where to, who may, what is recorded. Door, API and rulebook read the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django_fsm import RETURN_VALUE, transition

from casemgmt.accounts.actors import Actor
from casemgmt.errors import NotPermitted
from casemgmt.timeline.log import Entry
from disputes.rules import Predicate, party_of
from disputes.states import Status

if TYPE_CHECKING:
    from disputes.models import Case
    from sla.batch import Batch

Guard = Callable[["Case", Actor, datetime], None]
Prepare = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Law:
    """One action. `number` is its row in the transition table; `targets` is empty when the status stays.

    `guard` raises the refusal of a case that is in the right status but not ready. `quiet` leaves `version` alone, for
    what does not change anybody's rights (a message, a call).
    `prepare` completes the details before any lock is taken, where an outside system has to be asked.
    """

    name: str
    number: str
    sources: frozenset[Status]
    targets: frozenset[Status]
    by: Predicate
    event: str
    guard: Guard | None = None
    quiet: bool = False
    prepare: Prepare | None = None


@dataclass(kw_only=True)
class Act:
    """One act upon one locked case: who, when, and what else the transaction writes."""

    case: Case
    actor: Actor
    at: datetime
    batch: Batch
    data: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    followers: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    clock_terms: dict[str, dict[str, Any]] = field(
        default_factory=dict
    )  # kind → what Book.start takes beside the policy
    event: str = ""  # instead of the law's own code, where one move has two meanings
    opinion: bool = True  # what was said can answer a promise (disputes.responses)
    channel: str = ""  # through which it was said, where the act names one
    pause: str | None = None  # a reason to hold the promises that the status alone does not tell

    @property
    def person(self) -> int:
        """The acting person's id. The laws let only people do what needs an author."""
        if self.actor.id is None:
            raise NotPermitted("needs_a_person", _("Only a person can do this."))
        return self.actor.id

    @property
    def party(self) -> str:
        """The side the actor speaks for: consumer, seller or platform."""
        return party_of(self.actor, self.case) or "platform"

    def tell(self, text: str = "", **data: Any) -> None:
        """What the event of this act carries: a person's words, and codes, ids and amounts (as strings)."""
        self.text = text or self.text
        self.data.update(data)

    def note(self, code: str, *, text: str = "", **data: Any) -> None:
        """A further event, beside the act's own."""
        entry = Entry(case_id=self.case.pk, at=self.at, actor=self.actor, code=code, data=data, text=text)
        self.batch.journal.record(entry)

    def then(self, action: str, **details: Any) -> None:
        """Let the system carry out a further move at the same instant, after this one."""
        self.followers.append((action, details))


LAWS: dict[str, Law] = {}


def moves(
    sources: Status | Iterable[Status],
    targets: Status | Iterable[Status] | None,
    *,
    number: str,
    by: Predicate,
    event: str,
    guard: Guard | None = None,
    quiet: bool = False,
    prepare: Prepare | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a method of the case as a transition. With several targets the method returns the one it takes."""
    from_ = frozenset([sources]) if isinstance(sources, Status) else frozenset(sources)
    to = frozenset() if targets is None else frozenset([targets]) if isinstance(targets, Status) else frozenset(targets)

    def declare(method: Callable[..., Any]) -> Callable[..., Any]:
        name = method.__name__
        law = Law(
            name=name, number=number, sources=from_, targets=to, by=by, event=event,
            guard=guard, quiet=quiet, prepare=prepare,
        )  # fmt: skip
        LAWS[name] = law
        target = None if not to else next(iter(to)) if len(to) == 1 else RETURN_VALUE(*sorted(to))
        declared: Callable[..., Any] = transition(
            field="status", source=sorted(from_), target=target, custom={"law": law}
        )(method)
        return declared

    return declare
