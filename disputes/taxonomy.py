"""Complaint families: types, subtypes, flows, what must be attached and which remedies fit. Data, no code paths."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disputes.states import Remedy


class Type(TextChoices):
    PRODUCT_QUALITY = "product_quality", _("Product quality")
    LOGISTICS = "logistics", _("Logistics")
    NOT_AS_DESCRIBED = "not_as_described", _("Not as described")
    AFTER_SALES_SERVICE = "after_sales_service", _("After-sales service")
    SHIPPING_BY_SELLER = "shipping_by_seller", _("Shipping by the seller")
    ORDER_ISSUE = "order_issue", _("Order problem")
    NO_REASON_RETURN = "no_reason_return", _("Return without a reason")
    OTHER = "other", _("Other")
    SERVICE_COMPLAINT = "service_complaint", _("Our customer service")


class Subtype(TextChoices):
    DAMAGED = "damaged", _("Damaged")
    MALFUNCTION = "malfunction", _("Does not work")
    DEFECT = "defect", _("Defect")
    EXPIRED = "expired", pgettext_lazy("goods", "Expired")
    SAFETY = "safety", _("Safety hazard")
    COUNTERFEIT = "counterfeit", _("Counterfeit")
    TEST_FAILED = "test_failed", _("Failed a test")
    DELAYED = "delayed", _("Delayed")
    LOST = "lost", _("Lost parcel")
    NOT_RECEIVED = "not_received", _("Not received")
    STALE_TRACKING = "stale_tracking", _("Tracking stands still")
    FALSE_SIGNED = "false_signed", _("Signed for, but not by me")
    DAMAGED_IN_TRANSIT = "damaged_in_transit", _("Damaged in transit")
    SHORTAGE_IN_TRANSIT = "shortage_in_transit", _("Shortage in transit")
    WRONG_COLOR = "wrong_color", _("Wrong colour")
    WRONG_SIZE = "wrong_size", _("Wrong size")
    WRONG_MATERIAL = "wrong_material", _("Wrong material")
    WRONG_ITEM = "wrong_item", _("Wrong item")
    MISSING_ITEM = "missing_item", _("Item missing")
    SHORT_QUANTITY = "short_quantity", _("Fewer than ordered")
    FALSE_ADVERTISING = "false_advertising", _("False advertising")
    SECOND_HAND = "second_hand", _("Second-hand sold as new")
    WEIGHT_SHORT = "weight_short", _("Short weight")
    PROMISE_NOT_KEPT = "promise_not_kept", _("Promise not kept")
    BAD_ATTITUDE = "bad_attitude", _("Bad attitude")
    RETURN_DIFFICULTY = "return_difficulty", _("Returns made difficult")
    NO_REPLY = "no_reply", _("No reply")
    REPAIR_REFUSED = "repair_refused", _("Repair refused")
    INVOICE = "invoice", _("Invoice")
    HARASSMENT = "harassment", _("Harassment")
    LATE_SHIPMENT = "late_shipment", _("Late shipment")
    SHIPPING_DELAY = "shipping_delay", _("Shipping delayed by the seller")
    FALSE_SHIPMENT = "false_shipment", _("False shipment")
    OUT_OF_STOCK = "out_of_stock", _("Out of stock")
    WRONG_ADDRESS = "wrong_address", _("Wrong address")
    PAYMENT_FAILED = "payment_failed", _("Payment failed")
    DOUBLE_CHARGE = "double_charge", _("Charged twice")
    PRICE_ERROR = "price_error", _("Wrong price")
    PRICE_PROTECTION = "price_protection", _("Price protection")
    REFUSED_RETURN = "refused_return", _("Return refused")
    REFUSED_REFUND = "refused_refund", _("Refund refused")
    FREIGHT_DISPUTE = "freight_dispute", _("Freight")
    INTACTNESS_DISPUTE = "intactness_dispute", _("Are the goods intact?")
    PRESALE_INQUIRY = "presale_inquiry", _("Question before buying")
    ACCOUNT = "account", _("Account")
    GIFT = "gift", _("Gift")
    INSTALL = "install", _("Installation")
    OTHER = "other", _("Something else")
    LATE = "late", _("Handled late")
    ATTITUDE = "attitude", _("Attitude")
    BIAS = "bias", _("Bias")
    WRONG_RULING = "wrong_ruling", _("Wrong ruling")


class Flow(TextChoices):
    """F1 goods, F2 transport, F2S not shipped, F3 service without a return, F4 triage, F5 about ourselves."""

    GOODS = "f1", _("Goods")
    TRANSPORT = "f2", _("Transport")
    UNSHIPPED = "f2s", _("Not shipped")
    SERVICE = "f3", _("Service")
    TRIAGE = "f4", _("Triage")
    OURSELVES = "f5", _("About our service")


@dataclass(frozen=True, kw_only=True)
class Family:
    """One complaint type. `mandatory` are evidence slots to file with; a waiver reason replaces them."""

    flow: Flow
    subtypes: frozenset[Subtype]
    mandatory: frozenset[str] = frozenset()
    arbitrator_may_ask: frozenset[str] = frozenset()


T = Subtype
PHOTO = frozenset({"product_photo"})
_GOODS_PROOF = frozenset(
    {
        "unboxing_video",
        "chat_log",
        "item_page_snapshot",
        "tracking_record",
        "refund_proof",
        "purchase_chain",
        "dispatch_proof",
        "signing_proof",
        "order_screenshot",
    }
)

FAMILIES: dict[Type, Family] = {
    Type.PRODUCT_QUALITY: Family(
        flow=Flow.GOODS,
        subtypes=frozenset({T.DAMAGED, T.MALFUNCTION, T.DEFECT, T.EXPIRED, T.SAFETY, T.COUNTERFEIT, T.TEST_FAILED}),
        mandatory=PHOTO,
        arbitrator_may_ask=_GOODS_PROOF | {"test_report", "authentication_report", "medical_record"},
    ),
    Type.LOGISTICS: Family(
        flow=Flow.TRANSPORT,
        subtypes=frozenset(
            {
                T.DELAYED,
                T.LOST,
                T.NOT_RECEIVED,
                T.STALE_TRACKING,
                T.FALSE_SIGNED,
                T.DAMAGED_IN_TRANSIT,
                T.SHORTAGE_IN_TRANSIT,
            }
        ),
        arbitrator_may_ask=_GOODS_PROOF | {"carrier_statement"},
    ),
    Type.NOT_AS_DESCRIBED: Family(
        flow=Flow.GOODS,
        subtypes=frozenset(
            {
                T.WRONG_COLOR,
                T.WRONG_SIZE,
                T.WRONG_MATERIAL,
                T.WRONG_ITEM,
                T.MISSING_ITEM,
                T.SHORT_QUANTITY,
                T.FALSE_ADVERTISING,
                T.SECOND_HAND,
                T.WEIGHT_SHORT,
            }
        ),
        mandatory=PHOTO,
        arbitrator_may_ask=_GOODS_PROOF | {"carrier_statement"},
    ),
    Type.AFTER_SALES_SERVICE: Family(
        flow=Flow.SERVICE,
        subtypes=frozenset(
            {
                T.PROMISE_NOT_KEPT,
                T.BAD_ATTITUDE,
                T.RETURN_DIFFICULTY,
                T.NO_REPLY,
                T.REPAIR_REFUSED,
                T.INVOICE,
                T.HARASSMENT,
            }
        ),
        mandatory=frozenset({"chat_log"}),
        arbitrator_may_ask=frozenset({"item_page_snapshot", "refund_proof", "repair_record"}),
    ),
    Type.SHIPPING_BY_SELLER: Family(
        flow=Flow.UNSHIPPED,
        subtypes=frozenset({T.LATE_SHIPMENT, T.SHIPPING_DELAY, T.FALSE_SHIPMENT, T.OUT_OF_STOCK}),
        arbitrator_may_ask=frozenset({"tracking_record", "chat_log", "dispatch_proof"}),
    ),
    Type.ORDER_ISSUE: Family(
        flow=Flow.TRIAGE,
        subtypes=frozenset({T.WRONG_ADDRESS, T.PAYMENT_FAILED, T.DOUBLE_CHARGE, T.PRICE_ERROR, T.PRICE_PROTECTION}),
        arbitrator_may_ask=frozenset({"order_screenshot", "chat_log", "refund_proof"}),
    ),
    Type.NO_REASON_RETURN: Family(
        flow=Flow.GOODS,
        subtypes=frozenset({T.REFUSED_RETURN, T.REFUSED_REFUND, T.FREIGHT_DISPUTE, T.INTACTNESS_DISPUTE}),
        arbitrator_may_ask=_GOODS_PROOF | {"product_photo"},
    ),
    Type.OTHER: Family(
        flow=Flow.TRIAGE,
        subtypes=frozenset({T.PRESALE_INQUIRY, T.ACCOUNT, T.GIFT, T.INSTALL, T.OTHER}),
    ),
    Type.SERVICE_COMPLAINT: Family(
        flow=Flow.OURSELVES,
        subtypes=frozenset({T.LATE, T.ATTITUDE, T.BIAS, T.WRONG_RULING}),
    ),
}

# Every remedy a consumer may ask for, per flow: the catalogue is the rule frame (R2-39).
REMEDIES: dict[Flow, frozenset[Remedy]] = {
    Flow.GOODS: frozenset(Remedy) - {Remedy.CANCEL_ORDER},
    Flow.TRANSPORT: frozenset(
        {
            Remedy.REFUND_ONLY,
            Remedy.RETURN_REFUND,
            Remedy.RESHIP,
            Remedy.PARTIAL_REFUND,
            Remedy.COMPENSATION,
            Remedy.FREIGHT,
            Remedy.CANCEL_ORDER,
        }
    ),
    Flow.UNSHIPPED: frozenset(
        {Remedy.REFUND_ONLY, Remedy.CANCEL_ORDER, Remedy.RESHIP, Remedy.COMPENSATION, Remedy.PARTIAL_REFUND}
    ),
    Flow.SERVICE: frozenset(
        {
            Remedy.REFUND_ONLY,
            Remedy.PARTIAL_REFUND,
            Remedy.PRICE_DIFFERENCE,
            Remedy.COMPENSATION,
            Remedy.FREIGHT,
            Remedy.INVOICE,
            Remedy.APOLOGY,
            Remedy.RESHIP,
        }
    ),
    Flow.TRIAGE: frozenset(Remedy),
    Flow.OURSELVES: frozenset({Remedy.APOLOGY, Remedy.COMPENSATION}),
}


def flow_of(case_type: str) -> Flow:
    return FAMILIES[Type(case_type)].flow
