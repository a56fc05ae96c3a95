"""What counts as a response: one row per promise, act and side. What is in no row never answers a promise.

An automatic act has none: a receipt, a time-out and "please wait" answer nobody. Nor has what the consumer cannot see.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from disputes.states import Channel, Party

OPINION = frozenset({Party.PLATFORM})
ANSWER = frozenset({Party.SELLER})
EITHER = OPINION | ANSWER
_EVERY = frozenset(Channel)
_SPOKEN = frozenset(Channel) - {Channel.IMPORT}


@dataclass(frozen=True, kw_only=True)
class Response:
    """`sides`: who must have acted, a person of theirs. `channels`: through which, where the act names one."""

    promise: str
    action: str
    sides: Collection[Party]
    seen: str  # where the consumer reads or hears it
    channels: Collection[Channel] = _EVERY
    needs_opinion: bool = False  # only if the act says which opinion was given to the consumer


RESPONSES: tuple[Response, ...] = (
    Response(promise="initial_response", action="give_initial_opinion", sides=OPINION, seen="timeline"),
    Response(promise="initial_response", action="reject_intake", sides=OPINION, seen="timeline"),
    Response(promise="initial_response", action="accept_intervention", sides=OPINION, seen="timeline"),
    Response(promise="initial_response", action="decline_intervention", sides=OPINION, seen="timeline"),
    Response(promise="initial_response", action="log_contact", sides=OPINION, seen="the call or letter itself",
             channels=_SPOKEN, needs_opinion=True),
    Response(promise="initial_response", action="agree", sides=ANSWER, seen="timeline"),
    Response(promise="initial_response", action="offer", sides=EITHER, seen="offers"),
    Response(promise="initial_response", action="refuse", sides=ANSWER, seen="timeline"),
    Response(promise="review_opinion", action="accept_intervention", sides=OPINION, seen="timeline"),
)  # fmt: skip


def answered(action: str, *, side: str, human: bool, opinion: bool = True, channel: str = "") -> list[str]:
    """The promises that an act answers. `opinion`: it gave the consumer one; `channel`: empty where it names none."""
    return [
        row.promise
        for row in RESPONSES
        if human and row.action == action and side in row.sides and (opinion or not row.needs_opinion)
        and (not channel or channel in row.channels)
    ]  # fmt: skip
