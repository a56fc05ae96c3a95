"""A1 for the screens of a case: every one of them × every principal. The expected answers are written by hand.

Who sees no case is told that there is none, who may not act is refused in words; and neither changes a row.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from casemgmt.accounts import members
from casemgmt.accounts.models import ApiKey, Membership
from disputes.models import SavedView
from evidence.models import Item
from tests.journeys.access import screens
from tests.journeys.access.actions import ACTIONS, EITHER_SIDE_WHEN_CLOSED
from tests.journeys.access.people import NOBODY
from tests.journeys.access.screens import SENT_ON, as_form, everybody, of_a_case
from tests.journeys.access.sight import SEEN_BY
from tests.journeys.access.stage import DENIALS, Answered, Form, Stage
from tests.world import MONDAY

pytestmark = pytest.mark.django_db
REFUSALS = DENIALS | {409, 422}


def unlike(name: str, method: str, wanted: int, answered: Answered) -> str:
    """What is wrong with the answer; empty for nothing."""
    if answered.status != wanted:
        return f"{name}: {answered.status} instead of {wanted}"
    if wanted == SENT_ON and name in NOBODY and "/sign-in/?next=" not in answered.response.headers["Location"]:
        return f"{name}: is not sent to sign in"
    silent = answered.status in REFUSALS or name in NOBODY or method == "get"
    if silent and answered.written and "/exhibits/" not in answered.response.wsgi_request.path:
        return f"{name}: {answered.status}, but {answered.written} rows were written"
    if not silent and not answered.written:
        return f"{name}: {answered.status}, but nothing was written"
    if wanted in (403, 409, 422) and 'role="alert"' not in answered.response.content.decode():
        return f"{name}: is not told why"
    return ""


def wrong_cells(stage: Stage, method: str, path: str, answers: dict[str, int], **more: Any) -> list[str]:
    tried = ((name, wanted, stage.visits(name, method, path, **more)) for name, wanted in answers.items())
    return [wrong for name, wanted, answered in tried if (wrong := unlike(name, method, wanted, answered))]


def sent(stage: Stage, action: str) -> dict[str, Any]:
    body = {**ACTIONS[action].body, **({"into": stage.twin} if "into" in ACTIONS[action].body else {})}
    return as_form(body)


@pytest.mark.parametrize("room", SEEN_BY)
def test_a_case_is_shown_to_those_who_may_know_of_it(stage: Stage, room: str) -> None:
    path = f"/cases/{stage.room(room).reference}/"
    assert not wrong_cells(stage, "get", path, of_a_case(room, 200), room=room)
    assert not wrong_cells(stage, "get", f"{path}preview/", of_a_case(room, 200), room=room)


def test_an_unseen_case_looks_like_one_that_does_not_exist(stage: Stage) -> None:
    real = stage.visits("stranger", "get", f"/cases/{stage.room('talks').reference}/", room="talks").response
    made_up = stage.visits("stranger", "get", "/cases/00000-00000/", room="talks").response
    assert told(real) == told(made_up)


def told(page: Any) -> str:
    """A page without what differs from one answer to the next: its address and its tokens."""
    text = page.content.decode().replace(page.wsgi_request.path, "")
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", text)


@pytest.mark.parametrize("action", ACTIONS)
def test_the_form_of_an_action_is_shown_to_those_it_belongs_to(stage: Stage, action: str) -> None:
    row = ACTIONS[action]
    path = f"/cases/{stage.room(row.room).reference}/do/{action}/"
    answers = {**of_a_case(row.room, 403), **dict.fromkeys(row.may, 200)}
    assert not wrong_cells(stage, "get", path, answers, room=row.room)


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_carried_out_for_those_it_belongs_to(stage: Stage, action: str) -> None:
    row = ACTIONS[action]
    path = f"/cases/{stage.room(row.room).reference}/do/{action}/"
    answers = of_a_case(row.room, 403, may=row.may)
    assert not wrong_cells(stage, "post", path, answers, room=row.room, body=sent(stage, action))


@pytest.mark.parametrize("action", ACTIONS)
def test_on_a_closed_case_they_are_told_that_it_is_over(stage: Stage, action: str) -> None:
    row, seen = ACTIONS[action], SEEN_BY["resolved"]
    over = row.may | ({"consumer", "seller"} if action in EITHER_SIDE_WHEN_CLOSED else set())
    told = {**of_a_case("resolved", 403), **dict.fromkeys(over & seen, 409)}
    path = f"/cases/{stage.room('resolved').reference}/do/{action}/"
    for method, then in (("get", 200), ("post", SENT_ON)):
        answers = {name: {**told, **dict.fromkeys(row.closed, then)}[name] for name in (*seen, "stranger")}
        body = sent(stage, action) if method == "post" else None
        assert not wrong_cells(stage, method, path, answers, room="resolved", body=body)


@pytest.mark.parametrize("room", SEEN_BY)
def test_a_form_is_kept_by_whoever_sees_the_case(stage: Stage, room: str) -> None:
    path = f"/cases/{stage.room(room).reference}/keep/refuse/"
    assert not wrong_cells(stage, "post", path, of_a_case(room, SENT_ON), room=room, body={"text": "It was whole"})


@pytest.mark.parametrize("action", ["no_such_action", "count_repeat"])
def test_what_no_person_does_is_not_kept(stage: Stage, action: str) -> None:
    path = f"/cases/{stage.room('talks').reference}/keep/{action}/"
    assert not wrong_cells(stage, "post", path, of_a_case("talks", 404), room="talks", body={"text": "Hello"})


@pytest.mark.parametrize(
    ("kind", "parties"), [("seller_response", 200), ("acknowledge", 404), ("assignment", 404), ("no_such_clock", 404)]
)
def test_the_receipt_of_a_deadline_is_for_those_who_see_it(stage: Stage, kind: str, parties: int) -> None:
    """How we organise ourselves is for the platform's people; what a case never had is for nobody."""
    path = f"/cases/{stage.room('review').reference}/deadlines/{kind}/"
    staff = 404 if kind == "no_such_clock" else 200
    answers = {**of_a_case("review", staff), "consumer": parties, "seller": parties}
    assert not wrong_cells(stage, "get", path, answers, room="review")


@pytest.mark.parametrize("action", ["no_such_action", "count_repeat", "record_evidence", "seller_timeout"])
def test_what_no_person_does_has_no_form(stage: Stage, action: str) -> None:
    path = f"/cases/{stage.room('talks').reference}/do/{action}/"
    for method in ("get", "post"):
        assert not wrong_cells(stage, method, path, of_a_case("talks", 404), room="talks")


@pytest.mark.parametrize("room", ["draft", "talks", "about_us"])
def test_the_pages_of_filing_are_for_whom_it_is_filed(stage: Stage, room: str) -> None:
    path = f"/cases/{stage.room(room).reference}"
    begun = room == "draft"
    pages = {"filing/?step=story": 200 if begun else SENT_ON, "filed/": SENT_ON if begun else 200}
    for page, own in pages.items():
        answers = {**of_a_case(room, SENT_ON), "consumer": own}
        assert not wrong_cells(stage, "get", f"{path}/{page}", answers, room=room)
    answers = of_a_case(room, SENT_ON)
    for name, wanted in answers.items():
        body = {"contact": "13800138000"}
        answered = stage.visits(name, "post", f"{path}/filing/?step=contact", room=room, body=body)
        assert (name, answered.status, bool(answered.written)) == (name, wanted, begun and name == "consumer")


@pytest.mark.parametrize("room", screens.HANDED_IN)
def test_an_exhibit_is_handed_in_by_those_who_may(stage: Stage, room: str) -> None:
    path = f"/cases/{stage.room(room).reference}/evidence/"
    may = screens.HANDED_IN[room].split()
    for name, wanted in of_a_case(room, SENT_ON).items():
        answered = stage.visits(name, "post", path, room=room, body=Form({"slot": "product_photo"}))
        assert (name, answered.status) == (name, wanted)
        assert (name, bool(answered.written)) == (name, name in may)
        assert name in NOBODY or wanted == 404 or answered.response.headers["Location"] == path[: -len("evidence/")]


def test_an_exhibit_is_taken_back_by_the_side_whose_it_is(stage: Stage) -> None:
    path = f"/cases/{stage.room('evidence').reference}/evidence/{stage.ids['submitted']}/withdraw/"
    for name, wanted in of_a_case("evidence", SENT_ON).items():
        answered = stage.visits(name, "post", path, room="evidence", body={"reason": "Wrong one"})
        assert (name, answered.status) == (name, wanted)
        assert (name, bool(answered.written)) == (name, name == screens.WITHDRAWN)


@pytest.mark.parametrize("verb", ["submit", "withdraw"])
def test_a_staged_exhibit_is_known_to_its_own_side_only(stage: Stage, verb: str) -> None:
    path = f"/cases/{stage.room('evidence').reference}/evidence/{stage.ids['staged']}/{verb}/"
    answers = {**of_a_case("evidence", 404), "consumer": SENT_ON}
    assert not wrong_cells(stage, "post", path, answers, room="evidence")


def test_an_exhibit_of_another_case_is_not_reached_through_ones_own(stage: Stage) -> None:
    path = f"/cases/{stage.room('talks').reference}/evidence/{stage.ids['staged']}/submit/"
    assert not wrong_cells(stage, "post", path, of_a_case("talks", 404), room="talks")
    assert Item.objects.get(uid=stage.ids["staged"]).stage == "staged"


def test_an_exhibit_is_opened_by_those_who_see_it(stage: Stage) -> None:
    staged = {**of_a_case("evidence", 404), "consumer": 200}
    wrong = wrong_cells(
        stage, "get", f"/exhibits/{stage.ids['submitted']}/", of_a_case("evidence", 200), room="evidence"
    )
    wrong += wrong_cells(stage, "get", f"/exhibits/{stage.ids['staged']}/", staged, room="evidence")
    wrong += wrong_cells(
        stage, "get", f"/exhibits/{uuid4()}/", of_a_case("draft", 404, may=frozenset()) | {"consumer": 404}
    )
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", ["talks", "evidence", "approval", "about_us"])
def test_who_else_is_here_is_asked_by_staff_only(stage: Stage, room: str) -> None:
    path = f"/cases/{stage.room(room).reference}/here/"
    parties = dict.fromkeys(("consumer", "seller"), 404)
    for name, wanted in {**of_a_case(room, 200), **parties}.items():
        answered = stage.visits(name, "post", path, room=room)
        assert (name, answered.status, answered.written) == (name, wanted, 0)
    assert not wrong_cells(stage, "get", path, {"anonymous": SENT_ON, "auditor": 405, "stranger": 405}, room=room)


def test_a_notice_is_followed_by_whom_it_was_for(stage: Stage) -> None:
    path = f"/notices/{stage.ids['notice_id']}/"
    answers = {**everybody(404), **dict.fromkeys(NOBODY, SENT_ON), "consumer": SENT_ON}
    assert not wrong_cells(stage, "post", path, answers)


def test_a_key_is_revoked_by_whose_it_is(stage: Stage) -> None:
    prefix = ApiKey.objects.get(user=stage.cast.users["consumer"]).prefix
    answers = {**everybody(404), **dict.fromkeys(NOBODY, SENT_ON), "consumer": SENT_ON}
    assert not wrong_cells(stage, "post", f"/me/keys/{prefix}/revoke/", answers)
    assert not wrong_cells(stage, "get", f"/me/keys/{prefix}/revoke/", {"anonymous": SENT_ON, "consumer": 405})


def test_a_kept_view_is_removed_by_whose_it_is(stage: Stage) -> None:
    kept = SavedView.objects.create(user=stage.cast.users["agent"], name="x", query="", created_at=stage.world.now)
    answers = {**everybody(404), **dict.fromkeys(NOBODY, SENT_ON), "agent": SENT_ON}
    assert not wrong_cells(stage, "post", f"/cases/views/{kept.pk}/remove/", answers)
    assert not wrong_cells(stage, "get", f"/cases/views/{kept.pk}/remove/", {"anonymous": SENT_ON, "agent": 405})


def test_a_shops_people_are_its_owners_to_choose(stage: Stage) -> None:
    """Who does not belong to it is told that there is none, who belongs to it and owns nothing is refused."""
    users = stage.cast.users
    colleague, shop = users["disabled"], stage.world.shop
    row = Membership.objects.get(user=colleague)
    made, _secret = members.invite(shop_id=shop.pk, role="member", by=users["seller"], at=MONDAY)
    ways = (f"{shop.pk}/invite/", f"invitations/{made.pk}/back/", f"members/{row.pk}/role/", f"members/{row.pk}/out/")
    for path in (f"/shop/{way}" for way in ways):
        answers = {**everybody(404), **dict.fromkeys(NOBODY, SENT_ON), "seller": 200 if "invite/" in path else SENT_ON}
        tried = {name: stage.visits(name, "post", path, body={"role": "owner"}) for name in answers}
        assert {name: answered.status for name, answered in tried.items()} == answers, path
        assert [name for name, answered in tried.items() if answered.written] == ["seller"], path
        assert not wrong_cells(stage, "get", path, {"anonymous": SENT_ON, "stranger": 405, "seller": 405}), path


def test_an_invitation_opens_to_whoever_has_its_link(stage: Stage) -> None:
    users = stage.cast.users
    _made, secret = members.invite(shop_id=stage.world.shop.pk, role="member", by=users["seller"], at=MONDAY)
    for name in ("anonymous", "consumer", "seller", "other_seller", "administrator"):
        assert stage.visits(name, "get", f"/join/{secret}/").status == 200
        assert stage.visits(name, "get", "/join/made-up/").status == 404
    wanted = {"anonymous": 422, "consumer": 403, "agent": 403, "seller": SENT_ON, "other_seller": SENT_ON}
    for name, status in wanted.items():
        answered = stage.visits(name, "post", f"/join/{secret}/")
        assert (name, answered.status) == (name, status)
        assert bool(answered.written) == (name == "other_seller")  # the seller belongs to the shop already


@pytest.mark.parametrize("action", ["reassign", "hold_promises", "release_promises", "issue_ruling", "withdraw", "x"])
def test_many_cases_at_once_are_a_supervisors_and_never_ruled(stage: Stage, action: str) -> None:
    """Nothing was chosen: nothing is written even where it is allowed."""
    may = {"supervisor": 200} if action in ("reassign", "hold_promises", "release_promises") else {}
    for name, wanted in {**everybody(404), **dict.fromkeys(NOBODY, SENT_ON), **may}.items():
        answered = stage.visits(name, "post", "/cases/bulk/", body={"action": action, "reason": "Ill"})
        assert (name, answered.status, answered.written) == (name, wanted, 0)


def test_outside_the_demo_nobody_becomes_another_by_a_click(stage: Stage) -> None:
    for name in ("consumer", "supervisor", "administrator"):
        path = f"/try/{stage.cast.users[name].username}/"
        assert not wrong_cells(stage, "post", path, {**everybody(404)})
        assert not wrong_cells(stage, "get", path, {**everybody(405)})


def test_addresses_that_take_forms_show_nothing_and_pages_take_no_forms(stage: Stage) -> None:
    case = f"/cases/{stage.room('evidence').reference}/"
    forms = [case + below.format(**stage.ids) for below in screens.ONLY_FORMS] + [f"/notices/{stage.ids['notice_id']}/"]
    wrong_methods = [
        *(("get", path) for path in forms),
        ("post", case),
        ("post", f"{case}preview/"),
        ("post", f"/exhibits/{stage.ids['submitted']}/"),
    ]
    for method, path in wrong_methods:
        answers = {"anonymous": SENT_ON, "consumer": 405, "stranger": 405}
        assert not wrong_cells(stage, method, path, answers, room="evidence"), path
