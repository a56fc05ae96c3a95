"""A parcel is lost: tracking, the carrier is asked, the seller sends again (F2; R3-30 to R3-32, R1-13)."""

from datetime import timedelta

import pytest

from disputes.models import LogisticsEvent, Order
from tests.journeys.journey import Journey, Town


def on_its_way(town: Town) -> Order:
    """Sent five days ago, last heard of four days ago."""
    order = town.order(
        status="shipped", signed_at=None, finished_at=None, waybill="SF777", shipped_at=town.now - timedelta(days=5)
    )
    LogisticsEvent.objects.create(
        waybill="SF777", at=town.now - timedelta(days=4), status="in_transit", text="已离开杭州转运中心"
    )
    return order


def is_reported(town: Town) -> Journey:
    """The platform asks the carrier; the seller is not told of a case that the carrier may still solve."""
    parcel = town.complains(
        type="logistics", subtype="lost", description="五天没有物流信息", remedy="reship", order=on_its_way(town),
    )  # fmt: skip
    parcel.stands(
        "contact_seller / awaiting_carrier", "platform: carrier_result until 11-05 00:00, else carrier_timeout",
        buyer="urge withdraw", seller=None,
        clocks="carrier_inquiry 11-05 00:00, initial_response 11-06 00:00 (carrier_investigation), "
        "resolution 11-12 00:00 (carrier_investigation)",
        says=["Complaint filed: Logistics, Lost parcel.", "Admitted. Next: Awaiting the carrier."],
        told=("case.submitted case.admitted", ""),
    )  # fmt: skip
    track = town.reads(town.buyer, f"{parcel.path}tracking/")
    assert (track["waybill"], track["stands_still"], len(track["steps"])) == ("SF777", True, 1)
    return parcel


def is_found_to_be_lost(parcel: Journey) -> None:
    town = parcel.town
    town.comes_to("11-03 15:00")
    contact = {"channel": "phone", "direction": "outbound", "summary": "已联系顺丰核实"}
    parcel.does(town.agent, "log_contact", **contact, opinion="承运人两日内答复,丢件由商家补发")
    parcel.cannot(town.buyer, "carrier_result", 403, "not_permitted", result="lost", text="丢了")
    town.comes_to("11-03 16:00")
    parcel.does_on_second_sight(town.agent, "carrier_result", result="lost", text="承运人确认丢失")
    parcel.stands(
        "contact_seller / awaiting_seller", "seller: answer_claim until 11-05 16:00, else seller_timeout",
        buyer="offer propose_terms urge withdraw", seller="agree offer propose_terms refuse",
        clocks="seller_response 11-05 16:00, resolution 11-12 00:00",
        says=["A contact was recorded (Phone).", "The carrier answered: Lost."],
        told=("case.carrier_answered", "case.carrier_answered"),
    )  # fmt: skip
    said = town.reads(town.buyer, f"{parcel.path}contacts/")["results"]
    assert [(row["agent"], row["opinion_given"]) for row in said] == [("agent", "承运人两日内答复,丢件由商家补发")]


def is_sent_again(parcel: Journey) -> None:
    town = parcel.town
    town.comes_to("11-04 09:00")
    parcel.does(town.seller, "agree")
    parcel.stands(
        "contact_seller / awaiting_fulfilment", "seller: fulfil until 11-07 09:00, else fulfil_timeout",
        buyer="escalate urge withdraw", seller="escalate fulfil",
        clocks="fulfil 11-07 09:00, resolution 11-12 00:00 (performance_agreed)",
        says=["The seller granted the demand: Send again."], told=("case.agreed", ""),
    )  # fmt: skip
    parcel.cannot(town.seller, "fulfil", 422, "waybill_missing")
    town.comes_to("11-05 09:00")
    parcel.does(town.seller, "fulfil", proof="SF888")
    parcel.stands(
        "contact_seller / awaiting_buyer_confirm", "consumer: buyer_confirm until 11-20 09:00, else confirm_timeout",
        buyer="buyer_confirm escalate reject_fulfilment urge withdraw", seller="escalate",
        clocks="buyer_confirm 11-20 09:00, resolution 11-12 00:00 (awaiting_buyer)",
        says=["The seller did its part."], told=("case.fulfilled", ""),
    )  # fmt: skip
    town.comes_to("11-07 12:00")
    parcel.does(town.agent, "record_reshipment_signed")
    parcel.stands(
        "contact_seller / awaiting_buyer_confirm", "consumer: buyer_confirm until 11-14 12:00, else confirm_timeout",
        buyer="buyer_confirm escalate reject_fulfilment urge withdraw", seller="escalate",
        clocks="buyer_confirm 11-14 12:00, resolution 11-12 00:00 (awaiting_buyer)",
        says=["The carrier delivered the parcel."], told=("case.reshipment_signed", "case.reshipment_signed"),
    )  # fmt: skip


@pytest.mark.promise("R3-30", "R3-31", "R3-32", "R1-13", "R1-08")
def test_a_lost_parcel_is_sent_again(town: Town) -> None:
    parcel = is_reported(town)
    is_found_to_be_lost(parcel)
    is_sent_again(parcel)
    town.comes_to("11-08 10:00")
    parcel.does(town.buyer, "buyer_confirm")
    parcel.stands(
        "closed / resolved", "nobody: none", buyer="rate reopen", seller="rate",
        says=["The consumer confirmed."], told=("", "case.confirmed"),
    )  # fmt: skip
    parcel.ends(
        outcome="buyer_favour, seller_conceded",
        clocks="carrier_inquiry met, initial_response met, seller_response met, fulfil met, buyer_confirm cancelled, "
        "buyer_confirm met, resolution met",
    )


@pytest.mark.promise("R3-31")
def test_a_silent_carrier_leaves_the_burden_with_the_seller_whose_silence_refunds(town: Town) -> None:
    parcel = town.complains(
        type="logistics", subtype="not_received", description="没收到", remedy="refund_only", order=on_its_way(town)
    )
    parcel.is_swept(at="11-05 00:00")
    parcel.stands(
        "contact_seller / awaiting_seller", "seller: answer_claim until 11-06 12:00, else seller_timeout",
        buyer="offer propose_terms urge withdraw", seller="agree offer propose_terms refuse",
        # Two working days stood still: Tuesday and Wednesday.
        clocks="seller_response 11-06 12:00, initial_response 11-10 00:00, resolution 11-14 00:00",
        told=("case.submitted case.admitted case.carrier_timed_out", "case.carrier_timed_out"),
    )  # fmt: skip
    parcel.is_swept(at="11-06 12:00")
    parcel.stands(
        "contact_seller / awaiting_fulfilment", "seller: fulfil until 11-08 12:00, else fulfil_timeout",
        buyer="escalate urge withdraw", seller="escalate fulfil",
        clocks="fulfil 11-08 12:00, initial_response 11-10 00:00, resolution 11-14 00:00",
        says=["The seller did not answer in time."], told=("case.seller_timed_out", "clock.warned case.seller_timed_out"),
    )  # fmt: skip
    parcel.does(town.seller, "fulfil")
    file = parcel.ends(
        outcome="auto_buyer_favour, seller_no_response",
        clocks="carrier_inquiry breached, seller_response breached, fulfil met, initial_response met, resolution met",
    )
    assert file["payments"][0]["source"] == "order"
