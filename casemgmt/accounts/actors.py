"""Who acts: the small, immutable facts about a person that every rule looks at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from casemgmt.accounts.roles import Role

if TYPE_CHECKING:
    from casemgmt.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Actor:
    """`id` is None for the system. `organisation_ids` are the shops a seller's member may speak for."""

    id: int | None
    role: Role
    organisation_ids: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def of(cls, user: User) -> Actor:
        """The actor a signed-in user is. One query for a seller's member, none for anyone else."""
        shops = user.organisation_ids() if user.role == Role.SELLER_STAFF else frozenset()
        return cls(id=user.pk, role=Role(user.role), organisation_ids=shops)


SYSTEM = Actor(id=None, role=Role.SYSTEM)
