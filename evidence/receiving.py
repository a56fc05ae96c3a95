"""A file on its way in: hashed and measured while it streams to disk, stopped as soon as it is too large."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from evidence import limits, refusals, sniffing
from evidence.slots import Kind

INCOMING = ".incoming"
LARGEST_TEXTUAL = limits.BYTES_BY_KIND[Kind.CHAT_LOG]


class Spool:
    """Writes chunks to a new file and keeps what is needed to judge it. Flat in memory, whatever the size."""

    def __init__(self) -> None:
        folder = Path(settings.EVIDENCE_ROOT) / INCOMING
        with refusals.full_disk():
            folder.mkdir(parents=True, exist_ok=True)
            self.path = folder / secrets.token_hex(16)
            self._file: IO[bytes] = self.path.open("xb")
        self._hash = hashlib.sha256()
        self._head = b""
        self._tail = b""
        self._has_nul = False
        self.size = 0
        self._limit = limits.BYTES_BY_KIND[Kind.VIDEO]

    def write(self, chunk: bytes) -> None:
        """Raises evidence_too_large or storage_full; the file is gone then."""
        if len(self._head) < sniffing.HEAD:
            self._head += chunk[: sniffing.HEAD - len(self._head)]
            self._limit = _largest(self._head)
        self.size += len(chunk)
        if self.size > self._limit:
            self.discard()
            raise refusals.too_large(self._limit)
        self._hash.update(chunk)
        self._has_nul = self._has_nul or b"\0" in chunk
        self._tail = (self._tail + chunk)[-sniffing.TAIL :] if len(chunk) < sniffing.TAIL else chunk[-sniffing.TAIL :]
        try:
            with refusals.full_disk():
                self._file.write(chunk)
        except refusals.StorageFull:
            self.discard()
            raise

    def finish(self, *, name: str, declared: str) -> "Received":
        """Everything is here and on the disk. Raises storage_full."""
        try:
            with refusals.full_disk():
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
        except refusals.StorageFull:
            self.discard()
            raise
        glimpse = sniffing.Glimpse(head=self._head, tail=self._tail, size=self.size, has_nul=self._has_nul)
        return Received(
            path=self.path, sha256=self._hash.hexdigest(), glimpse=glimpse, name=name, content_type=declared
        )

    def discard(self) -> None:
        """Forget the bytes. Closing may fail once more on a full disk; the janitor takes what stays."""
        with suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)


class Received(UploadedFile):  # type: ignore[type-arg]
    """A whole file, waiting in the incoming folder: to be stored, or discarded."""

    def __init__(self, *, path: Path, sha256: str, glimpse: sniffing.Glimpse, name: str, content_type: str) -> None:
        self.path = path
        self.sha256 = sha256
        self.glimpse = glimpse
        super().__init__(file=None, name=name, content_type=content_type[:100], size=glimpse.size)

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Django closes a request's files at its end: what was not stored by then is not wanted."""
        self.discard()


class HashingHandler(FileUploadHandler):
    """Django's multipart parser hands its files here. Only the part called `file` is taken, and only one."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._spool: Spool | None = None
        self._received: Received | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.field_name != "file" or self._received is not None:
            if self._received is not None:
                self._received.discard()
            raise refusals.one_file_only()
        self._spool = Spool()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._spool is not None:
            self._spool.write(raw_data)

    def file_complete(self, file_size: int) -> Received | None:
        if self._spool is None:
            return None
        self._received = self._spool.finish(name=self.file_name or "", declared=self.content_type or "")
        return self._received

    def upload_interrupted(self) -> None:
        if self._spool is not None:
            self._spool.discard()


def receive(chunks: Iterable[bytes], *, name: str, declared: str = "") -> Received:
    """A file that comes from elsewhere than a form: an import, the demo, an e-mail."""
    spool = Spool()
    with _clean(spool):
        for chunk in chunks:
            spool.write(chunk)
    return spool.finish(name=name, declared=declared)


@contextmanager
def _clean(spool: Spool) -> Iterator[None]:
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            spool.discard()


def _largest(head: bytes) -> int:
    """The most a file that begins like this may hold, of any kind; its own kind may allow less."""
    found = sniffing.sniff(sniffing.Glimpse(head=head, tail=b"PK\x05\x06", size=1 << 62, has_nul=b"\0" in head))
    if found is not None and found.code in sniffing.VIDEOS:
        return limits.BYTES_BY_KIND[Kind.VIDEO]
    if found is not None and found.code in sniffing.IMAGES:
        return limits.BYTES_BY_KIND[Kind.PHOTO]
    return LARGEST_TEXTUAL
