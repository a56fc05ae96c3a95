"""Reading and acting over HTTP: versions, refusals with a way out, who sees what."""

from __future__ import annotations

from typing import Any

import pytest

from disputes.api.inputs import INPUTS
from disputes.casefile import INTERNAL
from disputes.models import Case, Clause
from disputes.moves.law import LAWS
from tests.disputes.client import Api, complaint, refused
from tests.world import World

pytestmark = pytest.mark.django_db
SYSTEM = {name for name, law in LAWS.items() if law.by.name == "system"}
PARTS = ("", "messages/", "offers/", "returns/", "clocks/", "timeline/", "contacts/", "tracking/")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def buyer(world: World) -> Api:
    return Api(world, world.buyer)


@pytest.fixture
def seller(world: World) -> Api:
    return Api(world, world.seller)


def test_every_act_of_a_person_has_an_address_and_no_other_has() -> None:
    assert set(INPUTS) == set(LAWS) - SYSTEM - INTERNAL


@pytest.mark.parametrize("action", sorted(SYSTEM | INTERNAL | {"nonsense", "__class__", "save"}))
def test_what_only_the_system_does_has_no_address(world: World, buyer: Api, action: str) -> None:
    reference = buyer.files()["reference"]
    assert buyer.does(reference, action).status_code == 404


def test_a_stranger_finds_nothing_anywhere(world: World, buyer: Api) -> None:
    reference = buyer.files()["reference"]
    before = Case.objects.values().get()
    strangers = (world.stranger, world.other_seller, world.arbitrator, world.reviewer, world.administrator)
    for stranger in (Api(world, person) for person in strangers):
        for part in PARTS:
            refused(stranger.get(f"/cases/{reference}/{part}"), 404, "case_not_found")
        for action in INPUTS:
            refused(stranger.does(reference, action), 404, "case_not_found")
        refused(stranger.patch(f"/cases/{reference}/", {"description": "x"}), 404, "case_not_found")
        refused(stranger.post(f"/cases/{reference}/messages/", {"text": "x"}), 404, "case_not_found")
        refused(stranger.post(f"/cases/{reference}/offers/", {"remedy": "apology"}), 404, "case_not_found")
        assert stranger.get("/cases/").json()["results"] == []
        assert stranger.get("/cases/", q=reference).json()["results"] == []
    assert Case.objects.values().get() == before


def test_a_stale_version_is_a_conflict_with_a_way_out(world: World, buyer: Api, seller: Api) -> None:
    file = buyer.files()
    refusal = {"reason": "goods_fine", "text": "no"}
    assert seller.does(file["reference"], "refuse", version=file["version"], **refusal).status_code == 200
    problem = refused(
        buyer.does(file["reference"], "withdraw", confirm=True, version=file["version"]), 409, "stale_version"
    )
    assert (problem["version"], problem["case_status"]) == (file["version"] + 1, "seller_refused")
    assert "escalate" in problem["allowed_actions"]
    problem = refused(seller.does(file["reference"], "refuse", **refusal), 409, "wrong_state")
    assert problem["case_status"] == "seller_refused"
    assert buyer.does(file["reference"], "withdraw", confirm=True, version=problem["version"]).status_code == 200


def test_the_same_key_acts_once(world: World, buyer: Api, seller: Api) -> None:
    reference = buyer.files()["reference"]
    path, body = f"/cases/{reference}/messages/", {"text": "hello"}
    first, second = (seller.post(path, body, key="m-1") for _ in range(2))
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Case.objects.get().messages.count() == 1
    refused(seller.post(path, {"text": "other"}, key="m-1"), 422, "idempotency_key_reused")


def test_a_refusal_is_not_kept_with_the_key(world: World, buyer: Api) -> None:
    reference = buyer.files()["reference"]
    path, body = f"/cases/{reference}/actions/escalate/", {"reason": "seller_no_response"}
    problem = refused(buyer.post(path, body, key="e-1"), 409, "too_early_to_escalate")
    assert problem["from"] == "2026-11-03T02:00:00+00:00"
    world.passes(hours=24)
    assert buyer.post(path, body, key="e-1").json()["stage"] == "platform_intervention"


def test_another_roles_act_is_forbidden_and_says_whose_it_is(world: World, buyer: Api, seller: Api) -> None:
    reference = buyer.files()["reference"]
    assert refused(buyer.does(reference, "agree"), 403, "not_permitted")["who"] == "seller"
    refused(seller.does(reference, "withdraw", confirm=True), 403, "not_permitted")
    refused(Api(world, world.auditor).does(reference, "post_message", text="x"), 403, "not_permitted")
    assert Case.objects.get().status == "awaiting_seller"


def test_a_closed_case_says_what_is_left_to_do(world: World, buyer: Api, seller: Api) -> None:
    reference = buyer.files()["reference"]
    assert buyer.does(reference, "withdraw", confirm=True).json()["status"] == "withdrawn"
    problem = refused(seller.does(reference, "agree"), 409, "wrong_state")
    assert problem["case_status"] == "withdrawn"
    assert "agree" not in problem["allowed_actions"]
    problem = refused(buyer.does(reference, "urge"), 409, "wrong_state")
    assert {"reopen", "rate"} <= set(problem["allowed_actions"])


@pytest.mark.parametrize(
    ("action", "details"),
    [
        ("offer", {"remedy": "partial_refund", "amount": "-0.01"}),
        ("offer", {"remedy": "partial_refund", "amount": "1e400"}),
        ("offer", {"remedy": "partial_refund", "amount": True}),
        ("offer", {"remedy": "everything"}),
        ("agree", {"address": {"recipient": "a"}}),
        ("agree", {"address": "home"}),
        ("refuse", {"reason": "because", "text": "x"}),
        ("refuse", {"reason": "goods_fine", "text": "x" * 2001}),
        ("refuse", {"reason": "goods_fine", "text": "x", "actor": 1}),
        ("refuse", {"reason": "goods_fine", "text": "x", "status": "resolved"}),
        ("refuse", {"reason": "goods_fine", "text": "x", "version": -1}),
        ("post_message", {"text": "x", "thread": "secret"}),
        ("post_message", {"text": ""}),
    ],
)
def test_wrong_details_are_named_and_change_nothing(
    world: World, buyer: Api, seller: Api, action: str, details: dict[str, Any]
) -> None:
    reference = buyer.files()["reference"]
    before = Case.objects.values().get()
    assert refused(seller.does(reference, action, **details), 422, "invalid")["fields"]
    assert Case.objects.values().get() == before


@pytest.mark.parametrize(
    ("amount", "code"), [("0.00", "amount_missing"), ("110.01", "amount_too_high"), ("110.00", None), ("0.01", None)]
)
def test_an_offer_lies_above_zero_and_at_most_at_what_was_paid(
    world: World, buyer: Api, seller: Api, amount: str, code: str | None
) -> None:
    path = f"/cases/{buyer.files()['reference']}/offers/"
    answer = seller.post(path, {"remedy": "partial_refund", "amount": amount})
    if code:
        refused(answer, 422, code)
    else:
        assert answer.json()["open_offer"]["amount"] == amount
        assert buyer.get(path).json()[0]["to"] == "consumer"


def test_a_seller_never_learns_how_to_reach_the_consumer(world: World, buyer: Api, seller: Api) -> None:
    reference = buyer.files()["reference"]
    buyer.does(reference, "post_message", text="hello")
    file = seller.get(f"/cases/{reference}/").json()
    assert file["consumer"] == {"name": "b**", "contact": None}
    for part in PARTS:
        said = seller.get(f"/cases/{reference}/{part}").content.decode()
        for secret in ("13800138000", world.buyer.username, world.buyer.email):
            assert secret not in said, part
    assert "13800138000" in buyer.get(f"/cases/{reference}/").content.decode()


def test_each_side_reads_its_own_threads_contacts_and_events(world: World, buyer: Api, seller: Api) -> None:
    reference, agent = buyer.files()["reference"], Api(world, world.agent)
    path = f"/cases/{reference}/"
    for thread in ("parties", "buyer_platform", "seller_platform", "internal"):
        assert agent.post(path + "messages/", {"text": thread, "thread": thread}).status_code == 200
    for party in ("consumer", "seller"):
        told = {"channel": "phone", "direction": "outbound", "summary": f"spoke with the {party}", "with_party": party}
        assert agent.does(reference, "log_contact", **told, opinion="refund").status_code == 200
    threads = [[row["text"] for row in who.get(path + "messages/").json()["results"]] for who in (buyer, seller, agent)]
    assert threads == [
        ["parties", "buyer_platform"], ["parties", "seller_platform"],
        ["parties", "buyer_platform", "seller_platform", "internal"],
    ]  # fmt: skip
    contacts = [
        [row["with_party"] for row in who.get(path + "contacts/").json()["results"]] for who in (buyer, seller, agent)
    ]
    assert contacts == [["consumer"], ["seller"], ["seller", "consumer"]]
    codes = [{row["code"] for row in who.get(path + "timeline/").json()["results"]} for who in (buyer, seller, agent)]
    assert "case.submitted" in codes[0] - codes[1]
    assert codes[0] | codes[1] < codes[2]


@pytest.mark.promise("R1-08")
def test_the_consumer_reads_who_said_what_when(world: World, buyer: Api) -> None:
    reference = buyer.files()["reference"]
    told = {"channel": "phone", "direction": "inbound", "summary": "asked", "opinion": "a refund seems due"}
    Api(world, world.agent).does(reference, "log_contact", **told)
    [row] = buyer.get(f"/cases/{reference}/contacts/").json()["results"]
    assert row == {
        "at": "2026-11-02T10:00:00+08:00", "channel": "phone", "direction": "inbound", "with_party": "consumer",
        "agent": "agent", "summary": "asked", "opinion_given": "a refund seems due", "call_back_at": None, "called_back_at": None,
    }  # fmt: skip


def test_parties_see_no_event_data_and_no_clocks_of_our_own(world: World, buyer: Api, seller: Api) -> None:
    reference = buyer.files()["reference"]
    world.passes(hours=24)
    buyer.does(reference, "escalate", reason="seller_no_response", text="please")
    timeline = buyer.get(f"/cases/{reference}/timeline/").json()["results"]
    assert all(row["data"] == {} for row in timeline)
    escalated = next(row for row in timeline if row["code"] == "case.escalated")
    assert escalated["text"] == "please"
    assert escalated["says"] == "Consumer asked the platform to step in: The seller does not answer."
    kinds = {row["kind"] for row in buyer.get(f"/cases/{reference}/clocks/").json()}
    assert "resolution" in kinds
    assert not kinds & {"assignment", "intervention_accept"}
    assert "intervention_accept" in {
        row["kind"] for row in Api(world, world.supervisor).get(f"/cases/{reference}/clocks/").json()
    }


def test_a_draft_ruling_is_not_for_the_parties(world: World, buyer: Api, seller: Api) -> None:
    order = world.order(paid_total=9000)
    reference = buyer.files(order_number=order.number)["reference"]
    seller.does(reference, "refuse", reason="goods_fine", text="no")
    buyer.does(reference, "escalate", reason="seller_refused")
    handler = Api(world, Case.objects.get().owner)
    handler.does(reference, "accept_intervention", opinion="we look into it")
    ruling = {
        "outcome": "buyer_favour", "reason": "defect_proven", "facts": "secret facts", "reasoning": "r",
        "liability": {"seller": 100}, "remedies": [{"remedy": "refund_only", "amount": "6000.00"}],
        "citations": [Clause.objects.order_by("code").values_list("code", flat=True)[0]],
    }  # fmt: skip
    drafted = handler.does(reference, "issue_ruling", **ruling)
    assert drafted.json()["status"] == "ruling_in_approval", drafted.json()
    for party in (buyer, seller):
        for part in PARTS:
            assert "secret facts" not in party.get(f"/cases/{reference}/{part}").content.decode()
    reviewer = Api(world, world.reviewer)
    assert [row["reference"] for row in reviewer.get("/cases/").json()["results"]] == [reference]
    assert reviewer.get(f"/cases/{reference}/").json()["ruling"]["facts"] == "secret facts"
    refused(handler.does(reference, "approve_ruling"), 403, "not_permitted")
    assert reviewer.does(reference, "approve_ruling").json()["status"] == "ruled"
    assert buyer.get(f"/cases/{reference}/").json()["ruling"]["facts"] == "secret facts"
    assert reviewer.get(f"/cases/{reference}/").status_code == 200


def test_a_claim_above_what_is_usual_is_told_so(world: World, buyer: Api) -> None:
    file = buyer.files(remedy="compensation", amount="105.00", order_number=world.order().number)
    assert file["flags"] == ["excessive_claim"]
    assert file["status"] == "submitted"
    assert [warning["code"] for warning in file["warnings"]] == ["excessive_claim"]
    assert file["claim"]["reasonable_up_to"] == "100.00"


def test_the_next_deadline_of_an_unassigned_case_is_ours(world: World, buyer: Api) -> None:
    file = buyer.files(order_number=None, no_order_reason="lost it")
    assert file["next_action"] == {
        "party": "platform",
        "activity": "admit",
        "due_at": "2026-11-05T16:00:00Z",
        "on_timeout": "report_to_supervisor",
    }
    Api(world, world.agent).does(file["reference"], "request_info", text="when?")
    step = buyer.get(f"/cases/{file['reference']}/").json()["next_action"]
    assert (step["party"], step["activity"], step["on_timeout"]) == ("consumer", "provide_info", "info_timeout")


def test_the_answers_have_the_shape_that_is_described(world: World, buyer: Api, seller: Api) -> None:
    from disputes.api.file_shapes import CaseFile
    from disputes.api.shapes import CaseRow

    reference = buyer.files()["reference"]
    seller.post(f"/cases/{reference}/offers/", {"remedy": "return_refund", "amount": "10"})
    buyer.does(reference, "accept_offer")
    buyer.does(reference, "ship_return", carrier="SF", waybill="1")
    file = seller.does(reference, "confirm_receipt").json()
    assert set(file) == set(CaseFile().fields)
    for part, name in (
        ("next_action", "next_action"),
        ("order", "order"),
        ("claim", "claim"),
        ("escalation", "escalation"),
        ("return", "return"),
        ("refund", "refund"),
        ("consumer", "consumer"),
    ):
        assert set(file[part]) == set(CaseFile().fields[name].fields), part  # type: ignore[attr-defined]
    for part in ("claims", "clocks", "offers", "obligations"):
        assert set(file[part][0]) == set(CaseFile().fields[part].child.fields), part  # type: ignore[attr-defined]
    assert set(buyer.get("/cases/").json()["results"][0]) == set(CaseRow().fields)
    assert complaint(world)
