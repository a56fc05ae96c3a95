"""The hash chain of one case's timeline: pure, so that anybody can check it without this software."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

GENESIS = "0" * 64


def canonical(entry: Mapping[str, Any]) -> bytes:
    """One byte string per meaning: sorted keys, no spaces, UTF-8."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def seal(previous: str, entry: Mapping[str, Any]) -> str:
    """SHA-256 over the previous hash and the canonical entry, in hex."""
    return hashlib.sha256(previous.encode() + canonical(entry)).hexdigest()


def first_break(links: Iterable[tuple[Mapping[str, Any], str, str]]) -> int | None:
    """The place (from 0) of the first link (entry, prev_hash, hash) that does not follow; None if all do."""
    previous = GENESIS
    for place, (entry, prev_hash, stored) in enumerate(links):
        if prev_hash != previous or seal(previous, entry) != stored:
            return place
        previous = stored
    return None


def digest_text(text: str, salt: str) -> str:
    """The salted hash that stands in the chain for a personal text, so that erasing the text leaves the chain whole."""
    return hashlib.sha256(f"{salt}\0{text}".encode()).hexdigest()
