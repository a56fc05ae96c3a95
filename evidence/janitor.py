"""Sweeping up bytes that no row speaks of: an upload that was given up, or whose process died."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import transaction

from evidence import limits, storage
from evidence.models import File
from evidence.receiving import INCOMING

log = logging.getLogger(__name__)

_FOLDER = re.compile(r"[0-9a-f]{2}")
_NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Swept:
    """How many files were removed from the incoming folder and from the storage."""

    incoming: int
    orphans: int


def sweep(*, at: datetime, age: timedelta = limits.ORPHAN_AGE) -> Swept:
    """Remove what is older than `age` at `at` and belongs to no row. Safe beside uploads, and twice at once."""
    swept = Swept(incoming=_sweep_incoming(at - age), orphans=sum(_sweep_folder(name, at - age) for name in _folders()))
    if swept.incoming or swept.orphans:
        log.info("evidence janitor: %s given up on the way in, %s without a row", swept.incoming, swept.orphans)
    return swept


def _sweep_incoming(before: datetime) -> int:
    folder = Path(settings.EVIDENCE_ROOT) / INCOMING
    old = [path for path in folder.glob("*") if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _folders() -> Iterator[str]:
    place = storage.store()
    if isinstance(place, FileSystemStorage) and not place.exists(""):
        return  # nothing was ever handed in
    yield from (name for name in place.listdir("")[0] if _FOLDER.fullmatch(name))


def _sweep_folder(folder: str, before: datetime) -> int:
    names = [name for name in storage.store().listdir(folder)[1] if _NAME.fullmatch(name)]
    known = set(File.objects.filter(sha256__in=names).values_list("sha256", flat=True))
    return sum(_remove(name, before) for name in names if name not in known)


def _remove(sha256: str, before: datetime) -> bool:
    """Look once more under the lock of these bytes: an upload may have just claimed or renewed them."""
    key, place = storage.key_of(sha256), storage.store()
    with transaction.atomic():
        storage.lock(sha256)
        if File.objects.filter(sha256=sha256).exists() or not place.exists(key):
            return False
        if place.get_modified_time(key) >= before:
            return False
        place.delete(key)
    return True
