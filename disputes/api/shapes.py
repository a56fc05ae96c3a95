"""The shapes of the answers, for the API's description. `disputes.casefile` makes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from disputes import states
from disputes.taxonomy import Flow, Subtype, Type

Code = serializers.CharField
Instant = serializers.DateTimeField


class Shape(serializers.Serializer[Any]):
    """Read-only; every field is always there."""


class MoneyShape(serializers.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)


class NextAction(Shape):
    """Whose turn it is, what they do, until when, and what happens if they do not."""

    party = serializers.ChoiceField(choices=states.Party.choices)
    activity = Code()
    due_at = Instant(allow_null=True)
    on_timeout = Code(allow_null=True)


class OutcomeShape(Shape):
    code = serializers.ChoiceField(choices=states.Outcome.choices)
    label = Code()  # type: ignore[assignment]
    reason = Code(allow_blank=True)
    reason_label = Code(allow_blank=True)


class Consumer(Shape):
    """`contact` is null for sellers, who see a first letter of the name."""

    name = Code()
    contact = Code(allow_null=True)


class Seller(Shape):
    key = Code()
    name = Code()


class Handler(Shape):
    name = Code()
    username = Code(allow_null=True, help_text="For staff only.")


class CaseRow(Shape):
    """A case as one line of a list."""

    reference = Code()
    kind = serializers.ChoiceField(choices=states.Kind.choices)
    type = serializers.ChoiceField(choices=Type.choices)
    subtype = serializers.ChoiceField(choices=Subtype.choices)
    flow = serializers.ChoiceField(choices=Flow.choices)
    stage = serializers.ChoiceField(choices=states.Stage.choices)
    status = serializers.ChoiceField(choices=states.Status.choices)
    labels = serializers.DictField(child=Code(), help_text="The codes beside it in the reader's language.")
    outcome = OutcomeShape(allow_null=True)
    priority = serializers.ChoiceField(choices=states.Priority.choices)
    flags = serializers.ListField(child=serializers.ChoiceField(choices=states.Flag.choices))
    version = serializers.IntegerField()
    next_action = NextAction()
    order_number = Code(allow_blank=True)
    consumer = Consumer()
    seller = Seller(allow_null=True)
    handler = Handler(allow_null=True)
    remedy = Code(allow_blank=True, help_text="What was agreed or ruled, else what is demanded.")
    repeat_count = serializers.IntegerField()
    urged_at = Instant(allow_null=True)
    created_at = Instant()
    submitted_at = Instant(allow_null=True)
    closed_at = Instant(allow_null=True)
    allowed_actions = serializers.ListField(child=Code())
