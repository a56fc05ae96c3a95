"""The body of every action that a person may take: one serializer each, strict, over the move's own arguments.

What is missing here has no address: the system's moves, and what only our own code performs.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from casemgmt import references
from casemgmt.accounts.models import User
from casemgmt.rest.serializers import StrictSerializer
from disputes import states
from disputes.models import Case, ContactLog, Message, Rating
from disputes.taxonomy import Type
from evidence.slots import Party as EvidenceParty
from evidence.slots import Slot

TEXT = 2000
PROMISES = ("initial_response", "resolution", "review_opinion", "review_resolution")


def words(longest: int = TEXT) -> serializers.CharField:
    return serializers.CharField(max_length=longest)


def maybe_words(longest: int = TEXT) -> serializers.CharField:
    return serializers.CharField(max_length=longest, allow_blank=True, required=False)


class MoneyField(serializers.DecimalField):
    """An amount of money, not below zero, in the order's currency."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, min_value=Decimal(0), **kwargs)


class PersonField(serializers.CharField):
    """A member of the staff, by username → id."""

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        name = super().to_internal_value(data)
        staff = User.objects.filter(username=name, role__in=("arbitrator", "supervisor"), is_active=True)
        found = staff.values_list("pk", flat=True).first()
        if found is None:
            raise serializers.ValidationError(_("Nobody of this name hears cases."), "unknown_person")
        return found


class VisibleCaseField(serializers.CharField):
    """Another case that the person may see, by its number → id."""

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        reference = references.parse(super().to_internal_value(data)) or ""
        seen = Case.objects.visible_to(self.context["request"].user).filter(reference=reference)
        found = seen.values_list("pk", flat=True).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such case, or it is not yours to see."), "case_not_found")
        return found


class ActionInput(StrictSerializer):
    """An action that needs nothing but, if one likes, the version of the case that was read."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False,
                                       help_text="The case's version as you read it; stale is 409.")  # fmt: skip


class SaysInput(ActionInput):
    text = words()


class MaySayInput(ActionInput):
    text = maybe_words()


class LinkOrderInput(ActionInput):
    order_number = words(64)


class RejectInput(SaysInput):
    reason = serializers.ChoiceField(choices=states.RejectReason.choices)


class AdmitInput(ActionInput):
    route = serializers.ChoiceField(choices=["seller", "carrier", "platform"], required=False)
    reason = maybe_words()


class AddressInput(StrictSerializer):
    recipient = words(100)
    phone = words(32)
    line = words(300)
    region = maybe_words(100)
    mainland = serializers.BooleanField(help_text="Returns go to addresses in the mainland only.")


class AgreeInput(ActionInput):
    address = AddressInput(required=False, help_text="Where the goods go back to; else the shop's own address.")
    instructions = maybe_words(1000)


class TermsInput(ActionInput):
    remedy = serializers.ChoiceField(choices=states.Remedy.choices)
    amount = MoneyField(required=False)
    terms_text = maybe_words()


class RefuseInput(SaysInput):
    reason = serializers.ChoiceField(choices=states.RefuseReason.choices)


class ReviseInput(ActionInput):
    remedy = serializers.ChoiceField(choices=states.Remedy.choices)
    amount = MoneyField(required=False)
    reason = maybe_words(500)


class EscalateInput(MaySayInput):
    reason = serializers.ChoiceField(choices=states.EscalateReason.choices)


class CarrierResultInput(ActionInput):
    result = serializers.ChoiceField(choices=states.CarrierResult.choices)
    text = words(1000)
    to_platform = serializers.BooleanField(required=False)


class ShipReturnInput(ActionInput):
    carrier = words(64)
    waybill = words(64)


class SignedInput(ActionInput):
    signed_at = serializers.DateTimeField()


class ContestInput(ActionInput):
    condition = serializers.ChoiceField(choices=states.ReturnCondition.choices)
    text = words(1000)


class ProofInput(ActionInput):
    proof = maybe_words(200)


class WithdrawInput(MaySayInput):
    confirm = serializers.BooleanField()


class MessageInput(ActionInput):
    text = words(4000)
    thread = serializers.ChoiceField(choices=Message.Thread.choices, required=False)


class ContactInput(ActionInput):
    channel = serializers.ChoiceField(choices=states.Channel.choices)
    direction = serializers.ChoiceField(choices=ContactLog.Direction.choices)
    summary = words()
    opinion = maybe_words()
    with_party = serializers.ChoiceField(choices=["consumer", "seller", "carrier"], required=False)


class RateInput(ActionInput):
    target = serializers.ChoiceField(choices=Rating.Target.choices)
    score = serializers.IntegerField(min_value=1, max_value=5)
    text = maybe_words(1000)


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
    handler = PersonField(source="handler_id", max_length=150, required=False, help_text="A username; else drawn.")


class ReassignInput(AssignInput):
    reason = words(300)


class ReopenInput(SaysInput):
    to_seller = serializers.BooleanField(required=False)


class MergeInput(ActionInput):
    into = VisibleCaseField(max_length=32)


class HoldInput(ActionInput):
    reason = words(100)


class ExtendPromiseInput(ActionInput):
    kind = serializers.ChoiceField(choices=PROMISES)
    days = serializers.IntegerField(min_value=1, max_value=1000)
    reason = words(500)


INPUTS: dict[str, type[ActionInput]] = {
    "submit": ActionInput, "link_order": LinkOrderInput, "request_info": SaysInput, "provide_info": SaysInput,
    "give_initial_opinion": SaysInput, "reject_intake": RejectInput, "admit": AdmitInput,
    "carrier_result": CarrierResultInput, "agree": AgreeInput, "offer": TermsInput, "refuse": RefuseInput,
    "accept_offer": ActionInput, "decline_offer": MaySayInput, "revise_claim": ReviseInput, "escalate": EscalateInput,
    "ship_return": ShipReturnInput, "record_return_signed": SignedInput, "confirm_receipt": ActionInput,
    "contest_return": ContestInput, "fulfil": ProofInput, "record_reshipment_signed": ActionInput,
    "buyer_confirm": ActionInput, "reject_fulfilment": SaysInput, "propose_settlement": TermsInput,
    "end_mediation": MaySayInput, "propose_terms": TermsInput, "accept_terms": ActionInput, "concede": ActionInput,
    "withdraw": WithdrawInput, "post_message": MessageInput, "log_contact": ContactInput, "urge": MaySayInput,
    "rate": RateInput, "accept_intervention": OpinionInput, "decline_intervention": DeclineInterventionInput,
    "open_evidence": OpenEvidenceInput, "extend_evidence": ExtendEvidenceInput, "close_evidence": ActionInput,
    "propose_no_ruling": NoRulingInput, "no_ruling": BodiesInput, "suspend": SuspendInput,
    "document_stay": DocumentInput, "resume": ActionInput, "ask_recusal": RecusalInput,
    "decide_recusal": DecideRecusalInput, "issue_ruling": RulingInput, "approve_ruling": MayNoteInput,
    "return_ruling": NoteInput, "accept_ruling": ActionInput, "appeal": AppealInput, "withdraw_appeal": ActionInput,
    "decide_appeal": DecideAppealInput, "perform_obligations": ProofInput, "execution_failed": FailedInput,
    "assign": AssignInput, "reassign": ReassignInput, "reopen": ReopenInput, "merge": MergeInput,
    "hold_promises": HoldInput, "release_promises": ActionInput, "extend_promise": ExtendPromiseInput,
}  # fmt: skip


class ComplaintInput(StrictSerializer):
    """What a complaint says. Everything beyond type, subtype, description and remedy can follow in a draft."""

    type = serializers.ChoiceField(choices=Type.choices)
    subtype = words(24)
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
    parent = VisibleCaseField(max_length=32, required=False, help_text="The case whose handling is complained about.")
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
