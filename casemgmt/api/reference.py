"""The API's description, as OpenAPI and as a page."""

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularSwaggerSplitView

MEDIA_TYPE = "application/vnd.oai.openapi+json"


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3 in JSON, in the reader's language. Made once per process and language."""
    body = rendered(translation.get_language() or "en")
    return HttpResponse(body, content_type=MEDIA_TYPE, headers={"Vary": "Accept-Language, Cookie"})


@lru_cache
def rendered(language: str) -> bytes:
    with translation.override(language):
        described = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        body: bytes = OpenApiJsonRenderer().render(described)
    return body


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI from our own files; its page has nothing inline."""

    template_name = "api_docs.html"
    throttle_classes = ()
