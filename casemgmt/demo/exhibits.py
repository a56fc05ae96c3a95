"""Small exhibits made on the spot: a photo that is a real PNG, a chat log that is real text."""

import random
import struct
import zlib
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

WIDTH, HEIGHT = 160, 120


def photo(seed: int) -> bytes:
    """A picture of an article with a crack in it: another one for each seed, the same one for the same seed."""
    chance = random.Random(seed)  # noqa: S311  a picture, not a secret
    ground = bytes(chance.randrange(150, 240) for _channel in range(3))
    body = bytes(chance.randrange(40, 200) for _channel in range(3))
    rows = b"".join(b"\0" + _row(y, ground, body, place) for y, place in enumerate(_crack(chance)))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def chat_log(turns: Sequence[tuple[datetime, str, str]]) -> bytes:
    """[(instant, who, words)] as a chat program exports it: one message a line, in local time."""
    zone = ZoneInfo(settings.TIME_ZONE)
    lines = [f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S} {who}\n{words}\n" for at, who, words in turns]
    return "\n".join(lines).encode()


def _crack(chance: random.Random) -> list[int]:
    """Where the crack is in each row."""
    place, places = chance.randrange(60, 100), []
    for _y in range(HEIGHT):
        place += chance.choice((-1, 0, 0, 1))
        places.append(place)
    return places


def _row(y: int, ground: bytes, body: bytes, crack: int) -> bytes:
    """The ground, the article in the middle of it, and the crack across the article."""
    if not 20 <= y < 100:
        return ground * WIDTH
    left, right = crack - 30, 130 - crack - 2
    return ground * 30 + body * left + b"\x14\x14\x14" * 2 + body * right + ground * 30


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
