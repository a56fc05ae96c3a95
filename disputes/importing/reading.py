"""Bytes → rows, streamed: CSV, JSON lines, or a JSON document with the records under a key."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import ijson

Row = dict[str, Any]
LONGEST_FIELD = 10_000_000
_GUESSED = ("utf-8-sig", "gb18030")


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says what to pass instead."""


def encoding_of(path: Path) -> str:
    """UTF-8 where the first megabyte is that, else GB18030, which holds every Chinese encoding of files."""
    with path.open("rb") as file:
        head = file.read(1 << 20)
    for encoding in _GUESSED:
        try:
            # A character cut in two at the end of the sample is no evidence against an encoding.
            head.decode(encoding) if len(head) < 1 << 20 else head[:-4].decode(encoding, errors="strict")
        except UnicodeDecodeError:
            continue
        return encoding
    raise Unreadable("The file is neither UTF-8 nor GB18030. Name its encoding with --encoding.")


def rows(path: Path, *, encoding: str, records: str | None, progress: Callable[[int], None]) -> Iterator[Row | str]:
    """Each record as a dict, or the reason (a string) why that place of the file is no record.

    `progress` is told how many bytes have been read in all. Bytes that the encoding does not know become lone
    surrogates, so that only their own row is refused.
    """
    with path.open("rb") as file:
        for row in _reader(path, encoding, records)(file):
            progress(file.tell())
            yield row


def _reader(path: Path, encoding: str, records: str | None) -> Callable[[IO[bytes]], Iterator[Row | str]]:
    suffix = path.suffix.lower()
    if records is not None:
        return lambda file: _document(file, records)
    if suffix in (".jsonl", ".ndjson"):
        return lambda file: _lines(file, encoding)
    if suffix == ".json":
        raise Unreadable("A .json document needs --records KEY: the key that holds the list of complaints.")
    return lambda file: _csv(file, encoding)


def _csv(file: IO[bytes], encoding: str) -> Iterator[Row | str]:
    csv.field_size_limit(LONGEST_FIELD)
    text = io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline="")
    reader = csv.DictReader(text, restkey="\0extra", strict=False)
    try:
        for row in reader:
            yield "more cells than the header has columns" if "\0extra" in row else dict(row)
    except csv.Error as error:
        yield f"not readable as CSV from here on: {error}"
    finally:
        text.detach()


def _lines(file: IO[bytes], encoding: str) -> Iterator[Row | str]:
    for line in file:
        if not line.strip():
            continue
        try:
            found = json.loads(line.decode(encoding))
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            yield f"not a JSON line: {error}"
            continue
        yield found if isinstance(found, dict) else "not a JSON object"


def _document(file: IO[bytes], key: str) -> Iterator[Row | str]:
    """Records are taken off the stream one by one; the document is never held whole."""
    try:
        for found in ijson.items(file, f"{key}.item", use_float=True):
            yield found if isinstance(found, dict) else "not a JSON object"
    except ijson.JSONError as error:
        yield f"not readable as JSON from here on: {error}"
