"""Addresses that PostgreSQL could not store are refused before anything looks at them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from casemgmt.rest import problems


class RefuseNul:
    """Middleware: a NUL character in the path or the query string is a 400, on every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path or "%00" in query or "\x00" in query:
            detail = _("The address holds a NUL character. Remove it.")
            return problems.plain(400, "nul_character", detail)
        return self.get_response(request)
