"""Telling the demo: the cast, then one case after the other, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F, QuerySet

from casemgmt.accounts.actors import Actor
from casemgmt.accounts.roles import Role
from casemgmt.demo import accounts, cast, facts, orders
from casemgmt.demo.cast import MARK, Cast
from casemgmt.demo.days import Days
from casemgmt.demo.facts import Facts
from casemgmt.demo.stories import STORIES
from casemgmt.demo.story import Story
from casemgmt.errors import DomainError
from casemgmt.notifications.models import Channel, Notice
from disputes import workflow
from disputes.models import Case, Order
from disputes.states import CLOSED, Status

Progress = Callable[[int, int], None]
_READ_AFTER = timedelta(days=2)  # what is older was read long ago


class DemoIncompleteError(RuntimeError):
    """The stories did not reach every status."""


@dataclass(kw_only=True)
class Loaded:
    """What one run did. `told` are the ids of the new cases; `withdrawn` how many old ones ended for them."""

    generation: int
    told: list[int] = field(default_factory=list)
    withdrawn: int = 0
    accounts: Path
    new_accounts: bool


def load(*, at: datetime, refresh: bool = False, progress: Progress = lambda done, of: None) -> Loaded:
    """Tell what is not told yet; with `refresh`, once the last telling is whole, everything anew, dated from `at`.

    Before a new telling the consumers withdraw what is still open of the old ones, where the rules let them; the rest
    goes on by its own deadlines. Passwords and keys are new whenever something was told, or their file is missing.
    """
    people = cast.assemble()
    generation, withdrawn = max(1, orders.latest_generation()), 0
    if refresh and not _untold(generation):
        withdrawn = _withdraw_what_is_open(people, at)
        generation += 1
    told = _tell_all(generation, people, Days(at), progress)
    fresh = bool(told) or not accounts.written()
    path = accounts.issue(people, at=at) if fresh else accounts.path()
    return Loaded(generation=generation, told=told, withdrawn=withdrawn, accounts=path, new_accounts=fresh)


def cases() -> QuerySet[Case]:
    """Every case of the cast, of whichever telling."""
    return Case.objects.filter(consumer__external_ref__startswith=MARK)


def _tell_all(generation: int, people: Cast, days: Days, progress: Progress) -> list[int]:
    untold = _untold(generation)
    if not untold:
        return []
    cast.silence_mail()
    told: list[int] = []
    for entry in untold:
        progress(len(told), len(untold))
        told.append(_tell(Story(entry=entry, generation=generation, cast=people, days=days)))
    orders.spare_orders(cast=people, generation=generation, at=days.now, buyers=people.of_role(Role.CONSUMER))
    _read_old_notices(days.now)
    cast.restore_mail()
    progress(len(told), len(untold))
    if len(told) == len(facts.complaints()):
        _refuse_gaps(told)
    return told


def _tell(story: Story) -> int:
    with _whole():
        STORIES[story.entry["story"]](story)
        story.comes_to(story.days.now)
        story.settle()
    return story.case_id


def _untold(generation: int) -> list[Facts]:
    """The entries whose order does not exist: a case and its order are made in one transaction."""
    numbers = {orders.number(generation, entry["n"]): entry for entry in facts.complaints()}
    there = set(Order.objects.filter(number__in=numbers).values_list("number", flat=True))
    return [entry for number, entry in numbers.items() if number not in there]


def _refuse_gaps(told: list[int]) -> None:
    reached = set(Case.objects.filter(pk__in=told).values_list("status", flat=True))
    if missing := set(Status) - reached:
        raise DemoIncompleteError(f"No case of the demo stands at: {', '.join(sorted(missing))}.")


def _withdraw_what_is_open(people: Cast, at: datetime) -> int:
    """How many cases their consumers could withdraw."""
    consumers = {person.pk: Actor.of(person) for person in people.of_role(Role.CONSUMER)}
    withdrawn = 0
    for pk, consumer in cases().exclude(status__in=CLOSED).order_by("pk").values_list("pk", "consumer_id"):
        try:
            workflow.perform("withdraw", case_id=pk, actor=consumers[consumer], at=at, details={"confirm": True})
        except DomainError:
            continue  # ruled, being carried out, or a draft: it stays as it is
        withdrawn += 1
    return withdrawn


def _read_old_notices(now: datetime) -> None:
    old = Notice.objects.filter(recipient__external_ref__startswith=MARK, channel=Channel.IN_APP, read_at=None)
    old.filter(created_at__lt=now - _READ_AFTER).update(read_at=F("created_at") + timedelta(hours=2))


@contextmanager
def _whole() -> Iterator[None]:
    """One transaction around many acts, each of which insists on being outermost.

    Django lets a durable block nest in a block that is marked so; it is how its own TestCase does it.
    """
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
