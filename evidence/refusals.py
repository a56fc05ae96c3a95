"""Why a file or an act is refused, and what to do about it."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casemgmt.errors import Conflict, DomainError, Invalid, NotFound, TooMany, Unavailable, WrongState
from evidence import limits

TAKEN = "jpg, png, webp, heic, gif, pdf, mp4, mov, webm, txt, html, json, csv, eml, mbox, zip"


class StorageFull(DomainError):
    """There is no room for the bytes: 507. Nothing was kept."""

    status = 507


class TooLarge(DomainError):
    """A file over its limit: 413. Nothing was kept."""

    status = 413


@contextmanager
def full_disk() -> Iterator[None]:
    """Turn "no space left" in its three forms into a refusal."""
    try:
        yield
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            raise
        raise StorageFull(
            "storage_full",
            _("There is no room for the file at the moment. Nothing was kept; try again later."),
            retry_after=300,
        ) from problem


def too_large(limit: int) -> TooLarge:
    detail = _("The file is larger than %(limit)s MB. Send a shorter or smaller one.") % {"limit": limit // limits.MB}
    return TooLarge("evidence_too_large", detail, limit_bytes=limit)


def one_file_only() -> Invalid:
    detail = _("Send exactly one file, in the form field called file.")
    return Invalid("evidence_one_file", detail, fields={"file": detail})


def empty() -> Invalid:
    detail = _("The file is empty. Choose it again and check that it opens on your device.")
    return Invalid("evidence_empty", detail, fields={"file": detail})


def type_not_taken(what: str) -> Invalid:
    detail = _("This is a file of a kind we do not take (%(what)s). Send one of: %(taken)s.")
    return Invalid("evidence_type_not_taken", detail % {"what": what, "taken": TAKEN}, found=what)


def type_mismatch(*, found: str, extension: str, name: str, declared: str) -> Invalid:
    detail = _(
        "The file says it is one thing (%(name)s) but its content is %(found)s. "
        "If that is what you mean to send, rename it to end in .%(extension)s; otherwise choose the right file."
    )
    words = {"name": name or declared, "found": found, "extension": extension}
    return Invalid("evidence_type_mismatch", detail % words, found=found, declared=declared)


def two_things(found: str) -> Invalid:
    detail = _("The file is %(found)s and something else at once. Save it anew or send a screenshot of it.")
    return Invalid("evidence_type_ambiguous", detail % {"found": found}, found=found)


def kind_mismatch(*, kind: str, found: str) -> Invalid:
    detail = _("A file of type %(found)s cannot be handed in as %(kind)s. Choose another kind or another file.")
    return Invalid("evidence_kind_mismatch", detail % {"found": found, "kind": kind}, found=found)


def bad_archive(said: Promise) -> Invalid:
    return Invalid("evidence_archive", said, fields={"file": said})


def not_found() -> NotFound:
    return NotFound("evidence_not_found", _("There is no such exhibit, or you may not see it. Check the address."))


def request_not_found() -> NotFound:
    return NotFound("evidence_request_not_found", _("There is no such request, or you may not see it."))


def case_not_found() -> NotFound:
    return NotFound("case_not_found", _("There is no such case, or you may not see it. Check the case number."))


def already_there(uid: Any) -> Conflict:
    detail = _("This very file is already there, in the same place. Nothing was added.")
    return Conflict("evidence_already_there", detail, id=str(uid))


def wrong_stage(detail: Promise, **extra: Any) -> WrongState:
    return WrongState("evidence_wrong_stage", detail, **extra)


def too_many_files(limit: int) -> TooMany:
    detail = _("That is more than %(limit)d files. Submit or withdraw some that are waiting first.")
    return TooMany("evidence_too_many_files", detail % {"limit": limit}, limit=limit)


def too_many_uploads(retry_after: int) -> TooMany:
    return TooMany(
        "evidence_too_many_uploads", _("Too many uploads at once. Try again later."), retry_after=retry_after
    )


def damaged() -> Unavailable:
    return Unavailable(
        "evidence_damaged",
        _("The stored file does not match its seal and is not handed out. The platform was told; ask again later."),
    )


def storage_away() -> Unavailable:
    detail = _("The storage of evidence does not answer. Nothing was kept; try again in a minute.")
    return Unavailable("storage_unavailable", detail, retry_after=60)
