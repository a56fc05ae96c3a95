"""Between consumer and seller: waiting, talking, offering, refusing."""

from casemgmt.demo.stories.book import told
from casemgmt.demo.story import Story

OFFER_HOURS = 48
ESCALATE_HOURS = 120


@told
def waiting(s: Story) -> None:
    """The seller is to answer; `left` of its term is still to come."""
    s.starts(s.before_end_of(s.entry["term"]))
    s.files()
    s.after(1.5)
    s.writes(s.consumer, "question")


@told
def talking(s: Story) -> None:
    s.starts(s.before_end_of(s.entry["term"]))
    s.files()
    s.talks()
    s.after(3)
    s.calls()


@told
def repeated(s: Story) -> None:
    """Filed a second time, by phone: counted, and more urgent."""
    s.starts(s.before_end_of(s.entry["term"]))
    s.files()
    s.after(4)
    s.files_again()
    s.after(2)
    s.does(s.consumer, "urge", text=s.say("urge"))


@told
def offered(s: Story) -> None:
    offer_at = s.before_end_of(OFFER_HOURS)
    s.starts(s.days.ago(OFFER_HOURS - s.left + 9))
    s.files()
    s.talks()
    s.comes_to(offer_at)
    offers(s)


@told
def countered(s: Story) -> None:
    """The consumer has turned an offer down and made one; the seller is to answer."""
    s.starts(s.days.ago(OFFER_HOURS - s.left + 30))
    s.files()
    s.talks()
    s.after(3)
    offers(s)
    s.after(6)
    s.does(s.consumer, "decline_offer", text=s.say("decline"))
    s.comes_to(s.before_end_of(OFFER_HOURS))
    s.does(s.consumer, "offer", remedy="partial_refund", amount=s.offered + 200, terms_text=s.say("decline"))


@told
def refused(s: Story) -> None:
    """The seller has refused; the consumer has days to bring it before the platform."""
    refused_at = s.before_end_of(ESCALATE_HOURS)
    s.starts(s.days.ago(ESCALATE_HOURS - s.left + 12))
    s.files()
    s.talks()
    s.comes_to(refused_at)
    refuses(s)


@told
def revised(s: Story) -> None:
    s.starts(s.days.ago(40))
    s.files()
    s.talks()
    s.after(6)
    refuses(s)
    s.after(10)
    s.does(
        s.consumer,
        "revise_claim",
        remedy="exchange",
        reason="可以接受换一台新机 A new one will do",
    )


@told
def withdrawn(s: Story) -> None:
    s.starts(s.days.ago(24 * s.entry["days"]))
    s.files()
    s.talks()
    s.after(9)
    s.does(s.consumer, "withdraw", confirm=True, text=s.say("withdraw"))


@told
def given_up(s: Story) -> None:
    """Refused, and never contested: the case lapses."""
    s.starts(s.days.ago(24 * s.entry["days"]))
    s.files()
    s.after(5)
    refuses(s)
    s.runs_out("buyer_escalate")


def offers(s: Story) -> None:
    terms = s.say("terms", amount=f"{s.offered:.2f}")
    s.does(s.seller, "offer", remedy="partial_refund", amount=s.offered, terms_text=terms)


def refuses(s: Story) -> None:
    s.does(s.seller, "refuse", reason="goods_fine", text=s.say("refuse"))


def escalates(s: Story) -> None:
    s.does(s.consumer, "escalate", reason="seller_refused", text=s.say("escalate"))
