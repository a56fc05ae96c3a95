"""The shape of a case's file and of its parts, for the API's description. `disputes.casefile` makes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from disputes import states
from disputes.api.shapes import CaseRow, Code, Instant, MoneyShape, Shape
from sla.models import Clock


class OrderCopy(Shape):
    """The order as it was when the case was filed."""

    number = Code()
    currency = Code()
    paid_total = MoneyShape()
    freight = MoneyShape()
    free_shipping = serializers.BooleanField()
    status = serializers.ChoiceField(choices=states.OrderStatus.choices)
    items = serializers.ListField(child=serializers.DictField())
    paid_at = Instant(allow_null=True)
    promised_ship_by = Instant(allow_null=True)
    shipped_at = Instant(allow_null=True)
    carrier = Code(allow_blank=True)
    waybill = Code(allow_blank=True)
    signed_at = Instant(allow_null=True)
    signed_by = Code(allow_blank=True)
    finished_at = Instant(allow_null=True)
    return_policy = Code(allow_blank=True)
    no_reason_eligible = serializers.BooleanField()
    taken_at = Instant()


class ClaimShape(Shape):
    revision = serializers.IntegerField()
    remedy = serializers.ChoiceField(choices=states.Remedy.choices)
    remedy_label = Code()
    amount = MoneyShape()
    reasonable_up_to = MoneyShape(allow_null=True)
    reason = Code(allow_blank=True)
    status = Code()
    created_at = Instant()


class OfferShape(Shape):
    kind = Code()
    by = serializers.ChoiceField(choices=states.Party.choices)
    to = serializers.ChoiceField(choices=states.Party.choices)
    round = serializers.IntegerField()
    remedy = serializers.ChoiceField(choices=states.Remedy.choices)
    remedy_label = Code()
    amount = MoneyShape()
    terms = Code(allow_blank=True)
    status = Code()
    accepted_by = serializers.ListField(child=Code())
    created_at = Instant()
    closed_at = Instant(allow_null=True)


class Labelled(Shape):
    code = Code()
    label = Code()  # type: ignore[assignment]


class Escalation(Shape):
    """Whether the platform can be asked to step in now, from when, until when, and for which reasons."""

    eligible = serializers.BooleanField()
    from_ = Instant(allow_null=True)
    until = Instant(allow_null=True)
    reasons = Labelled(many=True)

    def get_fields(self) -> dict[str, Any]:
        found = super().get_fields()
        found["from"] = found.pop("from_")
        return found


class BlockedAction(Shape):
    """What is not possible now, and why. Some kinds add members of their own."""

    action = Code()
    code = Code()
    detail = Code()
    from_ = Instant(allow_null=True)
    until = Instant(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        found = super().get_fields()
        found["from"] = found.pop("from_")
        return found


class ClockShape(Shape):
    kind = Code()
    variant = Code(allow_blank=True)
    status = serializers.ChoiceField(choices=Clock.Status.choices)
    started_at = Instant()
    target_at = Instant(allow_null=True)
    due_at = Instant()
    stopped_at = Instant(allow_null=True)
    breached_at = Instant(allow_null=True)
    paused_for = Code(allow_blank=True)
    paused_label = Code(allow_blank=True)


class ClockInFull(ClockShape):
    """A clock with the steps of its arithmetic, as codes."""

    steps = serializers.ListField(child=serializers.DictField())


class ReturnShape(Shape):
    address = serializers.DictField()
    instructions = Code(allow_blank=True)
    requested_at = Instant()
    carrier = Code(allow_blank=True)
    waybill = Code(allow_blank=True)
    shipped_at = Instant(allow_null=True)
    carrier_signed_at = Instant(allow_null=True)
    received_at = Instant(allow_null=True)
    condition = Code(allow_blank=True)
    condition_label = Code(allow_blank=True)
    note = Code(allow_blank=True)
    closed_at = Instant(allow_null=True)


class ClauseShape(Shape):
    code = Code()
    version = serializers.IntegerField()
    source = Code()  # type: ignore[assignment]
    document = Code()
    summary = Code()
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)


class RulingShape(Shape):
    """Parties read a ruling once it is issued; `author` is for staff only."""

    outcome = Code()
    outcome_label = Code()
    reason = Code()
    reason_label = Code()
    facts = Code()
    reasoning = Code()
    liability = serializers.DictField(child=serializers.IntegerField())
    remedies = serializers.ListField(child=serializers.DictField())
    citations = ClauseShape(many=True)
    status = Code()
    on_appeal = serializers.BooleanField()
    created_at = Instant()
    issued_at = Instant(allow_null=True)
    author = Code(required=False)


class AppealShape(Shape):
    by = Code()
    grounds = Code()
    grounds_label = Code()
    text = Code()
    status = Code()
    filed_at = Instant()
    decided_at = Instant(allow_null=True)
    reasons = Code(allow_blank=True)


class ObligationShape(Shape):
    remedy = Code()
    remedy_label = Code()
    amount = MoneyShape()
    status = Code()
    done_by = Code(allow_blank=True)
    proof = Code(allow_blank=True)
    created_at = Instant()
    done_at = Instant(allow_null=True)


class PaymentShape(Shape):
    amount = MoneyShape()
    currency = Code()
    source = Code()  # type: ignore[assignment]
    at = Instant()


class RefundShape(Shape):
    """Where the consumer's money stands."""

    status = serializers.ChoiceField(choices=["none", "pending", "paid"])
    pending = MoneyShape()
    paid = MoneyShape()
    currency = Code()


class RatingShape(Shape):
    target = Code()
    score = serializers.IntegerField()
    text = Code(allow_blank=True)
    closing = serializers.IntegerField()
    at = Instant()


class ReferralShape(Shape):
    """Another body that the consumer can turn to, and why the platform could not help."""

    body = Code()
    body_label = Code()
    reason = Code(allow_blank=True)
    at = Instant()


class WarningShape(Shape):
    code = Code()
    detail = Code()


class CaseFile(CaseRow):
    """A case in full, as the reader may know it."""

    description = Code()
    defect_location = Code(allow_blank=True)
    demand_text = Code(allow_blank=True)
    channel = Code()
    no_order_reason = Code(allow_blank=True)
    evidence_waiver = Code(allow_blank=True)
    received_goods = serializers.BooleanField(allow_null=True)
    goods_used = serializers.BooleanField(allow_null=True)
    reopened_count = serializers.IntegerField()
    acknowledged_at = Instant(allow_null=True)
    first_response_at = Instant(allow_null=True)
    seller_contacted_at = Instant(allow_null=True)
    intervention_at = Instant(allow_null=True)
    ruled_at = Instant(allow_null=True)
    resolved_at = Instant(allow_null=True)
    original_filed_at = Instant(allow_null=True)
    complexity = Code()
    parent = Code(allow_null=True)  # type: ignore[assignment]
    filed_by = Code(allow_null=True)
    order = OrderCopy(allow_null=True)
    claim = ClaimShape(allow_null=True)
    claims = ClaimShape(many=True)
    escalation = Escalation()
    blocked_actions = BlockedAction(many=True)
    clocks = ClockShape(many=True)
    offers = OfferShape(many=True)
    open_offer = OfferShape(allow_null=True)
    return_ = ReturnShape(allow_null=True)
    ruling = RulingShape(allow_null=True)
    appeals = AppealShape(many=True)
    obligations = ObligationShape(many=True)
    payments = PaymentShape(many=True)
    refund = RefundShape()
    ratings = RatingShape(many=True)
    referrals = ReferralShape(many=True)
    filing_until = Instant(allow_null=True)
    warnings = WarningShape(many=True)

    def get_fields(self) -> dict[str, Any]:
        """`return` cannot be a name in a class body."""
        found = super().get_fields()
        found["return"] = found.pop("return_")
        return found
