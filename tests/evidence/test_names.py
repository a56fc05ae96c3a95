"""Names are shown, never used; and what is shown is harmless."""

import itertools
import random
import unicodedata

import pytest
from django.utils.http import content_disposition_header

from evidence import names

REMAINS = {
    "cup.jpg": "cup.jpg",
    "破碎的杯子.JPG": "破碎的杯子.JPG",
    "../../etc/passwd": "passwd",
    "C:\\Windows\\system32\\cup.jpg": "cup.jpg",
    "..\u200b/..\u200b/cup.jpg": "cup.jpg",
    "cup\u202egpj.exe": "cupgpj.exe",
    "cup.jpg\0.exe": "cup.jpg.exe",
    "\ufeffcup\u2066.jpg": "cup.jpg",
    ".htaccess": "htaccess",
    "...cup.jpg...": "cup.jpg",
    "con": "_con",
    "CON.jpg": "_CON.jpg",
    "com1.tar.gz": "_com1.tar.gz",
    "LPT9.txt": "_LPT9.txt",
    "console.txt": "console.txt",
    "a\r\nSet-Cookie: x=1.jpg": "aSet-Cookie_ x=1.jpg",
    'a"b<c>|?*.jpg': "a_b_c____.jpg",
    "": "file",
    "/": "file",
    "..": "file",
    " . . ": "file",
    "\0": "file",
    "\u202e": "file",
    "／etc／passwd": "passwd",
    "a\ud800b.jpg": "ab.jpg",
    "cafe\u0301.jpg": "café.jpg",
    "a\tb.jpg": "a b.jpg",
}


@pytest.mark.parametrize("given", REMAINS, ids=ascii)
def test_what_remains_of_a_name(given: str) -> None:
    assert names.normalise(given) == REMAINS[given]


PARTS = (
    *("..", "/", "\\", "\0", "\r\n", "\t", "\u202e", "\u200b", "\ufeff", "\u2028", "con", "NUL", "aux."),
    *(".", " ", "~", "%2e%2e", "%00", '"', "'", ";", "filename=", "é", "破", "👩‍👩‍👧", "a" * 300, "破" * 200),
    *(".jpg", ".exe", "<script>", "\x1b[31m", "\ud83d"),
)


def hostile() -> list[str]:
    mixed = random.Random(7)
    pairs = ["".join(pair) for pair in itertools.product(PARTS, PARTS)]
    return pairs + ["".join(mixed.choices(PARTS, k=mixed.randint(3, 9))) for _ in range(500)]


def test_a_thousand_hostile_names_all_become_harmless() -> None:
    for given in hostile():
        name = names.normalise(given)
        assert name and len(name.encode()) <= 200, ascii(given)
        assert not set(name) & set('/\\\0\r\n\t"<>:|?*'), ascii(given)
        assert not any(unicodedata.category(char).startswith("C") for char in name), ascii(given)
        assert not name.startswith((".", " ")) and not name.endswith((".", " ")), ascii(given)
        assert name.split(".")[0].lower() not in ("con", "nul", "aux"), ascii(given)
        assert names.normalise(name) == name, ascii(given)
        header = content_disposition_header(True, name)
        assert header and header.startswith("attachment; filename") and header.isascii() and header.isprintable()


def test_a_long_name_keeps_its_extension() -> None:
    assert names.normalise("a" * 500 + ".jpeg").endswith("a.jpeg")


@pytest.mark.parametrize(("name", "ending"), [("a.JPG", "jpg"), ("a.b.gz", "gz"), ("a", ""), (".jpg", ""), ("a.", "")])
def test_the_extension_is_the_last_part(name: str, ending: str) -> None:
    assert names.extension(name) == ending
