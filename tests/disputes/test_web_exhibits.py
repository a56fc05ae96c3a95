"""Exhibits from a page: what is refused is said on the case, and nothing is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from evidence import limits
from evidence.models import File, Item
from tests.disputes.screens import Screens, text
from tests.evidence import samples
from tests.world import Story, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "kept"}}
    with override_settings(EVIDENCE_ROOT=tmp_path / "kept", STORAGES={"evidence": local, "default": local,
                           "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}):  # fmt: skip
        yield tmp_path / "kept"


@pytest.fixture
def story(world: World) -> Story:
    return world.files()


@pytest.fixture
def buyer(story: Story) -> Screens:
    return Screens(story.world, story.world.buyer)


def photo(content: bytes = samples.JPEG, name: str = "photo.jpg", mime: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, mime)


def hands_in(browser: Screens, story: Story, file: Any, **said: str) -> str:
    """The case's page after it; the form always leads there."""
    form = {"slot": "product_photo", **({"file": file} if file else {}), **said}
    answer = browser.uploads(f"/cases/{story.case.reference}/evidence/", form)
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{story.case.reference}/")
    return text(browser.get(answer["Location"]))


def files_in(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*") if path.is_file())


def test_a_photo_is_handed_in_and_comes_back_as_it_was(buyer: Screens, story: Story) -> None:
    page = hands_in(buyer, story, photo(), title="The cup", statement="Broken")
    assert "The file was handed in." in page and "photo.jpg" in page
    item = Item.objects.get()
    assert (item.stage, item.kind, item.title, item.statement) == ("submitted", "photo", "The cup", "Broken")
    answer = Screens(story.world, story.world.seller).get(f"/exhibits/{item.uid}/")
    assert b"".join(answer.streaming_content) == samples.JPEG
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("what", samples.GOOD)
def test_every_type_that_we_take_is_taken_from_a_page(buyer: Screens, story: Story, what: str) -> None:
    content, extension, mime, kind = samples.GOOD[what]
    slot = "chat_log" if kind == "chat_log" else "product_photo"
    page = hands_in(buyer, story, photo(content, f"file.{extension}".rstrip("."), mime), slot=slot)
    assert "The file was handed in." in page
    assert Item.objects.count() == 1


@pytest.mark.parametrize(
    ("file", "said", "told"),
    [
        (None, {}, "Choose a file first."),
        (photo(b""), {}, "empty"),
        (photo(samples.EXE, "a.jpg"), {}, "kind we do not take"),
        (photo(samples.HTML, "a.jpg"), {}, "The file says it is one thing"),
        (photo(samples.SVG, "a.svg", "image/svg+xml"), {}, "kind we do not take"),
        (photo(samples.JPEG + samples.ZIP), {}, "something else at once"),
        (photo(), {"slot": "nowhere"}, "nowhere"),
        (photo(), {"slot": ""}, "alert-danger"),
        (photo(), {"title": "x" * 201}, "alert-danger"),
        (photo(), {"statement": "a\0b"}, "alert-danger"),
    ],
)
def test_a_bad_file_is_told_why_and_nothing_is_kept(
    buyer: Screens, story: Story, folder: Path, file: Any, said: dict[str, str], told: str
) -> None:
    if file:
        file.seek(0)
    page = hands_in(buyer, story, file, **said)
    assert "alert-danger" in page and told in page
    assert not Item.objects.exists() and not File.objects.exists()
    assert not folder.exists() or files_in(folder) == 0


def test_a_file_one_byte_too_large_is_told_so(buyer: Screens, story: Story, folder: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(limits.BYTES_BY_KIND, "photo", len(samples.JPEG))
    assert "The file was handed in." in hands_in(buyer, story, photo())
    assert "larger than" in hands_in(buyer, story, photo(samples.JPEG + b"\0"))
    assert Item.objects.count() == 1 and files_in(folder) == 1


@pytest.mark.parametrize("name", ["a\0b.jpg", "../../etc/passwd.jpg", "\u202egpj.jpg", "🙂" * 200 + ".jpg", ".jpg", "a\r\nb.jpg", "<b>.jpg"])  # fmt: skip
def test_a_hostile_name_is_harmless(buyer: Screens, story: Story, name: str) -> None:
    hands_in(buyer, story, photo(name=name))
    kept = File.objects.values_list("original_name", flat=True).first() or ""
    assert not set(kept) & set("\0/\\\r\n<>\u202e") and len(kept.encode()) <= 210
    page = buyer.get(f"/cases/{story.case.reference}/")
    assert page.status_code == 200 and b"<b>.jpg" not in page.content


def test_what_is_kept_first_is_shown_later_and_taken_back(buyer: Screens, story: Story) -> None:
    assert "kept, not shown yet" in hands_in(buyer, story, photo(), keep="1")
    item = Item.objects.get()
    seller = Screens(story.world, story.world.seller)
    assert seller.get(f"/exhibits/{item.uid}/").status_code == 404
    path = f"/cases/{story.case.reference}/evidence/{item.uid}"
    assert buyer.post(f"{path}/submit/").status_code == 302
    assert b"".join(seller.get(f"/exhibits/{item.uid}/").streaming_content) == samples.JPEG
    for reason in ("a\0b", "x" * 2001):
        assert buyer.post(f"{path}/withdraw/", {"reason": reason}).status_code == 302
        assert "alert-danger" in text(buyer.get(f"/cases/{story.case.reference}/"))
    assert buyer.post(f"{path}/withdraw/", {"reason": "Wrong cup"}).status_code == 302
    assert Item.objects.get().status == "withdrawn"
    assert buyer.post(f"{path}/judge/").status_code == 404


def test_the_same_file_twice_is_there_once(buyer: Screens, story: Story) -> None:
    hands_in(buyer, story, photo())
    assert "already there" in hands_in(buyer, story, photo())
    assert Item.objects.count() == 1


def test_on_a_closed_case_nothing_is_handed_in(buyer: Screens, story: Story) -> None:
    story.does(story.world.buyer, "withdraw", confirm=True)
    assert "The case is closed." in hands_in(buyer, story, photo())
    assert 'enctype="multipart/form-data"' not in text(buyer.get(f"/cases/{story.case.reference}/"))


def test_the_form_is_shown_to_those_who_may_hand_in(story: Story) -> None:
    world = story.world
    for person, may in ((world.buyer, True), (world.seller, True), (world.agent, True), (world.auditor, False)):
        page = text(Screens(world, person).get(f"/cases/{story.case.reference}/"))
        assert ('enctype="multipart/form-data"' in page) is may


def test_nobody_signed_out_or_without_a_token_gets_a_byte_in(story: Story, folder: Path) -> None:
    path = f"/cases/{story.case.reference}/evidence/"
    assert Client().post(path, {"slot": "product_photo", "file": photo()})["Location"].startswith("/sign-in/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(story.world.buyer)
    assert strict.post(path, {"slot": "product_photo", "file": photo()}).status_code == 403
    strict.cookies["csrftoken"] = "a" * 32
    with story.world.at(story.world.now):
        answer = strict.post(path, {"slot": "product_photo", "file": photo(), "csrfmiddlewaretoken": "a" * 32})
    assert answer.status_code == 302 and Item.objects.count() == 1
    assert files_in(folder) == 1


def test_asking_for_the_head_only_is_no_way_to_look(buyer: Screens, story: Story) -> None:
    hands_in(buyer, story, photo())
    path = f"/exhibits/{Item.objects.get().uid}/"
    assert buyer.head(path).status_code == 405
    assert "evidence.viewed" not in [code for code, _at in story.timeline()]


def test_a_damaged_exhibit_is_said_and_not_handed_out(buyer: Screens, story: Story, folder: Path) -> None:
    hands_in(buyer, story, photo())
    (folder / File.objects.get().storage_key).write_bytes(b"something else")
    answer = buyer.get(f"/exhibits/{Item.objects.get().uid}/")
    assert answer["Location"] == f"/cases/{story.case.reference}/"
    assert "does not match its seal" in text(buyer.get(answer["Location"]))


def test_a_form_that_is_no_upload_is_told_to_choose_a_file(buyer: Screens, story: Story) -> None:
    path = f"/cases/{story.case.reference}/evidence/"
    assert buyer.post(path, {"file": "text", "slot": "product_photo"}).status_code == 302
    assert buyer.uploads(path, {"photo": photo(), "slot": "product_photo"}).status_code == 302
    assert not Item.objects.exists()
