"""What belongs to a case, as one side may read it: claims, offers, returns, ruling, appeals, money, ratings, clocks."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import get_language

from disputes.states import AppealGround, ExternalBody, Outcome, OutcomeReason, Remedy, ReturnCondition
from sla.models import Clock, Pause

if TYPE_CHECKING:
    from disputes.models import (
        Appeal,
        Case,
        Claim,
        Clause,
        MoneyMovement,
        Obligation,
        Offer,
        Rating,
        Referral,
        ReturnShipment,
        Ruling,
    )

STAFF = "staff"
_GATHERED = ("claims", "offers", "returns", "obligations", "movements", "appeals", "ratings", "referrals", "rulings",
             "clocks")  # fmt: skip
OUR_OWN_CLOCKS = frozenset({"assignment", "intervention_accept", "approval", "email_reply", "live_wait", "acknowledge"})
_CLAUSE = ("code", "version", "source", "document", "summary_zh", "summary_en", "effective_from", "effective_to")
PUBLIC_RULINGS = ("issued", "final", "overturned", "superseded")


def label(choices: Any, code: str) -> str:
    """The word for a code in the active language; empty for none."""
    return str(choices(code).label) if code else ""


def money(amount: Decimal | None) -> str | None:
    """An amount as it goes over the wire: text, two decimals, never a float."""
    return None if amount is None else f"{amount:.2f}"


def order(case: Case) -> dict[str, Any] | None:
    """The order as it was when the case was filed."""
    if (kept := case.order) is None:
        return None
    names = (
        "number", "currency", "paid_total", "freight", "free_shipping", "status", "items", "paid_at",
        "promised_ship_by", "shipped_at", "carrier", "waybill", "signed_at", "signed_by", "finished_at",
        "return_policy", "no_reason_eligible", "taken_at",
    )  # fmt: skip
    amounts = {"paid_total": money(kept.paid_total), "freight": money(kept.freight)}
    return {**{name: getattr(kept, name) for name in names}, **amounts}


def claims(rows: Iterable[Claim]) -> list[dict[str, Any]]:
    """Revisions of the demand, the latest first."""
    return [
        {
            "revision": row.revision, "remedy": row.remedy, "remedy_label": label(Remedy, row.remedy),
            "amount": money(row.amount), "reasonable_up_to": money(row.reasonable_up_to), "reason": row.reason,
            "status": row.status, "created_at": row.created_at,
        }
        for row in rows
    ]  # fmt: skip


def gathered(case: Case, *more: str) -> dict[str, list[Any]]:
    """The rows of the small tables below a case, by name, the oldest first: one query for all of them.

    `more`: what else of the case is wanted. Beside their columns, rows bear what `_beside` adds as attributes.
    """
    managers = {name: getattr(case, name) for name in (*_GATHERED, *more)}
    wanted = {}
    for name, manager in managers.items():
        columns = {field.attname: field.attname for field in manager.model._meta.concrete_fields}
        rows = manager.model.objects.filter(case=OuterRef("pk")).order_by("pk")
        wanted[f"{name}_rows"] = ArraySubquery(rows.values(row=JSONObject(**columns, **_beside(name))))
    found: dict[str, Any] = dict(type(case).objects.filter(pk=case.pk).values(**wanted).get())
    return {name: [_row(manager.model, one) for one in found[f"{name}_rows"]] for name, manager in managers.items()}


def _beside(name: str) -> dict[str, Any]:
    """What a row tells beside its columns: an expression by name."""
    match name:
        case "rulings":
            return {"author_name": F("author__display_name"), "cited": _cited()}
        case "clocks":
            return {"paused_for": _paused_for()}
        case "contacts":
            return {"agent_name": F("agent__display_name")}
    return {}


def _row(model: Any, said: dict[str, Any]) -> Any:
    """A row that came as JSON."""
    columns = {field.attname: field.to_python(said.pop(field.attname)) for field in model._meta.concrete_fields}
    row = model(**columns)
    row.__dict__.update(said)
    return row


def offers(rows: Iterable[Offer]) -> list[dict[str, Any]]:
    """Offers and settlement terms, the latest first; the rows come the oldest first."""
    return [
        {
            "kind": row.kind, "by": row.by, "to": str(row.offeree), "round": row.round, "remedy": row.remedy,
            "remedy_label": label(Remedy, row.remedy), "amount": money(row.amount), "terms": row.terms,
            "status": row.status, "accepted_by": row.accepted_by, "created_at": row.created_at,
            "closed_at": row.closed_at,
        }
        for row in reversed(list(rows))
    ]  # fmt: skip


def a_return(row: ReturnShipment) -> dict[str, Any]:
    return {
        "address": row.address, "instructions": row.instructions, "requested_at": row.requested_at,
        "carrier": row.carrier, "waybill": row.waybill, "shipped_at": row.shipped_at,
        "carrier_signed_at": row.carrier_signed_at, "received_at": row.received_at, "condition": row.condition,
        "condition_label": label(ReturnCondition, row.condition), "note": row.note, "closed_at": row.closed_at,
    }  # fmt: skip


def returns(rows: Iterable[ReturnShipment]) -> list[dict[str, Any]]:
    """The latest first."""
    return [a_return(row) for row in reversed(list(rows))]


def ruling(rows: Iterable[Ruling], side: str) -> dict[str, Any] | None:
    """The latest ruling. Parties read it once it is issued, without its author; staff see drafts too."""
    known = [row for row in rows if side == STAFF or row.status in PUBLIC_RULINGS]
    return _ruling(known[-1], side) if known else None


def _cited() -> ArraySubquery:
    """The clauses that a ruling cites, as JSON."""
    from disputes.models import Ruling

    cited = Ruling.citations.through.objects.filter(ruling=OuterRef("pk")).order_by("clause__code")
    return ArraySubquery(cited.values(row=JSONObject(**{name: f"clause__{name}" for name in _CLAUSE})))


def _ruling(row: Ruling, side: str) -> dict[str, Any]:
    shown = {
        "outcome": row.outcome_code, "outcome_label": label(Outcome, row.outcome_code),
        "reason": row.outcome_reason, "reason_label": label(OutcomeReason, row.outcome_reason),
        "facts": row.facts_found, "reasoning": row.reasoning, "liability": row.liability,
        "remedies": [{**one, "remedy_label": label(Remedy, one["remedy"])} for one in row.remedies],
        "citations": [_clause(cited) for cited in getattr(row, "cited", ())], "status": row.status,
        "on_appeal": row.on_appeal, "created_at": row.created_at, "issued_at": row.issued_at,
    }  # fmt: skip
    return {**shown, "author": getattr(row, "author_name", None)} if side == STAFF else shown


def clause(row: Clause) -> dict[str, Any]:
    """A clause with its summary in the active language."""
    return _clause({name: getattr(row, name) for name in _CLAUSE})


def _clause(columns: dict[str, Any]) -> dict[str, Any]:
    chinese = (get_language() or "").startswith("zh")
    said = {name: value for name, value in columns.items() if not name.startswith("summary_")}
    return {**said, "summary": columns["summary_zh" if chinese else "summary_en"]}


def appeals(rows: Iterable[Appeal]) -> list[dict[str, Any]]:
    """The latest first."""
    return [
        {
            "by": row.by, "grounds": row.grounds, "grounds_label": label(AppealGround, row.grounds), "text": row.text,
            "status": row.status, "filed_at": row.filed_at, "decided_at": row.decided_at, "reasons": row.reasons,
        }
        for row in reversed(list(rows))
    ]  # fmt: skip


def obligations(rows: Iterable[Obligation]) -> list[dict[str, Any]]:
    return [
        {
            "remedy": row.remedy, "remedy_label": label(Remedy, row.remedy), "amount": money(row.amount),
            "status": row.status, "done_by": row.done_by, "proof": row.proof, "created_at": row.created_at,
            "done_at": row.done_at,
        }
        for row in rows
    ]  # fmt: skip


def movements(rows: Iterable[MoneyMovement]) -> list[dict[str, Any]]:
    """Money that really moved to the consumer."""
    return [{"amount": money(row.amount), "currency": row.currency, "source": row.source, "at": row.at} for row in rows]


def refund(case: Case, owed: Iterable[dict[str, Any]], moved: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Where the consumer's money stands (R0-26): none, pending or paid; amounts in the order's currency."""
    pending = sum((Decimal(row["amount"]) for row in owed if row["status"] == "pending"), Decimal(0))
    paid = sum((Decimal(row["amount"]) for row in moved), Decimal(0))
    state = "pending" if pending else "paid" if paid else "none"
    currency = case.order.currency if case.order else "CNY"
    return {"status": state, "pending": money(pending), "paid": money(paid), "currency": currency}


def referrals(rows: Iterable[Referral]) -> list[dict[str, Any]]:
    """The other ways that were named where the platform could not help (R2-22)."""
    return [
        {"body": row.body, "body_label": label(ExternalBody, row.body), "reason": row.reason, "at": row.at}
        for row in rows
    ]


def ratings(rows: Iterable[Rating], side: str, reader: int | None) -> list[dict[str, Any]]:
    """All of them for staff; one's own for a party."""
    return [
        {"target": row.target, "score": row.score, "text": row.text, "closing": row.closing, "at": row.at}
        for row in rows
        if side == STAFF or row.rater_id == reader
    ]


def clocks(case: Case) -> list[Clock]:
    """All clocks of the case with why they stand still, if they do; the open ones by deadline come first."""
    return by_deadline(case.clocks.annotate(paused_for=_paused_for()))


def _paused_for() -> Subquery:
    return Subquery(Pause.objects.filter(clock=OuterRef("pk"), until_at=None).values("reason")[:1])


def by_deadline(rows: Iterable[Clock]) -> list[Clock]:
    """Open ones first, each by its deadline."""
    return sorted(rows, key=lambda clock: (clock.stopped_at is not None, clock.due_at, clock.pk))


def a_clock(clock: Clock, *, steps: bool = False) -> dict[str, Any]:
    reason = getattr(clock, "paused_for", None) or ""
    shown = {
        "kind": clock.kind, "variant": clock.variant, "status": clock.status, "started_at": clock.started_at,
        "target_at": clock.target_at, "due_at": clock.due_at, "stopped_at": clock.stopped_at,
        "breached_at": clock.breached_at, "paused_for": reason, "paused_label": label(Pause.Reason, reason),
    }  # fmt: skip
    return {**shown, "steps": clock.steps} if steps else shown


def clocks_for(rows: Iterable[Clock], side: str, *, steps: bool = False) -> list[dict[str, Any]]:
    """Parties see their own time and the promises made to them, not how we organise ourselves."""
    return [a_clock(row, steps=steps) for row in rows if side == STAFF or row.kind not in OUR_OWN_CLOCKS]
