"""Handing out sealed bytes so that no browser runs, shows or guesses at them."""

from typing import IO, Any

from django.http import FileResponse
from django.utils.http import content_disposition_header

from evidence.models import File

# What may keep its own name: no browser runs these, whatever is inside. All else is a heap of bytes.
_HARMLESS = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "video/webm"})


def download(file: File, handle: IO[Any]) -> FileResponse:
    """The whole file, streamed; `handle` is closed with the response."""
    kind = file.mime_sniffed if file.mime_sniffed in _HARMLESS else "application/octet-stream"
    response = FileResponse(handle, content_type=kind)
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = content_disposition_header(True, file.original_name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
