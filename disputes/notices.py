"""Whom an event is told to, and in which words: one row per event code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from casemgmt.notifications import registry
from casemgmt.notifications.registry import Draft
from casemgmt.timeline.models import Event
from disputes.models import Case

CONSUMER, SELLER, OWNER, SUPERVISORS = "consumer", "seller", "owner", "supervisors"
PARTIES = (CONSUMER, SELLER)


@dataclass(frozen=True, kw_only=True)
class Told:
    """Who is told. The one who acted is not told of the own act, unless it is a receipt."""

    to: tuple[str, ...]
    subject: str | Promise
    body: str | Promise
    receipt: bool = False


def _told(*to: str, subject: str | Promise, body: str | Promise, receipt: bool = False) -> Told:
    return Told(to=to, subject=subject, body=body, receipt=receipt)


_READ = _("The page of case %(reference)s says what is new, what you can do and until when.")
TOLD: dict[str, Told] = {
    "case.submitted": _told(
        CONSUMER,
        subject=_("We have received your complaint %(reference)s"),
        body=_("Your complaint has the number %(reference)s. A first opinion follows in 3 working days, the end in 7."),
        receipt=True,
    ),
    "case.info_requested": _told(CONSUMER, subject=_("We need something from you: %(reference)s"), body=_READ),
    "case.info_provided": _told(OWNER, subject=_("The consumer has answered: %(reference)s"), body=_READ),
    "case.opinion_given": _told(*PARTIES, subject=_("A first opinion on %(reference)s"), body=_READ),
    "case.rejected": _told(
        CONSUMER,
        subject=_("Your complaint %(reference)s was not admitted"),
        body=_(
            "The reason is on the case %(reference)s. You can appeal within 7 days; the consumer association, "
            "12315 and the courts remain open to you."
        ),
    ),
    "case.admitted": _told(CONSUMER, SELLER, subject=_("Complaint %(reference)s was admitted"), body=_READ),
    "case.carrier_answered": _told(CONSUMER, SELLER, subject=_("The carrier has answered: %(reference)s"), body=_READ),
    "case.carrier_timed_out": _told(CONSUMER, SELLER, subject=_("The carrier was silent: %(reference)s"), body=_READ),
    "case.agreed": _told(CONSUMER, subject=_("The seller agrees: %(reference)s"), body=_READ),
    "case.offer_made": _told(*PARTIES, subject=_("An offer on %(reference)s"), body=_READ),
    "case.refused": _told(
        CONSUMER,
        subject=_("The seller refuses: %(reference)s"),
        body=_("You can change your demand or ask the platform to step in; without either case %(reference)s lapses."),
    ),
    "case.seller_timed_out": _told(*PARTIES, subject=_("The seller did not answer in time: %(reference)s"), body=_READ),
    "case.offer_accepted": _told(*PARTIES, subject=_("The offer was accepted: %(reference)s"), body=_READ),
    "case.offer_declined": _told(*PARTIES, subject=_("The offer was declined: %(reference)s"), body=_READ),
    "case.offer_timed_out": _told(*PARTIES, subject=_("The offer was not answered: %(reference)s"), body=_READ),
    "case.claim_revised": _told(SELLER, subject=_("The demand was changed: %(reference)s"), body=_READ),
    "case.escalated": _told(*PARTIES, subject=_("The platform was asked to step in: %(reference)s"), body=_READ),
    "case.lapsed": _told(*PARTIES, subject=_("Case %(reference)s has lapsed"), body=_READ),
    "case.assigned": _told(OWNER, subject=_("A case for you: %(reference)s"), body=_READ),
    "case.unassigned": _told(SUPERVISORS, subject=_("Nobody is free for %(reference)s"), body=_READ),
    "case.reassigned": _told(OWNER, subject=_("A case for you: %(reference)s"), body=_READ),
    "case.assignment_overdue": _told(SUPERVISORS, subject=_("Still nobody for %(reference)s"), body=_READ),
    "case.acceptance_overdue": _told(SUPERVISORS, subject=_("The handler of %(reference)s was silent"), body=_READ),
    "case.intervention_accepted": _told(*PARTIES, subject=_("A first opinion on %(reference)s"), body=_READ),
    "case.intervention_declined": _told(
        *PARTIES, subject=_("The platform does not step in: %(reference)s"), body=_READ
    ),
    "case.evidence_opened": _told(*PARTIES, subject=_("Evidence is asked for: %(reference)s"), body=_READ),
    "case.evidence_extended": _told(*PARTIES, OWNER, subject=_("More time for evidence: %(reference)s"), body=_READ),
    "case.evidence_closed": _told(*PARTIES, OWNER, subject=_("The evidence period is over: %(reference)s"), body=_READ),
    "case.settlement_proposed": _told(*PARTIES, subject=_("A proposal to settle %(reference)s"), body=_READ),
    "case.terms_proposed": _told(*PARTIES, OWNER, subject=_("Settlement terms for %(reference)s"), body=_READ),
    "case.terms_accepted": _told(*PARTIES, OWNER, subject=_("Terms were accepted: %(reference)s"), body=_READ),
    "case.mediation_ended": _told(*PARTIES, OWNER, subject=_("Mediation has ended: %(reference)s"), body=_READ),
    "case.conceded": _told(CONSUMER, OWNER, subject=_("The seller grants the demand: %(reference)s"), body=_READ),
    "case.suspended": _told(*PARTIES, subject=_("Case %(reference)s is suspended"), body=_READ),
    "case.resumed": _told(*PARTIES, OWNER, subject=_("Case %(reference)s goes on"), body=_READ),
    "case.recusal_asked": _told(SUPERVISORS, subject=_("Recusal is asked for: %(reference)s"), body=_READ),
    "case.recusal_decided": _told(*PARTIES, OWNER, subject=_("On your request for recusal: %(reference)s"), body=_READ),
    "case.no_ruling_proposed": _told(SUPERVISORS, subject=_("No ruling is proposed: %(reference)s"), body=_READ),
    "case.referred": _told(
        *PARTIES,
        subject=_("We cannot rule on %(reference)s"),
        body=_("The case %(reference)s names the bodies you can turn to. Its file can be exported for them."),
    ),
    "case.withdrawn": _told(SELLER, OWNER, subject=_("The complaint was withdrawn: %(reference)s"), body=_READ),
    "case.merged": _told(CONSUMER, subject=_("Your complaint goes on in another case: %(reference)s"), body=_READ),
    "case.reopened": _told(*PARTIES, OWNER, subject=_("Case %(reference)s was reopened"), body=_READ),
    "case.urged": _told(OWNER, SUPERVISORS, subject=_("The consumer urges: %(reference)s"), body=_READ),
    "case.repeated": _told(OWNER, subject=_("Complained of again: %(reference)s"), body=_READ),
    "return.shipped": _told(SELLER, subject=_("The goods are on their way back: %(reference)s"), body=_READ),
    "return.received": _told(CONSUMER, subject=_("Your return has arrived: %(reference)s"), body=_READ),
    "return.carrier_signed": _told(*PARTIES, subject=_("The return was delivered: %(reference)s"), body=_READ),
    "return.contested": _told(CONSUMER, OWNER, subject=_("The seller contests the return: %(reference)s"), body=_READ),
    "return.timed_out": _told(*PARTIES, subject=_("The goods were not sent back in time: %(reference)s"), body=_READ),
    "return.receipt_timed_out": _told(*PARTIES, subject=_("The return counts as received: %(reference)s"), body=_READ),
    "case.fulfilled": _told(CONSUMER, subject=_("The seller has done its part: %(reference)s"), body=_READ),
    "case.fulfilment_timed_out": _told(*PARTIES, subject=_("The seller did not perform: %(reference)s"), body=_READ),
    "case.fulfilment_rejected": _told(SELLER, subject=_("The consumer is not satisfied: %(reference)s"), body=_READ),
    "case.reshipment_signed": _told(*PARTIES, subject=_("The parcel was delivered: %(reference)s"), body=_READ),
    "case.confirmed": _told(SELLER, subject=_("The consumer has confirmed: %(reference)s"), body=_READ),
    "case.confirmation_timed_out": _told(*PARTIES, subject=_("Case %(reference)s is resolved"), body=_READ),
    "ruling.drafted": _told(SUPERVISORS, subject=_("A ruling awaits approval: %(reference)s"), body=_READ),
    "ruling.returned": _told(OWNER, subject=_("Your draft came back: %(reference)s"), body=_READ),
    "ruling.issued": _told(
        *PARTIES,
        OWNER,
        subject=_("The platform has ruled on %(reference)s"),
        body=_("Read the ruling and its reasons on case %(reference)s. You can accept it, or appeal within 7 days."),
    ),
    "ruling.accepted": _told(*PARTIES, subject=_("The ruling was accepted: %(reference)s"), body=_READ),
    "ruling.final": _told(*PARTIES, subject=_("The ruling on %(reference)s is final"), body=_READ),
    "appeal.filed": _told(*PARTIES, OWNER, subject=_("An appeal on %(reference)s"), body=_READ),
    "appeal.withdrawn": _told(*PARTIES, OWNER, subject=_("The appeal was withdrawn: %(reference)s"), body=_READ),
    "appeal.decided": _told(*PARTIES, subject=_("The appeal on %(reference)s is decided"), body=_READ),
    "execution.performed": _told(*PARTIES, subject=_("The ruling is being carried out: %(reference)s"), body=_READ),
    "execution.timed_out": _told(*PARTIES, subject=_("The platform carries out the ruling: %(reference)s"), body=_READ),
    "execution.stuck": _told(SUPERVISORS, subject=_("A ruling could not be carried out: %(reference)s"), body=_READ),
    "execution.failed": _told(*PARTIES, subject=_("Balance and deposit do not suffice: %(reference)s"), body=_READ),
    "case.executed": _told(*PARTIES, subject=_("Case %(reference)s is closed"), body=_READ),
    "money.paid": _told(CONSUMER, subject=_("Money was paid to you: %(reference)s"), body=_READ),
    "message.posted": _told(*PARTIES, OWNER, subject=_("A message on %(reference)s"), body=_READ),
    "evidence.submitted": _told(*PARTIES, OWNER, subject=_("New evidence on %(reference)s"), body=_READ),
    "promises.held": _told(*PARTIES, subject=_("Our terms stand still on %(reference)s"), body=_READ),
    "promises.extended": _told(*PARTIES, subject=_("We need more time for %(reference)s"), body=_READ),
    "clock.warned": _told(OWNER, SUPERVISORS, subject=_("A deadline comes near: %(reference)s"), body=_READ),
    "clock.credited": _told(*PARTIES, subject=_("After an interruption of ours, more time: %(reference)s"), body=_READ),
    "clock.held": _told(*PARTIES, subject=_("After an interruption of ours, no time runs: %(reference)s"), body=_READ),
    "clock.breached": _told(OWNER, SUPERVISORS, subject=_("A promise was missed: %(reference)s"), body=_READ),
}
# A reminder of a party's own deadline goes to that party, not to supervisors.
_PARTY_CLOCKS = {
    "seller_response": (SELLER,), "fulfil": (SELLER,), "return_receipt": (SELLER,), "execution": (SELLER,),
    "buyer_escalate": (CONSUMER,), "return_ship": (CONSUMER,), "buyer_confirm": (CONSUMER,), "info": (CONSUMER,),
    "offer": PARTIES, "evidence": PARTIES, "mediation": PARTIES, "appeal_window": PARTIES, "suspension": (OWNER,),
}  # fmt: skip
_TOLD_FROM = ("pk", "reference", "consumer_id", "seller_id", "seller_contacted_at", "owner_id")
# By hand: every act asks this, and making the statement anew from expressions costs more than running it.
_MEMBERS = """
SELECT member.organisation_id, member.user_id FROM accounts_membership AS member
JOIN accounts_user AS person ON person.id = member.user_id
WHERE member.organisation_id = ANY(%s) AND member.is_active AND person.is_active
"""
_THREADS = {"buyer_platform": (CONSUMER, OWNER), "seller_platform": (SELLER, OWNER), "internal": (OWNER,)}


def register() -> None:
    for code, told in TOLD.items():
        registry.register_template(code, subject=told.subject, body=told.body)
    registry.drafts_by(drafts)


def drafts(events: Sequence[Event], cases: Mapping[int, Case]) -> list[Draft]:
    """Every notice of these events, in at most three queries however many they are; `cases` are not read again."""
    events = [event for event in events if event.code in TOLD]
    if not events:
        return []
    people = _People({event.case_id for event in events}, cases)
    return [draft for event in events for draft in _of(event, people)]


def _of(event: Event, people: _People) -> Iterable[Draft]:
    acted = set() if TOLD[event.code].receipt else {event.actor_id}
    told = sorted({person for who in _audience(event) for person in people.of(who, event.case_id)} - acted)
    params: dict[str, Any] = {"reference": people.cases[event.case_id].reference}
    for person in told:
        yield Draft(recipient_id=person, template=event.code, case_id=event.case_id, event_id=event.pk, params=params)


def _audience(event: Event) -> tuple[str, ...]:
    if event.code == "clock.warned":
        return _PARTY_CLOCKS.get(event.data.get("kind", ""), TOLD[event.code].to)
    if event.code == "message.posted":
        return _THREADS.get(event.data.get("thread", ""), TOLD[event.code].to)
    return TOLD[event.code].to


def _members_of(sellers: set[int]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, [sorted(sellers)])
        return list(cursor.fetchall())


class _People:
    """Who stands behind "consumer", "seller", "owner" and "supervisors" for a batch of cases."""

    def __init__(self, case_ids: set[int], known: Mapping[int, Case]) -> None:
        self.cases: dict[int, Any] = {pk: known[pk] for pk in case_ids if pk in known}
        if unknown := case_ids - self.cases.keys():
            rows = Case.objects.filter(pk__in=unknown).values_list(*_TOLD_FROM, named=True)
            self.cases |= {row.pk: row for row in rows}
        self._members: dict[int, list[int]] = {}
        sellers = {case.seller_id for case in self.cases.values() if case.seller_id and case.seller_contacted_at}
        for organisation, user in _members_of(sellers) if sellers else ():
            self._members.setdefault(organisation, []).append(user)
        self._supervisors: list[int] | None = None

    def of(self, who: str, case_id: int) -> list[int]:
        case = self.cases[case_id]
        match who:
            case "consumer":
                return [case.consumer_id]
            case "seller":
                told = case.seller_id and case.seller_contacted_at
                return self._members.get(case.seller_id, []) if told else []
            case "owner":
                return [case.owner_id] if case.owner_id else []
        return self._all_supervisors()

    def _all_supervisors(self) -> list[int]:
        if self._supervisors is None:
            people = User.objects.filter(role=Role.SUPERVISOR, is_active=True)
            self._supervisors = list(people.values_list("pk", flat=True))
        return self._supervisors
