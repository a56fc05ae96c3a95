"""The body of every action that a person may take: one serializer each, strict, over the move's own arguments.

What is missing here has no address: the system's moves, and what only our own code performs.
"""

from __future__ import annotations

from rest_framework import serializers

from casemgmt.rest.serializers import StrictSerializer
from disputes import states
from disputes.api.fields import ActionInput, MaySayInput, MoneyField, SaysInput, maybe_words, words
from disputes.api.hearing_inputs import (
    AppealInput,
    AssignInput,
    BodiesInput,
    DecideAppealInput,
    DecideRecusalInput,
    DeclineInterventionInput,
    DocumentInput,
    ExtendEvidenceInput,
    ExtendPromiseInput,
    FailedInput,
    HoldInput,
    MayNoteInput,
    MergeInput,
    NoRulingInput,
    NoteInput,
    OpenEvidenceInput,
    OpinionInput,
    ReassignInput,
    RecusalInput,
    ReopenInput,
    RulingInput,
    SuspendInput,
)
from disputes.models import ContactLog, Message, Rating


class SubmitInput(ActionInput):
    read_back = serializers.BooleanField(
        required=False, help_text="Whoever files for a consumer: it was read back to them, and they agreed."
    )


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
    call_back_at = serializers.DateTimeField(
        required=False, help_text="Until when we promise to call that side back: within the next 30 days."
    )


class RateInput(ActionInput):
    target = serializers.ChoiceField(choices=Rating.Target.choices)
    score = serializers.IntegerField(min_value=1, max_value=5)
    text = maybe_words(1000)


INPUTS: dict[str, type[ActionInput]] = {
    "submit": SubmitInput, "link_order": LinkOrderInput, "request_info": SaysInput, "provide_info": SaysInput,
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
