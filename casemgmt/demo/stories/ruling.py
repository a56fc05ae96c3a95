"""Rulings: in approval, issued, under appeal."""

from typing import Any

from casemgmt.accounts.roles import Role
from casemgmt.demo.stories.book import told
from casemgmt.demo.stories.hearing import answers_both, asks_both, reaches_review
from casemgmt.demo.story import Story

APPEAL_HOURS = 168
HEARING_HOURS = 100  # from the complaint to the ruling


@told
def approval(s: Story) -> None:
    """A large sum needs a second pair of eyes."""
    ruled_at = s.days.at(s.entry["since"], "16:00")
    s.starts(s.days.ago((s.days.now - ruled_at).total_seconds() / 3600 + HEARING_HOURS))
    heard(s)
    s.comes_to(ruled_at)
    rules(s)


@told
def ruled(s: Story) -> None:
    s.starts(s.days.ago(APPEAL_HOURS - s.left + HEARING_HOURS))
    heard(s)
    s.comes_to(s.before_end_of(APPEAL_HOURS))
    rules(s)
    if s.entry.get("half_accepted"):
        s.after(6)
        s.does(s.consumer, "accept_ruling")


@told
def appealed(s: Story) -> None:
    s.starts(s.days.ago(24 * 6))
    heard(s)
    rules(s)
    s.comes_to(s.days.ago(20))
    s.does(s.seller, "appeal", grounds="new_evidence", text=s.say("appeal"))
    s.after(1)
    s.shows(s.seller, "test_report", s.say("seller_proof"))


def heard(s: Story) -> None:
    """Until both sides have shown what they have."""
    reaches_review(s)
    s.after(1)
    asks_both(s)
    answers_both(s)


def rules(s: Story) -> None:
    """For the consumer: everything that was paid comes back."""
    case = s.case
    assert case.order is not None
    amount = case.order.paid_total
    s.does(s.handler, "issue_ruling", **for_the_consumer(s, amount=str(amount)))


def for_the_consumer(s: Story, *, amount: str) -> dict[str, Any]:
    quality = s.entry["type"] == "product_quality"
    return {
        "outcome": "buyer_favour",
        "reason": "defect_proven" if quality else "misdescription_proven",
        "facts": s.say("facts"),
        "reasoning": s.say("reasoning"),
        "citations": ["taobao-65", "cpl-24"] if quality else ["taobao-73", "cpl-24"],
        "liability": {"consumer": 0, "seller": 100},
        "remedies": [{"remedy": s.entry["remedy"], "amount": amount}],
    }


def for_the_shop(s: Story) -> dict[str, Any]:
    return {
        "outcome": "seller_favour",
        "reason": "defect_not_proven",
        "facts": s.say("facts_seller"),
        "reasoning": s.say("reasoning_seller"),
        "citations": ["taobao-76"],
        "liability": {"consumer": 100, "seller": 0},
        "remedies": [],
    }


def approves(s: Story) -> None:
    s.does(s.staff(Role.REVIEWER), "approve_ruling", note=s.say("approve"))
