"""What a move does to the clocks: the status's own, the promises to the consumer, and their pauses."""

from __future__ import annotations

from disputes import responses
from disputes.moves.law import Act, Law
from disputes.states import ARBITRATION, CLOSED, Outcome, OutcomeReason, Party, Status
from disputes.turns import PAUSE_LIMIT_DAYS, PROMISES, TURNS, clock_variant, pause_for
from sla.models import Clock

REVIEW = ("review_opinion", "review_resolution")
FIRST = ("initial_response", "resolution")


def keep(act: Act, law: Law, previous: str) -> None:
    """Bring the case's clocks into line with what has just happened."""
    human = act.actor.id is not None
    answered = responses.answered(law.name, side=act.party, human=human, opinion=act.opinion, channel=act.channel)
    if answered:
        act.case.first_response_at = act.case.first_response_at or act.at
        act.batch.book.stop(case_id=act.case.pk, kinds=answered, at=act.at)
    if act.case.status != previous:
        _status_clock(act, law, Status(previous))
        _promises_on_entering(act, Status(previous))
    _pauses(act)


def start_first(act: Act) -> None:
    """The two promises of 1–3 and 7 working days, from filing or from reopening (R1-25, R1-26)."""
    for kind in FIRST:
        start(act, kind)


def start(act: Act, kind: str, *, variant: str = "") -> Clock:
    """Start a clock of the case's own policy, with the terms the move set for it, unless one is open."""
    if running := act.batch.book.open(act.case.pk, kind):
        return running
    return act.batch.book.start(
        case_id=act.case.pk,
        policy_id=act.case.policy_id,
        kind=kind,
        variant=variant or clock_variant(act.case, kind),
        at=act.at,
        cycle=act.case.reopened_count + 1,
        **act.clock_terms.get(kind, {}),
    )


def _status_clock(act: Act, law: Law, previous: Status) -> None:
    book, case_id = act.batch.book, act.case.pk
    if leaving := TURNS[previous].clock:
        answered = _answered(act, law, previous)
        (book.stop if answered else book.cancel)(case_id=case_id, kinds=[leaving], at=act.at)
    if previous == Status.INTERVENTION_REQUESTED:
        book.stop(case_id=case_id, kinds=["intervention_accept"], at=act.at)
    if previous == Status.SUBMITTED:
        book.cancel(case_id=case_id, kinds=["info"], at=act.at)
    if entering := TURNS[Status(act.case.status)].clock:
        start(act, entering)


def _answered(act: Act, law: Law, previous: Status) -> bool:
    """Whether the side that the status waited for acted; else its term ends without having been kept."""
    if previous == Status.OFFER_PENDING:
        return law.name in ("accept_offer", "decline_offer")
    return TURNS[previous].party not in (Party.CONSUMER, Party.SELLER) or act.party == TURNS[previous].party


def _promises_on_entering(act: Act, previous: Status) -> None:
    case, book = act.case, act.batch.book
    status = Status(case.status)
    if status == Status.INTERVENTION_REQUESTED and previous not in ARBITRATION:
        for kind in REVIEW:
            start(act, kind)
    elif status == Status.RULED:
        book.stop(case_id=case.pk, kinds=["resolution", *REVIEW], at=act.at)
    elif previous in ARBITRATION and status not in ARBITRATION:
        book.stop(case_id=case.pk, kinds=list(REVIEW), at=act.at)
    if status in CLOSED:
        _closed(act)


def _closed(act: Act) -> None:
    """Closing answers the promises; a withdrawn or merged case releases us from the first of them."""
    case, book = act.case, act.batch.book
    merged = case.outcome_reason == OutcomeReason.DUPLICATE
    if merged or case.outcome_code == Outcome.WITHDRAWN:
        book.cancel(case_id=case.pk, kinds=None if merged else ["initial_response"], at=act.at)
    book.stop(case_id=case.pk, kinds=[*FIRST, *REVIEW], at=act.at)
    book.cancel(case_id=case.pk, kinds=None, at=act.at)


def _pauses(act: Act) -> None:
    book, case_id = act.batch.book, act.case.pk
    reason = act.pause or pause_for(act.case)
    if reason is None:
        book.resume(case_id=case_id, kinds=PROMISES, at=act.at)
    else:
        book.pause(
            case_id=case_id,
            kinds=PROMISES,
            reason=reason,
            at=act.at,
            actor=act.actor,
            limit_days=PAUSE_LIMIT_DAYS.get(reason),
        )
