"""Transitions 1–6: filing, asking back, admitting, turning down."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from casemgmt.accounts.actors import Actor
from casemgmt.errors import Unavailable
from disputes import catalogue, intake
from disputes.models import LogisticsEvent
from disputes.ports import orders
from disputes.taxonomy import FAMILIES
from tests.disputes.walks import (
    SECOND,
    about_us,
    at_platform,
    clock,
    incomplete,
    last,
    lost_parcel,
    not_shipped,
    only,
    pauses,
    refused,
    to,
)
from tests.world import World

pytestmark = pytest.mark.promise("R1-05")


@pytest.mark.promise("R0-07", "R1-04", "R1-25", "R1-26")
def test_filing_acknowledges_at_once_and_starts_both_promises(world: World) -> None:
    story = world.files()
    assert (story.status, story.case.stage) == ("awaiting_seller", "contact_seller")
    assert [code for code, _at in story.timeline()] == ["case.submitted", "case.admitted"]
    assert clock(story, "acknowledge").status == "met"
    assert story.case.acknowledged_at == story.case.submitted_at == story.case.seller_contacted_at == world.now
    assert (clock(story, "initial_response").status, clock(story, "resolution").status) == ("running", "running")
    assert clock(story, "resolution").due_at.isoformat() == "2026-11-11T16:00:00+00:00"  # Wednesday week, 24:00


@pytest.mark.promise("R1-02", "R1-29", "R1-12", "R1-14", "R2-06", "R2-15", "R2-28", "R3-40", "R3-50")
@pytest.mark.parametrize(("kind", "subtype"), [(t, s) for t, f in FAMILIES.items() for s in sorted(f.subtypes)])
def test_every_kind_of_problem_can_be_filed(world: World, kind: str, subtype: str) -> None:
    story = world.files(type=kind, subtype=subtype, remedy="compensation", amount=Decimal(10),
                        complained_of=world.supervisor.pk)  # fmt: skip
    assert story.status in ("submitted", "awaiting_seller", "intervention_requested")


@pytest.mark.promise("R1-18")
def test_the_filing_window_is_open_to_its_last_second(world: World) -> None:
    number = world.order().number
    end = world.now - timedelta(days=1) + timedelta(days=15)
    world.now = end
    with refused("filing_window_over", until=end.isoformat()):
        world.files(order_number=number)
    world.now = end - SECOND
    assert world.files(order_number=number).status == "awaiting_seller"


@pytest.mark.promise("R1-18")
def test_a_draft_is_judged_when_it_is_submitted(world: World) -> None:
    draft = world.files(submit=False)
    assert draft.status == "draft"
    assert draft.timeline() == []
    draft.after(days=14)
    with refused("filing_window_over"):
        draft.does(world.buyer, "submit")
    assert draft.status == "draft"


def test_a_draft_without_its_exhibits_is_not_submitted(world: World) -> None:
    draft = world.files(submit=False, evidence_waiver="")
    with refused("evidence_missing", missing=["product_photo"]):
        draft.does(world.buyer, "submit")


@pytest.mark.promise("R0-12", "R0-21", "R0-22", "R2-25", "R2-29")
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"order_number": ""}, "order_missing"),
        ({"contact": ""}, "contact_missing"),
        ({"subtype": "lost"}, "subtype_not_fitting"),
        ({"remedy": "cancel_order"}, "remedy_out_of_scope"),
        ({"evidence_waiver": ""}, "evidence_missing"),
        ({"order_number": "NOWHERE"}, "order_not_found"),
        ({"remedy": "refund_only", "amount": Decimal(-1)}, "amount_missing"),
        ({"remedy": "refund_only", "amount": Decimal("110.01")}, "amount_too_high"),
        ({"remedy": "exchange", "amount": Decimal(1)}, "amount_not_fitting"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(world: World, facts: dict[str, Any], code: str) -> None:
    with refused(code):
        world.files(**facts)


def test_an_order_of_somebody_else_is_not_found(world: World) -> None:
    with refused("order_not_found"):
        world.files(order_number=world.order(buyer=world.stranger).number)


@pytest.mark.promise("R1-11")
def test_the_same_problem_again_counts_as_a_repeat_of_the_open_case(world: World) -> None:
    story = world.files()
    complaint = world.complaint(order_number=story.case.order_number, channel="phone")
    for count, priority in ((1, "high"), (2, "urgent"), (3, "urgent")):
        filed = intake.file(complaint, consumer=world.buyer, actor=Actor.of(world.agent), at=world.now)
        assert filed and (filed.case.pk, filed.created) == (story.case_id, False)
        assert (story.case.repeat_count, story.case.priority) == (count, priority)
    assert "repeat" in story.case.flags


def test_a_repeat_after_the_case_has_ended_by_time_is_a_new_case(world: World) -> None:
    story = world.files().does(world.seller, "refuse", reason="goods_fine", text="没有问题")
    to(story, story.due("buyer_escalate"))  # nobody sweeps
    again = world.files(order_number=story.case.order_number)
    assert (story.status, again.case_id == story.case_id) == ("lapsed", False)


def test_a_draft_of_a_problem_that_is_open_already_is_refused(world: World) -> None:
    number = world.order().number
    draft = world.files(order_number=number, submit=False)
    story = world.files(order_number=number)
    with refused("already_open", reference=story.case.reference):
        draft.does(world.buyer, "submit")


@pytest.mark.promise("R0-23")
def test_without_an_order_number_the_case_is_incomplete_until_it_is_linked(world: World) -> None:
    story = incomplete(world)
    assert (story.status, story.case.flags) == ("submitted", ["incomplete"])
    with refused("order_missing"):
        story.does(world.agent, "admit")
    with refused("order_not_found"):
        story.does(world.buyer, "link_order", order_number=world.order(buyer=world.stranger).number)
    story.does(world.buyer, "link_order", order_number=world.order().number)
    assert (story.status, story.case.flags, story.case.received_goods) == ("awaiting_seller", [], True)
    assert story.case.claims.get().amount == 110
    with refused("order_known"):
        story.does(world.buyer, "link_order", order_number=world.order().number)


def test_linking_cannot_make_a_second_open_case_of_one_problem(world: World) -> None:
    story, other = incomplete(world), world.files()
    with refused("already_open"):
        story.does(world.buyer, "link_order", order_number=other.case.order_number)


@pytest.mark.promise("R0-23")
def test_a_marketplace_that_does_not_answer_loses_no_complaint(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Down:
        def fetch(self, number: str) -> orders.Found | None:
            raise Unavailable("marketplace_down", "later")

    monkeypatch.setattr(orders, "port", Down)
    story = world.files(order_number="TB1")
    assert (story.status, story.case.flags, story.case.order_number) == ("submitted", ["incomplete"], "TB1")


def test_an_incomplete_case_can_go_to_the_platform(world: World) -> None:
    story = incomplete(world).does(world.agent, "admit", route="platform")
    assert (story.status, story.case.owner) == ("intervention_requested", world.arbitrator)
    with refused("not_permitted"):
        story.does(world.seller, "escalate", reason="safety")


@pytest.mark.parametrize("route", ["seller", "carrier"])
def test_an_incomplete_case_has_no_seller_and_no_parcel_to_ask(world: World, route: str) -> None:
    with refused({"seller": "seller_unknown", "carrier": "waybill_unknown"}[route]):
        incomplete(world).does(world.agent, "admit", route=route)
    with refused("route_unknown"):
        incomplete(world).does(world.agent, "admit", route="nowhere")


@pytest.mark.promise("R1-20")
def test_asking_back_holds_the_promises_until_the_answer(world: World) -> None:
    story = incomplete(world)
    only(story, "request_info", by=[world.agent, world.supervisor], text="订单号?")
    with refused("text_missing"):
        story.does(world.agent, "request_info", text=" ")
    with refused("nothing_asked"):
        story.does(world.buyer, "provide_info", text="?")
    story.does(world.agent, "request_info", text="订单号?")
    assert clock(story, "resolution").status == clock(story, "initial_response").status == "paused"
    to(story, story.due("info") - SECOND).does(world.buyer, "provide_info", text="找到了")
    assert (story.status, clock(story, "info").status) == ("submitted", "met")
    assert (clock(story, "resolution").status, pauses(story, "resolution")) == ("running", ["awaiting_buyer"])
    assert story.due("resolution").isoformat() == "2026-11-13T16:00:00+00:00"  # Tuesday and Wednesday stood still


@pytest.mark.promise("R1-20")
def test_no_answer_in_three_days_leaves_the_agent_with_what_is_there(world: World) -> None:
    story = incomplete(world).does(world.agent, "request_info", text="订单号?")
    assert story.due("info") == world.now + timedelta(days=3)
    story.runs_out("info")
    assert (story.status, story.case.info_asked, clock(story, "info").status) == ("submitted", False, "breached")
    assert clock(story, "resolution").status == "running"
    with refused("nothing_asked"):
        story.does(world.buyer, "provide_info", text="太晚了")
    story.does(world.agent, "admit", route="platform")


def test_admitting_ends_the_question(world: World) -> None:
    story = incomplete(world).does(world.agent, "request_info", text="?").does(world.agent, "admit", route="platform")
    assert (story.case.info_asked, clock(story, "info").status) == (False, "cancelled")


@pytest.mark.promise("R1-25")
def test_turning_down_needs_a_listed_reason_and_words(world: World) -> None:
    story = incomplete(world)
    only(story, "reject_intake", by=[world.agent, world.supervisor], reason="malicious", text="x")
    with refused("reason_unknown"):
        story.does(world.agent, "reject_intake", reason="dislike", text="x")
    with refused("text_missing"):
        story.does(world.agent, "reject_intake", reason="no_facts", text="")
    story.does(world.agent, "reject_intake", reason="no_facts", text="没有事实")
    assert (story.status, story.case.outcome_code) == ("inadmissible", "inadmissible")
    assert (clock(story, "initial_response").status, clock(story, "resolution").status) == ("met", "met")


@pytest.mark.parametrize(("amount", "agent_may"), [("4999.99", True), ("5000.00", False)])
def test_a_large_claim_is_turned_down_by_a_supervisor_only(world: World, amount: str, agent_may: bool) -> None:
    order = world.order(paid_total=Decimal(6000))
    story = world.files(type="order_issue", subtype="price_error", order_number=order.number, remedy="refund_only",
                        amount=Decimal(amount))  # fmt: skip
    if not agent_may:
        with refused("needs_supervisor"):
            story.does(world.agent, "reject_intake", reason="beyond_rules", text="x")
    person = world.agent if agent_may else world.supervisor
    assert story.does(person, "reject_intake", reason="beyond_rules", text="x").status == "inadmissible"


@pytest.mark.promise("R3-31", "R1-13")
@pytest.mark.parametrize(("hours", "status"), [(71, "awaiting_seller"), (72, "awaiting_carrier")])
def test_tracking_that_stands_still_for_three_days_goes_to_the_carrier(world: World, hours: int, status: str) -> None:
    order = world.order(status="shipped", signed_at=None, finished_at=None, shipped_at=world.now - timedelta(days=9))
    LogisticsEvent.objects.create(
        waybill=order.waybill, at=world.now - timedelta(hours=hours), status="moving", text="到达", source="carrier"
    )
    story = world.files(type="shipping_by_seller", subtype="false_shipment", order_number=order.number,
                        remedy="refund_only")  # fmt: skip
    assert story.status == status


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"subtype": "safety"}, "submitted"),
        ({"subtype": "counterfeit"}, "submitted"),
        ({"type": "order_issue", "subtype": "price_error"}, "submitted"),
        ({"type": "other", "subtype": "presale_inquiry", "remedy": "apology"}, "submitted"),
    ],
)
def test_what_needs_a_persons_eye_waits_for_one(world: World, facts: dict[str, Any], status: str) -> None:
    story = world.files(**facts)
    assert story.status == status
    only(story, "admit", by=[world.agent, world.supervisor])


def test_danger_and_a_removed_shop_go_to_the_platform(world: World) -> None:
    assert world.files(subtype="safety").does(world.agent, "admit").status == "intervention_requested"
    world.shop.status = "removed"
    world.shop.save(update_fields=["status"])
    assert world.files().status == "intervention_requested"


def test_a_complaint_about_ourselves_goes_to_another_supervisor(world: World) -> None:
    story = about_us(world)
    assert (story.status, story.handler, story.case.seller) == ("intervention_requested", world.supervisor2, None)


@pytest.mark.promise("R1-25")
def test_an_agent_can_give_the_opinion_while_the_seller_thinks(world: World) -> None:
    story = world.files()
    only(story, "give_initial_opinion", by=[world.agent, world.supervisor], text="x")
    with refused("text_missing"):
        story.does(world.agent, "give_initial_opinion", text="")
    story.does(world.agent, "give_initial_opinion", text="我们认为卖家应当答复")
    assert (story.status, clock(story, "initial_response").status) == ("awaiting_seller", "met")


@pytest.mark.promise("R0-24", "R0-25")
def test_only_an_unshipped_order_can_be_cancelled(world: World) -> None:
    assert not_shipped(world, remedy="cancel_order").status == "awaiting_seller"
    with refused("order_already_shipped"):
        lost_parcel(world, remedy="cancel_order")


@pytest.mark.promise("R1-21")
def test_a_claim_above_what_is_reasonable_is_told_so_and_tagged(world: World) -> None:
    story = world.files(remedy="compensation", amount=Decimal(500))
    assert (story.status, story.case.flags) == ("submitted", ["excessive_claim"])
    assert story.case.claims.get().reasonable_up_to == 100
    with refused("amount_too_high", ceiling="1110.00"):
        world.files(remedy="compensation", amount=Decimal("1110.01"))


@pytest.mark.promise("R2-27", "R2-05")
def test_the_order_is_kept_as_it_was(world: World) -> None:
    order = world.order(return_policy="七天无理由")
    story = world.files(order_number=order.number)
    order.return_policy, order.paid_total = "不退不换", Decimal(1)
    order.save(update_fields=["return_policy", "paid_total"])
    assert story.case.order and story.case.order.return_policy == "七天无理由"
    assert story.case.order.paid_total == 100


def test_a_stale_version_is_a_conflict_with_what_can_be_done(world: World) -> None:
    story = at_platform(world)
    with refused("stale_version"):
        story.does(world.buyer, "withdraw", version=1, confirm=True)
    with refused("wrong_state"):
        story.does(world.seller, "agree")
    try:
        story.does(world.seller, "agree")
    except Exception as refusal:  # noqa: BLE001 -- any refusal shows
        assert "concede" in refusal.extra["allowed_actions"]  # type: ignore[attr-defined]
    assert last(story) == "case.escalated"


@pytest.mark.promise("R1-06")
def test_a_complete_complaint_goes_to_the_seller_at_once_and_one_with_gaps_waits(world: World) -> None:
    assert world.files().status == "awaiting_seller"
    assert incomplete(world).status == "submitted"


@pytest.mark.promise("R1-06", "R1-07", "R0-21")
def test_advice_on_writing_comes_with_the_catalogue() -> None:
    with translation.override("en"):
        said = " ".join(catalogue.advice())
    assert "calm and polite" in said
    assert "where on the goods" in said
    assert "Attach photos" in said
