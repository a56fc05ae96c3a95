"""The platform hears the case: evidence, mediation, stays."""

from casemgmt.demo.stories.book import told
from casemgmt.demo.stories.negotiation import escalates, refuses
from casemgmt.demo.story import Story

MEDIATION_HOURS = 48


@told
def silent_service(s: Story) -> None:
    """A complaint about service that the seller has ignored: a person has to decide."""
    s.starts(s.days.ago(51))
    s.files()
    s.runs_out("seller_response")


@told
def under_review(s: Story) -> None:
    s.starts(s.days.ago(44))
    reaches_review(s)
    s.after(2)
    s.does(s.handler, "post_message", text=s.say("note"), thread="internal")


@told
def review_near(s: Story) -> None:
    """The 7 working days end with this one."""
    long_review(s, -7)


@told
def review_late(s: Story) -> None:
    """The 7 working days are over, and there is no ruling: a breached promise."""
    long_review(s, -10)
    s.after(30)
    s.does(s.consumer, "urge", text=s.say("urge"))


@told
def evidence(s: Story) -> None:
    s.starts(s.days.ago(60))
    reaches_review(s)
    s.after(2)
    s.does(s.supervisor, "extend_promise", kind="resolution", days=2, reason="需要检材比对 A comparison of the wood")
    asks_both(s)
    s.after(4)
    s.shows(s.consumer, "order_screenshot", s.say("consumer_proof"))


@told
def evidence_extended(s: Story) -> None:
    """More time was asked for, and it has begun."""
    s.starts(s.days.ago(76))
    reaches_review(s)
    s.comes_to(s.days.ago(34))
    asks_both(s, hours=24)
    s.after(3)
    s.does(s.seller, "extend_evidence", hours=72, text="进货凭证由总仓寄来,需要时间 The papers are in our warehouse")
    s.runs_out("evidence")
    s.after(5)
    s.shows(s.consumer, "order_screenshot", s.say("consumer_proof"))


@told
def mediation(s: Story) -> None:
    s.starts(s.days.ago(MEDIATION_HOURS - s.left + 48))
    reaches_review(s)
    s.comes_to(s.before_end_of(MEDIATION_HOURS))
    proposes(s)


@told
def mediation_half(s: Story) -> None:
    """One side has said yes."""
    mediation(s)
    s.after(3)
    s.does(s.seller, "accept_terms")


@told
def testing(s: Story) -> None:
    s.starts(s.days.ago(90))
    reaches_review(s)
    s.after(20)
    s.does(s.handler, "suspend", reason="testing", text=s.say("suspend"))


@told
def in_court(s: Story) -> None:
    s.starts(s.days.ago(100))
    s.files()
    s.after(0.5)
    s.does(s.agent, "admit", reason="安全隐患 Safety")
    s.after(3)
    s.does(s.handler, "accept_intervention", opinion=s.say("opinion"))
    s.after(20)
    s.does(s.handler, "suspend", reason="court", text=s.say("suspend"))
    s.after(10)
    s.does(s.handler, "document_stay", document="(2026)粤 0606 民初 1024 号 受理通知书")


@told
def recusal(s: Story) -> None:
    """The consumer asks for another handler; everything rests until a supervisor has decided."""
    s.starts(s.days.ago(48))
    s.files()
    s.after(1)
    s.does(s.agent, "admit")
    refused_to_review(s)
    s.comes_to(s.days.ago(3))
    s.does(s.consumer, "ask_recusal", reason=s.say("recusal"))


@told
def no_ruling(s: Story) -> None:
    """Nobody can find the truth: the other ways are named."""
    s.starts(s.days.ago(24 * s.entry["days"]))
    reaches_review(s)
    s.after(2)
    asks_both(s)
    answers_both(s)
    s.does(s.handler, "propose_no_ruling", reason="evidence_insufficient", text=s.say("no_ruling"))
    s.after(3)
    others = ["consumer_association", "authority_12315", "court"]
    s.does(s.supervisor, "no_ruling", bodies=others, text=s.say("no_ruling"))


@told
def settled_in_mediation(s: Story) -> None:
    s.starts(s.days.ago(24 * s.entry["days"]))
    reaches_review(s)
    s.after(6)
    proposes(s)
    s.after(4)
    s.does(s.seller, "accept_terms")
    s.after(4)
    s.does(s.consumer, "accept_terms")
    s.after(10)
    s.does(s.seller, "fulfil")


def reaches_review(s: Story) -> None:
    """Filed, refused, brought before the platform, and taken up by a handler with a first opinion."""
    s.files()
    s.talks()
    refused_to_review(s)


def refused_to_review(s: Story) -> None:
    s.after(3)
    refuses(s)
    s.after(5)
    escalates(s)
    s.after(2)
    s.does(s.handler, "accept_intervention", opinion=s.say("opinion"))


def long_review(s: Story, since: int) -> None:
    s.starts(s.days.at(since, "10:10"))
    s.files()
    s.runs_out("seller_response")
    s.after(2)
    s.does(s.handler, "accept_intervention", opinion=s.say("opinion"))
    s.after(20)
    s.does(s.supervisor, "reassign", reason=s.say("reassign"))


def asks_both(s: Story, hours: int | None = None) -> None:
    asked = [
        {"party": "consumer", "slot": "order_screenshot", "mandatory": True, "text": s.say("ask_consumer")},
        {"party": "seller", "slot": "dispatch_proof", "mandatory": True, "text": s.say("ask_seller")},
    ]
    s.does(s.handler, "open_evidence", requests=asked, hours=hours)


def answers_both(s: Story) -> None:
    """Both sides hand in what was asked for, and the handler ends the period early."""
    s.after(6)
    s.shows(s.consumer, "order_screenshot", s.say("consumer_proof"))
    s.after(4)
    s.shows(s.seller, "dispatch_proof", s.say("seller_proof"))
    s.after(2)
    s.does(s.handler, "close_evidence")
    s.after(2)


def proposes(s: Story) -> None:
    text = s.say("proposal", amount=f"{s.offered:.2f}")
    s.does(s.handler, "propose_settlement", remedy="partial_refund", amount=s.offered, terms_text=text)
