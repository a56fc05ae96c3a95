"""The words of the screens: what each action is called and does, what a field asks, what a status asks of whom."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Verb(NamedTuple):
    """An action on a button, and what it leads to."""

    name: Any
    says: Any = ""


_SURE = _("This cannot be undone.")
VERBS: dict[str, Verb] = {
    "submit": Verb(_("Submit the complaint"), _("The seller or the platform is told at once and the deadlines begin.")),
    "link_order": Verb(_("Link the order"), _("With its order the complaint goes on faster.")),
    "request_info": Verb(_("Ask for information"), _("The consumer is asked; our promises stand still meanwhile.")),
    "provide_info": Verb(_("Give the information")),
    "give_initial_opinion": Verb(_("Give a first opinion"), _("The consumer and the seller read it.")),
    "reject_intake": Verb(_("Do not admit"), _("The consumer is told why, and can appeal.")),
    "admit": Verb(_("Admit"), _("The complaint goes to the seller, the carrier or the platform.")),
    "carrier_result": Verb(_("Record the carrier's answer")),
    "agree": Verb(_("Grant the demand"), _("You do what the consumer asks for, as it stands.")),
    "offer": Verb(_("Make an offer"), _("The other side can accept or decline it.")),
    "refuse": Verb(_("Refuse"), _("Say why. The consumer can ask the platform to step in.")),
    "accept_offer": Verb(_("Accept the offer"), _("Both sides are bound by it.")),
    "decline_offer": Verb(_("Decline the offer")),
    "revise_claim": Verb(_("Change the demand")),
    "escalate": Verb(_("Ask the platform to step in"), _("A handler hears both sides and decides.")),
    "ship_return": Verb(_("Send the goods back"), _("Keep the receipt of the parcel until the case is closed.")),
    "record_return_signed": Verb(_("Record that the return was signed for")),
    "confirm_receipt": Verb(_("The return has arrived in order"), _("What was agreed is due next.")),
    "contest_return": Verb(_("Contest the return"), _("The platform looks at it. Attach photos as evidence.")),
    "fulfil": Verb(_("We have done our part"), _("The consumer is asked to confirm.")),
    "record_reshipment_signed": Verb(_("Record that the new parcel was signed for")),
    "buyer_confirm": Verb(_("Confirm: it is settled"), _("The complaint is closed.")),
    "reject_fulfilment": Verb(_("It is not settled"), _("Say what is missing.")),
    "propose_settlement": Verb(_("Propose a settlement"), _("Both sides can accept it.")),
    "end_mediation": Verb(_("End the mediation")),
    "propose_terms": Verb(_("Propose terms")),
    "accept_terms": Verb(_("Accept the terms"), _("Once both sides have accepted, they bind.")),
    "concede": Verb(_("Grant the demand after all")),
    "withdraw": Verb(_("Withdraw the complaint"), _SURE),
    "post_message": Verb(_("Write a message")),
    "log_contact": Verb(_("Log a call or contact")),
    "urge": Verb(_("Urge"), _("We are told that you are waiting. Once in a while is enough.")),
    "rate": Verb(_("Rate"), _("How was this complaint handled?")),
    "accept_intervention": Verb(_("Take the case, with a first opinion"), _("Both sides read your opinion.")),
    "decline_intervention": Verb(_("Decline to step in")),
    "open_evidence": Verb(_("Ask for evidence"), _("The sides get a list of what is missing, and a deadline.")),
    "extend_evidence": Verb(_("Give more time for evidence")),
    "close_evidence": Verb(_("Close the evidence period")),
    "propose_no_ruling": Verb(_("Propose that no ruling is possible")),
    "no_ruling": Verb(_("Refer to an outside body")),
    "suspend": Verb(_("Suspend the case")),
    "document_stay": Verb(_("Record the document of the stay")),
    "resume": Verb(_("Let the case go on")),
    "ask_recusal": Verb(_("Ask for another handler")),
    "decide_recusal": Verb(_("Decide on the recusal")),
    "issue_ruling": Verb(_("Rule"), _("Both sides read the facts, the reasons and what follows from them.")),
    "approve_ruling": Verb(_("Approve the ruling"), _("It is issued to both sides at once.")),
    "return_ruling": Verb(_("Send the draft back")),
    "accept_ruling": Verb(_("Accept the ruling")),
    "appeal": Verb(_("Appeal"), _("Another person looks at the case anew.")),
    "withdraw_appeal": Verb(_("Withdraw the appeal")),
    "decide_appeal": Verb(_("Decide the appeal")),
    "perform_obligations": Verb(_("We have carried it out")),
    "execution_failed": Verb(_("Record that execution failed")),
    "assign": Verb(_("Assign")),
    "reassign": Verb(_("Give to another handler")),
    "reopen": Verb(_("Reopen")),
    "merge": Verb(_("Merge into another case")),
    "hold_promises": Verb(_("Pause our promises"), _("The reason is told to both sides.")),
    "release_promises": Verb(_("Let our promises run again")),
    "extend_promise": Verb(_("Extend a promise"), _("The reason is told to both sides.")),
}
# Not a matter of course: shown last, and apart.
GRAVE = frozenset({"withdraw", "reject_intake", "decline_intervention", "no_ruling", "propose_no_ruling", "merge",
                   "execution_failed", "withdraw_appeal", "return_ruling", "end_mediation"})  # fmt: skip

# What the next step asks for → the action that does it: the first button of whoever's turn it is.
MAIN: dict[str, str] = {
    "submit": "submit", "admit": "admit", "provide_info": "provide_info", "carrier_result": "carrier_result",
    "answer_claim": "agree", "answer_offer": "accept_offer", "revise_or_escalate": "escalate",
    "ship_return": "ship_return", "confirm_receipt": "confirm_receipt", "fulfil": "fulfil",
    "buyer_confirm": "buyer_confirm", "assign": "assign", "accept_intervention": "accept_intervention",
    "rule": "issue_ruling", "answer_proposal": "accept_terms", "resume": "resume", "approve_ruling": "approve_ruling",
    "accept_or_appeal": "accept_ruling", "decide_appeal": "decide_appeal", "perform": "perform_obligations",
}  # fmt: skip

FIELDS: dict[str, Any] = {
    "text": _("In your words"), "reason": _("Reason"), "remedy": _("Remedy"), "amount": _("Amount"),
    "terms_text": _("Terms"), "instructions": _("Instructions for the return"), "carrier": _("Carrier"),
    "waybill": _("Waybill number"), "signed_at": _("Signed for at"), "condition": _("Condition of the goods"),
    "proof": _("Proof, such as a waybill or refund number"), "confirm": _("Yes, I am sure"),
    "thread": _("Who reads it"),
    "channel": _("Channel"), "direction": _("Direction"), "summary": _("What was said"),
    "opinion": _("First opinion"), "call_back_at": _("We call back by"),
    "with_party": _("With whom"), "target": _("What you rate"), "score": _("Score"),
    "route": _("Where it goes next"), "result": _("What the carrier says"),
    "to_platform": _("Let the platform step in"),
    "back_to_seller": _("Back to the seller"), "hours": _("Hours"), "bodies": _("Outside bodies"),
    "document": pgettext_lazy("stay", "Document"), "granted": _("Granted"), "outcome": _("Outcome"),
    "facts": _("Facts found"),
    "reasoning": _("Reasons"), "citations": _("Clauses cited"), "note": _("Note"), "grounds": _("Grounds"),
    "decision": _("Decision"), "reasons": _("Reasons"), "handler": _("Handler"), "to_seller": _("To the seller"),
    "into": _("Number of the other case"), "kind": _("Promise"), "days": _("Days"), "order_number": _("Order number"),
    "recipient": _("Recipient"), "phone": _("Phone"), "line": _("Street and number"), "region": _("Region"),
    "mainland": _("In the mainland"), "party": _("Side"), "slot": _("What is asked for"), "mandatory": _("Mandatory"),
    "consumer": _("Consumer"), "seller": _("Seller"), "platform": _("Platform"),
    "liability": _("Shares of liability (%)"),
    "remedies": _("Remedies"), "requests": _("What is asked for"), "address": _("Return address"),
    "ruling": _("New ruling"),
    "type": _("Kind of problem"), "subtype": _("What is wrong"), "description": _("What happened"),
    "contact": _("Phone or e-mail"), "demand_text": _("More on what you want"),
    "defect_location": _("Where the defect is"),
    "no_order_reason": _("Why there is no order number"), "evidence_waiver": _("Why you cannot attach evidence"),
    "received_goods": _("Have you received the goods?"), "goods_used": _("Have the goods been used?"),
    "parent": _("The case you complain about"),
    "read_back": _("I have read this back to the consumer, and they agree that it is filed so."),
}  # fmt: skip

# What the status asks, said to the side whose turn it is; and what happens when it is silent.
ACTIVITIES: dict[str, Any] = {
    "submit": _("Complete your complaint and submit it"), "admit": _("The platform looks at the complaint"),
    "provide_info": _("Give the information you were asked for"),
    "carrier_result": _("The carrier is asked where the parcel is"),
    "answer_claim": _("The seller answers the complaint"),
    "answer_offer": _("The offer is to be answered"),
    "revise_or_escalate": _("Change the demand, or ask the platform to step in"),
    "ship_return": _("The goods are to be sent back"), "confirm_receipt": _("The seller checks the returned goods"),
    "fulfil": _("The seller does what was agreed"), "buyer_confirm": _("Confirm that it is settled"),
    "assign": _("A handler is being found"), "accept_intervention": _("The handler takes the case"),
    "rule": _("The handler weighs the case and rules"), "give_evidence": _("Hand in the evidence that was asked for"),
    "answer_proposal": _("The settlement is to be answered"), "resume": _("The case is suspended"),
    "approve_ruling": _("A second person checks the ruling"), "accept_or_appeal": _("Accept the ruling, or appeal"),
    "decide_appeal": _("The appeal is being decided"), "perform": _("The ruling is to be carried out"),
    "none": _("Nothing is left to do"),
}  # fmt: skip
TIMEOUTS: dict[str, Any] = {
    "seller_timeout": _("If the seller is silent, the demand counts as granted."),
    "offer_timeout": _("Unanswered, the offer lapses and the complaint goes on."),
    "escalate_timeout": _("If nothing is done by then, the complaint lapses."),
    "return_timeout": _("If the goods are not sent back by then, the claim lapses."),
    "receipt_timeout": _("If the seller is silent, the return counts as received in order."),
    "fulfil_timeout": _("If the seller does nothing, the platform steps in."),
    "confirm_timeout": _("If nothing is said by then, the complaint counts as settled."),
    "carrier_timeout": _("If the carrier is silent, the seller bears the burden."),
    "assignment_timeout": _("If nobody is found by then, a supervisor is told."),
    "acceptance_timeout": _("If the handler is silent, another one is found."),
    "info_timeout": _("If nothing comes by then, we go on without it."),
    "close_evidence": _("After that we decide on what we have."),
    "end_mediation": _("Unanswered, the mediation ends and we rule."),
    "carry_out": _("Without an appeal, the ruling is final then."),
    "execution_timeout": _("If nothing is done by then, the platform carries it out."),
    "resume": _("If nothing is done by then, the case goes on."),
    "report_to_supervisor": _("If we miss it, a supervisor is told."),
}  # fmt: skip
CLOCKS: dict[str, Any] = {
    "initial_response": _("First opinion"), "resolution": _("End of the case"),
    "review_opinion": _("Handler's opinion"),
    "review_resolution": _("Ruling"), "seller_response": _("Seller's answer"), "offer": _("Answer to the offer"),
    "buyer_escalate": _("Consumer's next step"), "return_ship": _("Sending back"),
    "return_receipt": _("Check of the return"),
    "fulfil": _("Fulfilment"), "buyer_confirm": _("Confirmation"), "carrier_inquiry": _("Carrier's answer"),
    "info": _("Information"), "assignment": _("Assignment"), "intervention_accept": _("Taking the case"),
    "evidence": pgettext_lazy("deadline", "Evidence"), "mediation": pgettext_lazy("deadline", "Mediation"),
    "suspension": _("Suspension"), "approval": _("Approval"),
    "appeal_window": _("Time to appeal"), "appeal": _("Decision on the appeal"), "execution": _("Execution"),
    "acknowledge": _("Receipt"), "email_reply": _("E-mail reply"), "live_wait": _("Waiting in chat"),
}  # fmt: skip
THREADS: dict[str, Any] = {
    "parties": _("Both sides and the platform"), "buyer_platform": _("Consumer and platform"),
    "seller_platform": _("Seller and platform"), "internal": _("Internal: staff only"),
}  # fmt: skip
CODES: dict[str, dict[str, Any]] = {
    "route": {"seller": _("To the seller"), "carrier": _("To the carrier"), "platform": _("To the platform")},
    "with_party": {"consumer": _("Consumer"), "seller": _("Seller"), "carrier": _("Carrier")},
    "party": {"consumer": _("Consumer"), "seller": _("Seller")},
    "decision": {
        "upheld": _("The ruling stands"), "changed": _("The ruling is changed"),
        "sent_back": _("Back to a new handler"),
        "rejected": _("The complaint stays not admitted"), "allowed": _("The complaint is admitted"),
    },
    "kind": CLOCKS,
    "thread": THREADS,
}  # fmt: skip
