"""The named places an exhibit can be put in. Which of them a complaint needs is the rulebook's to say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Slot(TextChoices):
    ORDER_REFERENCE = "order_reference", _("Order number")
    ORDER_SCREENSHOT = "order_screenshot", _("Screenshot of the order")
    PRODUCT_PHOTO = "product_photo", _("Photo of the product, whole and close")
    UNBOXING_VIDEO = "unboxing_video", _("Video of the unboxing")
    CHAT_LOG = "chat_log", _("Chat with the seller")
    ITEM_PAGE_SNAPSHOT = "item_page_snapshot", _("The item's page as it was")
    TRACKING_RECORD = "tracking_record", _("Tracking record")
    WAYBILL_PHOTO = "waybill_photo", _("Photo of the waybill")
    OUTER_BOX_PHOTO = "outer_box_photo", _("Photo of the outer box")
    CARRIER_STATEMENT = "carrier_statement", _("Stamped statement of the carrier")
    TEST_REPORT = "test_report", _("Test report")
    AUTHENTICATION_REPORT = "authentication_report", _("Report on authenticity")
    MEDICAL_RECORD = "medical_record", _("Medical record")
    PURCHASE_CHAIN = "purchase_chain", _("Where the seller bought it: invoice, customs, authorisation")
    DISPATCH_PROOF = "dispatch_proof", _("Proof of dispatch: packing video, weight, waybill")
    SIGNING_PROOF = "signing_proof", _("Proof of who signed for it")
    REFUND_PROOF = "refund_proof", _("Proof of a refund")
    REPAIR_RECORD = "repair_record", _("Repair record")
    INVOICE = "invoice", _("Invoice")
    OTHER = "other", pgettext_lazy("exhibit", "Something else")


class Kind(TextChoices):
    PHOTO = "photo", _("Photo")
    VIDEO = "video", _("Video")
    CHAT_LOG = "chat_log", _("Chat log")
    DOCUMENT = "document", _("Document")
    OTHER = "other", _("Other")


class Party(TextChoices):
    CONSUMER = "consumer", _("Consumer")
    SELLER = "seller", _("Seller")
    PLATFORM = "platform", _("Platform")
