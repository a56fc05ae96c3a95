"""Intake: submitting, asking back, admitting, rejecting. Transitions 1–6 and the initial opinion."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from casemgmt.errors import Conflict, Invalid, NotPermitted
from disputes import promises, rules
from disputes.moves import terms
from disputes.moves.law import Act, moves
from disputes.states import CLOSED, LIVE, Flag, OrderStatus, Outcome, Priority, RejectReason, Status
from disputes.taxonomy import FAMILIES, Flow, Subtype, Type
from sla import policies

if TYPE_CHECKING:
    from datetime import datetime

    from casemgmt.accounts.actors import Actor
    from disputes.models import Case
    from disputes.ports import orders

S = Status


def may_submit(case: Case, actor: Actor, at: datetime) -> None:
    """What a complaint must have before it is filed: an order or a reason, a contact, a problem, its exhibits."""
    # An order number without an order: the marketplace did not answer, the order is linked later.
    if not case.order_id and not case.order_number and not case.no_order_reason:
        raise Invalid("order_missing", _("Give the order number, or say why there is none (no_order_reason)."))
    if not case.contact:
        raise Invalid("contact_missing", _("Give a phone number or an e-mail address where you can be reached."))


def route_for(case: Case, at: datetime) -> Status:
    """Where an admitted case goes: the carrier for a parcel that stands still, the platform for F5 and danger."""
    if case.flow == Flow.OURSELVES or case.seller_id is None or Flag.SAFETY_RISK in case.flags:
        return S.INTERVENTION_REQUESTED
    if case.seller and case.seller.status == "removed":
        return S.INTERVENTION_REQUESTED
    order = case.order
    if order is None or order.status != OrderStatus.SHIPPED or order.signed_at or not order.waybill:
        return S.AWAITING_SELLER
    asks_carrier = case.flow == Flow.TRANSPORT or (case.flow == Flow.UNSHIPPED and tracking_is_stale(case, at))
    return S.AWAITING_CARRIER if asks_carrier else S.AWAITING_SELLER


def tracking_is_stale(case: Case, at: datetime) -> bool:
    """True where a parcel on its way has not been heard of for the policy's number of days (R3-31)."""
    from disputes.models import LogisticsEvent

    if case.order is None:
        return False
    last = (
        LogisticsEvent.objects.filter(waybill=case.order.waybill).order_by("-at").values_list("at", flat=True).first()
    )
    heard = last or case.order.shipped_at
    return heard is not None and at >= heard + timedelta(days=case.setting("stale_tracking_days"))


def admits_itself(case: Case) -> bool:
    """True where nothing needs a person's eye: an order, a known family, a demand within reason."""
    looked_at = {Flag.INCOMPLETE, Flag.IMPORTED, Flag.SAFETY_RISK, Flag.EXCESSIVE_CLAIM, Flag.COUNTERFEIT}
    if looked_at & set(case.flags) or not case.setting("admit_automatically"):
        return False
    return case.flow not in (Flow.TRIAGE, Flow.OURSELVES) and case.order_id is not None


def may_link(case: Case, actor: Actor, at: datetime) -> None:
    if case.order_id:
        raise Conflict("order_known", _("The case has its order already."))


def look_up_order(details: dict[str, Any]) -> dict[str, Any]:
    """Ask the marketplace before the case is locked. Raises Unavailable while it does not answer."""
    from disputes.ports import orders

    return {**details, "found": orders.port().fetch(details["order_number"])}


class IntakeMoves:
    @moves(
        S.DRAFT,
        S.SUBMITTED,
        number="1",
        by=rules.buyer | rules.filed_it | rules.system,
        event="case.submitted",
        guard=may_submit,
    )
    def submit(self, act: Act, *, read_back: bool = False) -> None:
        """`read_back`: whoever files for the consumer has read it back to them, and they agreed (R1-15)."""
        from disputes import intake

        case = act.case
        intake.refuse_unless_complete(case, act.at)
        if act.batch.new != case.pk:  # a draft: meanwhile there may be a twin, or another policy
            refuse_twin(case)
            case.policy_id = policies.in_force(act.at).policy_id
        case.submitted_at = case.acknowledged_at = act.at
        case.buyer_heard = True
        if case.subtype in (Subtype.SAFETY, Subtype.COUNTERFEIT):
            flag = Flag.SAFETY_RISK if case.subtype == Subtype.SAFETY else Flag.COUNTERFEIT
            case.flags = sorted({*case.flags, flag})
            case.priority = Priority.URGENT if flag == Flag.SAFETY_RISK else Priority.HIGH
        if read_back and rules.filed_it(act.actor, case):
            act.note("case.read_back")
        act.tell(type=case.type, subtype=case.subtype, channel=case.channel)
        promises.start(act, "acknowledge")
        act.batch.book.stop(case_id=case.pk, kinds=["acknowledge"], at=act.at)
        promises.start_first(act)
        if admits_itself(case) or case.type == Type.SERVICE_COMPLAINT:
            act.then("admit")

    @moves(LIVE, None, number="1b", by=rules.buyer | rules.intake_staff, event="case.order_linked", guard=may_link,
           prepare=look_up_order)  # fmt: skip
    def link_order(self, act: Act, *, order_number: str, found: orders.Found | None) -> None:
        """An incomplete case gets its order (R0-23); with it the seller is known and the case can be admitted."""
        from disputes import linking

        linking.link_order(act.case, number=order_number, found=found, at=act.at)
        refuse_twin(act.case)
        act.tell(order=act.case.order_id)
        if act.case.status == S.SUBMITTED and admits_itself(act.case):
            act.then("admit")

    @moves(S.SUBMITTED, None, number="2", by=rules.intake_staff, event="case.info_requested")
    def request_info(self, act: Act, *, text: str) -> None:
        act.case.info_asked = True
        act.tell(terms.words(text))
        promises.start(act, "info")

    @moves(S.SUBMITTED, None, number="2b", by=rules.buyer, event="case.info_provided")
    def provide_info(self, act: Act, *, text: str) -> None:
        if not act.case.info_asked:
            raise Invalid("nothing_asked", _("Nobody has asked for information. Write a message instead."))
        act.case.info_asked = False
        act.tell(text)
        act.batch.book.stop(case_id=act.case.pk, kinds=["info"], at=act.at)

    @moves(S.SUBMITTED, None, number="2c", by=rules.system, event="case.info_timed_out")
    def info_timeout(self, act: Act) -> None:
        act.case.info_asked = False

    @moves(LIVE, None, number="2d", by=rules.agent | rules.arbitrator | rules.supervisor, event="case.opinion_given")
    def give_initial_opinion(self, act: Act, *, text: str) -> None:
        act.tell(terms.words(text))

    @moves(S.SUBMITTED, S.INADMISSIBLE, number="3", by=rules.intake_staff, event="case.rejected")
    def reject_intake(self, act: Act, *, reason: str, text: str) -> None:
        limit = Decimal(act.case.setting("reject_needs_supervisor_from"))
        claim = act.case.claims.filter(status="open").first()
        if claim and claim.amount >= limit and act.actor.role != "supervisor":
            raise NotPermitted(
                "needs_supervisor",
                _("Claims of %(limit)s and more are turned down by a supervisor only. Ask one.") % {"limit": limit},
            )
        act.tell(terms.words(text), reason=terms.one_of(RejectReason, reason))
        terms.close(act, Outcome.INADMISSIBLE, "")

    @moves(S.SUBMITTED, (S.AWAITING_SELLER, S.AWAITING_CARRIER, S.INTERVENTION_REQUESTED), number="4, 5, 6",
           by=rules.intake_staff | rules.system, event="case.admitted")  # fmt: skip
    def admit(self, act: Act, *, route: str = "", reason: str = "") -> Status:
        chosen = {"seller": S.AWAITING_SELLER, "carrier": S.AWAITING_CARRIER, "platform": S.INTERVENTION_REQUESTED}
        if route not in ("", *chosen):
            raise Invalid("route_unknown", _("Choose one of: %(named)s.") % {"named": ", ".join(chosen)})
        if not route and act.case.seller_id is None and act.case.flow not in (Flow.OURSELVES, Flow.TRIAGE):
            raise Invalid(
                "order_missing", _("Link the order first, or send the case to the platform (route=platform).")
            )
        target = chosen[route] if route else route_for(act.case, act.at)
        act.case.info_asked = False
        act.tell(reason, route=target)
        if target == S.AWAITING_CARRIER:
            _ask_carrier(act)
        elif target == S.AWAITING_SELLER:
            contact_seller(act)
        else:
            enter_intervention(act)
        return target


def refuse_twin(case: Case) -> None:
    """A case becomes open: refuse where another one about the same order and problem is open already."""
    others = type(case).objects.exclude(status__in=[*CLOSED, S.DRAFT]).exclude(pk=case.pk)
    same = others.filter(consumer_id=case.consumer_id, order_number=case.order_number, subtype=case.subtype)
    if case.order_number and (reference := same.values_list("reference", flat=True).first()):
        raise Conflict(
            "already_open",
            _("Case %(reference)s about the same problem is open. Go on there.") % {"reference": reference},
            reference=reference,
        )


def contact_seller(act: Act) -> None:
    """From here on the seller sees the case; escalation counts from this instant."""
    if act.case.seller_id is None:
        raise Invalid("seller_unknown", _("No seller is known. Link the order first, or choose route=platform."))
    act.case.seller_contacted_at = act.case.seller_contacted_at or act.at


def enter_intervention(act: Act) -> None:
    """The platform steps in: the seller is told, and a handler is drawn at the same instant."""
    act.case.intervention_at = act.at
    terms.supersede_ruling(act.case)
    if act.case.seller_id:
        act.case.seller_contacted_at = act.case.seller_contacted_at or act.at
    act.then("assign")


def _ask_carrier(act: Act) -> None:
    from disputes.models import CarrierInquiry

    order = act.case.order
    if order is None or not order.waybill or act.case.seller_id is None:
        raise Invalid("waybill_unknown", _("No waybill is known. Choose route=seller or route=platform."))
    CarrierInquiry.objects.create(case=act.case, carrier=order.carrier, waybill=order.waybill, asked_at=act.at)


def mandatory_slots(case: Case) -> frozenset[str]:
    """Exhibits a complaint of this type is filed with (DOMAIN section 7)."""
    return FAMILIES[Type(case.type)].mandatory


def filing_until(case: Case) -> datetime | None:
    """The end of the filing window; None while the order is not finished or unknown."""
    if case.order is None or case.order.finished_at is None:
        return None
    return case.order.finished_at + timedelta(days=case.setting("filing_window_days"))
