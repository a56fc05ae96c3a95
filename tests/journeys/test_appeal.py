"""Appeals: the ruling stands, or falls; always before somebody who has not handled the case (R1-28)."""

import pytest

from tests.journeys.journey import Journey, Town
from tests.journeys.rulings import for_the_buyer, for_the_seller


def is_under_review(town: Town) -> Journey:
    """Refused, escalated, taken up, on the day it was filed."""
    cup = town.complains()
    cup.does(town.seller, "refuse", reason="goods_fine", text="完好")
    cup.does(town.buyer, "escalate", reason="seller_refused")
    cup.does(cup.handler, "accept_intervention", opinion="审理中")
    return cup


def is_ruled(town: Town, ruling: dict[str, object]) -> Journey:
    """Ruled on Tuesday at noon."""
    cup = is_under_review(town)
    town.comes_to("11-03 12:00")
    cup.does(cup.handler, "issue_ruling", **ruling)
    cup.stands(
        "platform_intervention / ruled", "both: accept_or_appeal until 11-10 12:00, else carry_out",
        buyer="accept_ruling appeal urge", seller="accept_ruling appeal concede", clocks="appeal_window 11-10 12:00",
        told=("case.submitted case.admitted case.refused case.intervention_accepted ruling.issued",
              "case.admitted case.escalated case.intervention_accepted ruling.issued"),
    )  # fmt: skip
    return cup


@pytest.mark.promise("R1-28", "R2-18")
def test_the_seller_appeals_and_the_ruling_is_upheld_and_carried_out_at_once(town: Town) -> None:
    cup = is_ruled(town, for_the_buyer())
    first = cup.handler
    town.comes_to("11-05 09:00")
    cup.does_on_second_sight(town.seller, "appeal", grounds="fact_error", text="监控显示完好")
    assert cup.handler != first
    assert town.asks(first, "get", cup.path).status_code == 404
    cup.stands(
        "platform_intervention / under_appeal", "platform: decide_appeal until 11-11 00:00, else report_to_supervisor",
        buyer="urge", seller="withdraw_appeal", clocks="appeal 11-11 00:00",
        says=["Appeal by Seller: A fact was found wrongly."], told=("appeal.filed", ""),
    )  # fmt: skip
    town.comes_to("11-06 09:00")
    cup.does_on_second_sight(cup.handler, "decide_appeal", decision="upheld", reasons="监控不能证明签收时的状况")
    cup.stands(
        "platform_intervention / executing", "seller: perform until 11-07 09:00, else execution_timeout",
        buyer="urge", seller="perform_obligations", clocks="execution 11-07 09:00",
        says=["The appeal was decided.", "The ruling is final."],
        told=("appeal.decided ruling.final", "appeal.decided ruling.final"),
    )  # fmt: skip
    cup.cannot(town.buyer, "appeal", 409, "ruling_is_final", grounds="amount", text="太少")
    cup.does(town.seller, "perform_obligations")
    file = cup.ends(
        outcome="buyer_favour, defect_proven",
        clocks="seller_response met, initial_response met, buyer_escalate met, resolution met, review_opinion met, "
        "review_resolution met, appeal_window met, appeal met, appeal_window met, execution met",
    )
    assert [(row["by"], row["status"]) for row in file["appeals"]] == [("seller", "upheld")]


@pytest.mark.promise("R1-28", "R2-18")
def test_the_buyer_appeals_and_another_ruling_takes_its_place_once_a_second_person_agrees(town: Town) -> None:
    cup = is_ruled(town, for_the_seller())
    town.comes_to("11-05 09:00")
    cup.does(town.buyer, "appeal", grounds="new_evidence", text="找到了开箱视频")
    second = cup.handler
    town.comes_to("11-06 09:00")
    changed = {**for_the_buyer(), "remedies": [{"remedy": "return_refund", "amount": "110.00"}]}
    cup.does_on_second_sight(second, "decide_appeal", decision="changed", reasons="新证据成立", ruling=changed)
    cup.stands(
        "platform_intervention / ruling_in_approval", "platform: approve_ruling until 11-10 00:00, else report_to_supervisor",
        buyer="propose_terms urge withdraw", seller="concede propose_terms",
        says=["Appeal by Consumer: New evidence.", "The appeal was decided."],
        told=("appeal.decided", "appeal.filed appeal.decided"),
    )  # fmt: skip
    cup.cannot(second, "approve_ruling", 403, "not_permitted")
    cup.does(town.reviewer, "approve_ruling", note="同意")
    cup.stands(
        "return_requested / awaiting_return", "consumer: ship_return until 11-13 09:00, else return_timeout",
        buyer="ship_return urge", seller="", clocks="return_ship 11-13 09:00",
        says=["The platform ruled.", "The ruling is final."],
        told=("ruling.issued ruling.final", "ruling.issued ruling.final"),
    )  # fmt: skip
    cup.does(town.buyer, "ship_return", carrier="SF", waybill="SF1")
    cup.does(town.seller, "confirm_receipt")
    cup.stands(
        "return_requested / awaiting_fulfilment", "seller: fulfil until 11-07 09:00, else fulfil_timeout",
        buyer="urge", seller="fulfil", clocks="fulfil 11-07 09:00",
        says=["The goods were sent back: SF SF1.", "The seller received the return in order."],
        told=("return.received", "return.shipped"),
    )  # fmt: skip
    cup.is_swept(at="11-07 09:00")
    cup.is_swept(at="11-08 09:00")
    cup.stands(
        "closed / resolved", "nobody: none", buyer="rate reopen", seller="rate",
        told=("case.fulfilment_timed_out money.paid execution.timed_out",
              "clock.warned case.fulfilment_timed_out clock.warned execution.timed_out"),
    )  # fmt: skip
    assert cup.read(town.buyer)["refund"]["paid"] == "110.00"


@pytest.mark.promise("R1-28")
def test_a_withdrawn_appeal_leaves_the_rest_of_the_window_to_the_other_side(town: Town) -> None:
    cup = is_ruled(town, for_the_buyer())
    first = cup.handler
    town.comes_to("11-05 12:00")
    cup.does(town.seller, "appeal", grounds="amount", text="太多")
    cup.cannot(town.buyer, "withdraw_appeal", 403, "not_permitted")
    town.comes_to("11-06 12:00")
    cup.does(town.seller, "withdraw_appeal")
    assert cup.handler == first
    cup.stands(
        "platform_intervention / ruled", "both: accept_or_appeal until 11-10 12:00, else carry_out",
        buyer="accept_ruling appeal urge", seller="accept_ruling concede", clocks="appeal_window 11-10 12:00",
        says=["Appeal by Seller: The amount is wrong.", "The appeal was withdrawn."],
        told=("appeal.filed appeal.withdrawn", ""),
    )  # fmt: skip
