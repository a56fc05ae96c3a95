"""After-sales service: a shop without manners. Contact and ruling, and never a return (F3; R3-50 to R3-52)."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.evidence import samples
from tests.journeys.journey import CONTACT, Journey, Town
from tests.journeys.rulings import for_the_buyer

RUDE: dict[str, Any] = {
    "type": "after_sales_service", "subtype": "bad_attitude", "description": "客服辱骂", "contact": CONTACT,
    "remedy": "apology", "demand_text": "要求书面道歉",
}  # fmt: skip


def is_filed_with_the_chat(town: Town) -> Journey:
    """The chat log is mandatory: a draft, the file, then the complaint."""
    number = town.order().number
    refused = town.asks(town.buyer, "post", "cases/", {**RUDE, "order_number": number}).json()
    assert (refused["code"], refused["missing"]) == ("evidence_missing", ["chat_log"])
    back = town.asks(town.buyer, "post", "cases/", {**RUDE, "order_number": number, "remedy": "return_refund"}).json()
    assert back["code"] == "remedy_out_of_scope" and "return_refund" not in back["remedies"]
    draft = town.asks(town.buyer, "post", "cases/", {**RUDE, "order_number": number, "submit": False}).json()
    shop = Journey(town, draft["reference"])
    shop.stands("intake / draft", "consumer: submit until 11-16 10:00, else None", buyer="submit", seller=None)
    form = {"file": SimpleUploadedFile("聊天.txt", samples.TXT), "slot": "chat_log", "kind": "chat_log"}
    kept = town.asks(town.buyer, "post", f"{shop.path}evidence/", {**form, "submit": "true"}, format="multipart")
    assert kept.status_code == 201, kept.content.decode()
    shop.does(town.buyer, "submit")
    return shop


def goes_to_the_platform(shop: Journey) -> None:
    town = shop.town
    shop.stands(
        "contact_seller / awaiting_seller", "seller: answer_claim until 11-04 10:00, else seller_timeout",
        buyer="offer propose_terms urge withdraw", seller="agree offer propose_terms refuse",
        clocks="seller_response 11-04 10:00, initial_response 11-06 00:00, resolution 11-12 00:00",
        told=("case.submitted case.admitted", "case.admitted"),
    )  # fmt: skip
    town.comes_to("11-03 09:59")
    shop.cannot(town.buyer, "escalate", 409, "too_early_to_escalate", reason="seller_no_response")
    town.comes_to("11-03 10:00")
    shop.does_on_second_sight(town.buyer, "escalate", reason="seller_no_response")
    shop.stands(
        "platform_intervention / intervention_requested",
        "platform: accept_intervention until 11-05 00:00, else acceptance_timeout",
        buyer="ask_recusal propose_terms urge withdraw", seller="ask_recusal concede propose_terms",
        clocks="initial_response 11-06 00:00, resolution 11-12 00:00, review_opinion 11-07 00:00, "
        "review_resolution 11-13 00:00",
        says=["Consumer asked the platform to step in: The seller does not answer.", "A handler was assigned."],
        told=("", "case.escalated"),
    )  # fmt: skip


def is_ruled_on(shop: Journey) -> None:
    town = shop.town
    shop.does(shop.handler, "accept_intervention", opinion="商家应当先答复")
    ruling = for_the_buyer(
        reason="promise_breached", citations=["cpl-24"],
        remedies=[{"remedy": "apology"}, {"remedy": "compensation", "amount": "20.00"}],
    )  # fmt: skip
    shop.cannot(shop.handler, "issue_ruling", 409, "seller_not_heard", **ruling)
    shop.does(town.seller, "post_message", text="客服已被批评")
    goods = [{"remedy": "return_refund", "amount": "20.00"}]
    shop.cannot(shop.handler, "issue_ruling", 422, "remedy_out_of_scope", **{**ruling, "remedies": goods})
    town.comes_to("11-04 10:00")
    shop.does(shop.handler, "issue_ruling", **ruling)
    shop.stands(
        "platform_intervention / ruled", "both: accept_or_appeal until 11-11 10:00, else carry_out",
        buyer="accept_ruling appeal urge", seller="accept_ruling appeal concede",
        clocks="appeal_window 11-11 10:00",
        says=["The handler took the case and gave a first opinion.", "The platform ruled."],
        told=("case.intervention_accepted message.posted ruling.issued", "case.intervention_accepted ruling.issued"),
    )  # fmt: skip
    shop.is_swept(at="11-11 10:00")


@pytest.mark.promise("R3-51", "R3-52", "R1-14", "R2-39", "R1-05")
def test_a_rude_shop_apologises_and_pays_and_nothing_is_sent_back(town: Town) -> None:
    shop = is_filed_with_the_chat(town)
    goes_to_the_platform(shop)
    is_ruled_on(shop)
    shop.stands(
        "platform_intervention / executing", "seller: perform until 11-12 10:00, else execution_timeout",
        buyer="urge", seller="perform_obligations", clocks="execution 11-12 10:00",
        says=["The ruling is final."], told=("clock.warned ruling.final", "clock.warned ruling.final"),
    )  # fmt: skip
    shop.cannot(town.seller, "perform_obligations", 422, "proof_missing")
    shop.does(town.seller, "perform_obligations", proof="道歉信已寄出 EMS1")
    shop.stands(
        "closed / resolved", "nobody: none", buyer="rate reopen", seller="rate",
        says=["20.00 was paid to the consumer.", "What was ordered is being done."],
        told=("money.paid execution.performed", ""),
    )  # fmt: skip
    file = shop.ends(
        outcome="buyer_favour, promise_breached",
        clocks="seller_response cancelled, initial_response met, resolution met, review_opinion met, "
        "review_resolution met, appeal_window breached, execution met",
    )
    assert (file["return"], file["refund"]["paid"]) == (None, "20.00")
    passed = {row["to_status"] for row in town.reads(town.supervisor, f"{shop.path}timeline/?page_size=100")["results"]}
    assert not passed & {"awaiting_return", "return_in_transit"}
