"""The bodies of what the platform's people do: hearing, ruling, appeals, oversight."""

from __future__ import annotations

from rest_framework import serializers

from casemgmt.rest.serializers import StrictSerializer
from disputes import states
from disputes.api.fields import (
    ActionInput,
    MaySayInput,
    MoneyField,
    PersonField,
    SaysInput,
    VisibleCaseField,
    maybe_words,
    words,
)
from evidence.slots import Party as EvidenceParty
from evidence.slots import Slot

PROMISES = ("initial_response", "resolution", "review_opinion", "review_resolution")


class OpinionInput(ActionInput):
    opinion = words()


class DeclineInterventionInput(SaysInput):
    reason = serializers.ChoiceField(choices=states.RejectReason.choices)
    back_to_seller = serializers.BooleanField(required=False)


class EvidenceWanted(StrictSerializer):
    party = serializers.ChoiceField(choices=[EvidenceParty.CONSUMER.value, EvidenceParty.SELLER.value])
    slot = serializers.ChoiceField(choices=Slot.choices)
    mandatory = serializers.BooleanField(required=False)
    text = maybe_words()


class OpenEvidenceInput(ActionInput):
    requests = EvidenceWanted(many=True, max_length=40)  # type: ignore[call-arg]
    hours = serializers.IntegerField(min_value=1, max_value=10_000, required=False)


class ExtendEvidenceInput(MaySayInput):
    hours = serializers.IntegerField(min_value=1, max_value=10_000)


class NoRulingInput(SaysInput):
    reason = serializers.ChoiceField(choices=states.OutcomeReason.choices)


class BodiesInput(MaySayInput):
    bodies = serializers.ListField(
        child=serializers.ChoiceField(choices=states.ExternalBody.choices), min_length=1, max_length=10
    )


class FailedInput(BodiesInput):
    text = words()


class SuspendInput(SaysInput):
    reason = serializers.ChoiceField(choices=states.SuspendReason.choices)


class DocumentInput(ActionInput):
    document = words(200)


class RecusalInput(ActionInput):
    reason = words(1000)


class DecideRecusalInput(MaySayInput):
    granted = serializers.BooleanField()


class RemedyInput(StrictSerializer):
    remedy = serializers.ChoiceField(choices=states.Remedy.choices)
    amount = MoneyField(required=False)


class LiabilityInput(StrictSerializer):
    """Shares in percent."""

    consumer = serializers.IntegerField(min_value=0, max_value=100, required=False)
    seller = serializers.IntegerField(min_value=0, max_value=100, required=False)
    carrier = serializers.IntegerField(min_value=0, max_value=100, required=False)
    platform = serializers.IntegerField(min_value=0, max_value=100, required=False)


class RulingBody(StrictSerializer):
    """A ruling of a person: facts, reasons, clauses in force, shares of liability, remedies."""

    outcome = serializers.ChoiceField(choices=states.Outcome.choices)
    reason = serializers.ChoiceField(choices=states.OutcomeReason.choices)
    facts = words(20_000)
    reasoning = words(20_000)
    citations = serializers.ListField(child=words(64), max_length=50)
    liability = LiabilityInput()
    remedies = RemedyInput(many=True, max_length=20)  # type: ignore[call-arg]


class RulingInput(ActionInput, RulingBody):
    pass


class MayNoteInput(ActionInput):
    note = maybe_words(1000)


class NoteInput(ActionInput):
    note = words(1000)


class AppealInput(SaysInput):
    grounds = serializers.ChoiceField(choices=states.AppealGround.choices)


class DecideAppealInput(ActionInput):
    decision = serializers.ChoiceField(choices=["upheld", "changed", "sent_back", "rejected", "allowed"])
    reasons = words(20_000)
    ruling = RulingBody(required=False)


class AssignInput(ActionInput):
    handler = PersonField(source="handler_id", required=False, help_text="A username; else drawn.")


class ReassignInput(AssignInput):
    reason = words(300)


class ReopenInput(SaysInput):
    to_seller = serializers.BooleanField(required=False)


class MergeInput(ActionInput):
    into = VisibleCaseField()


class HoldInput(ActionInput):
    reason = words(100)


class ExtendPromiseInput(ActionInput):
    kind = serializers.ChoiceField(choices=PROMISES)
    days = serializers.IntegerField(min_value=1, max_value=1000)
    reason = words(500)
