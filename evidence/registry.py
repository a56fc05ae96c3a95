"""What the rulebook hands over: who sees a case, who may add to it, and the door through which a case is touched."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet

from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.errors import DomainError

if TYPE_CHECKING:
    from evidence.models import Item

# The case, of which this app knows only `pk` and `reference`.
AnyCase = Any


class Record(Protocol):
    """Put an event on the case's timeline and tell whom it concerns, inside the transaction that holds the lock."""

    def __call__(
        self, *, case_id: int, actor: Actor, at: datetime, code: str, data: dict[str, Any], text: str = ""
    ) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """The rulebook's answers.

    `visible_cases(user)` is a queryset of cases. `settle(case_id, at)` carries out what is overdue and runs before the
    transaction; `lock(case_id, at)` runs inside it, locks the case's row and gives (case, the instant under the lock).
    `may_add(actor, case)` and `may_ask(actor, case)` give the refusal, or None where it is allowed. `may_see` is asked
    after this app's own rule (own side always, the other side once submitted) and can only narrow it.
    `party_of(actor, case)` is "consumer", "seller" or "platform".
    """

    visible_cases: Callable[[User], QuerySet[Any]]
    settle: Callable[[int, datetime], None]
    lock: Callable[[int, datetime], tuple[AnyCase, datetime]]
    may_add: Callable[[Actor, AnyCase], DomainError | None]
    may_ask: Callable[[Actor, AnyCase], DomainError | None]
    may_see: Callable[[Actor, AnyCase, "Item"], bool]
    party_of: Callable[[Actor, AnyCase], str]
    record: Record


_filled: list[Hooks] = []


def fill(hooks: Hooks) -> None:
    """Set once, when the apps are ready; a second set replaces the first."""
    _filled[:] = [hooks]


def hooks() -> Hooks:
    """Raises ImproperlyConfigured when no rulebook is installed."""
    if not _filled:
        raise ImproperlyConfigured("No app called evidence.registry.fill(): nobody may see or add evidence.")
    return _filled[0]
