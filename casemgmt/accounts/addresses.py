"""Where a request comes from, as far as it can be believed."""

from django.conf import settings
from django.http import HttpRequest


def peer(request: HttpRequest) -> str:
    """The address at the other end. Behind a proxy of ours, the one that proxy saw: the last of X-Forwarded-For.

    Without BEHIND_PROXY the header is anybody's claim and has no effect.
    """
    if settings.BEHIND_PROXY:
        last = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if last:
            return str(last)
    return str(request.META.get("REMOTE_ADDR", ""))
