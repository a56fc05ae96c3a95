"""What was told is kept: through lost sessions, other devices, double clicks, two tabs and the back button."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from disputes import tasks, unfinished
from disputes.models import Case, Unfinished
from disputes.web.told import STEPS
from tests.disputes.filing import NEW, STORY, at, files, go_on, of_draft, tells
from tests.disputes.screens import Screens, alerts, hidden, links, text
from tests.world import World

pytestmark = pytest.mark.django_db
NAMES = tuple(STEPS)[1:]
WISH = STORY["wish"]


@pytest.fixture
def buyer(world: World) -> Screens:
    return Screens(world, world.buyer)


@pytest.mark.parametrize("until", NAMES[1:])
def test_it_goes_on_on_another_device_after_the_session_has_ended(buyer: Screens, until: str) -> None:
    tells(buyer, until)
    Session.objects.all().delete()
    elsewhere = Screens(buyer.world, buyer.world.buyer)
    page = elsewhere.get(NEW)
    assert "You have begun a complaint" in text(page)
    onward = next(to for to in links(page) if "step=" in to or "/filing/" in to)
    answer = elsewhere.get(onward)
    shown = answer if answer.status_code == 200 else elsewhere.get(answer["Location"])
    assert f"Step {NAMES.index(until) + 1} of {len(NAMES)}" in text(shown)


@pytest.mark.parametrize("until", NAMES[1:])
def test_an_expired_session_leads_to_the_sign_in_and_back_to_the_same_page(buyer: Screens, until: str) -> None:
    tells(buyer, until)
    page = at(until) if until in NAMES[:4] else of_draft(until)
    Session.objects.all().delete()
    stranger = Screens.__new__(Screens)
    stranger.__dict__ |= {"world": buyer.world, "client": type(buyer.client)()}
    for answer in (stranger.client.get(page), stranger.client.post(page, {"description": "x"})):
        assert answer["Location"].startswith("/sign-in/?next=") and f"step%3D{until}" in answer["Location"]


def test_nobody_is_shown_what_another_has_begun(buyer: Screens) -> None:
    tells(buyer, "story")
    stranger = Screens(buyer.world, buyer.world.stranger)
    assert "You have begun" not in text(stranger.get(NEW))
    tells(buyer, "contact")
    for person in (stranger, Screens(buyer.world, buyer.world.seller), Screens(buyer.world, buyer.world.agent)):
        assert person.get(of_draft("story")).status_code == 404
        assert person.post(of_draft("story"), {"description": "x"}).status_code == 404


def test_starting_anew_forgets_answers_and_keeps_a_draft(buyer: Screens) -> None:
    tells(buyer, "story")
    assert "forgets what was told" in text(buyer.get(NEW))
    assert buyer.post(NEW, {"anew": "1"})["Location"] == NEW
    assert not Unfinished.objects.exists()
    assert "Which order" in text(buyer.get(NEW))
    tells(buyer, "contact")
    assert "keeps this draft" in text(buyer.get(NEW))
    buyer.post(NEW, {"anew": "1"})
    assert "Which order" in text(buyer.get(NEW))
    case = Case.objects.get()
    assert f"/cases/{case.reference}/filing/" in links(buyer.get(f"/cases/{case.reference}/"))
    assert "How do we reach you?" in text(buyer.get(of_draft("contact")))


def test_going_back_changes_the_draft_and_makes_no_other(buyer: Screens) -> None:
    tells(buyer)
    number = buyer.world.order(paid_total=50, freight=0).number
    buyer.post(of_draft("story"), {"description": "两个都碎了", "goods_used": "false"})
    buyer.post(of_draft("order"), {"which": number})
    buyer.post(at("wish"), {"remedy": "refund_only", "amount": "20"})  # the page as it was before it was a draft
    buyer.post(of_draft("contact"), {"contact": "a@b.example"})
    case = Case.objects.get()
    assert (case.description, case.order_number, case.contact, case.goods_used) == (
        "两个都碎了",
        number,
        "a@b.example",
        False,
    )
    assert case.claims.get().remedy == "refund_only" and case.claims.get().amount == 20
    buyer.post(of_draft("wish"), {"remedy": "refund_only"})  # emptied: what is usual
    assert Case.objects.get().claims.get().amount == 50


def test_the_back_button_finds_the_draft_where_its_answers_were(buyer: Screens) -> None:
    tells(buyer, "contact")
    for step in NAMES[:4]:
        assert buyer.get(at(step))["Location"] == of_draft(step)
    assert buyer.get(at("check"))["Location"] == of_draft("check")


def test_from_the_check_each_answer_can_be_changed_and_leads_back(buyer: Screens) -> None:
    page = tells(buyer)
    ways = [to for to in links(page) if "then=check" in to]
    assert [to.split("=")[1].split("&")[0] for to in ways] == list(NAMES[:-1])
    answer = buyer.post(of_draft("story") + "&then=check", {"description": "碎了两个"})
    assert answer["Location"] == of_draft("check")
    assert "碎了两个" in text(buyer.get(answer["Location"]))


def test_another_problem_asks_anew_what_one_wants(buyer: Screens) -> None:
    """Repair is for goods; a parcel is not repaired. Until it is said what is wanted, the draft stays as it was."""
    tells(buyer, "wish")
    buyer.post(at("wish"), {"remedy": "repair"})
    answer = buyer.post(of_draft("problem") + "&then=check", {"both": "logistics/lost"})
    assert answer["Location"] == of_draft("wish") + "&both=logistics%2Flost&then=check"
    page = text(buyer.get(answer["Location"]))
    assert 'value="repair"' not in page and "Choose what you want." in page
    assert Case.objects.get().subtype == "damaged"
    assert buyer.post(answer["Location"], {"remedy": "repair"}).status_code == 422
    assert buyer.post(answer["Location"], {"remedy": "refund_only"}).status_code == 302
    case = Case.objects.get()
    assert (case.type, case.subtype, case.claims.get().remedy) == ("logistics", "lost", "refund_only")


def test_before_there_is_a_draft_another_problem_leads_back_to_the_wish(buyer: Screens) -> None:
    tells(buyer, "wish")
    buyer.post(at("wish"), {"remedy": "return_refund", "amount": "999"})
    buyer.post(at("problem"), {"both": "logistics/lost"})
    assert buyer.get(at("wish")).status_code == 200 and buyer.get(at("check"))["Location"] == at("wish")


def test_a_double_click_makes_one_draft_and_files_once(buyer: Screens) -> None:
    tells(buyer, "wish")
    answers = [buyer.post(at("wish"), WISH) for _time in range(2)]
    assert Case.objects.count() == 1
    assert {answer["Location"] for answer in answers} == {of_draft("contact")}
    for step in ("contact", "evidence"):
        go_on(buyer, step)
    check = of_draft("check")
    answers = [buyer.post(check) for _time in range(2)]
    case = Case.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/cases/{case.reference}/filed/"}
    assert case.events.filter(code="case.submitted").count() == 1 and case.repeat_count == 0


def test_answers_that_came_too_late_do_not_undo_the_draft(buyer: Screens) -> None:
    """As if the second click had been read before the first one made the draft."""
    tells(buyer, "wish")
    row = unfinished.of(person=buyer.world.buyer, at=buyer.world.now)
    buyer.post(at("wish"), WISH)
    assert row is not None
    assert not unfinished.keep(person=row.person, answers=row.answers, instead_of=None, at=buyer.world.now)
    becoming = unfinished.Becoming(person=row.person, at=buyer.world.now)
    assert becoming.replayed() and becoming.case == Case.objects.get()


def test_after_filing_nothing_is_filed_twice_and_another_one_starts_afresh(buyer: Screens) -> None:
    tells(buyer)
    check = of_draft("check")
    done = files(buyer)["Location"]
    for path in (check, check.replace("check", "story"), at("check"), at("wish"), at("story")):
        assert buyer.get(path)["Location"] == done and buyer.post(path, WISH)["Location"] == done
    assert "was filed before" in text(buyer.get(done))
    for _time in range(2):
        assert buyer.get(done).status_code == 200
    assert Case.objects.count() == 1
    assert "Which order" in text(buyer.get(NEW))
    tells(buyer)
    assert Case.objects.count() == 2


def test_in_two_tabs_the_draft_is_one_and_what_was_filed_stands(buyer: Screens) -> None:
    tells(buyer, "story")
    other = Screens(buyer.world, buyer.world.buyer)
    tells(other, "contact", order_number=buyer.world.order().number)
    buyer.post(at("story"), {"description": "从另一个标签页"})
    assert Case.objects.get().description == "从另一个标签页"
    for step in ("contact", "evidence"):
        go_on(other, step)
    files(other)
    answer = buyer.post(at("story"), {"description": "晚了"})
    assert "was filed before" in text(buyer.get(answer["Location"]))
    assert Case.objects.get().description == "从另一个标签页"


def test_the_same_problem_again_leads_to_the_case_that_is_open_before_anything_is_typed(buyer: Screens) -> None:
    number = buyer.world.order().number
    tells(buyer, order_number=number)
    files(buyer)
    case = Case.objects.get()
    page = tells(buyer, "problem", order_number=number)
    said = {**STORY["problem"], "once": hidden(page, "once")}
    answers = [buyer.post(at("problem"), said) for _time in range(2)]
    assert {answer["Location"] for answer in answers} == {f"/cases/{case.reference}/"}
    assert "is open already" in text(buyer.get(answers[0]["Location"]))
    assert Case.objects.get().repeat_count == 1


def test_what_was_opened_meanwhile_is_found_at_the_end(buyer: Screens) -> None:
    number = buyer.world.order().number
    tells(buyer, order_number=number)
    twin = buyer.world.files(order_number=number).case
    assert files(buyer)["Location"] == f"/cases/{twin.reference}/"
    twin.refresh_from_db()
    assert twin.repeat_count == 1


def test_what_is_kept_stays_small_whatever_is_pasted(buyer: Screens) -> None:
    tells(buyer, "story")
    before = Unfinished.objects.get().answers
    paste = secrets.token_hex(150_000)
    said = {"description": paste, "defect_location": paste, "a": paste, "goods_used": paste}
    assert buyer.post(at("story"), said).status_code == 422
    for step, more in (("order", {"no_order_reason": paste}), ("wish", {"demand_text": paste, "remedy": paste})):
        buyer.post(at(step), more)
    assert len(str(Unfinished.objects.get().answers)) < 500
    buyer.post(at("order"), {"order_number": before["order_number"]})
    answer = buyer.post(at("story"), {"description": "x" * 10_000_000})
    assert answer.status_code == 413 and "what you wrote is still there" in text(answer)
    assert Unfinished.objects.get().answers == before
    tells(buyer, "contact")
    assert buyer.post(of_draft("story"), {"description": "x" * 10_000_000}).status_code == 413
    assert Case.objects.get().description == "杯子碎了"


def test_what_nobody_goes_on_with_is_forgotten_after_a_month(buyer: Screens) -> None:
    tells(buyer, "story")
    world = buyer.world
    world.passes(days=29)
    with world.at(world.now):
        tasks.forget()
    assert "You have begun" in text(buyer.get(NEW))
    world.passes(days=1)
    assert "You have begun" not in text(buyer.get(NEW))
    with world.at(world.now):
        tasks.forget()
    assert not Unfinished.objects.exists()


def test_a_draft_that_went_too_late_is_told_so_on_the_last_page(buyer: Screens) -> None:
    tells(buyer)
    buyer.world.passes(days=400)
    answer = files(buyer)
    assert answer.status_code == 409 and alerts(answer)
    assert Case.objects.get().status == "draft"


def test_nobody_but_who_filed_is_shown_that_it_is_done(buyer: Screens) -> None:
    tells(buyer)
    done = files(buyer)["Location"]
    world = buyer.world
    page = done.removesuffix("filed/")
    expected: dict[Any, Any] = {world.stranger: 404, world.seller: page, world.agent: page, world.supervisor: page}
    for person, wanted in expected.items():
        answer = Screens(world, person).get(done)
        assert answer.get("Location", answer.status_code) == wanted
    draft = world.files(submit=False).case.reference
    assert buyer.get(f"/cases/{draft}/filed/")["Location"] == f"/cases/{draft}/filing/"
