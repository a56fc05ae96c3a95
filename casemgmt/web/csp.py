"""What a page may load: only its own files, never anything inline, never a stranger's."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"
OWN = "'self'"
NOTHING_ELSE = {"default-src": "'none'", "base-uri": "'none'", "form-action": OWN, "frame-ancestors": "'none'"}
_LIVE = urlsplit(settings.LIVE_URL)
# On one machine the live process has a port, and so an origin, of its own.
REACHED = f"{OWN} {_LIVE.scheme}://{_LIVE.netloc}" if _LIVE.netloc else OWN
PAGE = {**NOTHING_ELSE, "script-src": OWN, "style-src": OWN, "img-src": OWN, "font-src": OWN, "connect-src": REACHED}
# The first prefix that fits decides. Both the admin and the reference draw some icons from data: addresses.
POLICIES = (
    ("/admin/", {**PAGE, "img-src": f"{OWN} data:"}),
    ("/api/docs/", {**PAGE, "img-src": f"{OWN} data:"}),
    ("/api/", NOTHING_ELSE),
    ("/", PAGE),
)
WRITTEN = tuple((prefix, "; ".join(f"{name} {value}" for name, value in policy.items())) for prefix, policy in POLICIES)


class ContentSecurityPolicy:
    """Middleware: the policy of the page's prefix, unless the view has set a stricter one of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if HEADER not in response.headers:
            response.headers[HEADER] = policy_for(request.path)
        return response


def policy_for(path: str) -> str:
    return next(written for prefix, written in WRITTEN if path.startswith(prefix) or prefix == "/")
