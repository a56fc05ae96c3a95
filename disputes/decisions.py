"""Rulings and appeals as documents: writing, approving, issuing, overturning."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from casemgmt.errors import Invalid, NotPermitted
from disputes.moves import terms
from disputes.states import MONEY, NEEDS_RETURN, Outcome, OutcomeReason, Remedy, Status

if TYPE_CHECKING:
    from disputes.models import Appeal, Case, Clause, Ruling
    from disputes.moves.law import Act

RULED_OUTCOMES = (Outcome.BUYER_FAVOUR, Outcome.SELLER_FAVOUR, Outcome.SPLIT)


def write(act: Act, *, outcome: str, reason: str, facts: str, reasoning: str, citations: list[str],
          liability: dict[str, int], remedies: list[dict[str, Any]], on_appeal: bool = False) -> Ruling:  # fmt: skip
    """A ruling as it was drafted. Every part is mandatory; `citations` are clause codes in force, at least one."""
    from disputes.models import Ruling

    if outcome not in RULED_OUTCOMES:
        raise Invalid("outcome_not_a_ruling", _("Rule for the consumer, for the seller, or share it."))
    terms.one_of(OutcomeReason, reason)
    for text in (facts, reasoning):
        terms.words(text)
    clauses = _clauses(citations, act.at)
    _check_liability(liability)
    checked = [_remedy(act.case, remedy) for remedy in remedies]
    _check_sum(act.case, outcome, checked, citations)
    made = Ruling.objects.create(
        case=act.case, author_id=act.person, outcome_code=outcome, outcome_reason=reason, facts_found=facts,
        reasoning=reasoning, liability=liability, remedies=checked, status=Ruling.Status.IN_APPROVAL,
        on_appeal=on_appeal, created_at=act.at,
    )  # fmt: skip
    made.citations.set(clauses)
    return made


def needs_approval(case: Case, ruling: Ruling) -> bool:
    """Four eyes above the policy's amount, for whatever exceeds the price paid, and for a draft that came back."""
    if ruling.on_appeal and case.rulings.filter(on_appeal=True, status="returned").exists():
        return True
    total = _total(ruling)
    paid = terms.refundable(case)
    return total >= Decimal(case.setting("approval_from")) or (paid is not None and total > paid)


def _total(ruling: Ruling) -> Decimal:
    return sum((Decimal(remedy["amount"]) for remedy in ruling.remedies), Decimal(0))


def issue(act: Act, ruling: Ruling) -> None:
    """From here on the ruling binds, subject to appeal."""
    case = act.case
    ruling.status, ruling.issued_at = ruling.Status.ISSUED, act.at
    ruling.save(update_fields=["status", "issued_at"])
    case.ruled_at = act.at
    case.ruling_accepted_by = []
    case.ruling_on_appeal = ruling.on_appeal
    case.outcome_code, case.outcome_reason = ruling.outcome_code, ruling.outcome_reason
    if ruling.outcome_code == Outcome.BUYER_FAVOUR:
        terms.mark_seller(act, "ruled_against")
    if ruling.on_appeal or 0 < _total(ruling) <= Decimal(case.setting("execute_immediately_up_to")):
        act.then("carry_out")  # for small sums the right of appeal stays


def approve(act: Act, *, note: str) -> Ruling:
    return _second_look(act, approved=True, note=note)


def send_back(act: Act, *, note: str) -> Ruling:
    made = _second_look(act, approved=False, note=note)
    made.status = made.Status.RETURNED
    made.save(update_fields=["status"])
    return made


def _second_look(act: Act, *, approved: bool, note: str) -> Ruling:
    from disputes.models import RulingApproval

    made = act.case.rulings.get(status="in_approval")
    if made.author_id == act.actor.id:
        raise NotPermitted("own_ruling", _("Somebody else has to approve your ruling."))
    limit = Decimal(act.case.setting("supervisor_approval_from"))
    if approved and act.actor.role != "supervisor" and _total(made) >= limit:
        raise NotPermitted(
            "needs_supervisor", _("Rulings of %(limit)s and more are approved by a supervisor.") % {"limit": limit}
        )
    RulingApproval.objects.create(ruling=made, approver_id=act.person, approved=approved, note=note, at=act.at)
    return made


def in_force(case: Case) -> Ruling:
    return case.rulings.get(status__in=["issued", "final"])


def oblige(act: Act, ruling: Ruling) -> bool:
    """Turn the remedies into obligations. True where goods have to come back first."""
    from disputes.models import Obligation

    case = act.case
    terms.drop_terms_in_force(act)  # what was agreed before it, with a return that nobody has ended
    case.agreed_basis = "ruling"
    due = [Obligation(case=case, ruling=ruling, remedy=r["remedy"], amount=Decimal(r["amount"]), created_at=act.at)
           for r in ruling.remedies]  # fmt: skip
    Obligation.objects.bulk_create(due)
    leading = next((o for o in due if o.remedy in NEEDS_RETURN), due[0] if due else None)
    case.agreed_remedy = leading.remedy if leading else ""
    case.agreed_amount = leading.amount if leading else Decimal(0)
    return leading is not None and terms.goods_go_back(case, leading.remedy)


# Appeals


def file_appeal(act: Act, *, grounds: str, text: str) -> Appeal:
    from disputes.models import Appeal

    ruling = act.case.rulings.filter(status__in=["issued", "final"]).first()
    return Appeal.objects.create(
        case=act.case, by=act.party, appellant_id=act.person, grounds=grounds, text=text,
        from_status=act.case.status, ruling=ruling, filed_at=act.at,
    )  # fmt: skip


def open_appeal(case: Case) -> Appeal:
    return case.appeals.get(status="filed")


def withdraw_appeal(act: Act) -> None:
    appeal = open_appeal(act.case)
    appeal.status, appeal.decided_at = "withdrawn", act.at
    appeal.save(update_fields=["status", "decided_at"])


def decide_appeal(act: Act, *, decision: str, reasons: str) -> Appeal:
    """Record the decision; the ones that fit depend on what was appealed against."""
    appeal = open_appeal(act.case)
    fitting = (
        ("rejected", "allowed") if appeal.from_status == Status.INADMISSIBLE else ("upheld", "changed", "sent_back")
    )
    if decision not in fitting:
        raise Invalid(
            "decision_not_fitting", _("Here the decision is one of: %(fitting)s.") % {"fitting": ", ".join(fitting)}
        )
    appeal.status, appeal.reasons, appeal.decided_at = decision, reasons, act.at
    appeal.save(update_fields=["status", "reasons", "decided_at"])
    return appeal


def confirm(act: Act) -> None:
    """The ruling stands, and is final."""
    act.case.ruling_on_appeal = True
    act.case.return_to = ""


def overturn(act: Act) -> None:
    """The ruling falls; its marks against the seller are taken back."""
    case = act.case
    case.rulings.filter(status__in=["issued", "final"]).update(status="overturned")
    case.obligations.filter(status="pending").update(status="cancelled")
    if case.seller_marks.filter(kind="ruled_against").delete()[0]:
        act.note("seller.mark_reversed")
    case.ruled_at = None
    case.outcome_code = case.outcome_reason = case.return_to = ""
    case.ruling_final = case.ruling_on_appeal = False


def change_on_appeal(act: Act, ruling: dict[str, Any]) -> Status:
    """A new, final ruling; a second person confirms it where it reverses the first."""
    if not ruling:
        raise Invalid("ruling_missing", _("A changed ruling has to be written out (ruling)."))
    previous = in_force(act.case).outcome_code
    overturn(act)
    made = write(act, **ruling, on_appeal=True)
    act.case.ruling_author_id = act.actor.id
    act.case.ruling_on_appeal = True
    if made.outcome_code != previous or needs_approval(act.case, made):
        return Status.RULING_IN_APPROVAL
    issue(act, made)
    return Status.RULED


# Checks


def _clauses(codes: list[str], at: datetime) -> list[Clause]:
    from disputes.models import Clause

    found = list(Clause.objects.in_force(at).filter(code__in=codes))
    unknown = sorted(set(codes) - {clause.code for clause in found})
    if not codes or unknown:
        raise Invalid(
            "clause_missing",
            _("Cite at least one clause in force; these are not: %(unknown)s.")
            % {"unknown": ", ".join(unknown) or "-"},
            unknown=unknown,
        )
    return found


def _check_liability(liability: dict[str, int]) -> None:
    known = {"consumer", "seller", "carrier", "platform"}
    if set(liability) - known or sum(liability.values()) != 100 or any(share < 0 for share in liability.values()):
        raise Invalid("liability_wrong", _("Shares of consumer, seller, carrier and platform add up to 100."))


def _remedy(case: Case, remedy: dict[str, Any]) -> dict[str, str]:
    amount = Decimal(remedy.get("amount") or 0)
    terms.check_remedy(case, remedy["remedy"], amount)
    return {"remedy": remedy["remedy"], "amount": str(amount)}


def _check_sum(case: Case, outcome: str, remedies: list[dict[str, str]], citations: list[str]) -> None:
    """Within what was paid, and what a cited law adds; a ruling for the seller orders nothing, any other something."""
    total = sum((Decimal(r["amount"]) for r in remedies if r["remedy"] in MONEY), Decimal(0))
    refunds = sum((Decimal(r["amount"]) for r in remedies if r["remedy"] in MONEY - {Remedy.COMPENSATION}), Decimal(0))
    if (paid := terms.refundable(case)) is not None:
        ceiling = paid + terms.statutory(case, citations)
        if refunds > paid or total > ceiling:
            raise Invalid(
                "amount_too_high", _("Together at most %(ceiling)s.") % {"ceiling": ceiling}, ceiling=str(ceiling)
            )
    if (outcome == Outcome.SELLER_FAVOUR) == bool(remedies):
        raise Invalid("remedies_not_fitting", _("A ruling for the seller orders nothing; any other orders something."))
