"""Handing in, submitting, taking back: the rows, the timeline, the database's own refusals."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction

from casemgmt.accounts.actors import Actor
from casemgmt.errors import Conflict, DomainError, NotFound, NotPermitted, TooMany, WrongState
from evidence import items, limits, receiving, registry, storage
from evidence.models import File, Item
from tests.evidence import samples
from tests.evidence.house import NOON, House

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=1)


def kept(folder: Path) -> list[Path]:
    """The files in the storage, without those on their way in."""
    return [path for path in folder.rglob("*") if path.is_file() and ".incoming" not in path.parts]


def incoming(folder: Path) -> list[Path]:
    return list((folder / ".incoming").glob("*"))


def test_a_staged_exhibit_is_uploaded_once_and_submitted_once(house: House) -> None:
    item = house.hand_in(submit=False)
    assert (item.stage, item.status, item.submitted_at, item.party) == ("staged", "", None, "consumer")
    assert house.timeline() == ["evidence.uploaded"]
    items.submit(case=house.case, actor=Actor.of(house.buyer), uid=item.uid, at=LATER)
    item.refresh_from_db()
    assert (item.stage, item.status, item.submitted_at, item.late) == ("submitted", "submitted", LATER, False)
    assert house.timeline() == ["evidence.uploaded", "evidence.submitted"]
    with pytest.raises(WrongState):
        items.submit(case=house.case, actor=Actor.of(house.buyer), uid=item.uid, at=LATER)
    assert house.timeline() == ["evidence.uploaded", "evidence.submitted"]


def test_the_bytes_are_sealed_under_their_hash(house: House, folder: Path) -> None:
    item = house.hand_in()
    assert kept(folder) == [folder / item.file.sha256[:2] / item.file.sha256]
    assert kept(folder)[0].read_bytes() == samples.JPEG
    assert kept(folder)[0].stat().st_mode & 0o777 == 0o400
    assert not incoming(folder)


def test_the_same_bytes_are_stored_once_for_both_sides(house: House, folder: Path) -> None:
    house.hand_in()
    house.hand_in(user=house.seller, slot="dispatch_proof")
    assert len(kept(folder)) == 1 and File.objects.count() == 2


def test_the_same_file_in_the_same_place_is_refused_and_says_where_it_is(house: House) -> None:
    first = house.hand_in()
    with pytest.raises(Conflict) as refused:
        house.hand_in()
    assert refused.value.extra["id"] == str(first.uid)
    items.withdraw(case=house.case, actor=Actor.of(house.buyer), uid=first.uid, reason="wrong", at=LATER)
    house.hand_in()


def test_what_is_taken_back_is_kept_and_marked(house: House, folder: Path) -> None:
    item = house.hand_in()
    items.withdraw(case=house.case, actor=Actor.of(house.buyer), uid=item.uid, reason="the wrong cup", at=LATER)
    item.refresh_from_db()
    assert (item.status, item.stage, item.withdrawn_at) == ("withdrawn", "submitted", LATER)
    assert len(kept(folder)) == 1
    assert house.timeline()[-1] == "evidence.withdrawn"
    with pytest.raises(WrongState):
        items.withdraw(case=house.case, actor=Actor.of(house.buyer), uid=item.uid, reason="", at=LATER)


def test_a_staged_exhibit_that_was_taken_back_cannot_be_submitted(house: House) -> None:
    item = house.hand_in(submit=False)
    items.withdraw(case=house.case, actor=Actor.of(house.buyer), uid=item.uid, reason="", at=LATER)
    with pytest.raises(WrongState):
        items.submit(case=house.case, actor=Actor.of(house.buyer), uid=item.uid, at=LATER)


def test_only_its_own_side_submits_or_takes_back(house: House) -> None:
    item = house.hand_in()
    for other in (house.seller, house.arbitrator):
        with pytest.raises(NotPermitted):
            items.withdraw(case=house.case, actor=Actor.of(other), uid=item.uid, reason="", at=LATER)
    staged = house.hand_in(submit=False, slot="chat_log")
    with pytest.raises(NotFound):  # the other side does not even learn that it is there
        items.submit(case=house.case, actor=Actor.of(house.seller), uid=staged.uid, at=LATER)


def test_what_the_rulebook_refuses_leaves_no_row(house: House) -> None:
    house.shut = True
    with pytest.raises(WrongState):
        house.hand_in()
    assert not Item.objects.exists() and not File.objects.exists() and house.timeline() == []


def test_an_event_that_fails_takes_the_row_with_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_said: object) -> None:
        raise ZeroDivisionError

    hooks = house.hooks()
    registry.fill(registry.Hooks(**{**vars(hooks), "record": fails}))
    with pytest.raises(ZeroDivisionError):
        house.hand_in()
    assert not Item.objects.exists() and not File.objects.exists()


def test_a_submission_holds_twenty_files(house: House) -> None:
    for number in range(limits.STAGED_FILES):
        house.hand_in(samples.JPEG + bytes([number]), submit=False)
    with pytest.raises(TooMany):
        house.hand_in(samples.JPEG + b"one more", submit=False)
    house.hand_in(samples.JPEG + b"the seller's", user=house.seller, submit=False)


def test_a_person_cannot_flood(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UPLOADS_PER_PERSON", 2)
    house.hand_in(samples.JPEG + b"1")
    house.hand_in(samples.JPEG + b"2")
    with pytest.raises(TooMany):
        house.hand_in(samples.JPEG + b"3")
    house.hand_in(samples.JPEG + b"3", at=NOON + limits.UPLOADS_WINDOW)


@pytest.mark.parametrize("column", ["title", "statement", "slot", "party", "late", "stage"])
def test_the_database_seals_what_was_submitted(house: House, column: str) -> None:
    item = house.hand_in()
    value = {"late": True, "stage": "staged", "slot": "other", "party": "seller"}.get(column, "changed")
    with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(**{column: value})


def test_the_database_keeps_every_exhibit_and_every_file(house: House) -> None:
    item = house.hand_in(submit=False)
    for act in (
        item.delete,
        lambda: File.objects.all()._raw_delete("default"),
        lambda: File.objects.update(sha256="0" * 64),
    ):
        with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
            act()
    Item.objects.filter(pk=item.pk).update(title="staged ones may still change")


def test_bytes_that_are_not_there_make_no_row(house: House, folder: Path) -> None:
    received = receiving.receive([samples.JPEG], name="cup.jpg")
    stored = items.store(received=received, kind="photo")
    kept(folder)[0].unlink()
    with pytest.raises(DomainError) as refused:
        details = items.Details(slot="product_photo", kind="photo")
        items.add(case=house.case, actor=Actor.of(house.buyer), stored=stored, details=details, submit=True, at=NOON)
    assert refused.value.code == "evidence_not_kept"
    assert not Item.objects.exists() and not File.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_by_many_at_once_is_there_once(house: House, folder: Path) -> None:
    def send(_number: int) -> str:
        try:
            return str(house.hand_in().uid)
        except Conflict as refused:
            return str(refused.extra["id"])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        told = set(pool.map(send, range(16)))
    assert told == {str(Item.objects.get().uid)}
    assert len(kept(folder)) == 1 and not incoming(folder)
    assert house.timeline() == ["evidence.uploaded", "evidence.submitted"]


def test_looking_is_on_the_timeline_each_time(house: House) -> None:
    item = house.hand_in()
    for user in (house.buyer, house.seller, house.arbitrator, house.seller):
        with items.view(item=item, actor=Actor.of(user), at=LATER) as handle:
            assert handle.read() == samples.JPEG
    assert house.timeline().count("evidence.viewed") == 4


@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_damaged_bytes_are_not_handed_out(house: House, folder: Path, harm: str) -> None:
    item = house.hand_in()
    path = kept(folder)[0]
    path.chmod(0o600)
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(samples.JPEG[:-1] + (b"x" if harm == "changed" else b""))
    with pytest.raises(DomainError) as refused:
        items.view(item=item, actor=Actor.of(house.buyer), at=LATER)
    assert (refused.value.code, refused.value.status) == ("evidence_damaged", 503)
    assert "evidence.viewed" not in house.timeline()
    assert not storage.holds("no/such", 1)
