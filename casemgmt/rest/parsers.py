"""JSON, read strictly: what could be understood in two ways, or cannot be stored, is refused by name."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser

from casemgmt.rest.problems import Problem

MAX_DEPTH = 32
MAX_DIGITS = 19  # of a whole number: what a bigint holds


class StrictJSONParser(BaseParser):
    """UTF-8 JSON objects only; the body is at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes and 32 levels deep."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        return loads(_read(stream))


def loads(raw: bytes) -> dict[str, Any]:
    """The object in `raw`. Raises Problem 400 (413 for size is the parser's) with a code of its own for each fault."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("not_utf8", _("The body is not UTF-8. Encode it as UTF-8."))
    try:
        body = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_whole,
        )
    except RecursionError:
        _too_deep()
    except ValueError as error:
        where = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else "?"
        _refuse("malformed_body", _("The body is not valid JSON (line and column %(where)s).") % {"where": where})
    if not isinstance(body, dict):
        _refuse("not_an_object", _("The body must be one JSON object: {…}."))
    # An escape is the only way for a NUL or half a surrogate pair to come in, so most bodies are not walked.
    if "\\u" in text:
        _refuse_unstorable_text(body)
    if text.count("{") + text.count("[") > MAX_DEPTH:
        _refuse_depth(body)
    return body


def _read(stream: IO[Any]) -> bytes:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    raw: bytes = stream.read(limit + 1)
    if len(raw) > limit:
        detail = _("The body is larger than %(limit)d bytes. Send less at once.") % {"limit": limit}
        raise Problem(413, "body_too_large", detail, limit_bytes=limit)
    return raw


def _refuse(code: str, detail: Any) -> NoReturn:
    raise Problem(400, code, detail)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        _refuse("duplicate_key", _("The body names a field twice. Name each once."))
    return found


def _constant(name: str) -> NoReturn:
    _refuse("not_a_number", _("NaN and Infinity are not numbers in JSON. Send a number or null."))


def _float(text: str) -> float:
    if not math.isfinite(value := float(text)):
        _refuse("number_too_large", _("A number in the body is too large."))
    return value


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS or abs(value := int(text)) >= 1 << 63:
        _refuse("number_too_large", _("A number in the body is too large."))
    return value


def _too_deep() -> NoReturn:
    _refuse("too_deep", _("The body is nested too deeply. Send at most %(depth)d levels.") % {"depth": MAX_DEPTH})


def _refuse_unstorable_text(body: dict[str, Any]) -> None:
    for text in _texts(body):
        if "\x00" in text:
            _refuse("nul_character", _("The body holds a NUL character. Remove it."))
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            _refuse("broken_unicode", _("The body holds half of a surrogate pair. Send whole characters."))


def _texts(body: dict[str, Any]) -> Iterator[str]:
    """Every key and every string, without recursion."""
    rest: list[Any] = [body]
    while rest:
        value = rest.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from value
            rest.extend(value.values())
        elif isinstance(value, list):
            rest.extend(value)


def _refuse_depth(body: dict[str, Any]) -> None:
    level: list[Any] = [body]
    for _depth in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            below.extend(value.values() if isinstance(value, dict) else value)
        level = [value for value in below if isinstance(value, dict | list)]
        if not level:
            return
    _too_deep()
