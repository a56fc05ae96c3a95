"""The bench: who hears a case, conflicts of interest, evidence asked for, stays and referrals."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from casemgmt.errors import Conflict, Invalid, NotPermitted
from disputes import promises
from disputes.moves import terms
from disputes.states import CLOSED, ExternalBody, Status, SuspendReason
from disputes.taxonomy import Flow
from disputes.turns import PROMISES
from evidence import asking

if TYPE_CHECKING:
    from disputes.models import Case, Suspension
    from disputes.moves.law import Act


def bench(case: Case, *, appeal: bool = False) -> Any:
    """The people who may hear this case now: on duty, not a party, never the one complained of, not heard it before."""
    role = Role.SUPERVISOR if case.flow == Flow.OURSELVES else Role.ARBITRATOR
    people = User.objects.filter(role=role, is_active=True, on_duty=True)
    barred: set[int | None] = {case.complained_of_id, case.filed_by_id}
    if appeal or case.reopened_count:
        barred |= set(case.assignments.values_list("handler_id", flat=True))
        barred |= {case.ruling_author_id}
        barred |= set(case.rulings.values_list("approvals__approver_id", flat=True))
    barred |= set(case.recusals.filter(Q(granted=True) | Q(granted=None)).values_list("handler_id", flat=True))
    return people.exclude(pk__in=[person for person in barred if person is not None])


def draw(act: Act, *, appeal: bool = False, but_not: int | None = None) -> int | None:
    """The free handler with the least open work; the lowest id among equals. None if nobody is free."""
    load = Count("owned_cases", filter=~Q(owned_cases__status__in=sorted(CLOSED)))
    drawn = bench(act.case, appeal=appeal).exclude(pk=but_not).annotate(load=load).order_by("load", "pk").first()
    return drawn.pk if drawn else None


def named(act: Act, handler_id: int) -> int:
    """The person a supervisor named, if the bench holds that person."""
    appeal = act.case.status == Status.UNDER_APPEAL
    if not bench(act.case, appeal=appeal).filter(pk=handler_id).exists():
        raise Conflict(
            "handler_not_free", _("This person cannot hear the case: off duty, in conflict, or heard it before.")
        )
    return handler_id


def seat(act: Act, handler_id: int, *, appeal: bool = False) -> None:
    from disputes.models import Assignment

    kind = Assignment.Seat.APPEAL if appeal else Assignment.Seat.LEAD
    Assignment.objects.filter(case=act.case, released_at=None).update(released_at=act.at)
    Assignment.objects.create(case=act.case, handler_id=handler_id, seat=kind, at=act.at)
    act.case.owner_id = handler_id


def await_acceptance(act: Act) -> None:
    """A handler sits: the working day to take the case begins."""
    if act.case.status == Status.INTERVENTION_REQUESTED:
        act.batch.book.stop(case_id=act.case.pk, kinds=["assignment", "intervention_accept"], at=act.at)
        promises.start(act, "intervention_accept")


def release(act: Act, *, reason: str = "") -> None:
    """Nobody handles the case until the next seat."""
    from disputes.models import Assignment

    Assignment.objects.filter(case=act.case, released_at=None).update(released_at=act.at, reason=reason)
    act.case.owner_id = None


def seat_for_appeal(act: Act) -> None:
    """Another handler than any before (R1-28); with nobody free the supervisor is told and the appeal waits."""
    chosen = draw(act, appeal=True)
    release(act, reason="appeal")
    if chosen is None:
        act.note("case.unassigned")
    else:
        seat(act, chosen, appeal=True)


def give_back(act: Act) -> None:
    """After an appeal is withdrawn or rejected, the case is its lead's again."""
    from disputes.models import Assignment

    lead = Assignment.objects.filter(case=act.case, seat=Assignment.Seat.LEAD).order_by("-at", "-pk").first()
    release(act, reason="appeal ended")
    if lead:
        seat(act, lead.handler_id)


def refuse_conflict(case: Case, actor: Actor) -> None:
    if actor.id in (case.filed_by_id, case.complained_of_id):
        raise NotPermitted("conflict_of_interest", _("You handled the intake of this case. Ask to be replaced."))
    if case.recusals.filter(granted=None, handler_id=actor.id).exists():
        raise Conflict("recusal_pending", _("A request for your recusal is being decided."))


# Evidence


def evidence_terms(act: Act, hours: int | None) -> dict[str, Any]:
    """The period: asked for, or the policy's; cut so that a working day is left for the ruling; never under 24 h."""
    least, most = act.case.setting("evidence_least_hours"), act.case.setting("evidence_most_hours")
    if hours is not None and not least <= hours <= most:
        raise Invalid("hours_out_of_range", _("Between %(least)s and %(most)s hours.") % {"least": least, "most": most})
    found: dict[str, Any] = {} if hours is None else {"seconds": hours * 3600}
    ends = [
        clock.due_at
        for kind in ("resolution", "review_resolution")
        if (clock := act.batch.book.open(act.case.pk, kind))
    ]
    if ends:
        found |= {"not_after": min(ends) - timedelta(days=1), "not_before": act.at + timedelta(hours=24)}
    return found


def ask_for_evidence(act: Act, requests: list[dict[str, Any]], *, due_at: datetime) -> None:
    """Create the checklist. Slots must be those an arbitrator may ask for in this kind of complaint."""
    wanted = [
        asking.Ask(party=r["party"], slot=r["slot"], mandatory=r.get("mandatory", True), text=r.get("text", ""))
        for r in requests
    ]
    asking.ask(case_id=act.case.pk, actor=act.actor, wanted=wanted, due_at=due_at, at=act.at)
    act.tell(requests=[{"party": r["party"], "slot": r["slot"]} for r in requests])


def extend_requests(act: Act, *, due_at: datetime) -> None:
    asking.extend(case_id=act.case.pk, due_at=due_at)


def close_evidence(act: Act) -> None:
    """By hand only when everything mandatory is answered; by time-out whatever came; the silent side is in default."""
    silent = {request.party for request in asking.unanswered(case_id=act.case.pk)}
    if act.actor.id is not None and silent:
        raise Conflict("evidence_outstanding", _("Mandatory evidence is outstanding; its term is still running."))
    asking.close_requests(case_id=act.case.pk, at=act.at)
    if "seller" in silent and not act.case.seller_heard:
        act.case.seller_defaulted = True
    act.tell(missing=sorted(silent))


# Stays


def suspend(act: Act, reason: str) -> None:
    from disputes.models import Suspension

    case = act.case
    Suspension.objects.create(case=case, reason=reason, from_at=act.at)
    case.return_to, case.suspended_for = case.status, reason


def document_stay(act: Act, document: str) -> None:
    stay = _stay(act)
    if stay.reason not in (SuspendReason.COURT, SuspendReason.POLICE):
        raise Conflict("no_document_needed", _("Only a stay for a court or the police needs a document."))
    if stay.document:
        raise Conflict("already_documented", _("The document of this stay is on the file."))
    stay.document = document
    stay.save(update_fields=["document"])
    act.tell(document, reason=stay.reason)
    act.batch.book.stop(case_id=act.case.pk, kinds=["suspension"], at=act.at)
    promises.start(act, "suspension", variant=stay.reason)


def resume(act: Act) -> Status:
    """Back to the remembered status. An evidence period starts anew; nobody loses by the stay."""
    stay = _stay(act)
    stay.resumed_at = act.at
    stay.save(update_fields=["resumed_at"])
    target = Status(act.case.return_to)
    act.case.return_to, act.case.suspended_for = "", ""
    if target == Status.EVIDENCE_PERIOD:
        # The promises run on from here, so that the new period is cut by what is left of them.
        act.batch.book.resume(case_id=act.case.pk, kinds=PROMISES, at=act.at)
        act.case.in_extension = False
        act.clock_terms["evidence"] = evidence_terms(act, None)
        extend_requests(act, due_at=promises.start(act, "evidence").due_at)
    act.tell(to=target)
    return target


def _stay(act: Act) -> Suspension:
    return act.case.suspensions.get(resumed_at=None)


def ask_recusal(act: Act, reason: str) -> None:
    from disputes.models import RecusalRequest

    if act.case.owner_id is None:
        raise Conflict("nobody_assigned", _("Nobody handles the case yet."))
    if act.case.recusals.filter(granted=None).exists():
        raise Conflict("recusal_pending", _("A request for recusal is being decided."))
    RecusalRequest.objects.create(
        case=act.case, asked_by_id=act.person, handler_id=act.case.owner_id, reason=reason, asked_at=act.at
    )


def decide_recusal(act: Act, *, granted: bool) -> None:
    request = act.case.recusals.filter(granted=None).first()
    if request is None:
        raise Conflict("no_recusal_pending", _("Nobody has asked for recusal."))
    request.granted, request.decided_by_id, request.decided_at = granted, act.actor.id, act.at
    request.save(update_fields=["granted", "decided_by", "decided_at"])
    if not granted:
        return
    release(act, reason="recusal")
    chosen = draw(act)
    if chosen is None:
        act.note("case.unassigned")
    else:
        seat(act, chosen)
        await_acceptance(act)


def refer(act: Act, bodies: list[str], *, reason: str) -> None:
    """Name the other ways: consumer association, 12315, court, arbitration, legal aid."""
    from disputes.models import Referral

    for body in bodies:
        terms.one_of(ExternalBody, body)
    if not bodies:
        raise Invalid("bodies_missing", _("Name at least one body the consumer can turn to."))
    Referral.objects.bulk_create([Referral(case=act.case, body=body, reason=reason, at=act.at) for body in bodies])


# Duplicates


def locked_parent(case: Case, into: int) -> Case | None:
    """The case that a duplicate ends in, locked, so that it cannot end meanwhile; None if there is none.

    We wait only for a higher key than our own, as the sweep does; for a lower one, held elsewhere, nobody waits:
    two cases merged into each other at once would wait for ever.
    """
    cases = type(case).objects.filter(pk=into)
    parent = cases.select_for_update(of=("self",), skip_locked=into < case.pk).first()
    if parent is None and cases.exists():
        raise Conflict("parent_busy", _("Somebody is working on that case at this moment. Try again."), retry_after=1)
    return parent
