"""Between buyer and seller: agreeing, offering, refusing, revising, escalating. Transitions 9–18."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from casemgmt.errors import Conflict, Invalid, TooEarly
from disputes import rules
from disputes.moves import terms
from disputes.moves.intake import enter_intervention
from disputes.moves.law import Act, moves
from disputes.states import (
    MONEY,
    NEGOTIATION,
    PERFORMANCE,
    EscalateReason,
    Outcome,
    OutcomeReason,
    Party,
    RefuseReason,
    Status,
)

if TYPE_CHECKING:
    from datetime import datetime

    from casemgmt.accounts.actors import Actor
    from disputes.models import Case

S = Status


def rounds_left(case: Case, actor: Actor, at: datetime) -> None:
    if case.offer_rounds >= case.setting("max_offer_rounds"):
        raise Conflict(
            "no_rounds_left",
            _("All rounds of offers are used. Agree, refuse, or let the platform step in."),
            rounds=case.offer_rounds,
        )


def revisions_left(case: Case, actor: Actor, at: datetime) -> None:
    if case.claim_revisions >= case.setting("max_claim_revisions"):
        raise Conflict(
            "no_revisions_left", _("The claim cannot be changed again. Let the platform step in (escalate).")
        )


def may_escalate(case: Case, actor: Actor, at: datetime) -> None:
    """The seller must have been asked (R2-03); while it still has time, escalation waits `escalate_after_hours`."""
    if case.seller_contacted_at is None:
        raise Conflict("seller_not_contacted", _("The seller has not been asked yet."))
    earliest = case.seller_contacted_at + timedelta(hours=case.setting("escalate_after_hours"))
    if case.status == S.AWAITING_SELLER and at < earliest and not case.fulfilment_rejected:
        raise TooEarly(
            "too_early_to_escalate",
            _("The seller still has time to answer. You can ask the platform to step in from the instant named."),
            **{"from": earliest.isoformat()},
        )
    if case.agreed_basis == "ruling" and case.status != S.AWAITING_BUYER_CONFIRM:
        raise Conflict("already_ruled", _("The platform has ruled on this; it carries the ruling out."))


class NegotiationMoves:
    @moves(S.AWAITING_SELLER, (S.AWAITING_RETURN, S.AWAITING_FULFILMENT), number="9", by=rules.seller,
           event="case.agreed")  # fmt: skip
    def agree(self, act: Act, *, address: dict[str, Any] | None = None, instructions: str = "") -> Status:
        """Grant the open claim in full. A return needs a complete address, in the mainland (art. 42)."""
        claim = terms.open_claim(act.case)
        act.case.seller_heard = True
        target = terms.agree_on(
            act, remedy=claim.remedy, amount=_full_amount(act.case, claim), basis="granted", instructions=instructions
        )
        if target == S.AWAITING_RETURN:
            _use_address(act, address)
        return target

    @moves(S.AWAITING_SELLER, S.OFFER_PENDING, number="10", by=rules.party, event="case.offer_made",
           guard=rounds_left)  # fmt: skip
    def offer(self, act: Act, *, remedy: str, amount: Decimal = Decimal(0), terms_text: str = "") -> None:
        from disputes.models import Offer

        case = act.case
        terms.check_remedy(case, remedy, amount)
        case.offers.filter(status="open").update(status="superseded", closed_at=act.at)
        case.terms_open, case.terms_accepted_by = False, []
        case.offer_rounds += 1
        case.offer_by = act.party
        case.seller_heard = case.seller_heard or act.party == Party.SELLER
        made = Offer.objects.create(
            case=case, kind=Offer.Kind.OFFER, by=act.party, author_id=act.person, round=case.offer_rounds,
            remedy=remedy, amount=amount, terms=terms_text, accepted_by=[act.party], created_at=act.at,
        )  # fmt: skip
        act.tell(offer=made.pk, by=act.party, remedy=remedy, amount=str(amount), round=case.offer_rounds)

    @moves(S.AWAITING_SELLER, S.SELLER_REFUSED, number="11", by=rules.seller, event="case.refused")
    def refuse(self, act: Act, *, reason: str, text: str) -> None:
        act.case.seller_heard = True
        act.tell(terms.words(text), reason=terms.one_of(RefuseReason, reason))

    @moves(S.AWAITING_SELLER, (S.AWAITING_FULFILMENT, S.AWAITING_RETURN, S.INTERVENTION_REQUESTED), number="12",
           by=rules.system, event="case.seller_timed_out")  # fmt: skip
    def seller_timeout(self, act: Act) -> Status:
        """Silence grants a refund of what never arrived, or a return; refund of received goods never (decision 5)."""
        case = act.case
        case.seller_defaulted = True
        terms.mark_seller(act, "no_response")
        claim = terms.open_claim(case)
        variant = silence_grants(case)
        if variant is None:
            enter_intervention(act)
            act.tell(granted="")
            return S.INTERVENTION_REQUESTED
        return terms.agree_on(act, remedy=claim.remedy, amount=_full_amount(case, claim), basis="silence")

    @moves(S.OFFER_PENDING, (S.AWAITING_RETURN, S.AWAITING_FULFILMENT), number="13", by=rules.offeree,
           event="case.offer_accepted")  # fmt: skip
    def accept_offer(self, act: Act) -> Status:
        made = act.case.offers.get(status="open")
        made.status, made.closed_at, made.accepted_by = "accepted", act.at, [*made.accepted_by, act.party]
        made.save(update_fields=["status", "closed_at", "accepted_by"])
        act.case.seller_heard = act.case.seller_heard or act.party == Party.SELLER
        act.tell(offer=made.pk)
        return terms.agree_on(act, remedy=made.remedy, amount=made.amount, basis="offer")

    @moves(S.OFFER_PENDING, (S.AWAITING_SELLER, S.SELLER_REFUSED), number="14", by=rules.offeree,
           event="case.offer_declined")  # fmt: skip
    def decline_offer(self, act: Act, *, text: str = "") -> Status:
        case = act.case
        case.seller_heard = case.seller_heard or act.party == Party.SELLER
        _close_offer(act, "declined")
        act.tell(text)
        left = case.offer_rounds < case.setting("max_offer_rounds")
        return S.AWAITING_SELLER if left else S.SELLER_REFUSED

    @moves(S.OFFER_PENDING, S.SELLER_REFUSED, number="15", by=rules.system, event="case.offer_timed_out")
    def offer_timeout(self, act: Act) -> None:
        _close_offer(act, "expired")

    @moves(S.SELLER_REFUSED, S.AWAITING_SELLER, number="16", by=rules.buyer, event="case.claim_revised",
           guard=revisions_left)  # fmt: skip
    def revise_claim(self, act: Act, *, remedy: str, amount: Decimal = Decimal(0), reason: str = "") -> None:
        from disputes.claims import replace_claim

        previous = terms.open_claim(act.case)
        if amount > previous.amount and not reason:
            raise Invalid("reason_missing", _("You ask for more than before. Say why (reason)."))
        replace_claim(act, remedy=remedy, amount=amount, reason=reason)
        act.case.claim_revisions += 1

    @moves((NEGOTIATION | PERFORMANCE), S.INTERVENTION_REQUESTED, number="17", by=rules.party, event="case.escalated",
           guard=may_escalate)  # fmt: skip
    def escalate(self, act: Act, *, reason: str, text: str = "") -> None:
        if act.case.status == S.OFFER_PENDING:
            _close_offer(act, "superseded")
        if act.party == Party.SELLER:
            act.case.seller_heard = True
        act.tell(text, reason=terms.one_of(EscalateReason, reason), by=act.party)
        enter_intervention(act)

    @moves(S.SELLER_REFUSED, S.LAPSED, number="18", by=rules.system, event="case.lapsed")
    def escalate_timeout(self, act: Act) -> None:
        terms.close(act, Outcome.AUTO_SELLER_FAVOUR, OutcomeReason.BUYER_NO_ESCALATION)


def silence_grants(case: Case) -> str | None:
    """What the seller's silence grants: "refund", "return", or None where a person has to decide."""
    from disputes.turns import clock_variant

    variant = clock_variant(case, "seller_response")
    if variant in ("unshipped_refund", "not_received"):
        return "refund"
    if variant == "return" and terms.goods_go_back(case, case.claim_remedy):
        return "return"
    return None


def _full_amount(case: Case, claim: Any) -> Decimal:
    """A money claim's own amount; nothing for goods and words."""
    return claim.amount if claim.remedy in MONEY else Decimal(0)


def _close_offer(act: Act, status: str) -> None:
    act.case.offers.filter(status="open").update(status=status, closed_at=act.at)
    act.case.offer_by = ""


def _use_address(act: Act, given: dict[str, Any] | None) -> None:
    shipment = act.case.returns.get(closed_at=None)
    shipment.address = given or shipment.address
    if missing := terms.address_gaps(shipment.address):
        raise Invalid(
            "return_address_incomplete",
            _("Give a complete return address in the mainland: recipient, phone, line, mainland=true."),
            missing=missing,
        )
    shipment.save(update_fields=["address"])
