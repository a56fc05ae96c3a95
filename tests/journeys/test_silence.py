"""Not as described, and nobody answers: each default on silence, through to the end (R3-41, R1-20)."""

import pytest

from tests.journeys.journey import Journey, Town
from tests.journeys.rulings import for_the_buyer

HEARD = "case.intervention_accepted case.evidence_opened case.evidence_closed"


def wrong_colour(town: Town, **facts: str) -> Journey:
    return town.complains(type="not_as_described", subtype="wrong_color", description="买的蓝色,来的红色", **facts)


@pytest.mark.promise("R3-41", "R1-20")
def test_a_seller_silent_to_the_end_loses_the_return_and_the_money(town: Town) -> None:
    vase = wrong_colour(town)
    vase.stands(
        "contact_seller / awaiting_seller", "seller: answer_claim until 11-04 10:00, else seller_timeout",
        buyer="offer propose_terms urge withdraw", seller="agree offer propose_terms refuse",
        clocks="seller_response 11-04 10:00, initial_response 11-06 00:00, resolution 11-12 00:00",
        told=("case.submitted case.admitted", "case.admitted"),
    )  # fmt: skip
    vase.is_swept(at="11-04 10:00")
    vase.stands(
        "return_requested / awaiting_return", "consumer: ship_return until 11-11 10:00, else return_timeout",
        buyer="escalate ship_return urge withdraw", seller="escalate",
        # A time-out is no opinion: that promise still runs, and stands still with the others.
        clocks="return_ship 11-11 10:00, initial_response 11-06 00:00 (awaiting_buyer), "
        "resolution 11-12 00:00 (awaiting_buyer)",
        says=["The seller did not answer in time."],
        told=("case.seller_timed_out", "clock.warned case.seller_timed_out"),
    )  # fmt: skip
    assert vase.read(town.buyer)["return"]["address"]["recipient"] == "退货组"
    vase.does_on_second_sight(town.buyer, "ship_return", carrier="YTO", waybill="YT1")
    vase.is_swept(at="11-14 10:00")
    vase.stands(
        "return_requested / awaiting_fulfilment", "seller: fulfil until 11-16 10:00, else fulfil_timeout",
        buyer="escalate urge withdraw", seller="escalate fulfil",
        # Thursday 5 to Friday 13: seven working days stood still.
        clocks="fulfil 11-16 10:00, initial_response 11-17 00:00, resolution 11-21 00:00",
        says=["The goods were sent back: YTO YT1.",
              "The seller did not answer for the return; it counts as received."],
        told=("return.receipt_timed_out", "return.shipped clock.warned return.receipt_timed_out"),
    )  # fmt: skip
    vase.is_swept(at="11-16 10:00")
    vase.stands(
        "platform_intervention / executing", "seller: perform until 11-17 10:00, else execution_timeout",
        buyer="urge", seller="perform_obligations",
        clocks="execution 11-17 10:00, initial_response 11-17 00:00, resolution 11-21 00:00",
        says=["The seller did not do its part in time."],
        told=("case.fulfilment_timed_out", "clock.warned case.fulfilment_timed_out"),
    )  # fmt: skip
    vase.is_swept(at="11-17 10:00")
    vase.stands(
        "closed / resolved", "nobody: none", buyer="rate reopen", seller="rate",
        says=["A promise was missed.", "110.00 was paid to the consumer.",
              "The seller did not carry out the ruling; the platform does."],
        told=("money.paid execution.timed_out", "clock.warned execution.timed_out"),
    )  # fmt: skip
    vase.ends(
        outcome="auto_buyer_favour, seller_no_response",
        clocks="seller_response breached, return_ship met, return_receipt breached, fulfil breached, "
        "execution breached, initial_response breached, resolution met",
    )


def is_heard_in_default(town: Town) -> Journey:
    """A refund of received goods is never granted by silence alone: the platform steps in, its first handler sleeps."""
    vase = wrong_colour(town, remedy="refund_only")
    vase.is_swept(at="11-04 10:00")
    vase.stands(
        "platform_intervention / intervention_requested",
        "platform: accept_intervention until 11-06 00:00, else acceptance_timeout",
        buyer="ask_recusal propose_terms urge withdraw", seller="ask_recusal concede propose_terms",
        clocks="initial_response 11-06 00:00, resolution 11-12 00:00, review_opinion 11-10 00:00, "
        "review_resolution 11-14 00:00",
        told=("case.submitted case.admitted case.seller_timed_out",
              "case.admitted clock.warned case.seller_timed_out"),
    )  # fmt: skip
    sleeper = vase.handler
    vase.is_swept(at="11-06 00:00")
    assert vase.handler != sleeper
    vase.stands(
        "platform_intervention / intervention_requested",
        "platform: accept_intervention until 11-10 00:00, else acceptance_timeout",
        buyer="ask_recusal propose_terms urge withdraw", seller="ask_recusal concede propose_terms",
        clocks="initial_response 11-06 00:00 (missed), resolution 11-12 00:00, review_opinion 11-10 00:00, "
        "review_resolution 11-14 00:00",
        says=["A promise was missed.", "A handler was assigned."],
    )  # fmt: skip
    assert town.asks(sleeper, "get", vase.path).status_code == 404
    town.comes_to("11-06 10:00")
    vase.does(vase.handler, "accept_intervention", opinion="商家未答复,请其举证")
    asked = [{"party": "seller", "slot": "item_page_snapshot"}]
    vase.does(vase.handler, "open_evidence", requests=asked, hours=24)
    return vase


@pytest.mark.promise("R2-18", "R1-20")
def test_a_seller_silent_before_the_platform_is_ruled_against_in_default(town: Town) -> None:
    vase = is_heard_in_default(town)
    vase.is_swept(at="11-07 10:00")
    ruling = for_the_buyer(reason="seller_no_evidence", citations=["taobao-38"])
    vase.does(vase.handler, "issue_ruling", **ruling)
    vase.stands(
        "platform_intervention / ruled", "both: accept_or_appeal until 11-14 10:00, else carry_out",
        buyer="accept_ruling appeal urge", seller="accept_ruling appeal concede",
        clocks="appeal_window 11-14 10:00",
        told=(f"{HEARD} ruling.issued", f"{HEARD} ruling.issued"),
    )  # fmt: skip
    vase.is_swept(at="11-14 10:00")
    vase.stands(
        "platform_intervention / executing", "seller: perform until 11-15 10:00, else execution_timeout",
        buyer="urge", seller="perform_obligations", clocks="execution 11-15 10:00",
        says=["The ruling is final."], told=("clock.warned ruling.final", "clock.warned ruling.final"),
    )  # fmt: skip
    vase.cannot(town.seller, "appeal", 409, "appeal_window_over", grounds="amount", text="太多")
    vase.is_swept(at="11-15 10:00")
    file = vase.ends(
        outcome="buyer_favour, seller_no_evidence",
        clocks="seller_response breached, initial_response breached, review_opinion met, evidence breached, "
        "resolution met, review_resolution met, appeal_window breached, execution breached",
    )
    assert (file["refund"]["paid"], file["obligations"][0]["done_by"]) == ("110.00", "platform")


@pytest.mark.promise("R1-20")
def test_a_silent_buyer_lets_offer_and_refusal_stand(town: Town) -> None:
    vase = wrong_colour(town)
    vase.does(town.seller, "offer", remedy="partial_refund", amount="30.00", terms_text="补差价")
    vase.stands(
        "contact_seller / offer_pending", "consumer: answer_offer until 11-04 10:00, else offer_timeout",
        buyer="accept_offer decline_offer escalate urge withdraw", seller="escalate",
        clocks="offer 11-04 10:00, resolution 11-12 00:00 (awaiting_buyer)",
        told=("case.submitted case.admitted case.offer_made", "case.admitted"),
    )  # fmt: skip
    vase.is_swept(at="11-04 10:00")
    vase.stands(
        "contact_seller / seller_refused", "consumer: revise_or_escalate until 11-09 10:00, else escalate_timeout",
        buyer="escalate propose_terms revise_claim urge withdraw", seller="escalate propose_terms",
        clocks="buyer_escalate 11-09 10:00, resolution 11-12 00:00 (awaiting_buyer)",
        says=["The offer was not answered in time."],
        told=("clock.warned case.offer_timed_out", "clock.warned case.offer_timed_out"),
    )  # fmt: skip
    vase.is_swept(at="11-09 10:00")
    vase.stands(
        "closed / lapsed", "nobody: none", buyer="rate reopen", seller="rate",
        says=["The refusal was not contested in time; the case has lapsed."],
        told=("clock.warned case.lapsed", "case.lapsed"),
    )  # fmt: skip
    vase.ends(
        outcome="auto_seller_favour, buyer_no_escalation",
        clocks="seller_response met, offer breached, buyer_escalate breached, initial_response met, resolution met",
    )


@pytest.mark.promise("R1-20")
def test_a_buyer_who_never_sends_the_goods_back_lets_the_case_lapse(town: Town) -> None:
    vase = wrong_colour(town)
    vase.does(town.seller, "agree")
    vase.is_swept(at="11-09 10:00")
    vase.stands(
        "closed / lapsed", "nobody: none", buyer="rate reopen", seller="rate",
        # Reminded on the fifth and on the sixth day.
        told=("case.submitted case.admitted case.agreed clock.warned clock.warned return.timed_out",
              "case.admitted return.timed_out"),
    )  # fmt: skip
    vase.ends(
        outcome="auto_seller_favour, buyer_no_return",
        clocks="seller_response met, return_ship breached, initial_response met, resolution met",
    )
