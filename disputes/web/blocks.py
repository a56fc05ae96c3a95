"""Text blocks of the desk: `::name` and a blank in any text becomes a sentence about this case,
in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disputes.models import Case

# Name as it is typed → its words. %(reference)s, %(consumer)s, %(seller)s, %(until)s are filled in.
BLOCKS: dict[Any, Any] = {
    pgettext_lazy("text block", "hello"): _("Dear %(consumer)s, this is about your complaint %(reference)s."),
    pgettext_lazy("text block", "photos"): _(
        "Please send clear photos of the whole product, of the defect and of the box, until %(until)s."
    ),
    pgettext_lazy("text block", "chat"): _(
        "Please send us the chat with %(seller)s about this order, in full, until %(until)s."
    ),
    pgettext_lazy("text block", "carrier"): _(
        "We have asked the carrier about the parcel and will write again as soon as it has answered."
    ),
    pgettext_lazy("text block", "opinion"): _(
        "By what we have seen so far, our first opinion is as follows; it is not a ruling yet."
    ),
    pgettext_lazy("text block", "deadline"): _("Please answer until %(until)s; after that we decide on what we have."),
    pgettext_lazy("text block", "sorry"): _("We are sorry for the trouble this has caused you."),
    pgettext_lazy("text block", "closing"): _(
        "With this the complaint %(reference)s is closed. You can rate how it was handled on its page."
    ),
}


def filled(case: Case, *, until: Any) -> dict[str, str]:
    """The blocks for this case. `until` is an instant or None."""
    facts = {
        "reference": case.reference,
        "consumer": case.consumer.display_name,
        "seller": case.seller.name if case.seller else "",
        "until": date_format(localtime(until), "DATETIME_FORMAT") if until else "…",
    }
    return {str(name): str(text) % facts for name, text in BLOCKS.items()}
