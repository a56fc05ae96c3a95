"""Carrying a ruling out: transitions 40 and 41. The clock runs until money or goods have really moved."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casemgmt.errors import Conflict, Invalid
from disputes import hearings, promises, rules
from disputes.moves import terms
from disputes.moves.law import Act, moves
from disputes.moves.payment import pay_obligations, turn_goods_into_refund
from disputes.states import MONEY, Outcome, OutcomeReason, Party, Status

S = Status


class ExecutionMoves:
    @moves(S.EXECUTING, (S.EXECUTING, S.RESOLVED), number="40", by=rules.seller | rules.supervisor,
           event="execution.performed")  # fmt: skip
    def perform_obligations(self, act: Act, *, proof: str = "") -> Status:
        """The seller pays and sends; a supervisor lets the platform pay from balance and deposit."""
        pay_obligations(act, by=act.party)
        others = act.case.obligations.filter(status="pending").exclude(remedy__in=sorted(MONEY))
        if others.exists() and (act.party == Party.SELLER or act.case.seller_id is None):
            if not proof:
                raise Invalid("proof_missing", _("Give the waybill or number that shows it was done (proof)."))
            others.update(status="done", done_by=act.party, proof=proof, done_at=act.at)
        act.tell(by=act.party, proof=proof)
        return _finished(act)

    @moves(S.EXECUTING, (S.EXECUTING, S.RESOLVED), number="40", by=rules.system, event="execution.timed_out")
    def execution_timeout(self, act: Act) -> Status:
        """The seller's day is over: the platform pays from balance and deposit; a supervisor sees to the rest."""
        if act.case.agreed_basis == "ruling" and not act.case.seller_marks.filter(kind="not_performed").exists():
            terms.mark_seller(act, "not_performed")
        turn_goods_into_refund(act)
        pay_obligations(act, by=Party.PLATFORM)
        target = _finished(act)
        if target == S.EXECUTING:
            act.note("execution.stuck")
            promises.start(act, "execution", variant="platform")
        return target

    @moves(S.EXECUTING, S.RESOLVED, number="40", by=rules.system, event="case.executed")
    def executed(self, act: Act) -> None:
        """Nothing was ordered: the case ends with the ruling."""
        terms.conclude(act)

    @moves(S.EXECUTING, S.REFERRED_EXTERNAL, number="41", by=rules.supervisor, event="execution.failed")
    def execution_failed(self, act: Act, *, bodies: list[str], text: str) -> None:
        """Balance and deposit do not suffice (art. 87): the other ways are named."""
        if not act.case.obligations.filter(status="pending").exists():
            raise Conflict("nothing_pending", _("Nothing is left to be carried out."))
        running = act.batch.book.open(act.case.pk, "execution")
        if running and running.variant != "platform":
            raise Conflict("not_tried_yet", _("The seller's term is running; then the platform pays from its deposit."))
        hearings.refer(act, bodies, reason=OutcomeReason.FUNDS_INSUFFICIENT)
        act.tell(terms.words(text))
        terms.close(act, Outcome.REFERRED, OutcomeReason.FUNDS_INSUFFICIENT)


def _finished(act: Act) -> Status:
    if act.case.obligations.filter(status="pending").exists():
        return S.EXECUTING
    terms.conclude(act)
    return S.RESOLVED
