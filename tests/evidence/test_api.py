"""Evidence over HTTP: who may hand in, see and download, and how the bytes are handed out."""

import json
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from evidence.models import Item
from tests.evidence import samples
from tests.evidence.house import House, new_case, upload

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.evidence.urls")]


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def content_url(item_id: Any) -> str:
    return f"/api/v1/evidence/{item_id}/content/"


def files_in(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*") if path.is_file())


@pytest.mark.promise("R1-05", "R2-29")
def test_a_photo_is_handed_in_and_shown(house: House) -> None:
    answer = house.send(house.buyer, title="The cup", statement="It came broken.", submit="true", mime="image/jpeg")
    told = answer.json()
    assert answer.status_code == 201
    assert (told["party"], told["slot"], told["kind"], told["stage"]) == (
        "consumer",
        "product_photo",
        "photo",
        "submitted",
    )
    assert told["file"]["type"] == "image/jpeg" and told["file"]["size"] == len(samples.JPEG)
    assert told["content"].endswith(content_url(told["id"]))
    assert house.timeline() == ["evidence.uploaded", "evidence.submitted"]


@pytest.mark.promise("R2-23", "R3-20")
@pytest.mark.parametrize("what", samples.GOOD)
def test_every_type_comes_back_as_it_was_sent_and_no_browser_opens_it(house: House, what: str) -> None:
    content, extension, mime, kind = samples.GOOD[what]
    told = house.send(house.buyer, content, name=f"文件 1.{extension}".rstrip("."), kind=kind, mime=mime).json()
    answer = house.client(house.buyer).get(content_url(told["id"]))
    assert body(answer) == content
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Length"] == str(len(content))
    active = {"text/html", "text/plain", "application/json", "application/pdf", "message/rfc822", "image/heic"}
    assert answer["Content-Type"].partition(";")[0] not in active
    assert house.timeline().count("evidence.viewed") == 1


def test_a_staged_exhibit_is_its_own_sides_alone(house: House) -> None:
    told = house.send(house.buyer).json()
    assert told["stage"] == "staged"
    for other in (house.seller, house.arbitrator):
        assert house.client(other).get(house.url()).json()["results"] == []
        assert house.client(other).get(content_url(told["id"])).status_code == 404
    assert len(house.client(house.buyer).get(house.url()).json()["results"]) == 1
    assert house.client(house.buyer).post(house.url(f"evidence/{told['id']}/submit/")).status_code == 200
    for other in (house.seller, house.arbitrator):
        assert len(house.client(other).get(house.url()).json()["results"]) == 1
        assert body(house.client(other).get(content_url(told["id"]))) == samples.JPEG


def test_a_stranger_finds_nothing_and_leaves_no_trace(house: House, folder: Path) -> None:
    told = house.send(house.buyer, submit="true").json()
    before = (house.timeline(), files_in(folder), Item.objects.count())
    for stranger in (house.stranger, house.other_seller):
        client = house.client(stranger)
        assert house.send(stranger).status_code == 404
        assert client.get(house.url()).status_code == 404
        assert client.get(content_url(told["id"])).status_code == 404
        assert client.post(house.url(f"evidence/{told['id']}/submit/")).status_code == 404
        assert client.post(house.url(f"evidence/{told['id']}/withdraw/")).status_code == 404
        assert client.get(house.url("evidence-requests/")).status_code == 404
    assert (house.timeline(), files_in(folder), Item.objects.count()) == before


@pytest.mark.parametrize("reference", ["nonsense", "00000-00000", "%00", "7K3MH-9QXT2"])
def test_no_such_case(house: House, reference: str) -> None:
    answer = house.client(house.buyer).get(f"/api/v1/cases/{reference}/evidence/")
    assert answer.status_code in (400, 404)


def test_an_exhibit_of_another_case_is_not_reached_through_ones_own(house: House) -> None:
    told = house.send(house.buyer).json()
    house.case = new_case(house.buyer, house.shop)
    assert house.client(house.buyer).post(house.url(f"evidence/{told['id']}/submit/")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"content": b"", "name": "a.jpg"}, 422, "evidence_empty"),
        ({"content": samples.HTML, "name": "a.jpg"}, 422, "evidence_type_mismatch"),
        ({"content": samples.EXE, "name": "a.jpg"}, 422, "evidence_type_not_taken"),
        ({"content": samples.JPEG + samples.ZIP, "name": "a.jpg"}, 422, "evidence_type_ambiguous"),
        ({"content": samples.PDF, "name": "a.pdf"}, 422, "evidence_kind_mismatch"),
        ({"slot": "nowhere"}, 422, "invalid"),
        ({"kind": "song"}, 422, "invalid"),
        ({"title": "x" * 201}, 422, "invalid"),
        ({"statement": "x" * 2001}, 422, "invalid"),
        ({"statement": "a\0b"}, 422, "invalid"),
        ({"submit": "perhaps"}, 422, "invalid"),
        ({"sha256": "0" * 64}, 422, "invalid"),
        ({"party": "seller"}, 422, "invalid"),
        ({"content": samples.JPEG + bytes(20_000_000)}, 413, "evidence_too_large"),
    ],
)
def test_a_bad_upload_is_told_why_and_leaves_nothing(
    house: House, folder: Path, fields: dict[str, Any], status: int, code: str
) -> None:
    answer = house.send(house.buyer, **fields)
    told = json.loads(answer.content)
    assert (answer.status_code, told["code"]) == (status, code)
    assert told["detail"] and answer["Content-Type"] == "application/problem+json"
    assert not Item.objects.exists() and house.timeline() == [] and files_in(folder) == 0


def test_no_file_or_two_or_under_another_name_is_told(house: House, folder: Path) -> None:
    client = house.client(house.buyer)
    said = {"slot": "product_photo", "kind": "photo"}
    one, two, three = (upload("a.jpg", samples.JPEG, "image/jpeg") for _n in range(3))
    for files in ({}, {"photo": one}, {"file": [two, three]}, {"file": "text"}):
        answer = client.post(house.url(), {**said, **files}, format="multipart")
        assert answer.status_code == 422, answer.content
    assert client.post(house.url(), said, format="json").status_code == 415
    assert files_in(folder) == 0


def test_a_closed_case_refuses_before_the_bytes_are_read(house: House, folder: Path) -> None:
    house.shut = True
    answer = house.send(house.buyer)
    assert (answer.status_code, answer.json()["code"]) == (409, "case_closed")
    assert not folder.exists() or files_in(folder) == 0


def test_the_same_key_uploads_once_and_another_file_under_it_is_refused(house: House) -> None:
    key = {"Idempotency-Key": "one"}
    first, again = house.send(house.buyer, headers=key), house.send(house.buyer, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() and again["Idempotent-Replayed"] == "true"
    other = house.send(house.buyer, samples.png(), name="b.png", headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Item.objects.count() == 1 and house.timeline() == ["evidence.uploaded"]


def test_without_a_key_a_repeated_upload_is_pointed_to_the_first(house: House) -> None:
    first = house.send(house.buyer).json()
    again = house.send(house.buyer)
    assert (again.status_code, again.json()["code"], again.json()["id"]) == (409, "evidence_already_there", first["id"])


def test_asking_for_the_head_only_is_not_allowed_and_not_a_view(house: House) -> None:
    told = house.send(house.buyer).json()
    assert house.client(house.buyer).head(content_url(told["id"])).status_code == 405
    assert "evidence.viewed" not in house.timeline()


def test_a_hostile_name_is_harmless_in_the_header(house: House) -> None:
    told = house.send(house.buyer, name='a\u202egpj".jpg').json()
    answer = house.client(house.buyer).get(content_url(told["id"]))
    assert body(answer) == samples.JPEG
    assert answer["Content-Disposition"] == 'attachment; filename="agpj_.jpg"'


def test_lists_are_paged_and_cost_the_same_for_many(house: House, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        house.hand_in(samples.JPEG + bytes([number]))
    with django_assert_max_num_queries(5):
        page = house.client(house.seller).get(house.url()).json()
    assert len(page["results"]) == 25 and page["next"]
    rest = house.client(house.seller).get(page["next"]).json()
    assert len(rest["results"]) == 5 and rest["next"] is None


def test_taking_back_by_the_other_side_is_forbidden(house: House) -> None:
    told = house.send(house.buyer, submit="true").json()
    url = house.url(f"evidence/{told['id']}/withdraw/")
    assert house.client(house.seller).post(url, {"reason": "mine now"}).status_code == 403
    assert house.client(house.buyer).post(url, {"reason": "wrong cup"}).json()["status"] == "withdrawn"
    assert house.client(house.buyer).post(url, {}).status_code == 409


def test_a_browser_hands_in_with_its_token_and_not_without(house: House, folder: Path) -> None:
    client: Any = APIClient(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(house.buyer)
    form = {"file": upload("a.jpg", samples.JPEG, ""), "slot": "product_photo", "kind": "photo"}
    assert client.post(house.url(), form, format="multipart").status_code == 403
    assert files_in(folder) == 0
    client.cookies["csrftoken"] = "a" * 32
    form["file"] = upload("a.jpg", samples.JPEG, "")
    answer = client.post(house.url(), {**form, "csrfmiddlewaretoken": "a" * 32}, format="multipart")
    assert answer.status_code == 422, "a token is no field of the form"
    form["file"] = upload("a.jpg", samples.JPEG, "")
    answer = client.post(house.url(), form, format="multipart", headers={"X-CSRFToken": "a" * 32})
    assert answer.status_code == 201 and files_in(folder) == 1
