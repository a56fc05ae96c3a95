"""What a file is, is said by its bytes."""

import io
import zipfile
from typing import Any

import pytest

from casemgmt.errors import DomainError
from evidence import inspection, limits, receiving, sniffing
from tests.evidence import samples


def judged(content: bytes, name: str, declared: str = "", kind: str = "other") -> tuple[str, str]:
    received = receiving.receive([content], name=name, declared=declared)
    try:
        seen, found = inspection.inspect(received, kind=kind)
    finally:
        received.discard()
    return seen, found.code


def refusal(content: bytes, name: str, declared: str = "", kind: str = "other") -> DomainError:
    with pytest.raises(DomainError) as refused:
        judged(content, name, declared, kind)
    return refused.value


@pytest.mark.parametrize("what", samples.GOOD)
def test_every_honest_file_is_taken(what: str) -> None:
    content, extension, declared, kind = samples.GOOD[what]
    name, _code = judged(content, f"exhibit.{extension}".rstrip("."), declared, kind)
    assert name.startswith("exhibit")


@pytest.mark.parametrize("what", ["jpg", "png", "webp", "heic", "gif", "pdf", "mp4", "mov", "webm", "html", "zip"])
def test_a_type_under_any_other_types_name_is_a_lie(what: str) -> None:
    content = samples.GOOD[what][0]
    for other, (_content, extension, _declared, _kind) in samples.GOOD.items():
        if extension and extension.lower() not in sniffing.TYPES[what].extensions:
            refused = refusal(content, f"x.{extension}")
            assert (refused.status, refused.code) == (422, "evidence_type_mismatch"), other
            assert what in str(refused.detail) and f".{what}" in str(refused.detail)


@pytest.mark.parametrize(
    ("content", "name", "declared"),
    [
        (samples.JPEG, "a.jpg", "image/png"),
        (samples.JPEG, "a.exe", ""),
        (samples.JPEG, "a.svg", "image/svg+xml"),
        (samples.PDF, "a.jpg", "image/jpeg"),
        (samples.HTML, "chat.txt", "text/plain"),
        (samples.HTML, "photo.jpg", "image/jpeg"),
        (samples.ZIP, "photo.png", ""),
        (samples.TXT, "clip.mp4", "video/mp4"),
        (samples.JPEG, "a.jpg", "text/html"),
    ],
)
def test_a_file_that_lies_about_its_type_is_told_what_it_is(content: bytes, name: str, declared: str) -> None:
    assert refusal(content, name, declared).code == "evidence_type_mismatch"


@pytest.mark.parametrize(
    "content",
    [
        samples.EXE,
        samples.SVG,
        b"<svg onload=alert(1)>",
        b"\x7fELF" + bytes(60),
        b"#!/bin/sh\0",
        b"\x00" * 100,
        bytes(range(256)) * 4,
        b"8BPS\x00\x01" + bytes(50),
        b"II*\x00" + bytes(50),
        b"Rar!\x1a\x07\x00" + bytes(50),
        samples.JPEG[:10],
        b"%PDF-9",
        b"\x1a\x45\xdf\xa3\x42\x82\x88matroska" + bytes(50),
    ],
)
@pytest.mark.parametrize("name", ["a.jpg", "a", "a.bin"])
def test_what_we_do_not_take_is_refused_whatever_its_name(content: bytes, name: str) -> None:
    assert refusal(content, name).code in ("evidence_type_not_taken", "evidence_type_mismatch")
    assert refusal(content, name).status == 422


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"", "a.jpg").code == "evidence_empty"


@pytest.mark.parametrize(
    "content",
    [
        samples.JPEG + samples.ZIP,
        samples.GIF + samples.ZIP,
        samples.png() + samples.ZIP,
        samples.PDF + samples.ZIP,
        samples.MP4 + samples.ZIP,
        samples.JPEG[:20] + samples.PDF + samples.JPEG[20:],
        samples.GIF[:20] + b"<script>alert(1)</script>" + samples.GIF[20:],
        samples.JPEG[:20] + b"<html><body onload=alert(1)>" + samples.JPEG[20:],
    ],
)
def test_a_file_that_is_two_things_at_once_is_refused(content: bytes) -> None:
    received = receiving.receive([content], name="x")
    found = sniffing.sniff(received.glimpse)
    received.discard()
    assert found is not None
    assert refusal(content, f"x.{found.code}").code == "evidence_type_ambiguous"


@pytest.mark.parametrize(("kind", "content", "name"), [
    ("photo", samples.PDF, "a.pdf"),
    ("photo", samples.MP4, "a.mp4"),
    ("video", samples.JPEG, "a.jpg"),
    ("chat_log", samples.MP4, "a.mp4"),
    ("document", samples.ZIP, "a.zip"),
])  # fmt: skip
def test_a_kind_takes_only_its_types(kind: str, content: bytes, name: str) -> None:
    assert refusal(content, name, kind=kind).code == "evidence_kind_mismatch"


def grown(content: bytes, size: int) -> bytes:
    return content + b" " * (size - len(content))


@pytest.mark.parametrize(("kind", "content", "name", "code"), [
    ("photo", samples.JPEG, "a.jpg", "jpg"),
    ("document", samples.PDF, "a.pdf", "pdf"),
    ("chat_log", samples.TXT, "a.txt", "txt"),
    ("other", samples.TXT, "a.txt", "txt"),
])  # fmt: skip
def test_a_file_at_its_limit_is_taken_and_one_byte_more_is_not(kind: str, content: bytes, name: str, code: str) -> None:
    most = limits.BYTES_BY_KIND[kind]
    assert judged(grown(content, most), name, kind=kind)[1] == code
    refused = refusal(grown(content, most + 1), name, kind=kind)
    assert (refused.status, refused.code) == (413, "evidence_too_large")
    assert refused.extra["limit_bytes"] == most


def link() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as writing:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = 0o120777 << 16
        writing.writestr(entry, "/etc/passwd")
    return made.getvalue()


def locked() -> bytes:
    content = bytearray(samples.archive({"a.txt": b"secret"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + offset] |= 1
    return bytes(content)


BAD_ARCHIVES: dict[str, bytes] = {
    "nested by name": samples.archive({"inner.zip": b"x"}),
    "nested by content": samples.archive({"inner.txt": samples.ZIP}),
    "nested gzip": samples.archive({"inner.txt": b"\x1f\x8b\x08" + bytes(9)}),
    "bomb": samples.archive({"zeros.txt": bytes(5_000_000)}),
    "too many": samples.archive({f"{n}.txt": b"x" for n in range(1001)}),
    "climbs out": samples.archive({"../../etc/passwd.txt": b"x"}),
    "absolute": samples.archive({"/etc/x.txt": b"x"}),
    "a drive": samples.archive({"C:\\x.txt": b"x"}),
    "a link": link(),
    "locked": locked(),
    "office": samples.archive({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
    "a program": samples.archive({"META-INF/MANIFEST.MF": b"x"}),
    "only folders": samples.archive({"empty/": b""}),
    "cut short": samples.ZIP[: len(samples.ZIP) // 2] + samples.ZIP[-22:],
}


@pytest.mark.parametrize("what", BAD_ARCHIVES)
def test_a_bad_archive_is_refused_without_unpacking_it(what: str) -> None:
    assert refusal(BAD_ARCHIVES[what], "a.zip").code == "evidence_archive"


def test_a_thousand_entries_are_taken() -> None:
    assert judged(samples.archive({f"{n}.txt": b"hello" for n in range(1000)}, zipfile.ZIP_STORED), "a.zip")[1] == "zip"


@pytest.mark.parametrize("what", samples.GOOD)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_how_the_bytes_arrive_makes_no_difference(what: str, size: int) -> None:
    content: Any = samples.GOOD[what][0]
    whole = receiving.receive([content], name="x")
    pieces = receiving.receive([content[n : n + size] for n in range(0, len(content), size)], name="x")
    assert (whole.sha256, whole.glimpse) == (pieces.sha256, pieces.glimpse)
    whole.discard()
    pieces.discard()
