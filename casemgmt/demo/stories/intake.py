"""Cases that have not reached the seller yet: drafts, what waits for an agent, what waits for the carrier."""

from casemgmt.accounts.roles import Role
from casemgmt.demo.stories.book import told
from casemgmt.demo.story import Story


@told
def draft(s: Story) -> None:
    s.starts(s.days.ago(2 + s.entry["n"]))
    s.files(submit=False)


@told
def triage(s: Story) -> None:
    """An agent has to look first; how near the first promise is depends on `since`."""
    s.starts(s.days.at(s.entry["since"], "09:40"))
    s.files()
    s.after(2)
    s.does(s.agent, "post_message", text=s.say("note"), thread="internal")


@told
def info_asked(s: Story) -> None:
    s.starts(s.days.ago(31))
    s.files()
    s.after(4)
    s.does(s.agent, "request_info", text=s.say("info"))


@told
def incomplete(s: Story) -> None:
    """Filed without an order number; nobody has looked at it in time."""
    s.starts(s.days.at(s.entry["since"], "15:20"))
    s.files(order_number="", no_order_reason=s.entry["reason"])


@told
def excessive(s: Story) -> None:
    s.starts(s.days.at(s.entry["since"], "20:05"))
    s.files()
    s.after(1)
    s.calls()


@told
def carrier(s: Story) -> None:
    """The carrier has been asked; the promises stand still meanwhile."""
    s.starts(s.days.at(s.entry["since"], "11:15"))
    s.files()
    s.after(3)
    s.writes(s.consumer, "urge", "buyer_platform")
    if s.entry["n"] % 2 == 0:
        s.after(0.5)
        s.does(s.supervisor, "hold_promises", reason=s.say("hold"))


@told
def carrier_silent(s: Story) -> None:
    s.starts(s.days.at(-3, "10:30"))
    s.files()
    s.runs_out("carrier_inquiry")


@told
def delivered(s: Story) -> None:
    """The carrier says it was delivered: the consumer confirms or objects."""
    s.starts(s.days.ago(30))
    s.files()
    s.after(8)
    s.does(s.agent, "carrier_result", result="delivered", text=s.say("delivered"))


@told
def rejected(s: Story) -> None:
    s.starts(s.days.ago(24 * s.entry["days"]))
    s.files()
    s.after(5)
    s.does(s.agent, "reject_intake", reason="beyond_rules", text=s.say("reject"))


@told
def appealed_rejection(s: Story) -> None:
    s.starts(s.days.ago(60))
    s.files()
    s.after(6)
    s.does(s.agent, "reject_intake", reason="no_facts", text=s.say("reject"))
    s.comes_to(s.days.ago(7))
    s.does(s.consumer, "appeal", grounds="fact_error", text=s.say("appeal"))


@told
def danger(s: Story) -> None:
    """A safety hazard goes straight to the platform."""
    s.starts(s.days.ago(5))
    s.files()
    s.after(0.5)
    s.does(s.agent, "admit", reason="安全隐患,直接由平台处理 Safety first")


@told
def about_us(s: Story) -> None:
    """About our own service: a supervisor hears it."""
    s.starts(s.days.ago(4))
    parent = s.other(s.entry["parent"])
    s.files(parent=parent.pk, complained_of=s.staff(Role.AGENT).pk)


@told
def merged(s: Story) -> None:
    """A second complaint about the same order; the consumer bought another one of these, too."""
    s.starts(s.days.ago(5))
    parent = s.other(s.entry["into"])
    s.files(order_number=parent.order_number)
    s.after(1)
    s.does(s.agent, "merge", into=parent.pk)
