"""After a ruling: carrying it out, appeals decided, money that is not there."""

from casemgmt.demo.stories.book import told
from casemgmt.demo.stories.ruling import APPEAL_HOURS, HEARING_HOURS, for_the_shop, heard, rules
from casemgmt.demo.story import Story

EXECUTION_HOURS = 24


@told
def executing(s: Story) -> None:
    """The window to appeal is over: the seller has a day to pay."""
    s.starts(s.days.ago(EXECUTION_HOURS - s.left + APPEAL_HOURS + HEARING_HOURS))
    heard(s)
    s.comes_to(s.days.ago(EXECUTION_HOURS - s.left + APPEAL_HOURS))
    rules(s)
    s.runs_out("appeal_window")


@told
def executing_stuck(s: Story) -> None:
    """Neither the seller nor its deposit can pay: a supervisor has to see to it."""
    s.starts(s.days.ago(EXECUTION_HOURS + 6 + APPEAL_HOURS + HEARING_HOURS))
    comes_to_nothing(s)


@told
def unpaid_ruling(s: Story) -> None:
    s.starts(s.days.ago(24 * s.entry["days"]))
    comes_to_nothing(s)
    s.after(6)
    s.does(s.supervisor, "execution_failed", bodies=["court", "authority_12315"], text=s.say("unpaid"))


@told
def executed(s: Story) -> None:
    s.starts(s.days.ago(24 * s.entry["days"]))
    heard(s)
    rules(s)
    s.runs_out("appeal_window")
    s.after(8)
    s.does(s.seller, "perform_obligations", proof="已退款 Refunded")
    s.after(20)
    s.does(s.consumer, "rate", target="outcome", score=4, text=s.say("rating"))


@told
def for_the_seller(s: Story) -> None:
    s.starts(s.days.ago(24 * s.entry["days"]))
    heard(s)
    s.does(s.handler, "issue_ruling", **for_the_shop(s))
    s.runs_out("appeal_window")


@told
def upheld_on_appeal(s: Story) -> None:
    s.starts(s.days.ago(24 * s.entry["days"]))
    heard(s)
    rules(s)
    s.after(50)
    s.does(s.seller, "appeal", grounds="fact_error", text=s.say("appeal"))
    s.after(20)
    s.does(s.handler, "decide_appeal", decision="upheld", reasons=s.say("appeal_reasons"))
    s.after(7)
    s.does(s.seller, "perform_obligations", proof="已退款 Refunded")


def comes_to_nothing(s: Story) -> None:
    heard(s)
    rules(s)
    s.runs_out("appeal_window")
    s.runs_out("execution")
