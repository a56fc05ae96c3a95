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
    ground = [chance.randrange(150, 240) for _channel in range(3)]
    body = [chance.randrange(40, 200) for _channel in range(3)]
    crack = _crack(chance)
    rows = b"".join(b"\0" + _row(y, ground, body, crack) for y in range(HEIGHT))
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


def _row(y: int, ground: Sequence[int], body: Sequence[int], crack: Sequence[int]) -> bytes:
    inside = 20 <= y < 100
    pixels = bytearray()
    for x in range(WIDTH):
        if inside and abs(x - crack[y]) <= 1:
            pixels += b"\x14\x14\x14"
        else:
            shade = (x + y) // 12
            pixels += bytes(min(255, tone + shade) for tone in (body if inside and 30 <= x < 130 else ground))
    return bytes(pixels)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
