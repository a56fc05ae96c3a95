"""Who may do what: named predicates joined with | and &. No Django: the same objects guard, list, word and document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class ActorFacts(Protocol):
    """What a predicate may know of a person."""

    @property
    def id(self) -> int | None: ...
    @property
    def role(self) -> str: ...
    @property
    def organisation_ids(self) -> frozenset[int]: ...


class CaseFacts(Protocol):
    """What a predicate may know of a case: columns of its row, no query."""

    @property
    def kind(self) -> str: ...
    @property
    def consumer_id(self) -> int: ...
    @property
    def seller_id(self) -> int | None: ...
    @property
    def seller_contacted_at(self) -> datetime | None: ...
    @property
    def owner_id(self) -> int | None: ...
    @property
    def filed_by_id(self) -> int | None: ...
    @property
    def complained_of_id(self) -> int | None: ...
    @property
    def offer_by(self) -> str: ...
    @property
    def appealed_by(self) -> list[str]: ...
    @property
    def ruling_author_id(self) -> int | None: ...


@dataclass(frozen=True)
class Predicate:
    """A condition on (actor, case) with a name for the rulebook and for refusals."""

    name: str
    holds: Callable[[ActorFacts, CaseFacts], bool]

    def __call__(self, actor: ActorFacts, case: CaseFacts) -> bool:
        return self.holds(actor, case)

    def __or__(self, other: Predicate) -> Predicate:
        return Predicate(f"{self.name} or {other.name}", lambda a, c: self(a, c) or other(a, c))

    def __and__(self, other: Predicate) -> Predicate:
        return Predicate(f"{_wrapped(self)} and {_wrapped(other)}", lambda a, c: self(a, c) and other(a, c))

    def called(self, name: str) -> Predicate:
        """The same condition under a name that a reader understands."""
        return Predicate(name, self.holds)

    def __invert__(self) -> Predicate:
        return Predicate(f"not {_wrapped(self)}", lambda a, c: not self(a, c))


def _wrapped(predicate: Predicate) -> str:
    return f"({predicate.name})" if " or " in predicate.name else predicate.name


def _role(role: str) -> Predicate:
    return Predicate(role, lambda actor, _case: actor.role == role)


def party_of(actor: ActorFacts, case: CaseFacts) -> str | None:
    """Which side the actor speaks for: "consumer", "seller", or None for the platform's people."""
    if actor.role == "consumer" and actor.id == case.consumer_id:
        return "consumer"
    if actor.role == "seller_staff" and case.seller_id is not None and case.seller_id in actor.organisation_ids:
        return "seller"
    return None


buyer = Predicate("buyer", lambda a, c: party_of(a, c) == "consumer")
# A seller has no part in a case before it is told of it.
seller = Predicate("seller", lambda a, c: party_of(a, c) == "seller" and c.seller_contacted_at is not None)
system = _role("system")
auditor = _role("auditor")

about_ourselves = Predicate("a complaint about our service", lambda _a, c: c.kind == "service_complaint")
not_complained_of = Predicate("not the person complained of", lambda a, c: a.id is None or a.id != c.complained_of_id)
# In a complaint about ourselves (F5) only supervisors act, and never the person complained of.
agent = (_role("agent") & ~about_ourselves).called("agent")
reviewer = (_role("reviewer") & not_complained_of).called("reviewer")
supervisor = (_role("supervisor") & not_complained_of).called("supervisor")
# Those who deal with the parties; a reviewer reads and decides on drafts, and speaks to their author alone.
platform_staff = (
    Predicate(
        "platform staff",
        lambda a, c: a.role == "supervisor" or (a.role in {"agent", "arbitrator"} and not about_ourselves(a, c)),
    )
    & not_complained_of
)
filed_it = Predicate("filed it on the buyer's behalf", lambda a, c: a.id is not None and a.id == c.filed_by_id)
owner = Predicate("the handler", lambda a, c: a.id is not None and a.id == c.owner_id)
author = Predicate("the ruling's author", lambda a, c: a.id is not None and a.id == c.ruling_author_id)

arbitrator = (owner & (_role("arbitrator") | (supervisor & about_ourselves))).called("the case's arbitrator")
intake_staff = agent | supervisor
second_person = (reviewer | supervisor) & ~author

# With no offer on the table either side is let through, to be told that the case has moved on.
offeree = Predicate(
    "the side the offer was made to", lambda a, c: party_of(a, c) is not None and party_of(a, c) != c.offer_by
)
appellant = Predicate(
    "the side that appealed last", lambda a, c: not c.appealed_by or party_of(a, c) == c.appealed_by[-1]
)
party = buyer | seller
