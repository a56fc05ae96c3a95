"""A case as one person may read it: in full, and as a row of a list. Codes in the fields, words in `labels`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from casemgmt import references
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.errors import NotFound
from disputes import holdings, intake, next_step, workflow
from disputes.holdings import STAFF, label
from disputes.models import Case, CaseQuerySet
from disputes.moves.intake import filing_until
from disputes.rules import party_of
from disputes.states import Complexity, Flag, Kind, Outcome, OutcomeReason, Priority, Status
from disputes.taxonomy import Subtype, Type
from sla.models import Clock

# What only our own code performs, through the door: no person takes it by name.
INTERNAL = frozenset({"count_repeat", "record_evidence"})
# Flags that a side may know of; staff see all.
FLAGS_SHOWN = {
    "consumer": {Flag.INCOMPLETE, Flag.IMPORTED, Flag.REPEAT, Flag.EXCESSIVE_CLAIM, Flag.SAFETY_RISK, Flag.COUNTERFEIT},
    "seller": {Flag.REPEAT, Flag.EXCESSIVE_CLAIM, Flag.SAFETY_RISK, Flag.COUNTERFEIT},
}
_FILED_AND_ADMITTED = 2  # the version that submitting and admitting give a case
_RELATED = ("order", "seller", "consumer", "owner", "parent", "filed_by")


def side_of(actor: Actor, case: Case) -> str:
    """consumer, seller or staff: which version of the file the person reads."""
    return party_of(actor, case) or STAFF


def find(*, user: User, reference: str) -> Case:
    """The case of this number, if the person may know of it; else NotFound, whether or not it exists."""
    found = Case.objects.visible_to(user).filter(reference=references.parse(reference) or "")
    case = found.select_related(*_RELATED).first()
    if case is None:
        raise NotFound("case_not_found", _("There is no such case, or it is not yours to see."))
    return case


def read(*, case_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    """The file of a case that the actor has just acted upon."""
    return full(Case.objects.select_related(*_RELATED).get(pk=case_id), actor=actor, at=at)


def rows(found: CaseQuerySet) -> CaseQuerySet:
    """What a list needs, in two queries whatever its length."""
    waiting = Clock.objects.filter(Q(status__in=Clock.OPEN) | Q(status=Clock.Status.BREACHED, stopped_at=None))
    return found.select_related(*_RELATED).prefetch_related(Prefetch("clocks", waiting, to_attr="waiting"))


def row(case: Case, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """One line of a list."""
    return {
        **head(case, actor, getattr(case, "waiting", ())),
        "allowed_actions": [name for name in workflow.allowed(case, actor, at)[0] if name not in INTERNAL],
    }


def full(
    case: Case, *, actor: Actor, at: datetime, made: workflow.Made | None = None,
    rows: dict[str, list[Any]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Everything the person may know of the case, and what they can do now. At most 2 queries; none if just `made`.

    `rows`: what the caller has gathered already (`holdings.gathered`).
    """
    side = side_of(actor, case)
    quiet = case.version <= _FILED_AND_ADMITTED  # nothing but the claim is there
    rows = rows or ({} if made or quiet else holdings.gathered(case))
    kept = made.clocks if made else rows.get("clocks")
    clocks = holdings.clocks(case) if kept is None else holdings.by_deadline(kept)
    waiting = [clock for clock in clocks if clock.stopped_at is None]
    said = made.claims if made else rows["claims"] if rows else case.claims.all()
    claims = holdings.claims(sorted(said, key=lambda claim: -claim.revision))
    return {
        **head(case, actor, waiting),
        **_facts(case, side),
        "order": holdings.order(case),
        "claim": next((claim for claim in claims if claim["status"] == "open"), claims[0] if claims else None),
        "claims": claims,
        "escalation": next_step.escalation(case, actor, at, waiting),
        **actions(case, actor=actor, at=at),
        "clocks": holdings.clocks_for(clocks, side),
        **_history(case, rows, side, actor),
        "filing_until": filing_until(case),
        "warnings": _warnings(case, side, at),
    }


def actions(case: Case, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """What the person can do now, and what not, why and from when."""
    possible, blocked = workflow.allowed(case, actor, at)
    return {
        "allowed_actions": [name for name in possible if name not in INTERNAL],
        "blocked_actions": [
            {"from": None, "until": None, **entry} for entry in blocked if entry["action"] not in INTERNAL
        ],
    }


def head(case: Case, actor: Actor, waiting: Iterable[Clock]) -> dict[str, Any]:
    """Where the case stands, without a query. `waiting`: its clocks that run, stand still or were missed."""
    side = side_of(actor, case)
    step = next_step.next_action(case, waiting)
    return {
        "reference": case.reference,
        "kind": case.kind,
        "type": case.type,
        "subtype": case.subtype,
        "flow": str(case.flow),
        "stage": str(case.stage),
        "status": str(case.status),
        "labels": _labels(case),
        "outcome": _outcome(case),
        "priority": case.priority,
        "flags": [flag for flag in case.flags if side == STAFF or flag in FLAGS_SHOWN[side]],
        "version": case.version,
        "next_action": step,
        "order_number": case.order_number,
        "consumer": _consumer(case, side),
        "seller": {"key": case.seller.key, "name": case.seller.name} if case.seller else None,
        "handler": _handler(case, side),
        "remedy": case.agreed_remedy or case.claim_remedy,
        "repeat_count": case.repeat_count,
        "urged_at": case.urged_at,
        "created_at": case.created_at,
        "submitted_at": case.submitted_at,
        "closed_at": case.closed_at,
    }


def _labels(case: Case) -> dict[str, str]:
    return {
        "kind": label(Kind, case.kind),
        "type": label(Type, case.type),
        "subtype": label(Subtype, case.subtype),
        "stage": str(case.stage.label),
        "status": label(Status, case.status),
        "priority": label(Priority, case.priority),
    }


def _outcome(case: Case) -> dict[str, str] | None:
    if not case.outcome_code:
        return None
    return {
        "code": case.outcome_code,
        "label": label(Outcome, case.outcome_code),
        "reason": case.outcome_reason,
        "reason_label": label(OutcomeReason, case.outcome_reason),
    }


def _consumer(case: Case, side: str) -> dict[str, Any]:
    """A seller never learns how to reach the consumer: a first letter, no contact."""
    if side == "seller":
        return {"name": f"{case.consumer.display_name[:1]}**", "contact": None}
    return {"name": case.consumer.display_name, "contact": case.contact}


def _handler(case: Case, side: str) -> dict[str, Any] | None:
    if case.owner is None:
        return None
    return {"name": case.owner.display_name, "username": case.owner.username if side == STAFF else None}


def _facts(case: Case, side: str) -> dict[str, Any]:
    """What was said on filing, and the instants of the way so far."""
    said = {
        name: getattr(case, name)
        for name in (
            "description", "defect_location", "demand_text", "channel", "no_order_reason", "evidence_waiver",
            "received_goods", "goods_used", "reopened_count", "acknowledged_at", "first_response_at",
            "seller_contacted_at", "intervention_at", "ruled_at", "resolved_at", "original_filed_at",
        )
    }  # fmt: skip
    said["complexity"] = label(Complexity, case.complexity) and case.complexity
    said["parent"] = case.parent.reference if case.parent and side != "seller" else None
    said["filed_by"] = case.filed_by.display_name if case.filed_by and side != "seller" else None
    return said


def _history(case: Case, rows: dict[str, list[Any]], side: str, actor: Actor) -> dict[str, Any]:
    """What came after filing; not looked for where nothing has happened since."""
    if not rows:
        return {
            "offers": [], "open_offer": None, "return": None, "ruling": None, "appeals": [], "obligations": [],
            "payments": [], "refund": holdings.refund(case, [], []), "ratings": [], "referrals": [],
        }  # fmt: skip
    offers, returns = holdings.offers(rows["offers"]), holdings.returns(rows["returns"])
    owed, moved = holdings.obligations(rows["obligations"]), holdings.movements(rows["movements"])
    return {
        "offers": offers,
        "open_offer": next((offer for offer in offers if offer["status"] == "open"), None),
        "return": returns[0] if returns else None,
        "ruling": holdings.ruling(rows["rulings"], side),
        "appeals": holdings.appeals(rows["appeals"]),
        "obligations": owed,
        "payments": moved,
        "refund": holdings.refund(case, owed, moved),
        "ratings": holdings.ratings(rows["ratings"], side, actor.id),
        "referrals": holdings.referrals(rows["referrals"]) if case.status == Status.REFERRED_EXTERNAL else [],
    }


def _warnings(case: Case, side: str, at: datetime) -> list[dict[str, str]]:
    """What the reader should know before going on."""
    found = []
    if Flag.EXCESSIVE_CLAIM in case.flags:
        said = _("The claim is above what is usual for this order; that can take longer and need not succeed.")
        found.append({"code": "excessive_claim", "detail": said})
    if Flag.INCOMPLETE in case.flags and side != "seller":
        said = _("No order is linked yet. Send its number (link_order) and the case goes on faster.")
        found.append({"code": "incomplete", "detail": said})
    if case.status == Status.DRAFT and (missing := intake.missing_evidence(case)):
        said = _("Before submitting, attach: %(missing)s; or say why you cannot (evidence_waiver).")
        found.append({"code": "evidence_missing", "detail": said % {"missing": ", ".join(missing)}})
    return found
