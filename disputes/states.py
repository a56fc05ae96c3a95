"""Words only: statuses, stages, types, remedies, codes. DOMAIN: sections 3, 4 and 8 of the model."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Awaiting admission")
    AWAITING_CARRIER = "awaiting_carrier", _("Awaiting the carrier")
    AWAITING_SELLER = "awaiting_seller", _("Awaiting the seller")
    OFFER_PENDING = "offer_pending", _("Offer on the table")
    SELLER_REFUSED = "seller_refused", _("Refused by the seller")
    AWAITING_RETURN = "awaiting_return", _("Awaiting the return")
    RETURN_IN_TRANSIT = "return_in_transit", _("Return on its way")
    AWAITING_FULFILMENT = "awaiting_fulfilment", _("Awaiting fulfilment")
    AWAITING_BUYER_CONFIRM = "awaiting_buyer_confirm", _("Awaiting the buyer's confirmation")
    INTERVENTION_REQUESTED = "intervention_requested", _("Intervention requested")
    UNDER_REVIEW = "under_review", _("Under review")
    EVIDENCE_PERIOD = "evidence_period", _("Evidence period")
    MEDIATION = "mediation", _("Mediation")
    SUSPENDED = "suspended", _("Suspended")
    RULING_IN_APPROVAL = "ruling_in_approval", _("Ruling in approval")
    RULED = "ruled", _("Ruled, open to appeal")
    UNDER_APPEAL = "under_appeal", _("Under appeal")
    EXECUTING = "executing", _("Being carried out")
    RESOLVED = "resolved", _("Resolved")
    INADMISSIBLE = "inadmissible", _("Not admitted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")
    REFERRED_EXTERNAL = "referred_external", _("Referred to an outside body")


class Stage(TextChoices):
    INTAKE = "intake", _("Intake")
    CONTACT_SELLER = "contact_seller", _("Contact with the seller")
    RETURN_REQUESTED = "return_requested", _("Return")
    PLATFORM_INTERVENTION = "platform_intervention", _("Platform intervention")
    CLOSED = "closed", _("Closed")


S = Status
CLOSED = frozenset({S.RESOLVED, S.INADMISSIBLE, S.WITHDRAWN, S.LAPSED, S.REFERRED_EXTERNAL})
OPEN = frozenset(Status) - CLOSED
LIVE = OPEN - {S.DRAFT}  # open and filed
NEGOTIATION = frozenset({S.AWAITING_SELLER, S.OFFER_PENDING, S.SELLER_REFUSED})
PERFORMANCE = frozenset({S.AWAITING_RETURN, S.RETURN_IN_TRANSIT, S.AWAITING_FULFILMENT, S.AWAITING_BUYER_CONFIRM})
HEARING = frozenset({S.INTERVENTION_REQUESTED, S.UNDER_REVIEW, S.EVIDENCE_PERIOD, S.MEDIATION, S.SUSPENDED})
ARBITRATION = HEARING | {S.RULING_IN_APPROVAL}  # from intervention until a ruling is issued
BEFORE_RULING = LIVE - {S.RULED, S.UNDER_APPEAL, S.EXECUTING}


class Kind(TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    INQUIRY = "inquiry", _("Inquiry")
    SERVICE_COMPLAINT = "service_complaint", _("Complaint about our service")


class Party(TextChoices):
    CONSUMER = "consumer", _("Consumer")
    SELLER = "seller", _("Seller")
    PLATFORM = "platform", _("Platform")
    CARRIER = "carrier", _("Carrier")
    BOTH = "both", _("Both sides")
    NOBODY = "nobody", _("Nobody")


class Channel(TextChoices):
    WEB = "web", _("Web")
    APP = "app", _("App")
    ONLINE = "online", _("Online service")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    WEIBO = "weibo", _("Weibo")
    WECHAT = "wechat", _("WeChat")
    API = "api", _("API")
    IMPORT = "import", _("Import")


class Priority(TextChoices):
    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


class Complexity(TextChoices):
    SIMPLE = "simple", _("Simple")
    NORMAL = "normal", _("Normal")
    COMPLEX = "complex", _("Complex")


class Flag(TextChoices):
    INCOMPLETE = "incomplete", _("No order linked yet")
    IMPORTED = "imported", _("Imported")
    REPEAT = "repeat", _("Repeated complaint")
    EXCESSIVE_CLAIM = "excessive_claim", _("Claim above what is reasonable")
    SAFETY_RISK = "safety_risk", _("Safety risk")
    COUNTERFEIT = "counterfeit", _("Counterfeit")
    MEDIA = "media", _("Media attention")
    MINOR = "minor", _("Minor")
    OFF_PLATFORM_TRADE = "off_platform_trade", _("Trade outside the platform")


class Remedy(TextChoices):
    REFUND_ONLY = "refund_only", _("Refund without return")
    RETURN_REFUND = "return_refund", _("Return and refund")
    EXCHANGE = "exchange", _("Exchange")
    RESHIP = "reship", _("Send again")
    REPAIR = "repair", _("Repair")
    PARTIAL_REFUND = "partial_refund", _("Partial refund")
    PRICE_DIFFERENCE = "price_difference", _("Price difference")
    COMPENSATION = "compensation", _("Compensation")
    FREIGHT = "freight", _("Freight")
    INVOICE = "invoice", _("Invoice")
    APOLOGY = "apology", _("Apology")
    CANCEL_ORDER = "cancel_order", _("Cancel the order")


R = Remedy
NEEDS_RETURN = frozenset({R.RETURN_REFUND, R.EXCHANGE, R.REPAIR})
REFUNDS = frozenset({R.REFUND_ONLY, R.RETURN_REFUND, R.PARTIAL_REFUND, R.CANCEL_ORDER, R.FREIGHT})
PAYMENTS = frozenset({R.COMPENSATION, R.PRICE_DIFFERENCE})
MONEY = REFUNDS | PAYMENTS
GOODS = frozenset({R.EXCHANGE, R.RESHIP, R.REPAIR})


class Outcome(TextChoices):
    SETTLED = "settled", _("Settled")
    REFUNDED_UNSHIPPED = "refunded_unshipped", _("Unshipped order refunded")
    BUYER_FAVOUR = "buyer_favour", _("For the consumer")
    SELLER_FAVOUR = "seller_favour", _("For the seller")
    SPLIT = "split", _("Shared")
    AUTO_BUYER_FAVOUR = "auto_buyer_favour", _("For the consumer, the seller was silent")
    AUTO_SELLER_FAVOUR = "auto_seller_favour", _("For the seller, the consumer was silent")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")
    INADMISSIBLE = "inadmissible", _("Not admitted")
    NO_RULING = "no_ruling", _("No ruling possible")
    REFERRED = "referred", _("Referred to an outside body")


class OutcomeReason(TextChoices):
    SELLER_NO_RESPONSE = "seller_no_response", _("The seller did not answer")
    SELLER_NO_EVIDENCE = "seller_no_evidence", _("The seller gave no evidence")
    BUYER_NO_EVIDENCE = "buyer_no_evidence", _("The consumer gave no evidence")
    BUYER_NO_RETURN = "buyer_no_return", _("The goods were not sent back")
    BUYER_NO_ESCALATION = "buyer_no_escalation", _("The refusal was not contested in time")
    DEFECT_PROVEN = "defect_proven", _("Defect proven")
    DEFECT_NOT_PROVEN = "defect_not_proven", _("Defect not proven")
    MISDESCRIPTION_PROVEN = "misdescription_proven", _("Misdescription proven")
    NOT_DELIVERED = "not_delivered", _("Not delivered")
    DELIVERED_PROVEN = "delivered_proven", _("Delivery proven")
    SIGNED_BY_OTHER = "signed_by_other", _("Signed for by somebody else")
    RETURN_NOT_INTACT = "return_not_intact", _("The returned goods were not intact")
    OUT_OF_WINDOW = "out_of_window", _("Out of time")
    EXCLUDED_ITEM_CONFIRMED = "excluded_item_confirmed", _("Excluded item, confirmed at purchase")
    EXCLUDED_ITEM_NOT_CONFIRMED = "excluded_item_not_confirmed", _("Excluded item, not confirmed at purchase")
    COUNTERFEIT = "counterfeit", _("Counterfeit")
    PROHIBITED_ITEM = "prohibited_item", _("Prohibited item")
    PROMISE_BREACHED = "promise_breached", _("Promise not kept")
    BOTH_AT_FAULT = "both_at_fault", _("Both at fault")
    EVIDENCE_INSUFFICIENT = "evidence_insufficient", _("Evidence insufficient")
    TOO_COMPLEX = "too_complex", _("Beyond what the platform can find out")
    OUT_OF_SCOPE = "out_of_scope", _("Outside the rules of the platform")
    DUPLICATE = "duplicate", _("Duplicate")
    FUNDS_INSUFFICIENT = "funds_insufficient", _("Balance and deposit do not suffice")
    SELLER_CONCEDED = "seller_conceded", _("The seller granted the claim")
    AGREED = "agreed", _("Agreed between the parties")
    GIVEN_UP = "given_up", _("Withdrawn by the consumer")


class RejectReason(TextChoices):
    """Why a complaint is not admitted. Source: 淘宝平台争议处理规则 (2025-08-15), list of non-acceptance."""

    FILED_TOO_LATE = "filed_too_late", _("Filed after the window had closed")
    GOODS_DIFFER = "goods_differ", _("The goods shown are not the goods traded")
    ALREADY_SETTLED = "already_settled", _("Settled and performed before")
    SHAM_TRADE = "sham_trade", _("No real trade")
    ALREADY_RULED = "already_ruled", _("Already ruled on, no new facts")
    AUTHORITY_INVOLVED = "authority_involved", _("An authority or a court is dealing with it")
    BEYOND_RULES = "beyond_rules", _("The demand is outside the rules")
    MALICIOUS = "malicious", _("Malicious complaint")
    NO_FACTS = "no_facts", _("Respondent, demand or facts are missing")


class RefuseReason(TextChoices):
    GOODS_FINE = "goods_fine", _("The goods are fine")
    USED_OR_DAMAGED_BY_BUYER = "used_or_damaged_by_buyer", _("Used or damaged by the buyer")
    OUT_OF_WINDOW = "out_of_window", _("Out of time")
    EXCLUDED = "excluded", _("Excluded from returns")
    ALREADY_SHIPPED = "already_shipped", _("Already shipped")
    ALREADY_REFUNDED = "already_refunded", _("Already refunded")
    AMOUNT_TOO_HIGH = "amount_too_high", _("The amount is too high")
    NO_EVIDENCE = "no_evidence", _("No evidence")
    OTHER = "other", _("Other")


class EscalateReason(TextChoices):
    SELLER_NO_RESPONSE = "seller_no_response", _("The seller does not answer")
    SELLER_REFUSED = "seller_refused", _("The seller refused")
    NO_REFUND = "no_refund", _("The refund did not come")
    RETURN_NOT_ACKNOWLEDGED = "return_not_acknowledged", _("The return is not acknowledged")
    BUYER_UNSATISFIED = "buyer_unsatisfied", _("The answer does not satisfy me")
    BUYER_TROUBLE = "buyer_trouble", _("Trouble with the buyer")
    TROUBLE_COMMUNICATION = "trouble_communication", _("We cannot come to an understanding")
    SAFETY = "safety", _("Safety")


class SuspendReason(TextChoices):
    NEGOTIATION = "negotiation", _("The parties negotiate")
    COURT = "court", _("Before a court")
    POLICE = "police", _("With the police")
    TESTING = "testing", _("The goods are being tested")
    RECUSAL = "recusal", _("A recusal is being decided")


class AppealGround(TextChoices):
    NEW_EVIDENCE = "new_evidence", _("New evidence")
    RULE_ERROR = "rule_error", _("A rule was applied wrongly")
    FACT_ERROR = "fact_error", _("A fact was found wrongly")
    PROCEDURE = "procedure", _("The procedure was not kept")
    AMOUNT = "amount", _("The amount is wrong")


class ReturnCondition(TextChoices):
    OK = "ok", _("In order")
    NOT_RECEIVED = "not_received", _("Not received")
    DAMAGED = "damaged", _("Damaged")
    EMPTY_OR_DIFFERENT = "empty_or_different", _("Empty or other goods")
    MISSING_ITEMS = "missing_items", _("Items missing")


class CarrierResult(TextChoices):
    LOST = "lost", _("Lost")
    DELAYED = "delayed", _("Delayed")
    DELIVERED = "delivered", _("Delivered")
    DAMAGED = "damaged", _("Damaged")
    UNKNOWN = "unknown", _("Unknown")


class ExternalBody(TextChoices):
    CONSUMER_ASSOCIATION = "consumer_association", _("Consumer association")
    AUTHORITY_12315 = "authority_12315", _("Market regulator (12315)")
    COURT = "court", _("Court")
    ARBITRATION = "arbitration", _("Legal arbitration")
    LEGAL_AID = "legal_aid", _("Legal aid")
    POSTAL = "postal", _("Postal authority")


class OrderStatus(TextChoices):
    UNPAID = "unpaid", _("Not paid")
    UNSHIPPED = "unshipped", _("Not shipped")
    SHIPPED = "shipped", _("Shipped")
    SIGNED = "signed", _("Signed for")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")
