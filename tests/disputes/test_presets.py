"""The three presets of party time-outs: data, frozen onto the case at filing."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from sla.models import Policy
from tests.disputes.walks import lost_parcel, not_shipped, refused, refused_by_seller, returning, to, under_review
from tests.world import Story, World

Walk = Callable[[World], Story]
PRESETS = ("taobao_2025", "tmall_classic", "jd_2025")
H, D = timedelta(hours=1), timedelta(days=1)
MEDIATED = {"remedy": "partial_refund", "amount": Decimal(9)}


def lost(w: World) -> Story:
    return lost_parcel(w).does(w.agent, "carrier_result", result="lost", text="丢失")


def mediation(w: World) -> Story:
    story = under_review(w)
    return story.does(story.handler, "propose_settlement", **MEDIATED)


def agreed(remedy: str) -> Walk:
    return lambda w: w.files(remedy=remedy).does(w.seller, "agree")


# what happens → the clock that starts, and its term under each preset
TERMS: dict[str, tuple[Walk, str, tuple[timedelta, timedelta, timedelta]]] = {
    "unshipped refund": (not_shipped, "seller_response", (24 * H, 48 * H, 24 * H)),
    "not received": (lost, "seller_response", (36 * H, 48 * H, 24 * H)),
    "return": (lambda w: w.files(), "seller_response", (48 * H, 5 * D, 24 * H)),
    "all else": (lambda w: w.files(remedy="apology"), "seller_response", (48 * H, 48 * H, 24 * H)),
    "offer": (lambda w: w.files().does(w.seller, "offer", **MEDIATED), "offer", (48 * H, 48 * H, 24 * H)),
    "refusal": (refused_by_seller, "buyer_escalate", (5 * D, 7 * D, 7 * D)),
    "return to send": (agreed("return_refund"), "return_ship", (7 * D, 7 * D, 7 * D)),
    "return on its way": (returning, "return_receipt", (10 * D, 10 * D, 10 * D)),
    "refund": (agreed("refund_only"), "fulfil", (48 * H, 48 * H, 24 * H)),
    "invoice": (agreed("invoice"), "fulfil", (72 * H, 72 * H, 72 * H)),
    "reshipment": (agreed("reship"), "fulfil", (72 * H, 72 * H, 72 * H)),
    "mediation": (mediation, "mediation", (48 * H, 48 * H, 24 * H)),
}


def under(world: World, preset: str) -> World:
    """From now on complaints are filed under this preset."""
    Policy.objects.update(is_default=False)
    Policy.objects.filter(code=preset).update(is_default=True)
    return world


@pytest.mark.promise("R1-27")
@pytest.mark.parametrize("what", TERMS)
@pytest.mark.parametrize("preset", PRESETS)
def test_each_preset_gives_its_terms(world: World, preset: str, what: str) -> None:
    walk, kind, terms = TERMS[what]
    story = walk(under(world, preset))
    assert story.due(kind) - world.now == terms[PRESETS.index(preset)]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_signed_return_is_answered_in_three_days_at_taobao_only(world: World, preset: str) -> None:
    story = returning(under(world, preset)).after(days=1)
    due = story.due("return_receipt")
    story.does(world.agent, "record_return_signed", signed_at=world.now)
    assert story.due("return_receipt") == (world.now + 3 * D if preset == "taobao_2025" else due)


@pytest.mark.parametrize(("preset", "hours"), [("taobao_2025", 24), ("tmall_classic", 48), ("jd_2025", 24)])
def test_the_platform_steps_in_after_the_presets_hours(world: World, preset: str, hours: int) -> None:
    story = under(world, preset).files(remedy="return_refund")
    earliest = world.now + hours * H
    if earliest < story.due("seller_response"):
        to(story, earliest - timedelta(seconds=1))
        with refused("too_early_to_escalate"):
            story.does(world.buyer, "escalate", reason="seller_no_response")
        assert (
            to(story, earliest).does(world.buyer, "escalate", reason="seller_no_response").status != "awaiting_seller"
        )


def test_evidence_under_jd_is_four_hours_of_service(world: World) -> None:
    story = under_review(under(world, "jd_2025"))  # Monday, 10:00
    asked = [{"party": "seller", "slot": "signing_proof"}]
    story.does(story.handler, "open_evidence", requests=asked)
    assert story.due("evidence") == world.now + 4 * H
    late = under_review(world).after(hours=6)  # 16:00: two hours today, two from nine tomorrow
    late.does(late.handler, "open_evidence", requests=asked)
    assert late.due("evidence") == world.now + 19 * H


def test_a_case_keeps_the_preset_it_was_filed_under(world: World) -> None:
    story = under(world, "tmall_classic").files()
    under(world, "jd_2025")
    story.does(world.seller, "refuse", reason="other", text="x")
    assert (story.case.policy.code, story.due("buyer_escalate") - world.now) == ("tmall_classic", 7 * D)


def test_a_draft_falls_under_the_policy_of_the_day_it_is_submitted(world: World) -> None:
    draft = world.files(submit=False)
    under(world, "jd_2025")
    assert draft.does(world.buyer, "submit").case.policy.code == "jd_2025"
