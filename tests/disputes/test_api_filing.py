"""Filing over HTTP: at once, as a draft, for somebody else, twice, and wrongly."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from casemgmt.rest.models import IdempotencyKey
from disputes.models import Case, OrderSnapshot
from disputes.record import fold, snapshot
from tests.disputes.client import Api, complaint, refused
from tests.evidence import samples
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def buyer(world: World) -> Api:
    return Api(world, world.buyer)


def photo() -> Any:
    return SimpleUploadedFile("cup.jpg", samples.JPEG, content_type="image/jpeg")


@pytest.mark.promise("R0-07", "R0-22", "R1-02", "R1-04")
def test_a_complaint_is_filed_and_the_seller_is_asked_at_once(world: World, buyer: Api) -> None:
    file = buyer.files()
    assert file["status"] == "awaiting_seller"
    assert file["stage"] == "contact_seller"
    assert file["next_action"] == {
        "party": "seller", "activity": "answer_claim", "due_at": "2026-11-04T02:00:00Z", "on_timeout": "seller_timeout",
    }  # fmt: skip
    assert file["claim"]["amount"] == "110.00"
    assert {"withdraw", "urge", "post_message"} <= set(file["allowed_actions"])
    escalate = next(entry for entry in file["blocked_actions"] if entry["action"] == "escalate")
    assert (escalate["code"], escalate["from"]) == ("too_early_to_escalate", "2026-11-03T02:00:00+00:00")
    assert not file["escalation"]["eligible"]
    assert not {"count_repeat", "record_evidence"} & {
        *file["allowed_actions"],
        *(e["action"] for e in file["blocked_actions"]),
    }


@pytest.mark.parametrize("more", [{}, {"type": "logistics", "subtype": "lost"}, {"submit": False}])
def test_what_filing_answers_is_what_reading_the_case_answers(world: World, buyer: Api, more: dict[str, Any]) -> None:
    number = world.order(status="shipped", signed_at=None, finished_at=None).number
    filed = buyer.post("/cases/", {**complaint(world, order_number=number), **more})
    assert filed.status_code == 201
    assert buyer.get(f"/cases/{filed.json()['reference']}/").json() == filed.json()


def test_the_same_key_and_body_give_the_same_answer_and_one_case(world: World, buyer: Api) -> None:
    body = complaint(world)
    first, second = (buyer.post("/cases/", body, key="k-1") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Case.objects.count() == 1
    assert Case.objects.get().repeat_count == 0
    refused(buyer.post("/cases/", {**body, "description": "otherwise"}, key="k-1"), 422, "idempotency_key_reused")


def test_a_repeated_request_is_answered_as_before_though_it_would_not_fit_any_more(world: World, buyer: Api) -> None:
    order = world.order(status="unshipped", signed_at=None, finished_at=None, shipped_at=None)
    body = complaint(world, type="shipping_by_seller", subtype="late_shipment", remedy="cancel_order",
                     order_number=order.number)  # fmt: skip
    first = buyer.post("/cases/", body, key="k-2")
    order.number = "moved away"
    order.save(update_fields=["number"])
    assert buyer.post("/cases/", body, key="k-2").json() == first.json()
    refused(buyer.post("/cases/", body), 422, "order_not_found")


@pytest.mark.promise("R1-11")
def test_the_same_problem_again_finds_the_open_case(world: World, buyer: Api) -> None:
    order = world.order()
    file = buyer.files(order_number=order.number)
    again = buyer.post("/cases/", complaint(world, order_number=order.number))
    assert again.status_code == 200
    assert again.json()["reference"] == file["reference"]
    assert (again.json()["repeat_count"], again.json()["priority"]) == (1, "high")


@pytest.mark.promise("R1-05", "R2-25")
def test_a_draft_takes_its_exhibits_and_is_then_submitted(world: World, buyer: Api) -> None:
    draft = buyer.files(evidence_waiver="", submit=False)
    path = f"/cases/{draft['reference']}/"
    assert draft["status"] == "draft"
    assert [warning["code"] for warning in draft["warnings"]] == ["evidence_missing"]
    problem = refused(buyer.does(draft["reference"], "submit"), 422, "evidence_missing")
    assert problem["missing"] == ["product_photo"]
    assert Case.objects.get().status == "draft"
    form = {"file": photo(), "slot": "product_photo", "kind": "photo", "submit": True}
    assert buyer.upload(path + "evidence/", form).status_code == 201
    submitted = buyer.does(draft["reference"], "submit")
    assert submitted.status_code == 200, submitted.json()
    assert submitted.json()["status"] == "awaiting_seller"


def test_an_exhibit_taken_back_does_not_count(world: World, buyer: Api) -> None:
    draft = buyer.files(evidence_waiver="", submit=False)
    path = f"/cases/{draft['reference']}/evidence/"
    exhibit = buyer.upload(path, {"file": photo(), "slot": "product_photo", "kind": "photo", "submit": True}).json()
    assert buyer.post(f"{path}{exhibit['id']}/withdraw/").status_code == 200
    refused(buyer.does(draft["reference"], "submit"), 422, "evidence_missing")


def test_a_draft_is_changed_and_the_timeline_still_folds_to_the_row(world: World, buyer: Api) -> None:
    draft = buyer.files(submit=False)
    path, other = f"/cases/{draft['reference']}/", world.order(paid_total=50)
    changed = buyer.patch(path, {"order_number": other.number, "subtype": "defect", "version": draft["version"]})
    assert changed.status_code == 200, changed.json()
    assert (changed.json()["claim"]["amount"], changed.json()["subtype"]) == ("60.00", "defect")
    assert OrderSnapshot.objects.count() == 1
    refused(buyer.patch(path, {"description": "x", "version": draft["version"]}), 409, "stale_version")
    service = {"type": "service_complaint", "subtype": "late", "remedy": "apology"}
    assert buyer.patch(path, service).status_code == 422
    assert buyer.does(draft["reference"], "submit").status_code == 200
    case = Case.objects.get()
    assert fold(case.events.order_by("seq")) == snapshot(case)
    refused(buyer.patch(path, {"description": "x"}), 409, "wrong_state")


def test_a_draft_is_its_authors_alone(world: World, buyer: Api) -> None:
    draft = buyer.files(submit=False)
    for person in (world.agent, world.supervisor, world.seller, world.stranger, world.auditor, world.administrator):
        refused(Api(world, person).get(f"/cases/{draft['reference']}/"), 404, "case_not_found")


def test_a_draft_with_an_open_twin_is_pointed_to_it(world: World, buyer: Api) -> None:
    order = world.order()
    draft = buyer.files(order_number=order.number, submit=False)
    twin = buyer.files(order_number=order.number)
    problem = refused(buyer.does(draft["reference"], "submit"), 409, "already_open")
    assert problem["reference"] == twin["reference"]
    assert (problem["case_status"], "submit" in problem["allowed_actions"]) == ("draft", True)


def test_the_filing_window_holds_for_drafts_too(world: World, buyer: Api) -> None:
    draft = buyer.files(submit=False)
    world.passes(days=14)
    refused(buyer.does(draft["reference"], "submit"), 409, "filing_window_over")


@pytest.mark.promise("R1-11")
def test_an_agent_files_for_a_consumer(world: World) -> None:
    agent = Api(world, world.agent)
    file = agent.files(consumer=world.buyer.username, channel="phone")
    case = Case.objects.get(reference=file["reference"])
    assert (case.consumer, case.filed_by, case.channel) == (world.buyer, world.agent, "phone")
    assert Api(world, world.buyer).get(f"/cases/{file['reference']}/").json()["filed_by"] == "agent"
    refused(agent.post("/cases/", complaint(world)), 422, "consumer_not_found")
    refused(agent.post("/cases/", complaint(world, consumer=world.seller.username)), 422, "consumer_not_found")


def test_nobody_else_files(world: World) -> None:
    for person in (world.seller, world.arbitrator, world.reviewer, world.auditor, world.administrator):
        refused(Api(world, person).post("/cases/", complaint(world)), 403, "not_permitted")
    body = complaint(world, consumer=world.stranger.username)
    refused(Api(world, world.buyer).post("/cases/", body), 403, "not_permitted")
    assert not Case.objects.exists()


@pytest.mark.promise("R0-23")
def test_without_an_order_number_the_case_waits_for_it(world: World, buyer: Api) -> None:
    file = buyer.files(order_number=None, no_order_reason="lost the phone")
    assert (file["status"], file["flags"], file["claim"]["amount"]) == ("submitted", ["incomplete"], "0.00")
    linked = buyer.does(file["reference"], "link_order", order_number=world.order().number)
    assert linked.status_code == 200, linked.json()
    assert (linked.json()["status"], linked.json()["flags"]) == ("awaiting_seller", [])
    assert linked.json()["claim"]["amount"] == "110.00"
    refused(buyer.does(file["reference"], "link_order", order_number=world.order().number), 409, "order_known")


def test_a_complaint_about_our_service_names_a_case_of_ones_own(world: World, buyer: Api) -> None:
    about = buyer.files(order_number=None, no_order_reason="none")["reference"]
    body = {"type": "service_complaint", "subtype": "late", "remedy": "apology", "order_number": None,
            "no_order_reason": "about you"}  # fmt: skip
    assert (
        Api(world, world.agent)
        .does(about, "log_contact", channel="phone", direction="outbound", summary="s")
        .status_code
        == 200
    )
    file = buyer.files(**body, parent=about)
    case = Case.objects.get(reference=file["reference"])
    assert (case.parent.reference if case.parent else "", case.complained_of) == (about, world.agent)
    stranger = Api(world, world.stranger)
    problem = refused(stranger.post("/cases/", complaint(world, **body, parent=about)), 422, "invalid")
    assert problem["fields"]["parent"][0]["code"] == "case_not_found"
    refused(buyer.post("/cases/", complaint(world, **body)), 422, "about_what")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"order_number": "TB-NO-SUCH"}, "order_not_found"),
        ({"subtype": "lost"}, "subtype_not_fitting"),
        ({"remedy": "cancel_order"}, "remedy_out_of_scope"),
        (
            {"type": "shipping_by_seller", "subtype": "late_shipment", "remedy": "cancel_order"},
            "order_already_shipped",
        ),
        ({"remedy": "apology", "amount": "1.00"}, "amount_not_fitting"),
        ({"amount": "0.00"}, "amount_missing"),
        ({"amount": "110.01"}, "amount_too_high"),
        ({"contact": None}, "contact_missing"),
        ({"evidence_waiver": None}, "evidence_missing"),
        ({"order_number": None}, "order_missing"),
    ],
)
def test_what_does_not_fit_is_refused_by_name_and_nothing_is_left(
    world: World, buyer: Api, facts: dict[str, Any], code: str
) -> None:
    refused(buyer.post("/cases/", complaint(world, **facts)), 422, code)
    assert not Case.objects.exists()
    assert not OrderSnapshot.objects.exists()
    assert not IdempotencyKey.objects.exists()


def test_somebody_elses_order_is_as_unknown_as_none(world: World, buyer: Api) -> None:
    theirs = buyer.post("/cases/", complaint(world, order_number=world.order(buyer=world.stranger).number)).json()
    none = buyer.post("/cases/", complaint(world, order_number="TB0")).json()
    assert {k: theirs[k] for k in ("code", "detail", "status")} == {k: none[k] for k in ("code", "detail", "status")}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"description": "\\u0000"}', 400, "nul_character"),
        (b'{"description": "\\ud800"}', 400, "broken_unicode"),
        (b'{"description": "\xff"}', 400, "not_utf8"),
        (b'{"a": 1', 400, "malformed_body"),
        (b"[1]", 400, "not_an_object"),
        (b'{"description": "' + b"x" * 2_100_000 + b'"}', 413, "body_too_large"),
    ],
)
def test_bodies_that_cannot_be_read_are_refused_by_name(buyer: Api, body: bytes, status: int, code: str) -> None:
    refused(buyer.raw("/cases/", body), status, code)


@pytest.mark.parametrize(
    "facts",
    [
        {"amount": "-1.00"},
        {"amount": "1.001"},
        {"amount": "1e99"},
        {"amount": []},
        {"type": "nonsense"},
        {"subtype": 3},
        {"description": "x" * 2001},
        {"description": ""},
        {"description": {}},
        {"remedy": "the_moon"},
        {"submit": "perhaps"},
        {"channel": "import"},
        {"status": "resolved"},
        {"owner": 1},
        {"flags": []},
        {"seller": 1},
        {"version": 9},
        {"complained_of": 1},
        {"priority": "urgent"},
        {"filed_by": 1},
        {"created_at": "2020-01-01T00:00:00Z"},
    ],
)
def test_fields_that_are_wrong_or_not_ones_to_set_are_named(world: World, buyer: Api, facts: dict[str, Any]) -> None:
    problem = refused(buyer.post("/cases/", complaint(world, **facts)), 422, "invalid")
    assert set(problem["fields"]) == set(facts)
    assert not Case.objects.exists()


def test_the_answer_to_filing_is_what_is_read_afterwards(world: World, buyer: Api) -> None:
    """It is rendered from memory, inside the door's transaction."""
    made = buyer.post("/cases/", complaint(world, amount="12.5"), key="k-1")
    assert made.status_code == 201
    assert made.json() == buyer.get(f"/cases/{made.json()['reference']}/").json()
