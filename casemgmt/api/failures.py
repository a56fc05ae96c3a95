"""What Django answers outside any view: problems under /api/, pages elsewhere."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views import defaults

from casemgmt.rest import database_errors, problems


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not _is_api(request):
        if isinstance(exception, RequestDataTooBig):
            return render(request, "413.html", status=413)
        return defaults.bad_request(request, exception)
    detail = _("The request is malformed. Send it as the API reference says.")
    return problems.plain(400, "malformed_request", detail)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not _is_api(request):
        return defaults.permission_denied(request, exception)
    return problems.plain(403, "not_permitted", _("You may not do this. Ask somebody of the right role."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not _is_api(request):
        return defaults.page_not_found(request, exception)
    return problems.plain(404, "not_found", _("There is nothing at this address. See /api/docs/ for what there is."))


def server_error(request: HttpRequest) -> HttpResponse:
    """The database being gone is said as such; anything else is a failure of ours."""
    error = sys.exc_info()[1]
    refusal = database_errors.refusal(error) if isinstance(error, Exception) else None
    if not _is_api(request):
        page: HttpResponse = defaults.server_error(request)
        page.status_code = refusal.status if refusal is not None else 500
        return page
    if refusal is not None:
        return problems.plain(refusal.status, refusal.code, refusal.detail, **refusal.extra)
    return problems.rendered(problems.unexpected(error, where=request.path))


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
