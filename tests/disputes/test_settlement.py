"""Transitions 33, 33b, 34, 34b and 43: agreeing at any time, granting, giving up."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.disputes.walks import (
    RULING,
    about_us,
    at_platform,
    before,
    clock,
    lost_parcel,
    only,
    refused,
    refused_by_seller,
    ruled,
    under_review,
)
from tests.world import Story, World

TERMS: dict[str, Any] = {"remedy": "partial_refund", "amount": Decimal(40), "terms_text": "各让一步"}


def mediated(world: World) -> Story:
    story = under_review(world)
    return story.does(story.handler, "propose_settlement", **TERMS)


@pytest.mark.promise("R2-16")
def test_a_mediators_proposal_binds_once_both_accept(world: World) -> None:
    story = under_review(world)
    only(story, "propose_settlement", by=[story.handler], **TERMS)
    story.does(story.handler, "propose_settlement", **TERMS)
    assert (story.status, story.due("mediation")) == ("mediation", world.now + timedelta(hours=48))
    only(story, "accept_terms", by=[world.buyer, world.seller])
    before(story, "mediation").does(world.buyer, "accept_terms")
    assert story.status == "mediation"
    with refused("already_accepted"):
        story.does(world.buyer, "accept_terms")
    story.does(world.seller, "accept_terms")
    assert (story.status, story.case.agreed_basis, story.case.agreed_amount) == (
        "awaiting_fulfilment",
        "settlement",
        40,
    )
    assert clock(story, "review_resolution").status == clock(story, "mediation").status == "met"
    assert clock(story, "resolution").status == "running"
    assert story.does(world.seller, "fulfil").case.outcome_code == "settled"


@pytest.mark.parametrize("who", ["buyer", "seller", "arbitrator"])
def test_either_side_or_the_mediator_ends_mediation(world: World, who: str) -> None:
    story = mediated(world)
    only(story, "end_mediation", by=[world.buyer, world.seller, story.handler])
    story.does(getattr(world, who), "end_mediation", text="谈不成")
    assert (story.status, story.case.terms_open, story.case.offers.get().status) == ("under_review", False, "declined")
    with refused("no_terms"):
        story.does(world.buyer, "accept_terms")


def test_mediation_ends_by_itself(world: World) -> None:
    story = mediated(world)
    before(story, "mediation").does(world.seller, "accept_terms")
    story.runs_out("mediation")
    assert (story.status, story.case.offers.get().status, story.case.terms_accepted_by) == (
        "under_review",
        "expired",
        [],
    )


def test_a_counter_proposal_takes_the_place_of_the_mediators(world: World) -> None:
    story = mediated(world).does(world.seller, "propose_terms", remedy="partial_refund", amount=Decimal(20))
    assert story.status == "mediation"
    with refused("already_accepted"):
        story.does(world.seller, "accept_terms")
    assert story.does(world.buyer, "accept_terms").case.agreed_amount == 20


@pytest.mark.promise("R2-16")
@pytest.mark.parametrize("status", ["awaiting_seller", "seller_refused", "intervention_requested", "under_review",
                                    "evidence_period", "suspended", "ruling_in_approval"])  # fmt: skip
def test_the_sides_settle_whenever_no_ruling_stands(world: World, status: str) -> None:
    story = _in(world, status)
    only(story, "propose_terms", by=[world.buyer, world.seller], **TERMS)
    story.does(world.seller, "propose_terms", **TERMS).does(world.buyer, "accept_terms")
    assert (story.status, story.case.terms_open) == ("awaiting_fulfilment", False)
    assert not story.case.rulings.filter(status="in_approval").exists()
    assert not story.case.suspensions.filter(resumed_at=None).exists()
    assert not story.case.evidence_requests.filter(status="open").exists()


def _in(world: World, status: str) -> Story:
    if status == "awaiting_seller":
        return world.files()
    if status == "seller_refused":
        return refused_by_seller(world)
    if status == "intervention_requested":
        return at_platform(world)
    if status == "ruling_in_approval":
        order = world.order(paid_total=Decimal(6000))
        big = {**RULING, "remedies": [{"remedy": "refund_only", "amount": "5000.00"}]}
        return ruled(world, big, order_number=order.number)
    story = under_review(world)
    if status == "evidence_period":
        story.does(story.handler, "open_evidence", requests=[{"party": "seller", "slot": "signing_proof"}])
    elif status == "suspended":
        story.does(story.handler, "suspend", reason="negotiation", text="双方在谈")
    return story


def test_a_settlement_with_a_return_waits_for_the_goods(world: World) -> None:
    story = under_review(world).does(world.buyer, "propose_terms", remedy="return_refund", amount=Decimal(100))
    assert story.does(world.seller, "accept_terms").status == "awaiting_return"


def test_new_terms_replace_the_old(world: World) -> None:
    story = under_review(world).does(world.buyer, "propose_terms", **TERMS)
    story.does(world.seller, "propose_terms", remedy="partial_refund", amount=Decimal(10))
    assert [offer.status for offer in story.case.offers.order_by("id")] == ["superseded", "open"]


def test_an_offer_or_an_agreement_takes_terms_off_the_table(world: World) -> None:
    story = world.files().does(world.buyer, "propose_terms", **TERMS)
    story.does(world.seller, "offer", remedy="partial_refund", amount=Decimal(5))
    assert (story.status, story.case.terms_open) == ("offer_pending", False)
    other = world.files().does(world.buyer, "propose_terms", **TERMS).does(world.seller, "agree")
    assert (other.status, other.case.terms_open) == ("awaiting_return", False)


@pytest.mark.parametrize("status", ["intervention_requested", "under_review", "evidence_period", "suspended",
                                    "ruling_in_approval", "mediation", "ruled"])  # fmt: skip
def test_the_seller_can_grant_the_claim_until_the_window_to_appeal_ends(world: World, status: str) -> None:
    story = mediated(world) if status == "mediation" else ruled(world) if status == "ruled" else _in(world, status)
    assert story.status == status
    only(story, "concede", by=[world.seller])
    story.does(world.seller, "concede")
    assert (story.status, story.case.agreed_basis, story.case.outcome_code) == ("awaiting_return", "conceded", "")
    story.does(world.buyer, "ship_return", carrier="SF", waybill="R1").does(world.seller, "confirm_receipt")
    story.does(world.seller, "fulfil")
    assert (story.status, story.case.outcome_code) == ("resolved", "buyer_favour")
    # Nothing is left over that would stand in the way of a new procedure.
    story.does(world.buyer, "reopen", text="退款没到账").does(story.handler, "accept_intervention", opinion="再看")
    story.does(story.handler, "suspend", reason="testing", text="送检")


def test_while_the_arbitration_is_open_the_seller_cannot_pay_otherwise(world: World) -> None:
    story = under_review(world)
    for action in ("fulfil", "agree", "perform_obligations"):
        with refused("wrong_state"):
            story.does(world.seller, action)


@pytest.mark.parametrize("status", ["submitted", "awaiting_carrier", "awaiting_seller", "under_review", "suspended"])
def test_the_buyer_can_give_up_before_a_ruling(world: World, status: str) -> None:
    if status == "submitted":
        story = world.files(subtype="counterfeit")
    else:
        story = lost_parcel(world) if status == "awaiting_carrier" else _in(world, status)
    assert story.status == status
    only(story, "withdraw", by=[world.buyer], confirm=True)
    with refused("confirm_withdrawal"):
        story.does(world.buyer, "withdraw", confirm=False)
    given = clock(story, "initial_response").status == "met"
    story.does(world.buyer, "withdraw", confirm=True)
    assert (story.status, story.case.outcome_code, story.case.outcome_reason) == ("withdrawn", "withdrawn", "given_up")
    assert clock(story, "initial_response").status == ("met" if given else "cancelled")
    assert clock(story, "resolution").status == "met"
    assert not story.case.clocks.filter(status__in=["running", "paused", "held"]).exists()


def test_after_the_ruling_nobody_gives_up(world: World) -> None:
    with refused("wrong_state"):
        ruled(world).does(world.buyer, "withdraw", confirm=True)


def test_once_money_has_moved_the_complaint_stays(world: World) -> None:
    story = world.files(remedy="partial_refund", amount=Decimal(20)).does(world.seller, "agree")
    story.does(world.seller, "fulfil").does(world.buyer, "reopen", text="不够")
    with refused("money_has_moved"):
        story.does(world.buyer, "withdraw", confirm=True)


def test_in_a_complaint_about_ourselves_the_consumers_word_settles(world: World) -> None:
    story = about_us(world)
    story.does(world.supervisor2, "accept_intervention", opinion="我们看看")
    story.does(world.supervisor2, "propose_settlement", remedy="apology").does(world.buyer, "accept_terms")
    assert story.status == "awaiting_fulfilment"
