"""Where the bytes lie: under their own SHA-256, once, sealed. On a local disk or on storage that speaks S3."""

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File as DjangoFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import connection

from evidence import refusals
from evidence.receiving import Received

log = logging.getLogger(__name__)

CHUNK = 1 << 20
# Up to here the hash is checked before the first byte leaves; beyond, the size (the nightly check does the rest).
CHECKED_BYTES = 64 << 20


def store() -> Storage:
    return storages["evidence"]


def key_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def put(received: Received) -> str:
    """Store the bytes and give their key. They are whole under that key or not there at all. Raises storage_full."""
    key, place = key_of(received.sha256), store()
    with refusals.full_disk(), _reachable():
        if isinstance(place, FileSystemStorage):
            _move_in(received.path, Path(place.path(key)))
        else:
            _send_in(received.path, key, place)
    return key


def holds(key: str, size: int) -> bool:
    """Whether the bytes are there in their full length."""
    with _reachable():
        place = store()
        return place.exists(key) and place.size(key) == size


def open_checked(*, key: str, sha256: str, size: int) -> IO[Any]:
    """The bytes, for reading. Raises evidence_damaged where they are not what was sealed."""
    try:
        with _reachable():
            handle: IO[Any] = store().open(key, "rb")
    except FileNotFoundError:
        log.critical("evidence %s is missing", key)
        raise refusals.damaged() from None
    if handle.size != size or (size <= CHECKED_BYTES and _digest(handle) != sha256):  # type: ignore[attr-defined]
        handle.close()
        log.critical("evidence %s does not match its seal", key)
        raise refusals.damaged()
    handle.seek(0)
    return handle


def lock(sha256: str) -> None:
    """Until the transaction ends, nobody else adds or removes these bytes."""
    number = int.from_bytes(bytes.fromhex(sha256)[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


@contextmanager
def _reachable() -> Iterator[None]:
    """A storage server that does not answer is a refusal that says when to try again."""
    try:
        yield
    except (BotoCoreError, ClientError) as problem:
        log.error("the evidence storage does not answer: %s", problem)
        raise refusals.storage_away() from problem


def _move_in(source: Path, target: Path) -> None:
    """Atomic, also over the same bytes: the new file is young, so that the janitor lets it be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source.chmod(0o400)
    source.replace(target)
    for folder in (target.parent, target.parent.parent):
        _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _send_in(source: Path, key: str, place: Storage) -> None:
    if not holds(key, source.stat().st_size):
        with source.open("rb") as handle:
            got = place.save(key, DjangoFile(handle, name=key))
        if got != key:  # somebody stored the same bytes at the same time, and the storage made up another name
            place.delete(got)
    source.unlink(missing_ok=True)


def _digest(handle: IO[Any]) -> str:
    digest = hashlib.sha256()
    while chunk := handle.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
