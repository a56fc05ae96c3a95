"""The page of filing that asks for evidence: what is needed, what is attached, and why there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from disputes.models import Case
from evidence.models import Item
from tests.disputes.filing import at, files, go_on, of_draft, tells
from tests.disputes.screens import Screens, alerts, text
from tests.evidence import samples
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.EVIDENCE_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "evidence": local}


@pytest.fixture
def buyer(world: World) -> Screens:
    return Screens(world, world.buyer)


def attaches(
    browser: Screens, content: bytes = samples.JPEG, *, name: str = "正面.jpg", slot: str = "product_photo"
) -> Any:
    """Without a script: one file per form; the page that comes of it."""
    form = {"slot": slot, "file": SimpleUploadedFile(name, content, "image/jpeg")}
    case = Case.objects.get(status="draft")
    answer = browser.uploads(f"/cases/{case.reference}/evidence/?to=filing", form)
    assert (answer.status_code, answer["Location"]) == (302, of_draft("evidence"))
    return browser.get(answer["Location"])


def test_what_is_needed_and_the_limits_are_said_first(buyer: Screens) -> None:
    page = text(tells(buyer, "evidence"))
    limits, needed, form = page.index("up to 20 MB, videos up to 500 MB"), page.index('class="needed"'), page.index('type="file"')  # fmt: skip
    assert limits < needed < form
    assert "Photo of the product, whole and close" in page and "Proof of dispatch" not in page
    assert 'name="evidence_waiver"' in page
    assert '<option value="product_photo" selected>' in page  # what is needed first
    for step in ("contact", "story", "check"):
        assert 'name="evidence_waiver"' not in text(buyer.get(of_draft(step)))


def test_a_complaint_goes_on_with_its_evidence_or_with_a_reason(buyer: Screens) -> None:
    tells(buyer, "evidence")
    answer = buyer.post(of_draft("evidence"), {})
    assert answer.status_code == 422 and "Still needed: Photo of the product" in text(answer)
    assert "submit=false" not in text(answer)
    assert buyer.get(of_draft("check"))["Location"] == of_draft("evidence")
    page = text(attaches(buyer))
    assert "正面.jpg" in page and "attached" in page
    assert buyer.post(of_draft("evidence"), {})["Location"] == of_draft("check")
    assert "正面.jpg" in text(buyer.get(of_draft("check")))
    assert files(buyer).status_code == 302
    assert Case.objects.get().status == "awaiting_seller"


def test_an_exhibit_is_taken_back_and_is_needed_again(buyer: Screens) -> None:
    tells(buyer, "evidence")
    attaches(buyer)
    item = Item.objects.get()
    path = f"/cases/{item.case.reference}/evidence/{item.uid}/withdraw/?to=filing"
    assert f'action="{path}"' in text(buyer.get(of_draft("evidence")))
    assert buyer.post(path)["Location"] == of_draft("evidence")
    page = text(buyer.get(of_draft("evidence")))
    assert "正面.jpg" not in page
    assert buyer.post(of_draft("evidence"), {}).status_code == 422
    buyer.post(of_draft("evidence"), {"evidence_waiver": "丢了"})
    assert "丢了" in text(buyer.get(of_draft("check")))
    buyer.post(of_draft("evidence"), {"evidence_waiver": ""})  # not before something is there
    assert Case.objects.get().evidence_waiver == "丢了"


def test_a_bad_file_is_told_on_the_same_page_and_the_others_stay(buyer: Screens) -> None:
    tells(buyer, "evidence")
    attaches(buyer)
    page = attaches(buyer, samples.EXE, name="程序.exe")
    assert "kind we do not take" in text(page) and "正面.jpg" in text(page)
    assert Item.objects.count() == 1


def test_an_agent_attaches_for_the_caller_and_a_supervisor_does_too(world: World) -> None:
    for person in (world.agent, world.supervisor):
        browser = Screens(world, person)
        tells(browser, "evidence", caller=world.buyer.username)
        assert "正面.jpg" in text(attaches(browser))
        browser.post(of_draft("evidence"), {})
        assert files(browser, read_back="true").status_code == 302


def test_a_family_that_needs_nothing_goes_on_without(buyer: Screens) -> None:
    number = buyer.world.order().number
    buyer.post(at("order"), {"which": number})
    buyer.post(at("problem"), {"both": "logistics/delayed"})
    buyer.post(at("story"), {"description": "一直没到"})
    answer = buyer.post(at("wish"), {"remedy": "compensation", "amount": "5"})
    assert answer.status_code == 302, alerts(answer)
    go_on(buyer, "contact")
    page = text(buyer.get(of_draft("evidence")))
    assert ">needed<" not in page and "This helps too:" in page
    assert buyer.post(of_draft("evidence"), {})["Location"] == of_draft("check")
