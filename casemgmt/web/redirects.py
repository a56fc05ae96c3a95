"""Addresses without their final slash."""

from django.http import HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware


class SameMethod(HttpResponsePermanentRedirect):
    """308: the client repeats its method and body. A 301 would turn a POST into a GET."""

    status_code = 308


class KeepMethod(CommonMiddleware):
    """Middleware: Django's, with a redirect that loses nothing."""

    response_redirect_class = SameMethod
