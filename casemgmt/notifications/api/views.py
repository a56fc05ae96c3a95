"""A person's own notices, and what they would rather not be mailed."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casemgmt import clock
from casemgmt.accounts.models import User
from casemgmt.notifications import inbox
from casemgmt.notifications.api.serializers import NoticeSerializer, PreferencesSerializer
from casemgmt.notifications.models import Notice

_SCOPES = {"read": "notices:read", "write": "notices:write"}


class _Unread:
    """The filter `unread`, in the form in which the floor of the API takes filters (this app lies below that floor)."""

    many = False
    reads = serializers.BooleanField()
    says = _("Only the unread ones, or only the read ones.")

    def narrow(self, rows: QuerySet[Notice], texts: Sequence[str]) -> QuerySet[Notice]:
        return rows.filter(read_at__isnull=self.reads.run_validation(texts[0]))


class NoticeList(ListAPIView[Notice]):
    """One's own notices, newest first, in words."""

    scopes = _SCOPES
    serializer_class = NoticeSerializer
    queryset = Notice.objects.none()
    filterable = {"unread": _Unread()}
    orderings = {"created_at": ("-pk",)}

    def get_queryset(self) -> QuerySet[Notice]:
        return inbox.notices(user=_me(self.request))


class NoticeRead(APIView):
    """Mark one's own notice as read."""

    scopes = _SCOPES

    @extend_schema(request=None, responses=NoticeSerializer)
    def post(self, request: Request, notice_id: UUID) -> Response:
        notice = inbox.read(user=_me(request), uid=notice_id, at=clock.now())
        return Response(NoticeSerializer(notice, context={"request": request}).data)


class NoticePreferences(APIView):
    """Which e-mails one wants. Notices in the application carry deadlines and always come."""

    scopes = _SCOPES

    @extend_schema(responses=PreferencesSerializer)
    def get(self, request: Request) -> Response:
        return _shown(inbox.preferences(user=_me(request)))

    @extend_schema(request=PreferencesSerializer, responses=PreferencesSerializer)
    def put(self, request: Request) -> Response:
        said = PreferencesSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        emails = {choice["template_prefix"]: choice["enabled"] for choice in said.validated_data["preferences"]}
        return _shown(inbox.prefer(user=_me(request), emails=emails))


def _me(request: Request) -> User:
    return cast(User, request.user)  # nobody comes here who is not signed in


def _shown(preferences: list[Any]) -> Response:
    return Response(PreferencesSerializer({"preferences": preferences}).data)
