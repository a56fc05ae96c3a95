"""What the rulebook above hands down: what expiry does to a case, and who may see whose clocks."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet

if TYPE_CHECKING:
    from casemgmt.accounts.models import User
    from casemgmt.timeline.models import Event
    from sla.batch import Batch
    from sla.models import Clock

Handler = Callable[[list["Clock"], "Batch"], None]
Counter = Callable[["Iterable[Event]"], "Iterable[Any]"]
Visibility = Callable[["User"], "QuerySet[Model]"]

_handlers: dict[str, Handler] = {}
_of_party: set[str] = set()
_counter: list[Counter] = []
_visibility: list[Visibility] = []


def on_expiry(kind: str, handler: Handler, *, of_party: bool = False) -> None:
    """Let `handler(clocks, batch)` move the cases when clocks of this kind run out.

    `of_party`: a consumer or a seller loses something by it, so that an outage of ours must not count against them.

    The clocks are already marked breached at their `due_at`; all their cases are locked; each case comes once. A kind
    without a handler is a promise: its breach is recorded and the case goes on.
    """
    _handlers[kind] = handler
    (_of_party.add if of_party else _of_party.discard)(kind)


def handler_of(kind: str) -> Handler | None:
    return _handlers.get(kind)


def is_of_party(kind: str) -> bool:
    return kind in _of_party


def count_by(counter: Counter) -> None:
    """Hand over what each event of a case adds to the counters (sla.rollups); one case's events, in order."""
    _counter[:] = [counter]


def counted(events: "Iterable[Event]") -> "Iterable[Any]":
    """[{event_id, measure, kind, day, facts, n, seconds}]; nothing where no rulebook is installed."""
    return _counter[0](events) if _counter else ()


def see_cases(visibility: Visibility) -> None:
    """Hand over the one predicate that says which cases a person may see."""
    _visibility[:] = [visibility]


def visible_cases(user: "User") -> "QuerySet[Model]":
    """The cases whose clocks this person may see. RuntimeError where nobody handed the predicate over."""
    if not _visibility:
        raise RuntimeError("No rulebook is installed: sla.registry.see_cases() was never called.")
    return _visibility[0](user)
