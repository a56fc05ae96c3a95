"""Judging a received file by its bytes: what it is, whether it says so, and whether it fits its kind."""

import puremagic

from evidence import limits, names, refusals, rules, sniffing, zips
from evidence.receiving import Received
from evidence.sniffing import FileType


def inspect(received: Received, *, kind: str) -> tuple[str, FileType]:
    """The name people may see, and the type by content. Raises Invalid or evidence_too_large, saying what to do."""
    glimpse = received.glimpse
    if glimpse.size == 0:
        raise refusals.empty()
    found = sniffing.sniff(glimpse)
    if found is None:
        raise refusals.type_not_taken(_guess(glimpse.head))
    name = names.normalise(received.name or "")
    _refuse_lies(received, name, found)
    if found.code not in rules.TYPES_BY_KIND[kind]:
        raise refusals.kind_mismatch(kind=kind, found=found.code)
    if glimpse.size > limits.BYTES_BY_KIND[kind]:
        raise refusals.too_large(limits.BYTES_BY_KIND[kind])
    if found.code == "zip" and (said := zips.complaint(received.path)) is not None:
        raise refusals.bad_archive(said)
    return name, found


def _refuse_lies(received: Received, name: str, found: FileType) -> None:
    declared = received.content_type or ""
    if not sniffing.fits(found, extension=names.extension(name), declared=declared):
        first = next(iter(sorted(found.extensions, key=lambda ending: ending != found.code)))
        raise refusals.type_mismatch(found=found.code, extension=first, name=name, declared=declared)
    if sniffing.is_two_things(received.glimpse, found):
        raise refusals.two_things(found.code)


def _guess(head: bytes) -> str:
    """A word for what we do not take, for the message only."""
    try:
        guesses = puremagic.magic_string(head[:4096])
    except (puremagic.PureError, ValueError):
        return "?"
    return str(guesses[0].extension or guesses[0].mime_type or "?").lstrip(".") if guesses else "?"
