"""What was asked for: answered, late, waived, past due."""

from datetime import timedelta

import pytest

from casemgmt.accounts.actors import Actor
from casemgmt.errors import Conflict, Invalid
from evidence import asking, items
from evidence.models import Request
from tests.evidence import samples
from tests.evidence.house import NOON, House

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.evidence.urls")]
DUE = NOON + timedelta(hours=72)
SECOND = timedelta(seconds=1)


def asked(house: House, *slots: str, party: str = "consumer", mandatory: bool = True) -> list[Request]:
    wanted = [asking.Ask(party=party, slot=slot, mandatory=mandatory, text="Please.") for slot in slots]
    return asking.ask(case_id=house.case.pk, actor=Actor.of(house.arbitrator), wanted=wanted, due_at=DUE, at=NOON)


def status(request: Request) -> str:
    request.refresh_from_db()
    return request.status


@pytest.mark.parametrize(("wait", "late", "becomes"), [
    (DUE - NOON - SECOND, False, "submitted"),
    (DUE - NOON, True, "open"),
    (DUE - NOON + SECOND, True, "open"),
])  # fmt: skip
def test_at_the_deadline_is_late(house: House, wait: timedelta, late: bool, becomes: str) -> None:
    request = asked(house, "product_photo")[0]
    item = house.hand_in(at=NOON + wait)
    assert (item.late, item.answers_id) == (late, request.pk)
    assert status(request) == becomes


def test_a_staged_file_answers_nothing_until_it_is_submitted(house: House) -> None:
    request = asked(house, "product_photo")[0]
    item = house.hand_in(submit=False)
    assert status(request) == "open"
    late = items.submit(case=house.case, actor=Actor.of(house.buyer), uid=item.uid, at=DUE)
    assert late.late and status(request) == "open"


def test_another_slot_or_side_answers_nothing(house: House) -> None:
    request = asked(house, "product_photo")[0]
    house.hand_in(user=house.seller)
    house.hand_in(slot="chat_log", kind="other")
    assert status(request) == "open"
    assert asking.unanswered(case_id=house.case.pk) == [request]


def test_two_files_answer_one_request(house: House) -> None:
    asked(house, "product_photo")
    house.hand_in()
    house.hand_in(samples.JPEG + b"another")
    shown = house.client(house.seller).get(house.url("evidence-requests/")).json()["results"]
    assert [(one["status"], one["submissions"]) for one in shown] == [("submitted", 2)]


def test_closing_early_waives_what_is_left(house: House) -> None:
    photo, chat = asked(house, "product_photo", "chat_log", mandatory=False)
    house.hand_in()
    assert asking.close_requests(case_id=house.case.pk, at=DUE - SECOND) == []
    assert (status(photo), status(chat)) == ("submitted", "waived")


def test_closing_at_the_deadline_names_what_is_missing(house: House) -> None:
    photo, chat = asked(house, "product_photo", "chat_log")
    house.hand_in()
    assert asking.close_requests(case_id=house.case.pk, at=DUE) == [chat]
    assert (status(photo), status(chat)) == ("submitted", "past_due")
    late = house.hand_in(samples.TXT, name="chat.txt", slot="chat_log", kind="chat_log", at=DUE + SECOND)
    assert late.late and late.answers_id == chat.pk and status(chat) == "past_due"


def test_an_extension_gives_more_time_and_never_less(house: House) -> None:
    request = asked(house, "product_photo")[0]
    assert asking.extend(case_id=house.case.pk, party="seller", due_at=DUE + SECOND) == 0
    assert asking.extend(case_id=house.case.pk, due_at=DUE - SECOND) == 0
    assert asking.extend(case_id=house.case.pk, party="consumer", due_at=DUE + SECOND) == 1
    request.refresh_from_db()
    assert request.due_at == DUE + SECOND


def test_asking_for_nothing_or_for_the_past_or_twice_is_refused(house: House) -> None:
    arbitrator, wanted = Actor.of(house.arbitrator), [asking.Ask(party="seller", slot="dispatch_proof")]
    for bad, due in (([], DUE), (wanted, NOON)):
        with pytest.raises(Invalid):
            asking.ask(case_id=house.case.pk, actor=arbitrator, wanted=bad, due_at=due, at=NOON)
    asking.ask(case_id=house.case.pk, actor=arbitrator, wanted=wanted, due_at=DUE, at=NOON)
    for again in (wanted, [asking.Ask(party="consumer", slot="invoice")] * 2):
        with pytest.raises(Conflict):
            asking.ask(case_id=house.case.pk, actor=arbitrator, wanted=again, due_at=DUE, at=NOON)


def test_waiving_is_the_askers_and_on_the_timeline(house: House) -> None:
    request = asked(house, "product_photo")[0]
    url = house.url(f"evidence-requests/{request.uid}/waive/")
    assert house.client(house.buyer).post(url, {}, format="json").status_code == 409
    answer = house.client(house.arbitrator).post(url, {"reason": "Not needed."}, format="json")
    assert answer.json()["status"] == "waived"
    assert house.timeline() == ["evidence.waived"]
    assert house.client(house.arbitrator).post(url, {}, format="json").status_code == 409
    other = house.url(f"evidence-requests/{house.hand_in().uid}/waive/")
    assert house.client(house.arbitrator).post(other, {}, format="json").status_code == 404
