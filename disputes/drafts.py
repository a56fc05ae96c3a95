"""Changing a draft before it is submitted. A draft leaves no trace: the first event tells everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from casemgmt.accounts.actors import Actor
from casemgmt.errors import Conflict, Invalid, NotPermitted, WrongState
from disputes import claims, intake, linking, persons, rules, workflow
from disputes.models import Case
from disputes.states import Kind, Status

_WORDS = ("description", "defect_location", "demand_text", "contact", "no_order_reason", "evidence_waiver",
          "type", "subtype", "goods_used")  # fmt: skip
_FOLLOWING = ("received_goods", "kind", "claim_remedy", "flags", "version", "touched_at", "order", "order_number",
              "seller")  # fmt: skip


def change(
    *, case_id: int, changes: dict[str, Any], actor: Actor, at: datetime, version: int | None = None,
    recorder: workflow.Recorder | None = None,
) -> Case | None:  # fmt: skip
    """Change a draft; None if `recorder` had the answer already.

    Raises WrongState once it is submitted, Conflict for a stale `version`, and what filing itself would refuse.
    """
    before = Case.objects.select_related("consumer", "order").get(pk=case_id)
    wanted = replace(as_filed(before), **changes)
    intake.check_family(wanted)
    _refuse_other_kind(before, wanted)
    renewed = wanted.order_number != before.order_number
    if renewed and "received_goods" not in changes:
        wanted = replace(wanted, received_goods=None)  # as the new order tells
    order, flags = linking.order_for(wanted, before.consumer) if renewed else (None, set())
    with transaction.atomic(durable=True):
        if recorder and recorder.replayed():
            return None
        case = workflow.lock(case_id)
        _refuse_unless_open_to(case, actor, version)
        outdated = case.order if renewed else None
        if renewed:
            linking.set_order(case, order, flags, number=wanted.order_number, at=at)
        _write(case, wanted, at)
        if outdated:
            outdated.delete()
        if recorder:
            recorder.keep(case)
        return case


def _refuse_other_kind(case: Case, wanted: intake.Complaint) -> None:
    """A complaint about ourselves has no seller and names a person: it does not become another, nor another it."""
    if (case.kind == Kind.SERVICE_COMPLAINT) != (intake.kind_of(wanted) == Kind.SERVICE_COMPLAINT):
        raise Invalid("type_fixed", _("A complaint about our service is filed as one. Start a new draft."))


def as_filed(case: Case) -> intake.Complaint:
    """What a draft says, as one would file it. No amount where it is what follows from the order."""
    claim = case.claims.get(revision=1)
    amount = None if claim.amount in (0, claim.reasonable_up_to) else claim.amount  # not said: follows the order
    return intake.Complaint(
        type=case.type, subtype=case.subtype, description=case.description, contact=case.contact,
        remedy=claim.remedy, amount=amount, demand_text=case.demand_text,
        defect_location=case.defect_location, order_number=case.order_number, no_order_reason=case.no_order_reason,
        evidence_waiver=case.evidence_waiver, channel=case.channel, received_goods=case.received_goods,
        goods_used=case.goods_used, complained_of=case.complained_of_id, parent=case.parent_id,
    )  # fmt: skip


def _refuse_unless_open_to(case: Case, actor: Actor, version: int | None) -> None:
    may = rules.buyer | rules.filed_it
    if not may(actor, case):
        who = persons.named(may.name)
        raise NotPermitted("not_permitted", _("This action belongs to: %(who)s.") % {"who": who}, who=may.name)
    if case.status != Status.DRAFT:
        raise WrongState(
            "wrong_state", _("The complaint was submitted and stands as it was filed. Write a message instead.")
        )
    if version is not None and version != case.version:
        detail = _("The case has changed since you read it. Read it again and decide anew.")
        raise Conflict("stale_version", detail, version=case.version)


def _write(case: Case, wanted: intake.Complaint, at: datetime) -> None:
    for name in _WORDS:
        setattr(case, name, getattr(wanted, name))
    case.received_goods = intake.received(wanted, case.order)
    case.kind = intake.kind_of(wanted)
    claim = case.claims.get(revision=1)
    claim.remedy, claim.amount, claim.reasonable_up_to = intake.demand(case, wanted)
    claim.save(update_fields=["remedy", "amount", "reasonable_up_to"])
    case.claim_remedy = wanted.remedy
    claims.tag(case, claim)
    case.version, case.touched_at = case.version + 1, at
    case.save(update_fields=[*_WORDS, *_FOLLOWING])
