"""An order as the marketplace sends it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from casemgmt.accounts.models import Organisation
from casemgmt.rest.serializers import StrictSerializer
from disputes.api.fields import MoneyField, maybe_words, words
from disputes.api.inputs import AddressInput
from disputes.ordering import Sent
from disputes.states import OrderStatus

_NUMBER = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def instant() -> serializers.DateTimeField:
    return serializers.DateTimeField(required=False, allow_null=True)


class BuyerInput(StrictSerializer):
    external_ref = words(100)
    name = maybe_words(100)
    email = serializers.EmailField(required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)


class SellerInput(StrictSerializer):
    key = words(100)
    name = maybe_words(200)
    kind = serializers.ChoiceField(choices=Organisation.Kind.choices, required=False)
    return_address = AddressInput(required=False)


class LineInput(StrictSerializer):
    """One line of an order; amounts in the order's currency."""

    sku = words(64)
    title = words(300)
    qty = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1)
    unit_price = MoneyField(required=False)
    paid = MoneyField(required=False)
    attrs = serializers.DictField(child=words(200), required=False)
    category = maybe_words(200)
    promises = serializers.ListField(child=words(200), required=False, max_length=50)
    description = maybe_words(10_000)

    def to_internal_value(self, data: Any) -> Any:
        """As JSON keeps it: amounts as text."""
        line = super().to_internal_value(data)
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in line.items()}


class TrackingInput(StrictSerializer):
    at = serializers.DateTimeField()
    status = words(32)
    text = maybe_words(300)


class OrderInput(StrictSerializer):
    """An order. What is left out counts as empty: each sending replaces the one before."""

    number = serializers.RegexField(_NUMBER, max_length=64)
    buyer = BuyerInput()
    seller = SellerInput()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    currency = serializers.RegexField(re.compile(r"[A-Z]{3}"), max_length=3, default="CNY")
    paid_total = MoneyField()
    freight = MoneyField(default=Decimal(0))
    free_shipping = serializers.BooleanField(default=False)
    items = LineInput(many=True, required=False, max_length=500)  # type: ignore[call-arg]
    paid_at = instant()
    promised_ship_by = instant()
    shipped_at = instant()
    carrier = maybe_words(64)
    waybill = maybe_words(64)
    signed_at = instant()
    signed_by = maybe_words(100)
    finished_at = instant()
    return_policy = maybe_words(20_000)
    no_reason_eligible = serializers.BooleanField(default=True)
    tracking = TrackingInput(many=True, required=False, max_length=500)  # type: ignore[call-arg]

    def validate_number(self, value: str) -> str:
        if not _NUMBER.fullmatch(value):
            raise serializers.ValidationError(_("Letters, digits and . _ : - only."), "bad_number")
        return value

    def validate_currency(self, value: str) -> str:
        if len(value) != 3:
            raise serializers.ValidationError(_("A currency is three capital letters (ISO 4217)."), "bad_currency")
        return value


_EMPTY: dict[str, Any] = {
    "items": [], "paid_at": None, "promised_ship_by": None, "shipped_at": None, "carrier": "", "waybill": "",
    "signed_at": None, "signed_by": "", "finished_at": None, "return_policy": "",
}  # fmt: skip


def sent_order(said: dict[str, Any]) -> Sent:
    """The validated body as `disputes.ordering` takes it."""
    rest = {**_EMPTY, **said}
    number, buyer, seller = rest.pop("number"), dict(rest.pop("buyer")), dict(rest.pop("seller"))
    steps = [{"text": "", **step} for step in rest.pop("tracking", [])]
    if seller.get("return_address") is not None:
        seller["return_address"] = dict(seller["return_address"])
    return Sent(number=number, buyer=buyer, seller=seller, facts=rest, tracking=steps)
