"""What was agreed is being carried out: goods on their way back, money and parcels on their way to the consumer."""

from casemgmt.demo.stories.book import told
from casemgmt.demo.stories.negotiation import offers
from casemgmt.demo.story import Story

RETURN_HOURS = 168
RECEIPT_HOURS = 240
SIGNED_HOURS = 72
REFUND_HOURS = 48


@told
def agreed_return(s: Story) -> None:
    s.starts(s.days.ago(RETURN_HOURS - s.left + 7))
    s.files()
    s.comes_to(s.before_end_of(RETURN_HOURS))
    agrees(s)


@told
def silent_return(s: Story) -> None:
    """The seller's silence grants the return."""
    s.starts(s.days.ago(70))
    s.files()
    s.runs_out("seller_response")


@told
def sent_back(s: Story) -> None:
    s.starts(s.days.ago(RECEIPT_HOURS - s.left + 30))
    s.files()
    s.after(5)
    agrees(s)
    s.comes_to(s.before_end_of(RECEIPT_HOURS))
    ships_back(s)


@told
def sent_back_signed(s: Story) -> None:
    """The carrier has delivered the return: from then on the seller's term is short."""
    signed_at = s.before_end_of(SIGNED_HOURS)
    s.starts(s.days.ago(SIGNED_HOURS - s.left + 60))
    s.files()
    s.after(5)
    agrees(s)
    s.after(10)
    ships_back(s)
    s.comes_to(signed_at)
    s.does(s.agent, "record_return_signed", signed_at=signed_at)


@told
def received_back(s: Story) -> None:
    s.starts(s.days.ago(REFUND_HOURS - s.left + 90))
    s.files()
    s.after(6)
    agrees(s)
    s.after(20)
    ships_back(s)
    s.comes_to(s.before_end_of(REFUND_HOURS))
    s.does(s.seller, "confirm_receipt")


@told
def exchange_due(s: Story) -> None:
    """The exchange has come back to the seller; the new one is to be sent."""
    s.starts(s.days.ago(130))
    s.files()
    s.after(6)
    agrees(s)
    s.after(20)
    ships_back(s)
    s.after(60)
    s.does(s.seller, "confirm_receipt")


@told
def reship_sent(s: Story) -> None:
    s.starts(s.days.ago(50))
    s.files()
    s.after(7)
    s.does(s.seller, "agree")
    s.after(20)
    s.does(s.seller, "fulfil", proof="SF1300042200117")


@told
def invoice_given(s: Story) -> None:
    s.starts(s.days.ago(44))
    s.files()
    s.after(9)
    s.does(s.seller, "agree")
    s.after(12)
    s.does(s.seller, "fulfil", proof="发票号码 26442000000012345678")


@told
def settled_by_return(s: Story) -> None:
    """From the complaint to the refund, as it should be."""
    s.starts(s.days.ago(24 * s.entry["days"]))
    s.files()
    s.talks()
    s.after(4)
    agrees(s)
    s.after(26)
    ships_back(s)
    s.after(70)
    s.does(s.seller, "confirm_receipt")
    s.after(5)
    s.does(s.seller, "fulfil")
    s.after(3)
    rates(s, 5)


@told
def settled_by_offer(s: Story) -> None:
    settles_by_offer(s, 24 * s.entry["days"])
    s.after(8)
    rates(s, 4)


@told
def reopened(s: Story) -> None:
    """Settled, paid, and taken up again: another handler, new terms."""
    settles_by_offer(s, 120)
    s.comes_to(s.days.ago(5))
    s.does(s.consumer, "reopen", text=s.say("reopen"))


@told
def refunded_unshipped(s: Story) -> None:
    s.starts(s.days.ago(24 * s.entry["days"]))
    s.files()
    s.runs_out("seller_response")
    s.after(9)
    s.does(s.seller, "fulfil")


def agrees(s: Story) -> None:
    s.does(s.seller, "agree", instructions=s.say("instructions"))


def ships_back(s: Story) -> None:
    s.does(s.consumer, "ship_return", carrier="顺丰速运", waybill=f"SF77{s.number[-10:]}")


def settles_by_offer(s: Story, hours_ago: float) -> None:
    s.starts(s.days.ago(hours_ago))
    s.files()
    s.talks()
    s.after(2)
    offers(s)
    s.after(5)
    s.does(s.consumer, "accept_offer")
    s.after(18)
    s.does(s.seller, "fulfil")


def rates(s: Story, score: int) -> None:
    s.does(s.consumer, "rate", target="agent", score=score, text=s.say("rating"))
    s.does(s.consumer, "rate", target="seller", score=score - 1)
