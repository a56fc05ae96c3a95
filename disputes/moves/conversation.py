"""Talking: messages, the contact log, urging, repeats, ratings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from casemgmt.errors import Conflict, Invalid, NotPermitted, TooLate, TooMany
from disputes import rules
from disputes.moves import terms
from disputes.moves.law import Act, moves
from disputes.states import CLOSED, LIVE, OPEN, Flag, Party, Priority, Status

if TYPE_CHECKING:
    from datetime import datetime

    from casemgmt.accounts.actors import Actor
    from disputes.models import Case

S = Status
THREADS = {"consumer": {"parties", "buyer_platform"}, "seller": {"parties", "seller_platform"}}
CALL_BACK_WITHIN = timedelta(days=30)
_RAISED = {Priority.LOW: Priority.NORMAL, Priority.NORMAL: Priority.HIGH, Priority.HIGH: Priority.URGENT}


def may_urge(case: Case, actor: Actor, at: datetime) -> None:
    wait = timedelta(hours=case.setting("urge_every_hours"))
    if case.urged_at and at < case.urged_at + wait:
        again = case.urged_at + wait
        raise TooMany(
            "urged_recently",
            _("You have urged us already; we have seen it. You can do so again from the instant named."),
            retry_after=int((again - at).total_seconds()) + 1,
            **{"from": again.isoformat()},
        )


def may_rate(case: Case, actor: Actor, at: datetime) -> None:
    days = case.setting("rating_window_days")
    if case.closed_at and at >= case.closed_at + timedelta(days=days):
        raise TooLate("rating_closed", _("Ratings are open for %(days)s days after the end.") % {"days": days})


class ConversationMoves:
    @moves(LIVE | CLOSED, None, number="m1", by=rules.party | rules.platform_staff, event="message.posted", quiet=True)
    def post_message(self, act: Act, *, text: str, thread: str = "parties") -> None:
        from disputes.models import Message

        mine = THREADS.get(act.party, {"parties", "buyer_platform", "seller_platform", "internal"})
        if thread not in mine:
            raise NotPermitted("not_your_thread", _("You can write in: %(mine)s.") % {"mine": ", ".join(sorted(mine))})
        terms.words(text)
        if act.party == Party.CONSUMER and thread == "parties" and act.case.seller_contacted_at is None:
            raise Conflict("seller_not_contacted", _("The seller does not see the case yet; write to the platform."))
        message = Message.objects.create(
            case=act.case, thread=thread, author_id=act.person, role=act.actor.role, text=text, at=act.at
        )
        if act.party == Party.SELLER and thread != "internal":
            act.case.seller_heard = True
        act.tell(message=message.pk, thread=thread)

    @moves(LIVE | CLOSED, None, number="m2", by=rules.platform_staff, event="contact.logged", quiet=True)
    def log_contact(
        self, act: Act, *, channel: str, direction: str, summary: str, opinion: str = "", with_party: str = "consumer",
        call_back_at: datetime | None = None,
    ) -> None:  # fmt: skip
        """Who spoke with whom, when, which opinion was given (R1-08), and until when we call that side back.

        Our next call to it makes the promise good, and a new promise takes the place of an open one.
        """
        from disputes.models import ContactLog

        if call_back_at and not act.at < call_back_at <= act.at + CALL_BACK_WITHIN:
            raise Invalid(
                "call_back_out_of_range", _("A call back is promised for the next 30 days: name a time in them.")
            )
        if call_back_at or direction == ContactLog.Direction.OUTBOUND:
            promised = ContactLog.objects.filter(case=act.case, with_party=with_party).to_call_back()
            promised.update(called_back_at=act.at)
        contact = ContactLog.objects.create(
            case=act.case, channel=channel, direction=direction, with_party=with_party, agent_id=act.person,
            summary=summary, opinion_given=opinion, at=act.at, call_back_at=call_back_at,
        )  # fmt: skip
        act.tell(contact=contact.pk, channel=channel, direction=direction)
        if call_back_at:
            act.tell(call_back_at=call_back_at.isoformat())
        if with_party == "handler" and act.case.complained_of_id:
            act.case.seller_heard = True  # in a complaint about ourselves the handler is the other side
        act.channel = channel
        act.opinion = bool(opinion) and with_party == Party.CONSUMER and act.case.status in LIVE

    @moves(LIVE, None, number="m3", by=rules.buyer, event="case.urged", guard=may_urge)
    def urge(self, act: Act, *, text: str = "") -> None:
        """催办: whoever holds the case is told, at most once in the policy's interval (R1-10)."""
        act.case.urged_at = act.at
        act.tell(text)

    @moves(
        OPEN,
        None,
        number="m4",
        by=rules.buyer | rules.intake_staff | rules.filed_it | rules.system,
        event="case.repeated",
    )
    def count_repeat(self, act: Act, *, channel: str) -> None:
        """The same problem was filed again: counted, and more urgent (R1-11)."""
        case = act.case
        case.repeat_count += 1
        case.flags = sorted({*case.flags, Flag.REPEAT})
        case.priority = _RAISED.get(Priority(case.priority), case.priority)
        act.tell(channel=channel, repeat_count=case.repeat_count)

    @moves(CLOSED, None, number="m5", by=rules.party, event="case.rated", quiet=True, guard=may_rate)
    def rate(self, act: Act, *, target: str, score: int, text: str = "") -> None:
        """Once per closing, rater and target, within the policy's days (R0-29)."""
        from disputes.models import Rating

        terms.one_of(Rating.Target, target)
        if not 1 <= score <= 5:
            raise Invalid("score_out_of_range", _("Give a score from 1 to 5."))
        closing = act.case.reopened_count
        given = Rating.objects.filter(case=act.case, closing=closing, rater_id=act.actor.id, target=target)
        if given.exists():
            raise Conflict("already_rated", _("You have rated this already; a rating is given once."))
        rating = Rating.objects.create(
            case=act.case, closing=closing, rater_id=act.person, target=target, score=score, text=text, at=act.at
        )
        act.tell(rating=rating.pk, target=target, score=score)

    @moves(OPEN | CLOSED, None, number="m6", event="evidence.recorded", quiet=True,
           by=rules.party | rules.platform_staff | rules.reviewer | rules.auditor | rules.system)  # fmt: skip
    def record_evidence(self, act: Act, *, code: str, data: dict[str, str], text: str = "") -> None:
        """What happened to an exhibit; `evidence` knows what, the door writes it."""
        act.event = code
        act.tell(text, **data)
        if act.party == Party.SELLER and code == "evidence.submitted":
            act.case.seller_heard = True
