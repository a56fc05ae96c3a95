"""Sentences for the timeline: one row per event code. The row keeps codes; these are read in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from casemgmt.timeline import wording
from casemgmt.timeline.wording import Audience
from disputes import states, taxonomy

# Facts that are codes, and the list that names them in words.
_NAMED: dict[str, Any] = {
    "remedy": states.Remedy,
    "by": states.Party,
    "grounds": states.AppealGround,
    "condition": states.ReturnCondition,
    "route": states.Status,
    "to": states.Status,
    "type": taxonomy.Type,
    "subtype": taxonomy.Subtype,
    "channel": states.Channel,
}
_REASONS: tuple[Any, ...] = (
    states.RefuseReason, states.EscalateReason, states.RejectReason, states.SuspendReason, states.OutcomeReason,
)  # fmt: skip
_RESULTS = states.CarrierResult

SENTENCES: dict[str, tuple[Any, Audience]] = {
    "case.submitted": (_("Complaint filed: %(type)s, %(subtype)s."), "buyer"),
    "case.read_back": (_("The complaint was read back to the consumer, who agreed that it is filed so."), "buyer"),
    "case.order_linked": (_("The order was linked."), "parties"),
    "case.info_requested": (_("The platform asked the consumer for information."), "buyer"),
    "case.info_provided": (_("The consumer gave the information."), "buyer"),
    "case.info_timed_out": (_("The information did not come in time; the platform goes on without it."), "buyer"),
    "case.opinion_given": (_("The platform gave a first opinion."), "parties"),
    "case.rejected": (_("Not admitted: %(reason)s."), "buyer"),
    "case.admitted": (_("Admitted. Next: %(route)s."), "parties"),
    "case.carrier_answered": (_("The carrier answered: %(result)s."), "parties"),
    "case.carrier_timed_out": (_("The carrier did not answer in time; the seller bears the burden."), "parties"),
    "case.agreed": (_("The seller granted the demand: %(remedy)s."), "parties"),
    "case.offer_made": (_("Offer by %(by)s: %(remedy)s."), "parties"),
    "case.refused": (_("The seller refused: %(reason)s."), "parties"),
    "case.seller_timed_out": (_("The seller did not answer in time."), "parties"),
    "case.offer_accepted": (_("The offer was accepted: %(remedy)s."), "parties"),
    "case.offer_declined": (_("The offer was declined."), "parties"),
    "case.offer_timed_out": (_("The offer was not answered in time."), "parties"),
    "case.claim_revised": (_("The demand was changed: %(remedy)s."), "parties"),
    "case.escalated": (_("%(by)s asked the platform to step in: %(reason)s."), "parties"),
    "case.lapsed": (_("The refusal was not contested in time; the case has lapsed."), "parties"),
    "case.assigned": (_("A handler was assigned."), "parties"),
    "case.unassigned": (_("No handler is free without a conflict."), "staff"),
    "case.assignment_overdue": (_("No handler was found within a working day."), "staff"),
    "case.acceptance_overdue": (_("The handler did not take the case within a working day."), "staff"),
    "case.reassigned": (_("The case went to another handler."), "parties"),
    "case.intervention_accepted": (_("The handler took the case and gave a first opinion."), "parties"),
    "case.intervention_declined": (_("The platform does not step in: %(reason)s."), "parties"),
    "case.evidence_opened": (_("Evidence was asked for."), "parties"),
    "case.evidence_extended": (_("The evidence period was lengthened by %(hours)s hours."), "parties"),
    "case.evidence_extension_began": (_("The added time for evidence began."), "parties"),
    "case.evidence_closed": (_("The evidence period ended."), "parties"),
    "case.settlement_proposed": (_("The mediator proposed: %(remedy)s."), "parties"),
    "case.mediation_ended": (_("Mediation ended without an agreement."), "parties"),
    "case.terms_proposed": (_("%(by)s proposed terms: %(remedy)s."), "parties"),
    "case.terms_accepted": (_("%(by)s accepted the terms."), "parties"),
    "case.conceded": (_("The seller granted the demand: %(remedy)s."), "parties"),
    "case.withdrawn": (_("The consumer withdrew the complaint."), "parties"),
    "case.no_ruling_proposed": (_("The handler proposes not to rule: %(reason)s."), "staff"),
    "case.referred": (_("The platform cannot rule: %(reason)s. Other ways were named."), "parties"),
    "case.suspended": (_("Suspended: %(reason)s."), "parties"),
    "case.stay_documented": (_("The document for the stay was recorded."), "parties"),
    "case.resumed": (_("Resumed. Next: %(to)s."), "parties"),
    "case.recusal_asked": (_("Recusal of the handler was asked for."), "parties"),
    "case.recusal_decided": (_("The request for recusal was decided."), "parties"),
    "case.reopened": (_("The case was reopened."), "parties"),
    "case.merged": (_("Merged into another case about the same problem."), "parties"),
    "case.urged": (_("The consumer urged."), "buyer"),
    "case.repeated": (_("The same problem was filed again (%(channel)s)."), "buyer"),
    "case.rated": (_("A rating was given."), "staff"),
    "promises.held": (_("The platform's terms stand still, by a supervisor's decision."), "parties"),
    "promises.released": (_("The platform's terms run again."), "parties"),
    "promises.extended": (_("The platform's term was lengthened by %(days)s working days."), "parties"),
    "return.shipped": (_("The goods were sent back: %(carrier)s %(waybill)s."), "parties"),
    "return.timed_out": (_("The goods were not sent back in time."), "parties"),
    "return.carrier_signed": (_("The carrier delivered the return."), "parties"),
    "return.received": (_("The seller received the return in order."), "parties"),
    "return.contested": (_("The seller contests the return: %(condition)s."), "parties"),
    "return.receipt_timed_out": (_("The seller did not answer for the return; it counts as received."), "parties"),
    "case.fulfilled": (_("The seller did its part."), "parties"),
    "case.fulfilment_timed_out": (_("The seller did not do its part in time."), "parties"),
    "case.reshipment_signed": (_("The carrier delivered the parcel."), "parties"),
    "case.confirmed": (_("The consumer confirmed."), "parties"),
    "case.confirmation_timed_out": (_("The consumer did not object in time; the case is resolved."), "parties"),
    "case.fulfilment_rejected": (_("The consumer is not satisfied with what came."), "parties"),
    "ruling.drafted": (_("A ruling was drafted."), "staff"),
    "ruling.returned": (_("The draft ruling was returned to its author."), "staff"),
    "ruling.issued": (_("The platform ruled."), "parties"),
    "ruling.accepted": (_("The ruling was accepted."), "parties"),
    "ruling.final": (_("The ruling is final."), "parties"),
    "appeal.filed": (_("Appeal by %(by)s: %(grounds)s."), "parties"),
    "appeal.withdrawn": (_("The appeal was withdrawn."), "parties"),
    "appeal.decided": (_("The appeal was decided."), "parties"),
    "execution.performed": (_("What was ordered is being done."), "parties"),
    "execution.timed_out": (_("The seller did not carry out the ruling; the platform does."), "parties"),
    "execution.stuck": (_("Balance and deposit do not suffice, or a person has to act."), "staff"),
    "execution.failed": (_("The ruling could not be carried out: balance and deposit do not suffice."), "parties"),
    "case.executed": (_("Nothing is left to be carried out."), "parties"),
    "money.paid": (_("%(amount)s was paid to the consumer."), "parties"),
    "seller.marked": (_("The shop was marked: %(points)s points."), "seller"),
    "seller.mark_reversed": (_("The mark against the shop was taken back."), "seller"),
    "message.posted": (_("A message was written."), "staff"),
    "contact.logged": (_("A contact was recorded (%(channel)s)."), "buyer"),
    "evidence.recorded": (_("Something happened to an exhibit."), "staff"),
    "evidence.uploaded": (_("An exhibit was uploaded."), "staff"),
    "evidence.submitted": (_("An exhibit was handed in."), "parties"),
    "evidence.withdrawn": (_("An exhibit was withdrawn; it is kept and marked."), "parties"),
    "evidence.viewed": (_("An exhibit was opened."), "staff"),
    "evidence.waived": (_("A request for evidence was waived."), "parties"),
    "clock.warned": (_("A deadline comes near."), "staff"),
    "clock.breached": (_("A promise was missed."), "parties"),
    "clock.credited": (_("Our service was interrupted; a deadline moved later."), "parties"),
    "clock.held": (_("Our service was interrupted for long; a deadline stands still until we have looked."), "parties"),
}


def register() -> None:
    for code, (text, audience) in SENTENCES.items():
        wording.register(code, text, audience=audience, words=in_words)


def in_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Codes among the facts, in the active language."""
    said = dict(facts)
    for name, choices in _NAMED.items():
        if facts.get(name) in choices.values:
            said[name] = choices(facts[name]).label
    for choices in _REASONS:
        if facts.get("reason") in choices.values:
            said["reason"] = choices(facts["reason"]).label
            break
    if "remedy" in said and _is_money(facts.get("amount")):
        said["remedy"] = f"{said['remedy']} {facts['amount']}"
    if facts.get("result") in _RESULTS.values:
        said["result"] = _RESULTS(facts["result"]).label
    return said


def _is_money(amount: Any) -> bool:
    """Goods and words are agreed on without a sum; the row says 0 then."""
    return amount not in (None, "") and Decimal(str(amount)) != 0
