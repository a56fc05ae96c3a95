"""Every refusal and every failure as an RFC 9457 problem document."""

import logging
import math
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from casemgmt.errors import DomainError
from casemgmt.rest import database_errors

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TITLES: dict[int, Promise] = {
    400: _("The request cannot be read"),
    401: _("Sign in first"),
    403: _("Not permitted"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("No such representation"),
    409: _("Not possible now"),
    413: _("Too large"),
    415: _("Media type not accepted"),
    422: _("The request is not valid"),
    429: _("Too many requests"),
    500: _("Something broke on our side"),
    503: _("Unavailable for the moment"),
}
# DRF's own codes say little; these say which refusal it was.
CODES: dict[type[exceptions.APIException], str] = {
    exceptions.ParseError: "malformed_body",
    exceptions.NotAuthenticated: "not_signed_in",
    exceptions.AuthenticationFailed: "not_signed_in",
    exceptions.PermissionDenied: "not_permitted",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "too_many_requests",
}


class Problem(exceptions.APIException):
    """A refusal of the API's own (not of the domain), with a status of its choosing."""

    def __init__(self, status: int, code: str, detail: str | Promise, **extra: Any) -> None:
        super().__init__(str(detail), code)
        self.status_code = status
        self.extra = extra


def handle(exc: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's exception handler: always a problem, never a trace. A failure of ours is logged under the problem's id."""
    return _known(exc) or unexpected(exc, where=type(context.get("view")).__name__)


def unexpected(exc: BaseException | None, *, where: str) -> Response:
    """A failure of ours: the reader gets an id, the log gets everything under that id."""
    detail = _("The request was not carried out. Send it again; if it fails again, report the id in instance.")
    response = problem(500, "internal_error", detail)
    log.error("%s in %r", response.data["instance"], where, exc_info=exc)
    return response


def problem(
    status: int,
    code: str,
    detail: str | Promise,
    *,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Response:
    """A response with the problem document. `extra["retry_after"]` (seconds) also becomes the Retry-After header."""
    extra = dict(extra or {})
    sent = dict(headers or {})
    if extra.get("retry_after") is not None:
        extra["retry_after"] = max(1, math.ceil(extra["retry_after"]))
        sent["Retry-After"] = str(extra["retry_after"])
    return Response(document(status, code, detail, extra), status=status, headers=sent, content_type=MEDIA_TYPE)


def document(status: int, code: str, detail: str | Promise, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The members of RFC 9457, our `code`, and what the refusal adds. `extra` never overrides a standard member."""
    standard = {
        "type": f"/problems/{code}",
        "title": str(TITLES.get(status, TITLES[400] if status < 500 else TITLES[500])),
        "status": status,
        "code": code,
        "detail": str(detail),
        "instance": f"urn:uuid:{uuid.uuid4()}",
    }
    return {**standard, **(extra or {}), **standard}  # the standard ones first, and never overridden


def plain(status: int, code: str, detail: str | Promise, **extra: Any) -> HttpResponse:
    """The same document where DRF is not at hand: middleware and Django's error views."""
    return rendered(problem(status, code, detail, extra=extra))


def rendered(made: Response) -> HttpResponse:
    """A problem as bytes, with its headers."""
    response = HttpResponse(JSONRenderer().render(made.data), status=made.status_code, content_type=MEDIA_TYPE)
    if "Retry-After" in made.headers:
        response.headers["Retry-After"] = made.headers["Retry-After"]
    return response


def _known(exc: Exception) -> Response | None:
    if isinstance(exc, DomainError):
        return problem(exc.status, exc.code, exc.detail, extra=_with_fields(exc))
    if isinstance(exc, Http404):
        return problem(404, "not_found", _not_found())
    if isinstance(exc, PermissionDenied):
        return problem(403, "not_permitted", _("You may not do this. Ask somebody of the right role."))
    if isinstance(exc, RequestDataTooBig):
        return problem(413, "body_too_large", _("The body is too large. Send less at once."))
    if isinstance(exc, SuspiciousOperation):
        return problem(400, "malformed_request", _("The request is malformed. Send it as the API reference says."))
    if isinstance(exc, exceptions.APIException):
        return _from_drf(exc)
    if (refusal := database_errors.refusal(exc)) is not None:
        return problem(refusal.status, refusal.code, refusal.detail, extra=refusal.extra)
    return None


def _from_drf(exc: exceptions.APIException) -> Response:
    if isinstance(exc, exceptions.ValidationError):
        fields = flatten(exc.detail)
        detail = _("Some fields are missing or wrong. Mend those named in fields and send it again.")
        return problem(422, "invalid", detail, extra={"fields": fields})
    extra: dict[str, Any] = dict(getattr(exc, "extra", {}))
    headers = {}
    if (challenge := getattr(exc, "auth_header", None)) is not None:
        headers["WWW-Authenticate"] = challenge
    if isinstance(exc, exceptions.Throttled):
        extra["retry_after"] = getattr(exc, "wait", None) or 1
    return problem(exc.status_code, _code(exc), _detail(exc), headers=headers, extra=extra)


def _code(exc: exceptions.APIException) -> str:
    """The exception's own code if its raiser gave one, else our name for its kind."""
    given = exc.get_codes()
    if isinstance(given, str) and given != exc.default_code:
        return given
    for kind, code in CODES.items():
        if isinstance(exc, kind):
            return code
    return given if isinstance(given, str) else "error"


def _detail(exc: exceptions.APIException) -> str:
    if isinstance(exc, exceptions.MethodNotAllowed):
        return str(_("This address does not take that method. See /api/docs/ for those it takes."))
    if isinstance(exc, exceptions.UnsupportedMediaType):
        return str(_("Send the body as application/json."))
    if isinstance(exc, exceptions.NotAcceptable):
        return str(_("This address answers in application/json. Accept that."))
    if isinstance(exc, exceptions.NotAuthenticated):
        return str(_("Sign in, or send an API key as: Authorization: Bearer cm_…"))
    if isinstance(exc, exceptions.NotFound):
        return str(_not_found())
    return str(exc.detail)


def flatten(detail: Any, path: str = "") -> dict[str, list[dict[str, str]]]:
    """DRF's nested complaints as {"items.0.price": [{"code", "detail"}]}; a complaint of the whole is under "body"."""
    if isinstance(detail, Mapping):
        parts = [flatten(value, _join(path, str(key))) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        parts = [flatten(value, _join(path, str(index))) for index, value in enumerate(detail) if value]
    else:
        items = detail if isinstance(detail, list) else [detail]
        said = [{"code": getattr(item, "code", "invalid") or "invalid", "detail": str(item)} for item in items]
        return {path or "body": said}
    merged: dict[str, list[dict[str, str]]] = {}
    for part in parts:
        for key, complaints in part.items():
            merged.setdefault(key, []).extend(complaints)
    return merged


def _join(path: str, key: str) -> str:
    if key == "non_field_errors":
        return path
    return f"{path}.{key}" if path else key


def _with_fields(exc: DomainError) -> dict[str, Any]:
    """The refusal's extra, its `fields` in the same form as a serializer's complaints."""
    fields = exc.extra.get("fields")
    if not isinstance(fields, Mapping):
        return exc.extra
    worded = {
        name: [{"code": exc.code, "detail": str(said)}] if isinstance(said, str | Promise) else said
        for name, said in fields.items()
    }
    return {**exc.extra, "fields": worded}


def _not_found() -> Promise:
    return _("There is nothing here, or you may not see it. Check the address.")
