"""Quality, refused by the seller: intervention, evidence, ruling, execution (F1; R3-22)."""

from typing import Any

import pytest

from tests.evidence import samples
from tests.journeys.journey import Journey, Town
from tests.journeys.rulings import for_the_buyer


def is_refused_and_escalated(town: Town) -> Journey:
    cup = town.complains()
    cup.stands(
        "contact_seller / awaiting_seller", "seller: answer_claim until 11-04 10:00, else seller_timeout",
        buyer="offer propose_terms urge withdraw", seller="agree offer refuse propose_terms",
        clocks="seller_response 11-04 10:00, initial_response 11-06 00:00, resolution 11-12 00:00",
        told=("case.submitted case.admitted", "case.admitted"),
    )  # fmt: skip
    town.comes_to("11-02 14:00")
    cup.does(town.seller, "refuse", reason="goods_fine", text="发货前检查过,完好")
    cup.stands(
        "contact_seller / seller_refused", "consumer: revise_or_escalate until 11-07 14:00, else escalate_timeout",
        buyer="escalate propose_terms revise_claim urge withdraw", seller="escalate propose_terms",
        clocks="buyer_escalate 11-07 14:00, resolution 11-12 00:00 (awaiting_buyer)",
        says=["The seller refused: The goods are fine."], told=("case.refused", ""),
    )  # fmt: skip
    town.comes_to("11-03 10:00")
    cup.does_on_second_sight(town.buyer, "escalate", reason="seller_refused", text="杯子收到就是碎的")
    cup.stands(
        "platform_intervention / intervention_requested",
        "platform: accept_intervention until 11-05 00:00, else acceptance_timeout",
        buyer="ask_recusal propose_terms urge withdraw", seller="ask_recusal concede propose_terms",
        clocks="resolution 11-12 00:00, review_opinion 11-07 00:00, review_resolution 11-13 00:00",
        says=["Consumer asked the platform to step in: The seller refused.", "A handler was assigned."],
        told=("", "case.escalated"),
    )  # fmt: skip
    return cup


def is_taken_up(cup: Journey) -> None:
    town = cup.town
    town.comes_to("11-03 15:00")
    cup.does(cup.handler, "accept_intervention", opinion="请双方举证,三日内答复")
    cup.stands(
        "platform_intervention / under_review", "platform: rule until 11-13 00:00, else report_to_supervisor",
        buyer="ask_recusal propose_terms urge withdraw", seller="ask_recusal concede propose_terms",
        clocks="resolution 11-12 00:00, review_resolution 11-13 00:00",
        says=["The handler took the case and gave a first opinion."],
        told=("case.intervention_accepted", "case.intervention_accepted"),
    )  # fmt: skip
    town.comes_to("11-04 10:00")
    asked = [
        {"party": "consumer", "slot": "unboxing_video", "mandatory": True, "text": "开箱视频"},
        {"party": "seller", "slot": "dispatch_proof", "mandatory": True, "text": "发货凭证"},
    ]
    cup.does_on_second_sight(cup.handler, "open_evidence", requests=asked)
    cup.stands(
        "platform_intervention / evidence_period", "both: give_evidence until 11-07 10:00, else close_evidence",
        buyer="ask_recusal extend_evidence propose_terms urge withdraw",
        seller="ask_recusal concede extend_evidence propose_terms",
        clocks="evidence 11-07 10:00, resolution 11-12 00:00, review_resolution 11-13 00:00",
        says=["Evidence was asked for."], told=("case.evidence_opened", "case.evidence_opened"),
    )  # fmt: skip


def is_proven(cup: Journey) -> None:
    """Both hand in what they were asked for; each reads what the other gave."""
    town = cup.town
    cup.cannot(cup.handler, "close_evidence", 409, "evidence_outstanding")
    video = cup.hands_in(town.buyer, "unboxing_video", "video", name="开箱.mp4", content=samples.MP4, mime="video/mp4")
    proof: dict[str, Any] = {"name": "发货.pdf", "content": samples.PDF, "mime": "application/pdf"}
    cup.hands_in(town.seller, "dispatch_proof", "document", **proof)
    wanted = town.reads(town.buyer, f"{cup.path}evidence-requests/")["results"]
    assert sorted((row["party"], row["status"], row["submissions"]) for row in wanted) == [
        ("consumer", "submitted", 1), ("seller", "submitted", 1),
    ]  # fmt: skip
    opened = town.asks(town.seller, "get", f"evidence/{video['id']}/content/")
    assert (opened.status_code, b"".join(opened.streaming_content)) == (200, samples.MP4)
    town.comes_to("11-05 10:00")
    cup.does(cup.handler, "close_evidence")
    cup.stands(
        "platform_intervention / under_review", "platform: rule until 11-13 00:00, else report_to_supervisor",
        buyer="ask_recusal propose_terms urge withdraw", seller="ask_recusal concede propose_terms",
        clocks="resolution 11-12 00:00, review_resolution 11-13 00:00",
        says=["An exhibit was handed in.", "An exhibit was handed in.", "The evidence period ended."],
        told=("evidence.submitted case.evidence_closed", "evidence.submitted case.evidence_closed"),
    )  # fmt: skip
    seen = town.reads(cup.handler, f"{cup.path}timeline/?page_size=100")["results"]
    assert "evidence.viewed" in [row["code"] for row in seen]


def is_ruled_and_accepted(cup: Journey) -> None:
    town = cup.town
    cup.cannot(cup.handler, "issue_ruling", 422, "clause_missing", **{**for_the_buyer(), "citations": ["no-such-1"]})
    cup.does(cup.handler, "issue_ruling", **for_the_buyer())
    cup.stands(
        "platform_intervention / ruled", "both: accept_or_appeal until 11-12 10:00, else carry_out",
        buyer="accept_ruling appeal urge", seller="accept_ruling appeal concede",
        clocks="appeal_window 11-12 10:00",
        says=["The platform ruled."], told=("ruling.issued", "ruling.issued"),
    )  # fmt: skip
    shown = cup.read(town.seller)["ruling"]
    assert [clause["code"] for clause in shown["citations"]] == ["cpl-24"] and "author" not in shown
    cup.cannot(town.buyer, "withdraw", 409, "wrong_state", confirm=True)
    cup.does(town.buyer, "accept_ruling")
    cup.cannot(town.buyer, "accept_ruling", 409, "already_accepted")
    cup.does(town.seller, "accept_ruling")
    cup.stands(
        "platform_intervention / executing", "seller: perform until 11-06 10:00, else execution_timeout",
        buyer="appeal urge", seller="appeal perform_obligations",
        clocks="execution 11-06 10:00",
        says=["The ruling was accepted.", "The ruling was accepted.", "The ruling is final."],
        told=("ruling.accepted ruling.final", "ruling.accepted ruling.final"),
    )  # fmt: skip


@pytest.mark.promise("R3-22", "R1-05", "R1-20", "R2-18", "R2-03", "R2-24", "R2-29", "R1-12")
def test_the_platform_rules_on_a_refused_cup_and_the_seller_pays(town: Town) -> None:
    cup = is_refused_and_escalated(town)
    is_taken_up(cup)
    is_proven(cup)
    is_ruled_and_accepted(cup)
    town.comes_to("11-05 16:00")
    cup.does(town.seller, "perform_obligations")
    cup.stands(
        "closed / resolved", "nobody: none", buyer="rate reopen", seller="rate",
        says=["110.00 was paid to the consumer.", "What was ordered is being done."],
        told=("money.paid execution.performed", ""),
    )  # fmt: skip
    file = cup.ends(
        outcome="buyer_favour, defect_proven",
        clocks="seller_response met, initial_response met, buyer_escalate met, resolution met, review_opinion met, "
        "review_resolution met, evidence met, appeal_window met, execution met",
    )
    assert file["refund"]["paid"] == "110.00"
