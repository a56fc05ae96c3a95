"""Where a request is led on to: addresses without their final slash, and back to what somebody wanted to see."""

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from django.utils.http import url_has_allowed_host_and_scheme


class SameMethod(HttpResponsePermanentRedirect):
    """308: the client repeats its method and body. A 301 would turn a POST into a GET."""

    status_code = 308


class KeepMethod(CommonMiddleware):
    """Middleware: Django's, with a redirect that loses nothing."""

    response_redirect_class = SameMethod


def wanted(request: HttpRequest) -> str:
    """The page of ours that `next` names; empty where it names none, or one of another site."""
    to = request.POST.get("next") or request.GET.get("next", "")
    hosts, secure = {request.get_host()}, request.is_secure()
    return to if url_has_allowed_host_and_scheme(to, allowed_hosts=hosts, require_https=secure) else ""
