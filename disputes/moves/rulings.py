"""Ruling: transitions 35, 36, 37c and 39."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from casemgmt.errors import Conflict
from disputes import decisions, rules
from disputes.moves import terms
from disputes.moves.law import Act, moves
from disputes.states import Status

if TYPE_CHECKING:
    from datetime import datetime

    from casemgmt.accounts.actors import Actor
    from disputes.models import Case

S = Status


def both_heard(case: Case, actor: Actor, at: datetime) -> None:
    """Nobody is ruled against unheard: each side has spoken or is in default (R2-18)."""
    if case.seller_heard or case.seller_defaulted:
        return
    if case.complained_of_id:
        raise Conflict(
            "handler_not_heard",
            _("The person complained of has not been heard. Talk to them and log it (log_contact)."),
        )
    if case.seller_id:
        raise Conflict(
            "seller_not_heard",
            _("The seller has not been heard. Ask for evidence first; after its term it is in default."),
        )


def not_accepted_yet(case: Case, actor: Actor, at: datetime) -> None:
    if rules.party_of(actor, case) in case.ruling_accepted_by:
        raise Conflict("already_accepted", _("You have accepted the ruling."))


class RulingMoves:
    @moves(S.UNDER_REVIEW, (S.RULING_IN_APPROVAL, S.RULED), number="35", by=rules.arbitrator, event="ruling.drafted",
           guard=both_heard)  # fmt: skip
    def issue_ruling(self, act: Act, **ruling: Any) -> Status:
        """Facts, reasons, clauses, liability and remedies, by a person; large ones go to a second person."""
        act.case.terms_open, act.case.terms_accepted_by = False, []
        act.case.offers.filter(status="open").update(status="superseded", closed_at=act.at)
        made = decisions.write(act, **ruling, on_appeal=act.case.ruling_on_appeal)
        act.case.ruling_author_id = act.actor.id
        act.tell(ruling=made.pk)
        if decisions.needs_approval(act.case, made):
            return S.RULING_IN_APPROVAL
        act.event = "ruling.issued"
        decisions.issue(act, made)
        return S.RULED

    @moves(S.RULING_IN_APPROVAL, S.RULED, number="36", by=rules.second_person, event="ruling.issued")
    def approve_ruling(self, act: Act, *, note: str = "") -> None:
        made = decisions.approve(act, note=note)
        act.tell(ruling=made.pk)
        decisions.issue(act, made)

    @moves(S.RULING_IN_APPROVAL, S.UNDER_REVIEW, number="36", by=rules.second_person, event="ruling.returned")
    def return_ruling(self, act: Act, *, note: str) -> None:
        made = decisions.send_back(act, note=note)
        act.tell(terms.words(note), ruling=made.pk)

    @moves(S.RULED, None, number="37c", by=rules.party, event="ruling.accepted", guard=not_accepted_yet)
    def accept_ruling(self, act: Act) -> None:
        act.case.ruling_accepted_by = [*act.case.ruling_accepted_by, act.party]
        if act.case.sides <= set(act.case.ruling_accepted_by):
            act.then("carry_out")

    @moves(S.RULED, (S.AWAITING_RETURN, S.EXECUTING), number="39", by=rules.system, event="ruling.final")
    def carry_out(self, act: Act) -> Status:
        """The window is over, both accepted, or the ruling is final: what it orders is due."""
        case = act.case
        made = decisions.in_force(case)
        made.status = made.Status.FINAL
        made.save(update_fields=["status"])
        case.ruling_final = True
        act.tell(ruling=made.pk)
        if decisions.oblige(act, made):
            terms.expect_return(act)
            return S.AWAITING_RETURN
        if not case.obligations.filter(status="pending").exists():
            act.then("executed")
        return S.EXECUTING
