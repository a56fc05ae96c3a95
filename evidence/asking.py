"""Asking a side for evidence, and what becomes of the request. The rulebook's moves call this under the case's lock."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casemgmt.accounts.actors import Actor
from casemgmt.errors import Conflict, Invalid
from evidence import refusals
from evidence.models import Item, Request
from evidence.registry import AnyCase, hooks


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One thing wanted of one side. `party` and `slot` are codes of evidence.slots."""

    party: str
    slot: str
    mandatory: bool = True
    text: str = ""


def ask(*, case_id: int, actor: Actor, wanted: Sequence[Ask], due_at: datetime, at: datetime) -> list[Request]:
    """Open one request for each. Raises Invalid for none or a time that has passed, Conflict for one already open."""
    if not wanted or due_at <= at:
        raise Invalid("evidence_request_wrong", _("Ask for at least one thing, until a time that is still to come."))
    pairs = {(one.party, one.slot) for one in wanted}
    if len(pairs) != len(wanted) or any((had.party, had.slot) in pairs for had in open_requests(case_id=case_id)):
        raise Conflict("evidence_already_asked", _("That side was asked for the same thing already. Wait or waive it."))
    return Request.objects.bulk_create(
        Request(
            case_id=case_id,
            party=one.party,
            slot=one.slot,
            mandatory=one.mandatory,
            text=one.text,
            due_at=due_at,
            asked_by_id=actor.id,
            asked_at=at,
        )
        for one in wanted
    )


def open_requests(*, case_id: int) -> list[Request]:
    """What is still wanted, the most urgent first."""
    return list(Request.objects.filter(case_id=case_id, status=Request.Status.OPEN).order_by("due_at", "id"))


def unanswered(*, case_id: int) -> list[Request]:
    """The mandatory ones still open: while there are any, the evidence period cannot be closed early."""
    return [request for request in open_requests(case_id=case_id) if request.mandatory]


def extend(*, case_id: int, party: str | None = None, due_at: datetime) -> int:
    """Give one side (or both) until `due_at`, never less than they had; how many requests moved."""
    wanted = Request.objects.filter(case_id=case_id, status=Request.Status.OPEN, due_at__lt=due_at)
    return (wanted.filter(party=party) if party else wanted).update(due_at=due_at)


def close_requests(*, case_id: int, at: datetime) -> list[Request]:
    """End the evidence period: what is due is past due, the rest waived. Gives the mandatory ones nobody answered."""
    wanted = Request.objects.filter(case_id=case_id, status=Request.Status.OPEN)
    wanted.filter(due_at__gt=at).update(status=Request.Status.WAIVED, ended_at=at)
    wanted.update(status=Request.Status.PAST_DUE, ended_at=at)
    return list(Request.objects.filter(case_id=case_id, status=Request.Status.PAST_DUE, mandatory=True, ended_at=at))


def answered_by(item: Item, *, at: datetime) -> Request | None:
    """The request that this exhibit answers, marked so; a past due one is answered late and stays past due."""
    fitting = Request.objects.filter(case_id=item.case_id, party=item.party, slot=item.slot)
    live = Q(status__in=[Request.Status.OPEN, Request.Status.SUBMITTED, Request.Status.PAST_DUE])
    found = fitting.filter(live).order_by("-id").first()
    if found is not None and found.status == Request.Status.OPEN and at < found.due_at:
        found.status, found.ended_at = Request.Status.SUBMITTED, at
        found.save(update_fields=["status", "ended_at"])
    return found


def of_case(*, case: AnyCase) -> QuerySet[Request]:
    """Every request of a case: both sides see what either was asked for."""
    return Request.objects.filter(case_id=case.pk).prefetch_related("answers")


def waive(*, case: AnyCase, actor: Actor, uid: uuid.UUID, reason: str, at: datetime) -> Request:
    """Do without it. Raises the rulebook's refusal, NotFound, or WrongState where it is not open any more."""
    hooks().settle(case.pk, at)
    with transaction.atomic():
        locked, at = hooks().lock(case.pk, at)
        if (refusal := hooks().may_ask(actor, locked)) is not None:
            raise refusal
        request = Request.objects.filter(case_id=case.pk, uid=uid).first()
        if request is None:
            raise refusals.request_not_found()
        if request.status != Request.Status.OPEN:
            raise refusals.wrong_stage(_("The request is not open any more."), request_status=request.status)
        request.status, request.ended_at = Request.Status.WAIVED, at
        request.save(update_fields=["status", "ended_at"])
        data = {"request": str(request.uid), "slot": request.slot, "party": request.party}
        hooks().record(case_id=case.pk, actor=actor, at=at, code="evidence.waived", data=data, text=reason)
    return request
