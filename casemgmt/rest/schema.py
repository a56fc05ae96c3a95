"""OpenAPI: what every operation has in common, said once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as SpectacularSchema
from drf_spectacular.utils import OpenApiParameter

from casemgmt.rest import idempotency, problems
from casemgmt.rest.authentication import scope_of
from casemgmt.rest.serializers import ProblemDocument

SAFE = ("GET", "HEAD", "OPTIONS")
ALWAYS = ("400", "401", "403", "429", "500", "503")
UNSAFE = ("409", "413", "415", "422")


class AutoSchema(SpectacularSchema):
    """Adds to each operation its problems, the Idempotency-Key of unsafe ones, and the scope a key needs."""

    def get_override_parameters(self) -> list[Any]:
        found = list(super().get_override_parameters())
        if self.method not in SAFE:
            says = _("Any unique text, for example a UUID: the same key and body give the same answer and one effect.")
            header = OpenApiParameter(idempotency.HEADER, str, OpenApiParameter.HEADER, description=str(says))
            found.append(header)
        return found

    def get_description(self) -> str:  # type: ignore[override]
        said = super().get_description() or ""
        scope = scope_of(self.view, self.method)
        return f"{said}\n\nScope: `{scope}`".strip() if scope else said

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        document = self.resolve_serializer(ProblemDocument(), "response").ref
        for status in self._refusals():
            title = problems.TITLES[int(status)]
            bodies.setdefault(
                status,
                {"description": str(title), "content": {problems.MEDIA_TYPE: {"schema": document}}},
            )
        return dict(sorted(bodies.items()))

    def _refusals(self) -> list[str]:
        found = [*ALWAYS, *(() if self.method in SAFE else UNSAFE)]
        return [*found, "404"] if "{" in self.path else found


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "casemgmt.rest.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "cm_<prefix>_<secret>",
            "description": str(_("A key made with: manage.py create_api_key")),
        }


class BrowserSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "casemgmt.rest.authentication.BrowserSession"
    name = "browserSession"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
