"""Evidence over HTTP: handing in, listing, submitting, taking back, downloading; and what was asked for."""

from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from casemgmt import clock, references
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.rest import idempotency
from casemgmt.rest.problems import Problem
from evidence import asking, items
from evidence.api.downloads import download
from evidence.api.serializers import (
    EvidenceRequestSerializer,
    EvidenceSerializer,
    ReasonSerializer,
    UploadSerializer,
)
from evidence.models import Item, Request
from evidence.receiving import HashingHandler, Received
from evidence.registry import AnyCase, hooks

_SCOPES = {"read": "evidence:read", "write": "evidence:write"}


class CaseEvidence(ListAPIView[Item]):
    """The exhibits of a case that one may see; a POST hands one in."""

    scopes = _SCOPES
    queryset = Item.objects.none()
    serializer_class = EvidenceSerializer
    orderings = {"uploaded_at": ("-pk",)}
    lists_rows = True
    parser_classes = [MultiPartParser]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> ApiRequest:
        # Before anything reads the form (the CSRF check does): files are hashed on their way in, never held in memory.
        request.upload_handlers = [HashingHandler(request)]
        return super().initialize_request(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Item]:
        case, actor = _case_and_actor(self.request, self.kwargs["reference"])
        return items.of_case(actor=actor, case=case)

    @extend_schema(
        request={"multipart/form-data": UploadSerializer},
        responses={201: EvidenceSerializer},
    )
    def post(self, request: ApiRequest, reference: str) -> HttpResponse:
        case, actor = _case_and_actor(request, reference)
        _refuse_before_reading(request, actor, case)
        form = UploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = dict(form.validated_data)
        received, submit = cast(Received, said.pop("file")), said.pop("submit")
        once = _once(request, received, {**said, "submit": submit})
        stored = items.store(received=received, kind=said["kind"])
        hooks().settle(case.pk, clock.now())
        add = partial(items.add, case=case, actor=actor, stored=stored, details=items.Details(**said), submit=submit)
        return idempotency.carry_out(once, lambda: _answer(request, 201, add(at=clock.now())))


class EvidenceSubmit(APIView):
    """Show a staged exhibit to everyone on the case; from then on it is sealed."""

    scopes = _SCOPES

    @extend_schema(request=None, responses=EvidenceSerializer)
    def post(self, request: ApiRequest, reference: str, evidence_id: UUID) -> Response:
        case, actor = _case_and_actor(request, reference)
        return _shown(request, items.submit(case=case, actor=actor, uid=evidence_id, at=clock.now()))


class EvidenceWithdraw(APIView):
    """Take an exhibit back. It is kept, and marked."""

    scopes = _SCOPES

    @extend_schema(request=ReasonSerializer, responses=EvidenceSerializer)
    def post(self, request: ApiRequest, reference: str, evidence_id: UUID) -> Response:
        case, actor = _case_and_actor(request, reference)
        reason = _reason(request)
        return _shown(request, items.withdraw(case=case, actor=actor, uid=evidence_id, reason=reason, at=clock.now()))


class EvidenceContent(APIView):
    """The sealed bytes, as a download. Each download is on the case's timeline."""

    scopes = _SCOPES
    http_method_names = ["get", "options"]

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: ApiRequest, evidence_id: UUID) -> FileResponse:
        user = cast(User, request.user)
        item = items.item_seen_by(user=user, uid=evidence_id)
        return download(item.file, items.view(item=item, actor=Actor.of(user), at=clock.now()))


class CaseEvidenceRequests(ListAPIView[Request]):
    """What either side was asked for."""

    scopes = _SCOPES
    queryset = Request.objects.none()
    serializer_class = EvidenceRequestSerializer
    orderings = {"due_at": ("due_at", "pk")}
    lists_rows = True

    def get_queryset(self) -> QuerySet[Request]:
        case, _actor = _case_and_actor(self.request, self.kwargs["reference"])
        return asking.of_case(case=case)


class EvidenceRequestWaive(APIView):
    """Do without what was asked for."""

    scopes = _SCOPES

    @extend_schema(request=ReasonSerializer, responses=EvidenceRequestSerializer)
    def post(self, request: ApiRequest, reference: str, request_id: UUID) -> Response:
        case, actor = _case_and_actor(request, reference)
        waived = asking.waive(case=case, actor=actor, uid=request_id, reason=_reason(request), at=clock.now())
        return Response(EvidenceRequestSerializer(waived).data)


def _case_and_actor(request: ApiRequest, reference: str) -> tuple[AnyCase, Actor]:
    user = cast(User, request.user)  # nobody comes here who is not signed in
    return items.case_seen_by(user=user, reference=references.parse(reference) or ""), Actor.of(user)


def _refuse_before_reading(request: ApiRequest, actor: Actor, case: AnyCase) -> None:
    """What needs no look at the bytes. A repeated request may be answered from memory, so that it is judged later."""
    if not (request.content_type or "").startswith("multipart/form-data"):
        detail = _("Send a form (multipart/form-data) with the file in the field called file.")
        raise Problem(415, "unsupported_media_type", detail)
    if idempotency.HEADER not in request.headers:
        items.refuse_unless_may_add(actor=actor, case=case, at=clock.now())


def _reason(request: ApiRequest) -> str:
    said = ReasonSerializer(data=request.data)
    said.is_valid(raise_exception=True)
    return str(said.validated_data["reason"])


def _once(request: ApiRequest, received: Received, said: dict[str, Any]) -> idempotency.Once | None:
    """The request's Idempotency-Key over what was said and the file's hash, so that the bytes are not read twice."""
    once = idempotency.Once.of(request, with_body=False)
    if once is None:
        return None
    body = sha256(repr([once.fingerprint, received.sha256, received.name, sorted(said.items())]).encode()).hexdigest()
    return replace(once, fingerprint=body)


def _answer(request: ApiRequest, status: int, item: Item) -> idempotency.Answer:
    return idempotency.Answer.of(status=status, body=EvidenceSerializer(item, context={"request": request}).data)


def _shown(request: ApiRequest, item: Item) -> Response:
    return Response(EvidenceSerializer(item, context={"request": request}).data)
