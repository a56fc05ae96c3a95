"""Nouns, one file each; Django finds them through this list."""

from disputes.models.case import Case, CaseQuerySet
from disputes.models.claim import Claim, Offer
from disputes.models.conversation import ContactLog, Message, Rating
from disputes.models.hearing import Assignment, CarrierInquiry, RecusalRequest, Referral, Suspension
from disputes.models.money import MoneyMovement, Obligation, SellerAccount, SellerMark
from disputes.models.order import LogisticsEvent, Order, OrderSnapshot
from disputes.models.return_shipment import ReturnShipment
from disputes.models.ruling import Appeal, Clause, Ruling, RulingApproval
from disputes.models.saved_view import SavedView
from disputes.models.unfinished import Unfinished
from disputes.models.unsent_form import UnsentForm

__all__ = [
    "Appeal",
    "Assignment",
    "CarrierInquiry",
    "Case",
    "CaseQuerySet",
    "Claim",
    "Clause",
    "ContactLog",
    "LogisticsEvent",
    "Message",
    "MoneyMovement",
    "Obligation",
    "Offer",
    "Order",
    "OrderSnapshot",
    "Rating",
    "RecusalRequest",
    "Referral",
    "ReturnShipment",
    "Ruling",
    "RulingApproval",
    "SavedView",
    "SellerAccount",
    "SellerMark",
    "Suspension",
    "Unfinished",
    "UnsentForm",
]
