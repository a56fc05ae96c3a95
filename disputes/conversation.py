"""What was said and what happened, as far as one side may read it: messages, contacts, the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgmt.timeline import wording
from casemgmt.timeline.models import Event
from disputes.holdings import STAFF
from disputes.moves.conversation import THREADS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from disputes.models import Case, ContactLog, Message

_AUDIENCES = {"consumer": {"parties", "buyer"}, "seller": {"parties", "seller"}}
_OUR_OWN_WORDS = frozenset({"case.reassigned"})  # told to everybody, but not why


def messages(case: Case, side: str) -> QuerySet[Message]:
    """The threads of one's side; staff read all."""
    rows = case.messages.all()
    return rows if side == STAFF else rows.filter(thread__in=THREADS[side])


def contacts(case: Case, side: str) -> QuerySet[ContactLog]:
    """The contacts with one's own side; staff read all."""
    rows = case.contacts.all()
    return rows if side == STAFF else rows.filter(with_party=side)


def events(case: Case, side: str) -> QuerySet[Event]:
    """The timeline of one's side. A seller reads from the instant it was told of the case."""
    rows = case.events.select_related("statement")
    if side == STAFF:
        return rows
    readable = [code for code, said in wording.registered().items() if said.audience in _AUDIENCES[side]]
    rows = rows.filter(code__in=readable)
    return rows.filter(at__gte=case.seller_contacted_at) if side == "seller" else rows


def words_of(event: Event, side: str) -> str:
    """What the person said on that occasion; empty for none, or for what only staff read."""
    statement = getattr(event, "statement", None)
    if statement is None or (side != STAFF and event.code in _OUR_OWN_WORDS):
        return ""
    return str(statement.text)
