"""The catalogue in words: kinds of complaints, what each needs, what each can lead to, and hints that save one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from disputes.states import Remedy
from disputes.taxonomy import FAMILIES, REMEDIES, Family, Flow, Subtype, Type
from evidence.slots import Slot

# What one can do alone, without waiting for anybody.
HINTS: dict[Subtype, Any] = {
    Subtype.WRONG_ADDRESS: _("Until the order is shipped you can change its address yourself in the order management."),
    Subtype.LATE_SHIPMENT: _("An order that has not been shipped can be cancelled from the order page at any time."),
    Subtype.OUT_OF_STOCK: _("An order that has not been shipped can be cancelled from the order page at any time."),
    Subtype.DELAYED: _("Look at the tracking of the parcel first; it is on the order's page."),
    Subtype.STALE_TRACKING: _("When tracking stands still we ask the carrier for you."),
    Subtype.FALSE_SIGNED: _("Ask your neighbours and the parcel station first; then tell us."),
    Subtype.REFUSED_REFUND: _("The progress of a refund is on the order's page, under refund and after-sales."),
    Subtype.PRESALE_INQUIRY: _("The item's page and the seller's chat answer most questions before buying."),
    Subtype.PAYMENT_FAILED: _("Never give a card number, a password or a code to anybody, us included."),
}
REQUIRED = ("type", "subtype", "description", "contact", "remedy", "order_number")

# How a complaint gets on fastest.
ADVICE = (
    _("Say in a few sentences what is wrong, where on the goods, and what you ask for."),
    _("Attach photos, the chat and the order page now: a complete complaint goes to the seller at once."),
    _("Stay calm and polite; both sides and the arbitrator read what you write."),
)


def advice() -> list[str]:
    """What to know before writing, in the active language."""
    return [str(sentence) for sentence in ADVICE]


def types() -> list[dict[str, Any]]:
    """Every family of complaints, in the active language."""
    return [_type(kind, FAMILIES[kind]) for kind in Type]


def _type(kind: Type, family: Family) -> dict[str, Any]:
    return {
        "code": kind.value,
        "label": str(kind.label),
        "flow": family.flow.value,
        "subtypes": [_subtype(subtype) for subtype in Subtype if subtype in family.subtypes],
        "required": [*REQUIRED, *(["parent"] if kind == Type.SERVICE_COMPLAINT else [])],
        "evidence": [_slot(slot, family) for slot in Slot if slot in family.mandatory | family.arbitrator_may_ask],
        "remedies": [{"code": code, "label": label} for code, label in remedies(family.flow)],
    }


def remedies(flow: Flow) -> list[tuple[str, str]]:
    """What a complaint of this flow can lead to: code and word."""
    return [(remedy.value, str(remedy.label)) for remedy in Remedy if remedy in REMEDIES[flow]]


def _subtype(subtype: Subtype) -> dict[str, str]:
    return {"code": subtype.value, "label": str(subtype.label), "hint": str(HINTS.get(subtype, ""))}


def _slot(slot: Slot, family: Family) -> dict[str, Any]:
    return {"code": slot.value, "label": str(slot.label), "mandatory": slot in family.mandatory}
