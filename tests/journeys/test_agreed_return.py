"""Quality, agreed between the two: return, receipt, refund, rating (F1; R3-20, R3-21)."""

import pytest

from tests.journeys.journey import Journey, Town

CUP = [{"sku": "CUP-1", "title": "陶瓷杯", "qty": 1, "unit_price": "100.00", "paid": "100.00"}]


def the_order(town: Town) -> dict[str, object]:
    return {
        "number": "TB2026110200001", "buyer": {"external_ref": "buyer-1"}, "seller": {"key": town.shop.key},
        "paid_total": "100.00", "freight": "10.00", "status": "finished", "carrier": "SF", "waybill": "SF100",
        "shipped_at": "2026-10-30T10:00:00+08:00", "signed_at": "2026-11-01T10:00:00+08:00",
        "finished_at": "2026-11-01T10:00:00+08:00", "items": CUP,
    }  # fmt: skip


def the_complaint() -> dict[str, object]:
    return {
        "type": "product_quality", "subtype": "damaged", "description": "杯口碎了一块", "defect_location": "杯口",
        "contact": "13800138000", "remedy": "return_refund", "evidence_waiver": "照片在另一部手机里",
        "order_number": "TB2026110200001",
    }  # fmt: skip


def is_filed(town: Town) -> Journey:
    """The marketplace sends the order, its buyer complains; the seller is asked at the same instant."""
    sent = town.asks(town.administrator, "post", "orders/", the_order(town))
    assert sent.status_code == 201, sent.content.decode()
    filed = town.asks(town.buyer, "post", "cases/", the_complaint())
    assert filed.status_code == 201, filed.content.decode()
    cup = Journey(town, filed.json()["reference"])
    cup.stands(
        "contact_seller / awaiting_seller", "seller: answer_claim until 11-04 10:00, else seller_timeout",
        buyer="offer propose_terms urge withdraw", seller="agree offer refuse propose_terms",
        clocks="seller_response 11-04 10:00, initial_response 11-06 00:00, resolution 11-12 00:00",
        says=["Complaint filed: Product quality, Damaged.", "Admitted. Next: Awaiting the seller."],
        told=("case.submitted case.admitted", "case.admitted"),
    )  # fmt: skip
    return cup


def is_agreed_and_sent_back(cup: Journey) -> None:
    town = cup.town
    too_early = cup.cannot(town.buyer, "escalate", 409, "too_early_to_escalate", reason="seller_no_response")
    assert too_early["from"].startswith("2026-11-03T02:00:00")
    town.comes_to("11-02 12:00")
    cup.does_on_second_sight(town.seller, "agree", instructions="请用原包装")
    cup.stands(
        "return_requested / awaiting_return", "consumer: ship_return until 11-09 12:00, else return_timeout",
        buyer="escalate ship_return urge withdraw", seller="escalate",
        clocks="return_ship 11-09 12:00, resolution 11-12 00:00 (awaiting_buyer)",
        says=["The seller granted the demand: Return and refund 110.00."], told=("case.agreed", ""),
    )  # fmt: skip
    town.comes_to("11-03 12:00")
    cup.does(town.buyer, "ship_return", carrier="YTO", waybill="YT900")
    cup.stands(
        "return_requested / return_in_transit", "seller: confirm_receipt until 11-13 12:00, else receipt_timeout",
        buyer="escalate urge withdraw", seller="confirm_receipt contest_return escalate",
        clocks="return_receipt 11-13 12:00, resolution 11-12 00:00 (return_in_transit)",
        says=["The goods were sent back: YTO YT900."], told=("", "return.shipped"),
    )  # fmt: skip


def is_received_and_paid(cup: Journey) -> None:
    town = cup.town
    town.comes_to("11-05 10:00")
    cup.does(town.agent, "record_return_signed", signed_at="2026-11-05T09:00:00+08:00")
    cup.stands(
        "return_requested / return_in_transit", "seller: confirm_receipt until 11-08 09:00, else receipt_timeout",
        buyer="escalate urge withdraw", seller="confirm_receipt contest_return escalate",
        clocks="return_receipt 11-08 09:00, resolution 11-12 00:00 (return_in_transit)",
        says=["The carrier delivered the return."], told=("return.carrier_signed", "return.carrier_signed"),
    )  # fmt: skip
    town.comes_to("11-06 10:00")
    cup.does(town.seller, "confirm_receipt")
    cup.stands(
        "return_requested / awaiting_fulfilment", "seller: fulfil until 11-08 10:00, else fulfil_timeout",
        buyer="escalate urge withdraw", seller="escalate fulfil",
        # Tuesday to Thursday stood still whole: three working days more.
        clocks="fulfil 11-08 10:00, resolution 11-17 00:00",
        says=["The seller received the return in order."], told=("return.received", ""),
    )  # fmt: skip
    town.comes_to("11-06 11:00")
    cup.does(town.seller, "fulfil")
    cup.stands(
        "closed / resolved", "nobody: none", buyer="rate reopen", seller="rate",
        says=["110.00 was paid to the consumer.", "The seller did its part."],
        told=("money.paid case.fulfilled", ""),
    )  # fmt: skip


@pytest.mark.promise("R3-20", "R3-21", "R1-12", "R0-26", "R0-29", "R1-25", "R1-26")
def test_a_broken_cup_goes_back_and_the_money_returns(town: Town) -> None:
    cup = is_filed(town)
    is_agreed_and_sent_back(cup)
    is_received_and_paid(cup)
    file = cup.ends(
        outcome="buyer_favour, seller_conceded",
        clocks="initial_response met, resolution met, seller_response met, return_ship met, return_receipt met, "
        "return_receipt cancelled, fulfil met",
    )
    assert file["refund"] == {"status": "paid", "pending": "0.00", "paid": "110.00", "currency": "CNY"}
    of_order = town.reads(town.buyer, "orders/TB2026110200001/")["after_sales"]
    assert [(row["reference"], row["refund"]["status"]) for row in of_order] == [(cup.reference, "paid")]
    cup.does(town.buyer, "rate", target="outcome", score=5, text="谢谢")
    cup.cannot(town.buyer, "rate", 409, "already_rated", target="outcome", score=1)
