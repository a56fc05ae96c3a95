"""What a file is, by its bytes. The name and the declared type are only claims to be held against that."""

import re
from collections.abc import Callable
from dataclasses import dataclass

HEAD = 65_536
TAIL = 66_000  # the longest comment of a zip, and its end record


@dataclass(frozen=True, kw_only=True)
class Glimpse:
    """What is kept of a file while it streams by: both ends, its size in bytes, and whether it holds a zero byte."""

    head: bytes
    tail: bytes
    size: int
    has_nul: bool


@dataclass(frozen=True, kw_only=True)
class FileType:
    """A type we take: its MIME type, the extensions and the other MIME types that honestly go with it."""

    code: str
    mime: str
    extensions: frozenset[str]
    aliases: frozenset[str] = frozenset()


def _type(code: str, mime: str, extensions: str, *aliases: str) -> FileType:
    return FileType(code=code, mime=mime, extensions=frozenset(extensions.split()), aliases=frozenset(aliases))


_TEXTS = ("text/plain", "application/json", "text/json", "text/csv", "message/rfc822", "application/mbox")
TYPES: dict[str, FileType] = {
    found.code: found
    for found in (
        _type("jpg", "image/jpeg", "jpg jpeg jpe jfif", "image/jpg", "image/pjpeg"),
        _type("png", "image/png", "png", "image/x-png"),
        _type("webp", "image/webp", "webp"),
        _type("heic", "image/heic", "heic heif", "image/heif", "image/heic-sequence", "image/heif-sequence"),
        _type("gif", "image/gif", "gif"),
        _type("pdf", "application/pdf", "pdf", "application/x-pdf"),
        _type("mp4", "video/mp4", "mp4 m4v", "video/x-m4v"),
        _type("mov", "video/quicktime", "mov qt"),
        _type("webm", "video/webm", "webm"),
        _type("html", "text/html", "html htm"),
        _type("json", "application/json", "json txt", *_TEXTS),
        _type("eml", "message/rfc822", "eml txt", *_TEXTS),
        _type("mbox", "application/mbox", "mbox txt", "application/x-mbox", *_TEXTS),
        _type("txt", "text/plain", "txt text log csv", "application/vnd.ms-excel", *_TEXTS),
        _type("zip", "application/zip", "zip", "application/x-zip-compressed", "application/x-zip"),
    )
}
IMAGES = frozenset({"jpg", "png", "webp", "heic", "gif"})
VIDEOS = frozenset({"mp4", "mov", "webm"})
TEXTS = frozenset({"txt", "html", "json", "eml", "mbox"})

_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MP4 = {
    b"isom",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"M4VH",
    b"M4VP",
    b"MSNV",
    b"dash",
    b"mmp4",
    b"3gp4",
    b"3gp5",
    b"3gp6",
}
_MOV_ATOMS = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
_MAIL = re.compile(rb"(?:^|\n)(from|date|subject|received|message-id|mime-version|return-path|to):", re.IGNORECASE)
_HEADER = re.compile(rb"[!-9;-~]+:[ \t]?[^\r\n]*\r?\n")


def sniff(glimpse: Glimpse) -> FileType | None:
    """The one type these bytes are; None if it is not one we take. Zips are looked into elsewhere."""
    for code, test in _BINARY:
        if test(glimpse.head, glimpse):
            return TYPES[code]
    textual = _text(glimpse)
    return TYPES[textual] if textual else None


def is_two_things(glimpse: Glimpse, found: FileType) -> bool:
    """Whether the bytes can also be opened as another type: an archive at the end, or a document near the start."""
    if found.code != "zip" and found.code not in TEXTS and _ends_as_zip(glimpse.tail):
        return True
    if found.code not in TEXTS | {"pdf", "zip"} and b"%PDF-" in glimpse.head[:1024]:
        return True
    return found.code in IMAGES and re.search(rb"<(script|svg|html|!doctype)\b", glimpse.head[:512], re.I) is not None


def fits(found: FileType, *, extension: str, declared: str) -> bool:
    """Whether the name's extension and the declared MIME type agree with the bytes. Saying nothing is no lie."""
    stated = declared.partition(";")[0].strip().lower()
    named_well = not extension or extension in found.extensions
    stated_well = stated in ("", "application/octet-stream", found.mime) or stated in found.aliases
    return named_well and stated_well


def _ends_as_zip(tail: bytes) -> bool:
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < 22:
        return False
    return int.from_bytes(tail[place + 20 : place + 22], "little") == len(tail) - place - 22


def _is_webp(head: bytes, glimpse: Glimpse) -> bool:
    stated = int.from_bytes(head[4:8], "little") + 8
    return head[:4] == b"RIFF" and head[8:15] == b"WEBPVP8" and stated <= glimpse.size + 1


def _brand(head: bytes) -> bytes:
    return head[8:12] if head[4:8] == b"ftyp" else b""


def _is_mp4(head: bytes, _glimpse: Glimpse) -> bool:
    return _brand(head) in _MP4 or (_brand(head)[:3] == b"iso" and _brand(head)[3:4].isalnum())


def _is_mov(head: bytes, _glimpse: Glimpse) -> bool:
    size = int.from_bytes(head[:4], "big")
    return _brand(head) == b"qt  " or (head[4:8] in _MOV_ATOMS and (size >= 8 or size in (0, 1)))


def _is_webm(head: bytes, _glimpse: Glimpse) -> bool:
    return head[:4] == b"\x1aE\xdf\xa3" and re.search(rb"\x42\x82.?\x84webm", head[:256], re.DOTALL) is not None


def _is_png(head: bytes, _glimpse: Glimpse) -> bool:
    return head[:16] == b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


_BINARY: tuple[tuple[str, Callable[[bytes, Glimpse], bool]], ...] = (
    ("jpg", lambda head, _glimpse: head[:3] == b"\xff\xd8\xff" and len(head) > 16),
    ("png", _is_png),
    ("gif", lambda head, _glimpse: head[:6] in (b"GIF87a", b"GIF89a") and len(head) > 13),
    ("webp", _is_webp),
    ("heic", lambda head, _glimpse: _brand(head) in _HEIC),
    ("mp4", _is_mp4),
    ("mov", _is_mov),
    ("webm", _is_webm),
    ("pdf", lambda head, _glimpse: re.match(rb"%PDF-[12]\.\d", head) is not None),
    ("zip", lambda head, glimpse: head[:4] == b"PK\x03\x04" and b"PK\x05\x06" in glimpse.tail),
)


def _text(glimpse: Glimpse) -> str | None:
    """txt, html, json, eml or mbox; None for what is not text, or is markup we do not take (SVG, XML)."""
    wide = glimpse.head[:2] in (b"\xff\xfe", b"\xfe\xff")
    if glimpse.has_nul and not wide:
        return None
    head = _narrowed(glimpse.head, wide).removeprefix(b"\xef\xbb\xbf").lstrip()
    controls = len(re.findall(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]", head))
    if controls * 100 > len(head) or not (wide or _is_decodable(glimpse.head)):
        return None
    return _subtype(head, glimpse)


def _subtype(head: bytes, glimpse: Glimpse) -> str | None:
    start = head[:1024].lower()
    if start.startswith((b"<?xml", b"<svg", b"<!doctype svg", b"%pdf", b"%!ps")):
        return None
    if re.search(rb"<(!doctype html|html|head|body|script|iframe|svg|meta|title|table|div|style)\b", start):
        return "html"
    if start[:1] in (b"{", b"[") and glimpse.tail.rstrip(b"\0 \t\r\n")[-1:] in (b"}", b"]"):
        return "json"
    if re.match(rb"from [^\r\n]+\r?\n", start) and _MAIL.search(head[:HEAD]):
        return "mbox"
    return "eml" if _HEADER.match(head) and len(set(_MAIL.findall(_headers(head).lower()))) >= 2 else "txt"


def _headers(head: bytes) -> bytes:
    return re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]


def _narrowed(head: bytes, wide: bool) -> bytes:
    return head.decode("utf-16", "replace").encode("utf-8", "replace") if wide else head


def _is_decodable(head: bytes) -> bool:
    """UTF-8, or one of the encodings that chat programs write; a character cut at the end of the head is no fault."""
    for encoding in ("utf-8", "gb18030", "big5", "cp932", "euc-kr"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                if len(head) < HEAD:
                    break
            else:
                return True
    return False
