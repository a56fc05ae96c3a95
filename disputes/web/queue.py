"""Which cases a list shows: views, what narrows them, their order, and pages of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from unicodedata import normalize
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casemgmt import references
from casemgmt.accounts.roles import Role
from disputes import casefile
from disputes.models import Case, CaseQuerySet
from disputes.states import ARBITRATION, CLOSED, Party, Priority, Status
from disputes.turns import TURNS
from sla.models import Clock

PAGE = 25
CLOCKS_OF_A_CASE = 4  # that run at once, about
LAST = 400  # the farthest page: what lies beyond is searched for
LONGEST = {"q": 64, "owner": 150}
_PLATFORMS = (Status.SUBMITTED, Status.AWAITING_CARRIER)
OURS = ("initial_response", "resolution", "review_resolution")  # the promises that a supervisor watches
THEIRS = tuple(turn.clock for turn in TURNS.values() if turn.party in (Party.SELLER, Party.BOTH) and turn.clock)
SOON = timedelta(hours=24)
FILED = Coalesce("submitted_at", "created_at")
_URGENT = Q(priority__in=[Priority.URGENT, Priority.HIGH]) & ~Q(status__in=sorted(CLOSED))

# View → its words and what belongs to it. The first one is where a role begins.
VIEWS: dict[str, tuple[Any, Q]] = {
    "open": (pgettext_lazy("cases", "Open"), ~Q(status__in=sorted(CLOSED))),
    "answer": (_("To answer"), Q(status__in=[Status.AWAITING_SELLER, Status.RETURN_IN_TRANSIT,
                                             Status.AWAITING_FULFILMENT, Status.EVIDENCE_PERIOD, Status.EXECUTING])),
    "intake": (_("To admit"), Q(status__in=_PLATFORMS)),
    "carrier": (_("To ask the carrier"), Q(status=Status.AWAITING_CARRIER)),
    "approve": (_("To approve"), Q(status=Status.RULING_IN_APPROVAL)),
    "unassigned": (_("Without a handler"), Q(status=Status.INTERVENTION_REQUESTED, owner=None)),
    "escalated": (_("Escalated to the platform"), Q(status__in=sorted(ARBITRATION))),
    "appeals": (_("Appeals"), Q(status=Status.UNDER_APPEAL)),
    "urgent": (_("Urgent"), _URGENT),
    "closed": (_("Closed"), Q(status__in=sorted(CLOSED))),
}  # fmt: skip
OF_ROLE: dict[str, tuple[str, ...]] = {
    Role.CONSUMER: ("open", "closed"),
    Role.SELLER_STAFF: ("answer", "open", "closed"),
    Role.AGENT: ("intake", "carrier", "open", "urgent", "closed"),
    Role.ARBITRATOR: ("open", "urgent", "closed"),
    Role.REVIEWER: ("approve",),
    Role.SUPERVISOR: ("open", "unassigned", "urgent", "escalated", "approve", "appeals", "closed"),
    Role.AUDITOR: ("open", "closed"),
}
ORDERINGS = {"due": _("Due first"), "new": _("Newest first"), "old": _("Oldest first")}
STAFF_TERMS = {"risk": _("At risk today"), "overdue": _("Promise missed")}
SELLER_TERMS = {"soon": _("Due within 24 hours")}  # by a seller's own deadlines: ours are not theirs to know
TERMS = STAFF_TERMS | SELLER_TERMS
AGES = {
    "today": _("filed today"), "days": _("filed 1 to 3 days ago"),
    "week": _("filed 4 to 7 days ago"), "older": _("filed over 7 days ago"),
}  # fmt: skip
NARROWING = ("status", "term", "age", "owner")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list is asked for. Nothing in it is wrong: what made no sense was left out when it was read."""

    view: str
    q: str = ""  # the number of a case or an order: then nothing else narrows
    status: str = ""
    term: str = ""
    age: str = ""
    owner: str = ""
    order: str = ""  # empty: the usual one

    def address(self, **changed: Any) -> str:
        """As the query of a list's address."""
        said = {**asdict(self), **changed}
        return urlencode({name: value for name, value in said.items() if value})

    def without(self, name: str) -> str:
        return replace(self, **{name: ""}).address()

    def narrowed_by(self) -> list[str]:
        """The names of what narrows the list now."""
        return ["q"] if self.q else [name for name in NARROWING if getattr(self, name)]


def read(said: Mapping[str, str], role: str) -> Wanted:
    """What the address of a list says, as far as it makes sense for this role."""
    views = OF_ROLE.get(role, ("open", "closed"))
    view = said.get("view", "")
    view = view if view in views else views[0]
    order, known = said.get("order", ""), filters_of(role)
    found = {name: said.get(name, "").strip()[:longest] for name, longest in LONGEST.items()}
    return Wanted(
        view=view, q=found["q"], owner=found["owner"] if "owner" in known else "",
        order=order if order in ORDERINGS and order != usual(view, role) else "",
        **{name: said[name] for name in ("status", "term", "age") if said.get(name) in known.get(name, ())},
    )  # fmt: skip


def filters_of(role: str) -> dict[str, Mapping[str, Any]]:
    """What may narrow a list of this role: name → its values with their words. An owner is anybody."""
    match role:
        case Role.CONSUMER:
            return {}
        case Role.SELLER_STAFF:
            return {"status": dict(Status.choices), "term": SELLER_TERMS}
    return {"status": dict(Status.choices), "term": STAFF_TERMS, "age": AGES, "owner": {}}


def usual(view: str, role: str) -> str:
    """The order of a list of which nobody said one."""
    return "new" if role == Role.CONSUMER or view == "closed" else "due"


def narrowed(found: CaseQuerySet, wanted: Wanted, at: datetime) -> CaseQuerySet:
    """By a search for a number if there is one, else by the view and whatever else narrows it."""
    if wanted.q:
        reference, number = references.parse(wanted.q), "".join(normalize("NFKC", wanted.q).split())
        return found.filter(Q(reference=reference or "") | Q(order_number__in=[wanted.q, number, number.upper()]))
    found = found.filter(VIEWS[wanted.view][1])
    if wanted.status:
        found = found.filter(status=wanted.status)
    if wanted.owner:
        found = found.filter(owner__username=wanted.owner)
    if wanted.age:
        found = found.alias(filed=FILED).filter(_between(*ages(at)[wanted.age]))
    return found.filter(_due(wanted.term, at)) if wanted.term else found


def ages(at: datetime) -> dict[str, tuple[datetime | None, datetime | None]]:
    """The stretches of AGES, [from, before), by calendar days: somebody who waits waits on a Sunday too."""
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    days, week = today - timedelta(days=3), today - timedelta(days=7)
    return {"today": (today, None), "days": (days, today), "week": (week, days), "older": (None, week)}


def _between(first: datetime | None, last: datetime | None) -> Q:
    return (Q(filed__gte=first) if first else Q()) & (Q(filed__lt=last) if last else Q())


def _due(term: str, at: datetime) -> Q:
    kinds = THEIRS if term == "soon" else OURS
    which = Q(status="running", due_at__lte=at + SOON, kind__in=kinds)
    if term == "overdue":
        which = Q(status="breached", stopped_at=None)
    return Q(pk__in=Clock.objects.filter(which).values("case_id"))


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some rows of a list, and what the addresses of its neighbours say beside the rest; empty without one."""

    rows: list[Case]
    earlier: dict[str, str]
    later: dict[str, str]


def page(found: CaseQuerySet, order: str, said: Mapping[str, str]) -> Page:
    """The page that an address asks for.

    In order of filing it begins after the last row that was seen, so that a new case moves nobody to another page.
    Due first it goes by number: that order moves with every answer, and work is taken from its top.
    """
    if order == "due":
        return _by_number(found, _number(said.get("page", "")))
    if before := _place(said.get("before", "")):
        rows = _beside(found, before, order, back=True)
        if len(rows) > PAGE:
            rows = rows[:PAGE][::-1]
            return Page(rows=rows, earlier={"before": _mark(rows[0])}, later={"after": _mark(rows[-1])})
        return _after(found, order, None)
    return _after(found, order, _place(said.get("after", "")))


def _by_number(found: CaseQuerySet, number: int) -> Page:
    rows = paged(found, (number - 1) * PAGE, number * PAGE + 1)
    more = len(rows) > PAGE and number < LAST
    return Page(rows=rows[:PAGE], earlier={"page": str(number - 1)} if number > 1 else {},
                later={"page": str(number + 1)} if more else {})  # fmt: skip


def _after(found: CaseQuerySet, order: str, place: int | None) -> Page:
    rows = _beside(found, place, order)
    earlier = {"before": _mark(rows[0])} if place and rows else {}
    return Page(rows=rows[:PAGE], earlier=earlier, later={"after": _mark(rows[PAGE - 1])} if len(rows) > PAGE else {})


def _beside(found: CaseQuerySet, place: int | None, order: str, *, back: bool = False) -> list[Case]:
    """One row more than a page has, from this place on, or back from it."""
    rising = (order == "old") != back
    if place:
        found = found.filter(pk__gt=place) if rising else found.filter(pk__lt=place)
    return list(casefile.rows(found.order_by("pk" if rising else "-pk"))[: PAGE + 1])


def _mark(case: Case) -> str:
    return Signer(salt=__name__).sign(str(case.pk))


def _place(mark: str) -> int | None:
    """Signed, or it would tell a reader where cases lie that are none of theirs; what was made up is no place."""
    try:
        return int(Signer(salt=__name__).unsign(mark))
    except BadSignature:
        return None


def _number(said: str) -> int:
    return max(1, min(int(said), LAST)) if said.isdecimal() and len(said) < 6 else 1


def paged(found: CaseQuerySet, first: int, last: int) -> list[Case]:
    """The cases from the first to before the last, due first, with what a list needs."""
    ids = due_first(found, last)[first:last]
    known = casefile.rows(Case.objects.filter(pk__in=ids)).in_bulk()
    return [known[pk] for pk in ids if pk in known]


def due_first(found: CaseQuerySet, count: int) -> list[int]:
    """The ids of so many cases: promises that were missed, then whose clock runs out first, then those without one.

    Read along the clocks in order of their deadlines: a page costs the same among a hundred cases and a million.
    """
    inside = Clock.objects.filter(case__in=found.order_by()).order_by("due_at", "pk")
    ids = _along(inside.filter(status="breached", stopped_at=None), count, {})
    ids = _along(inside.filter(status="running"), count, ids)
    if len(ids) < count:
        still = ~Exists(Clock.objects.filter(case=OuterRef("pk"), status="running"))
        ids |= dict.fromkeys(found.filter(still).order_by("pk").values_list("pk", flat=True)[:count])
    return list(ids)[:count]


def _along(clocks: QuerySet[Clock], count: int, ids: dict[int, None]) -> dict[int, None]:
    """Add the clocks' cases, in order, until there are so many or no more clocks."""
    read, size = 0, CLOCKS_OF_A_CASE * count
    while len(ids) < count:
        rows = clocks.values_list("case_id", flat=True)[read : read + size]
        ids |= dict.fromkeys(rows)
        read += size
        if len(rows) < size:
            break
    return ids
