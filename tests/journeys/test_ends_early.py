"""Ends without a ruling: withdrawn, settled before a mediator, or beyond what the platform can find out."""

import pytest

from tests.journeys.journey import Town
from tests.journeys.test_appeal import is_under_review

HEARD = ("case.submitted case.admitted case.refused case.intervention_accepted",
         "case.admitted case.escalated case.intervention_accepted")  # fmt: skip


@pytest.mark.promise("R1-10", "R1-28")
def test_a_complaint_is_withdrawn_and_taken_up_again(town: Town) -> None:
    cup = town.complains()
    cup.does(town.buyer, "urge", text="请尽快")
    again = cup.cannot(town.buyer, "urge", 429, "urged_recently")
    assert again["retry_after"] == 24 * 3600 + 1
    cup.cannot(town.seller, "withdraw", 403, "not_permitted", confirm=True)
    cup.cannot(town.buyer, "withdraw", 409, "confirm_withdrawal", confirm=False)
    town.comes_to("11-02 15:00")
    cup.does_on_second_sight(town.buyer, "withdraw", confirm=True, text="已私下解决")
    cup.stands(
        "closed / withdrawn", "nobody: none", buyer="rate reopen", seller="rate",
        says=["Complaint filed: Product quality, Damaged.", "Admitted. Next: Awaiting the seller.",
              "The consumer urged.", "The consumer withdrew the complaint."],
        told=("case.submitted case.admitted", "case.admitted case.withdrawn"),
    )  # fmt: skip
    cup.ends(
        outcome="withdrawn, given_up",
        clocks="seller_response cancelled, initial_response cancelled, resolution met",
    )
    cup.cannot(town.seller, "agree", 409, "wrong_state")
    town.comes_to("11-17 14:59")
    cup.does(town.buyer, "reopen", text="商家反悔了")
    cup.stands(
        "platform_intervention / intervention_requested",
        "platform: accept_intervention until 11-19 00:00, else acceptance_timeout",
        buyer="ask_recusal propose_terms urge withdraw", seller="ask_recusal concede propose_terms",
        clocks="initial_response 11-21 00:00, resolution 11-27 00:00, review_opinion 11-21 00:00, "
        "review_resolution 11-27 00:00",
        says=["The case was reopened.", "A handler was assigned."], told=("", "case.reopened"),
    )  # fmt: skip


@pytest.mark.promise("R1-28")
def test_after_fifteen_days_only_a_supervisor_takes_it_up_again(town: Town) -> None:
    cup = town.complains()
    cup.does(town.buyer, "withdraw", confirm=True)
    town.comes_to("11-17 10:00")
    cup.cannot(town.buyer, "reopen", 409, "reopen_window_over", text="商家反悔了")
    cup.does(town.supervisor, "reopen", text="新事实")
    assert cup.read(town.buyer)["reopened_count"] == 1


@pytest.mark.promise("R2-16", "R1-20")
def test_two_sides_settle_before_the_mediator(town: Town) -> None:
    cup = is_under_review(town)
    mediator = cup.handler
    town.comes_to("11-03 10:00")
    terms = {"remedy": "partial_refund", "amount": "45.00", "terms_text": "退 45 元,不退货"}
    cup.cannot(mediator, "propose_settlement", 422, "amount_too_high", **{**terms, "amount": "110.01"})
    cup.does_on_second_sight(mediator, "propose_settlement", **terms)
    cup.stands(
        "platform_intervention / mediation", "both: answer_proposal until 11-05 10:00, else end_mediation",
        buyer="accept_terms ask_recusal end_mediation propose_terms urge withdraw",
        seller="accept_terms ask_recusal concede end_mediation propose_terms",
        clocks="mediation 11-05 10:00, resolution 11-12 00:00, review_resolution 11-12 00:00",
        told=(f"{HEARD[0]} case.settlement_proposed", f"{HEARD[1]} case.settlement_proposed"),
    )  # fmt: skip
    cup.does(town.buyer, "accept_terms")
    cup.stands(
        "platform_intervention / mediation", "both: answer_proposal until 11-05 10:00, else end_mediation",
        buyer="ask_recusal end_mediation propose_terms urge withdraw",
        seller="accept_terms ask_recusal concede end_mediation propose_terms",
        clocks="mediation 11-05 10:00, resolution 11-12 00:00, review_resolution 11-12 00:00",
        says=["Consumer accepted the terms."], told=("", "case.terms_accepted"),
    )  # fmt: skip
    town.comes_to("11-04 10:00")
    cup.does(town.seller, "accept_terms")
    cup.stands(
        "platform_intervention / awaiting_fulfilment", "seller: fulfil until 11-06 10:00, else fulfil_timeout",
        buyer="escalate urge withdraw", seller="escalate fulfil",
        clocks="fulfil 11-06 10:00, resolution 11-12 00:00",
        says=["Seller accepted the terms."], told=("case.terms_accepted", ""),
    )  # fmt: skip
    town.comes_to("11-05 10:00")
    cup.does(town.seller, "fulfil")
    file = cup.ends(
        outcome="settled, agreed",
        clocks="seller_response met, initial_response met, buyer_escalate met, resolution met, review_opinion met, "
        "review_resolution met, mediation met, fulfil met",
    )
    assert (file["refund"]["paid"], file["ruling"]) == ("45.00", None)


@pytest.mark.promise("R2-16")
def test_one_side_declines_and_the_hearing_goes_on(town: Town) -> None:
    cup = is_under_review(town)
    cup.does(cup.handler, "propose_settlement", remedy="partial_refund", amount="45.00")
    cup.does(town.buyer, "accept_terms")
    cup.does(town.seller, "end_mediation", text="不接受")
    cup.stands(
        "platform_intervention / under_review", "platform: rule until 11-12 00:00, else report_to_supervisor",
        buyer="ask_recusal propose_terms urge withdraw", seller="ask_recusal concede propose_terms",
        clocks="resolution 11-12 00:00, review_resolution 11-12 00:00",
        told=(f"{HEARD[0]} case.settlement_proposed case.mediation_ended",
              f"{HEARD[1]} case.settlement_proposed case.terms_accepted"),
    )  # fmt: skip


@pytest.mark.promise("R2-21", "R2-22", "R2-40")
def test_where_the_truth_cannot_be_found_the_other_ways_are_named(town: Town) -> None:
    cup = is_under_review(town)
    handler = cup.handler
    bodies = ["consumer_association", "authority_12315", "court", "legal_aid"]
    cup.cannot(town.supervisor, "no_ruling", 409, "not_proposed", bodies=bodies)
    cup.cannot(handler, "propose_no_ruling", 422, "reason_unknown", reason="duplicate", text="无法查明")
    cup.does(handler, "propose_no_ruling", reason="evidence_insufficient", text="双方证据都不能证明签收时的状况")
    cup.stands(
        "platform_intervention / under_review", "platform: rule until 11-12 00:00, else report_to_supervisor",
        buyer="ask_recusal propose_terms urge withdraw", seller="ask_recusal concede propose_terms",
        clocks="resolution 11-12 00:00, review_resolution 11-12 00:00", told=HEARD,
    )  # fmt: skip
    cup.cannot(handler, "no_ruling", 403, "not_permitted", bodies=bodies)
    town.comes_to("11-04 10:00")
    cup.does_on_second_sight(town.supervisor, "no_ruling", bodies=bodies, text="可向下列机构求助")
    cup.stands(
        "closed / referred_external", "nobody: none", buyer="rate reopen", seller="rate",
        says=["The platform cannot rule: Evidence insufficient. Other ways were named."],
        told=("case.referred", "case.referred"),
    )  # fmt: skip
    file = cup.ends(
        outcome="no_ruling, evidence_insufficient",
        clocks="seller_response met, initial_response met, buyer_escalate met, resolution met, review_opinion met, "
        "review_resolution met",
    )
    assert file["ruling"] is None
    assert [row["body"] for row in file["referrals"]] == bodies
