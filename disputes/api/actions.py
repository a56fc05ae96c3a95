"""One address for each action a person may take: POST cases/{reference}/actions/{action}/."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from disputes.api.fields import ActionInput
from disputes.api.file_shapes import CaseFile
from disputes.api.inputs import INPUTS
from disputes.api.recording import act
from disputes.moves.law import LAWS

SCOPES = {"read": "cases:read", "write": "cases:write"}


class CaseAction(APIView):
    """One action on one case. The answer is the case's file as it stands afterwards."""

    scopes = SCOPES
    action = ""
    serializer_class: type[ActionInput] = ActionInput

    @extend_schema(responses=CaseFile)
    def post(self, request: Request, reference: str) -> HttpResponse:
        return act(request, reference, self.action, self.serializer_class)


def view_of(action: str, form: type[ActionInput]) -> type[CaseAction]:
    """The view of one action, documented by what the rulebook says of it."""
    law = LAWS[action]
    name = "".join(part.title() for part in action.split("_")) + "Action"
    said = f"{_first_line(law.name)}By: {law.by.name}. From: {', '.join(sorted(law.sources))}."
    members: dict[str, Any] = {"action": action, "serializer_class": form, "__doc__": said, "__module__": __name__}
    return type(name, (CaseAction,), members)


def _first_line(action: str) -> str:
    from disputes.models import Case

    said = (getattr(Case, action).__doc__ or "").strip().splitlines()
    return f"{said[0]}\n\n" if said else ""


urlpatterns: list[URLPattern] = [
    path(f"cases/<str:reference>/actions/{action}/", view_of(action, form).as_view(), name=f"case-{action}")
    for action, form in INPUTS.items()
]
