"""What a complaint says when it is filed, and what may change while it is a draft."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from casemgmt.rest.serializers import StrictSerializer
from disputes import states
from disputes.api.fields import MoneyField, VisibleCaseField, maybe_words, words
from disputes.taxonomy import Subtype, Type


class ComplaintInput(StrictSerializer):
    """What a complaint says. Everything beyond type, subtype, description and remedy can follow in a draft."""

    type = serializers.ChoiceField(choices=Type.choices)
    subtype = serializers.ChoiceField(choices=Subtype.choices)
    description = words(2000)
    contact = maybe_words(200)
    remedy = serializers.ChoiceField(choices=states.Remedy.choices)
    amount = MoneyField(required=False, allow_null=True, help_text="Left out: everything that was paid.")
    demand_text = maybe_words(1000)
    defect_location = maybe_words(200)
    order_number = maybe_words(64)
    no_order_reason = maybe_words(300)
    evidence_waiver = maybe_words(300)
    received_goods = serializers.BooleanField(required=False, allow_null=True)
    goods_used = serializers.BooleanField(required=False, allow_null=True)


class FilingInput(ComplaintInput):
    """A complaint to file. `submit=false` keeps a draft, to which exhibits can be attached first."""

    channel = serializers.ChoiceField(choices=[c for c in states.Channel.choices if c[0] != "import"], required=False)
    parent = VisibleCaseField(  # type: ignore[assignment]
        required=False, help_text="The case whose handling is complained about."
    )
    consumer = words(150)
    submit = serializers.BooleanField(default=True)

    def get_fields(self) -> dict[str, Any]:
        found = super().get_fields()
        found["consumer"].required = False
        found["consumer"].help_text = "Staff only: marketplace id or username of the person they file for."
        return found


class DraftInput(ComplaintInput):
    """Changes to a draft: only what is sent changes."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "partial": True})
