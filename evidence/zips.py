"""Looking into an archive without unpacking it: bounded in entries, bytes and ratio, and nothing nested."""

import re
import stat
import zipfile
import zlib
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence import limits

_ARCHIVES = re.compile(r"\.(zip|jar|apk|docx|xlsx|pptx|7z|rar|gz|tgz|bz2|xz|tar|cab|iso|zst)$", re.IGNORECASE)
_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_CONTAINERS = frozenset({"[content_types].xml", "meta-inf/manifest.mf", "androidmanifest.xml"})


def complaint(path: Path) -> Promise | None:
    """Why this archive is refused; None if it may come in. Reads the directory and the first bytes of each member."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            return _about_all(entries) or next((said for entry in entries if (said := _about(archive, entry))), None)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError, ValueError, OSError):
        return _("The archive is damaged. Pack it again, or send the files one by one.")


def _about_all(entries: list[zipfile.ZipInfo]) -> Promise | None:
    if not entries or all(entry.is_dir() for entry in entries):
        return _("The archive is empty. Send the files themselves.")
    if len(entries) > limits.ZIP_ENTRIES:
        return _("The archive holds too many files. Send only those that matter.")
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if unpacked > limits.ZIP_BYTES or unpacked > packed * limits.ZIP_RATIO:
        return _("The archive unpacks to far more than it holds. Send the files one by one.")
    if any(entry.filename.lower() in _CONTAINERS for entry in entries):
        return _("This is an office file or a program, not an archive. Send it as PDF or as a picture.")
    return None


def _about(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Promise | None:
    parts = re.split(r"[/\\]", entry.filename)
    if entry.filename.startswith(("/", "\\")) or ".." in parts or re.match(r"^[A-Za-z]:", entry.filename):
        return _("The archive holds a file outside its own folder. Pack it again.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return _("The archive holds a link instead of a file. Pack it again with the files themselves.")
    if entry.flag_bits & 0x1:
        return _("The archive is locked by a password. Pack it again without one.")
    if entry.is_dir():
        return None
    if _ARCHIVES.search(entry.filename) or _starts_as_archive(archive, entry):
        return _("The archive holds another archive. Unpack it and send the files.")
    return None


def _starts_as_archive(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    with archive.open(entry) as member:
        return member.read(8).startswith(_STARTS)
