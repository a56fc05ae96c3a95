"""Agreement at any time: settlement terms, concession, withdrawal. Transitions 33, 33b, 34, 34b and 43."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from casemgmt.errors import Conflict, NotPermitted
from disputes import rules
from disputes.moves import terms
from disputes.moves.law import Act, moves
from disputes.states import ARBITRATION, BEFORE_RULING, MONEY, NEGOTIATION, Outcome, OutcomeReason, Party, Status

if TYPE_CHECKING:
    from datetime import datetime

    from casemgmt.accounts.actors import Actor
    from disputes.models import Case

S = Status
SETTLING = (NEGOTIATION | ARBITRATION) - {S.OFFER_PENDING}
AGREED_STATES = (S.AWAITING_RETURN, S.AWAITING_FULFILMENT)


def has_terms(case: Case, actor: Actor, at: datetime) -> None:
    if not case.terms_open:
        raise Conflict("no_terms", _("There are no settlement terms to answer. Propose some (propose_terms)."))
    party = rules.party_of(actor, case)
    if party in case.terms_accepted_by:
        raise Conflict("already_accepted", _("You have accepted these terms; the other side has not answered yet."))


def not_ruled(case: Case, actor: Actor, at: datetime) -> None:
    if case.agreed_basis == "ruling":
        raise Conflict("already_ruled", _("The platform has ruled; the ruling is being carried out."))


class SettlementMoves:
    @moves(S.UNDER_REVIEW, S.MEDIATION, number="33", by=rules.arbitrator, event="case.settlement_proposed")
    def propose_settlement(self, act: Act, *, remedy: str, amount: Decimal = Decimal(0), terms_text: str = "") -> None:
        """The mediator's proposal (R2-16); both sides have to accept it."""
        _put_forward(act, Party.PLATFORM, remedy, amount, terms_text)

    @moves(S.MEDIATION, S.UNDER_REVIEW, number="33b", by=rules.party | rules.arbitrator | rules.system,
           event="case.mediation_ended")  # fmt: skip
    def end_mediation(self, act: Act, *, text: str = "") -> None:
        act.tell(text, by=act.party)
        drop_terms(act, "expired" if act.actor.id is None else "declined")

    @moves(SETTLING, None, number="34", by=rules.party, event="case.terms_proposed")
    def propose_terms(self, act: Act, *, remedy: str, amount: Decimal = Decimal(0), terms_text: str = "") -> None:
        """One side writes settlement terms; they bind once the other side accepts the same terms."""
        _put_forward(act, act.party, remedy, amount, terms_text)
        act.case.terms_accepted_by = [act.party]

    @moves(SETTLING, (*AGREED_STATES, *SETTLING), number="34", by=rules.party, event="case.terms_accepted",
           guard=has_terms)  # fmt: skip
    def accept_terms(self, act: Act) -> Status:
        case = act.case
        case.terms_accepted_by = [*case.terms_accepted_by, act.party]
        made = case.offers.get(status="open", kind="settlement")
        made.accepted_by = case.terms_accepted_by
        made.save(update_fields=["accepted_by"])
        act.tell(offer=made.pk, by=act.party)
        if not case.sides <= set(case.terms_accepted_by):
            return Status(case.status)
        made.status, made.closed_at = "accepted", act.at
        made.save(update_fields=["status", "closed_at"])
        drop_terms(act, "accepted")
        return terms.agree_on(act, remedy=made.remedy, amount=made.amount, basis="settlement")

    @moves(ARBITRATION | {S.RULED}, AGREED_STATES, number="34b", by=rules.seller,
           event="case.conceded")  # fmt: skip
    def concede(self, act: Act) -> Status:
        """The seller grants the open claim in full: the only refund while the arbitration is open."""
        case = act.case
        claim = case.claims.latest("revision")
        case.seller_heard = True
        terms.supersede_ruling(case)
        amount = claim.amount if claim.remedy in MONEY else Decimal(0)
        return terms.agree_on(act, remedy=claim.remedy, amount=amount, basis="conceded")

    @moves(BEFORE_RULING, S.WITHDRAWN, number="43", by=rules.buyer, event="case.withdrawn", guard=not_ruled)
    def withdraw(self, act: Act, *, confirm: bool, text: str = "") -> None:
        if not confirm:
            raise Conflict("confirm_withdrawal", _("Send confirm=true: a withdrawn complaint ends here."))
        if act.case.movements.exists():
            raise NotPermitted("money_has_moved", _("Money has already moved; the case cannot be withdrawn."))
        act.tell(text)
        terms.close(act, Outcome.WITHDRAWN, OutcomeReason.GIVEN_UP)


def drop_terms(act: Act, status: str) -> None:
    """Take settlement terms off the table."""
    act.case.offers.filter(status="open", kind="settlement").update(status=status, closed_at=act.at)
    act.case.terms_open, act.case.terms_accepted_by = False, []


def _put_forward(act: Act, by: str, remedy: str, amount: Decimal, terms_text: str) -> None:
    from disputes.models import Offer

    terms.check_remedy(act.case, remedy, amount)
    drop_terms(act, "superseded")
    made = Offer.objects.create(
        case=act.case, kind=Offer.Kind.SETTLEMENT, by=by, author_id=act.person, round=act.case.offer_rounds,
        remedy=remedy, amount=amount, terms=terms_text, created_at=act.at,
        accepted_by=[] if by == Party.PLATFORM else [by],
    )  # fmt: skip
    act.case.terms_open, act.case.terms_accepted_by = True, []
    act.tell(offer=made.pk, by=by, remedy=remedy, amount=str(amount))
