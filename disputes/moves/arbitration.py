"""The platform hears the case: transitions 29–32, 42, 44, 46b."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from casemgmt.errors import Conflict, Invalid
from disputes import hearings, promises, rules
from disputes.moves import terms
from disputes.moves.intake import contact_seller
from disputes.moves.law import Act, moves
from disputes.states import HEARING, Outcome, OutcomeReason, Status, SuspendReason

if TYPE_CHECKING:
    from datetime import datetime

    from casemgmt.accounts.actors import Actor
    from disputes.models import Case

S = Status
NO_RULING_REASONS = {OutcomeReason.EVIDENCE_INSUFFICIENT, OutcomeReason.TOO_COMPLEX, OutcomeReason.OUT_OF_SCOPE}


def may_extend(case: Case, actor: Actor, at: datetime) -> None:
    if case.evidence_extended:
        raise Conflict("already_extended", _("The evidence period can be extended once."))


def not_for_recusal(case: Case, actor: Actor, at: datetime) -> None:
    if case.suspended_for == SuspendReason.RECUSAL and actor.id is not None:
        raise Conflict("recusal_pending", _("A supervisor decides on the recusal first (decide_recusal)."))


class ArbitrationMoves:
    @moves(S.INTERVENTION_REQUESTED, S.UNDER_REVIEW, number="29", by=rules.arbitrator,
           event="case.intervention_accepted")  # fmt: skip
    def accept_intervention(self, act: Act, *, opinion: str) -> None:
        """The handler takes the case with an initial opinion that the consumer sees."""
        hearings.refuse_conflict(act.case, act.actor)
        act.tell(terms.words(opinion))

    @moves(S.INTERVENTION_REQUESTED, (S.INADMISSIBLE, S.AWAITING_SELLER), number="30", by=rules.arbitrator,
           event="case.intervention_declined")  # fmt: skip
    def decline_intervention(self, act: Act, *, reason: str, text: str, back_to_seller: bool = False) -> Status:
        act.tell(terms.words(text), reason=reason)
        hearings.release(act)
        if back_to_seller:
            contact_seller(act)
            terms.reopen_claim(act)
            return S.AWAITING_SELLER
        terms.close(act, Outcome.INADMISSIBLE, OutcomeReason.OUT_OF_SCOPE)
        return S.INADMISSIBLE

    @moves(S.UNDER_REVIEW, S.EVIDENCE_PERIOD, number="31", by=rules.arbitrator, event="case.evidence_opened")
    def open_evidence(self, act: Act, *, requests: list[dict[str, Any]], hours: int | None = None) -> None:
        """Ask either or both sides, as a checklist: [{party, slot, mandatory, text}]; 24 to 168 h or the policy's."""
        if not requests:
            raise Invalid("nothing_asked", _("Ask for at least one thing (requests)."))
        act.case.evidence_extended, act.case.extension_hours, act.case.in_extension = False, 0, False
        act.clock_terms["evidence"] = hearings.evidence_terms(act, hours)
        hearings.ask_for_evidence(act, requests, due_at=promises.start(act, "evidence").due_at)

    @moves(S.EVIDENCE_PERIOD, None, number="31b", by=rules.party | rules.arbitrator, event="case.evidence_extended",
           guard=may_extend)  # fmt: skip
    def extend_evidence(self, act: Act, *, hours: int, text: str = "") -> None:
        """Once, at most the policy's hours, asked before the end; begins when the first period ends."""
        most = act.case.setting("evidence_extension_hours")
        if not 1 <= hours <= most:
            raise Invalid("extension_too_long", _("Between 1 and %(most)s hours can be added.") % {"most": most})
        act.case.evidence_extended, act.case.extension_hours = True, hours
        act.tell(text, hours=hours)

    @moves(S.EVIDENCE_PERIOD, (S.UNDER_REVIEW, S.EVIDENCE_PERIOD), number="32", by=rules.arbitrator | rules.system,
           event="case.evidence_closed")  # fmt: skip
    def close_evidence(self, act: Act) -> Status:
        """By the arbitrator once everything mandatory is answered; by time-out in any case."""
        case = act.case
        if act.actor.id is None and case.extension_hours and not case.in_extension:
            case.in_extension = True
            act.event = "case.evidence_extension_began"
            act.clock_terms["evidence"] = {"seconds": case.extension_hours * 3600}
            hearings.extend_requests(act, due_at=promises.start(act, "evidence").due_at)
            return S.EVIDENCE_PERIOD
        hearings.close_evidence(act)
        case.extension_hours, case.in_extension = 0, False
        return S.UNDER_REVIEW

    @moves(S.UNDER_REVIEW, None, number="42", by=rules.arbitrator, event="case.no_ruling_proposed")
    def propose_no_ruling(self, act: Act, *, reason: str, text: str) -> None:
        if reason not in NO_RULING_REASONS:
            raise Invalid(
                "reason_unknown", _("Choose one of: %(named)s.") % {"named": ", ".join(sorted(NO_RULING_REASONS))}
            )
        act.case.no_ruling_proposed = reason
        act.tell(text, reason=reason)

    @moves(S.UNDER_REVIEW, S.REFERRED_EXTERNAL, number="42", by=rules.supervisor & ~rules.owner, event="case.referred")
    def no_ruling(self, act: Act, *, bodies: list[str], text: str = "") -> None:
        """The platform cannot find the truth: the supervisor confirms, and the other ways are named (R2-21, R2-22)."""
        if not act.case.no_ruling_proposed:
            raise Conflict("not_proposed", _("The handler has to propose this first (propose_no_ruling)."))
        hearings.refer(act, bodies, reason=act.case.no_ruling_proposed)
        act.tell(text, reason=act.case.no_ruling_proposed)
        terms.close(act, Outcome.NO_RULING, act.case.no_ruling_proposed)

    @moves((S.UNDER_REVIEW, S.EVIDENCE_PERIOD, S.MEDIATION), S.SUSPENDED, number="44", by=rules.arbitrator,
           event="case.suspended")  # fmt: skip
    def suspend(self, act: Act, *, reason: str, text: str) -> None:
        if reason == SuspendReason.RECUSAL:
            raise Invalid("reason_unknown", _("A stay for recusal follows from a request for recusal."))
        act.tell(terms.words(text), reason=terms.one_of(SuspendReason, reason))
        hearings.suspend(act, reason)

    @moves(S.SUSPENDED, None, number="44", by=rules.arbitrator | rules.supervisor, event="case.stay_documented")
    def document_stay(self, act: Act, *, document: str) -> None:
        """A court or the police has the matter: from here on the long term runs (180 days)."""
        hearings.document_stay(act, document)

    @moves(S.SUSPENDED, (S.UNDER_REVIEW, S.EVIDENCE_PERIOD, S.MEDIATION), number="44",
           by=rules.arbitrator | rules.supervisor | rules.system, event="case.resumed",
           guard=not_for_recusal)  # fmt: skip
    def resume(self, act: Act) -> Status:
        return hearings.resume(act)

    @moves(HEARING - {S.SUSPENDED}, (*sorted(HEARING - {S.SUSPENDED}), S.SUSPENDED), number="46b", by=rules.party,
           event="case.recusal_asked")  # fmt: skip
    def ask_recusal(self, act: Act, *, reason: str) -> Status:
        """The step stands still until a supervisor has decided (SAMR measures art. 19)."""
        hearings.ask_recusal(act, reason)
        act.tell(reason)
        if act.case.status == S.INTERVENTION_REQUESTED:
            return S.INTERVENTION_REQUESTED
        hearings.suspend(act, SuspendReason.RECUSAL)
        return S.SUSPENDED

    @moves(HEARING, (*sorted(HEARING),), number="46b", by=rules.supervisor & ~rules.owner,
           event="case.recusal_decided")  # fmt: skip
    def decide_recusal(self, act: Act, *, granted: bool, text: str = "") -> Status:
        hearings.decide_recusal(act, granted=granted)
        act.tell(text, granted=granted)
        if act.case.suspended_for != SuspendReason.RECUSAL:
            return Status(act.case.status)
        return hearings.resume(act)
