"""A person's own notices, and what they would rather not be mailed."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casemgmt import clock
from casemgmt.errors import Invalid
from casemgmt.notifications import inbox
from casemgmt.notifications.api.serializers import NoticeSerializer, PreferencesSerializer
from casemgmt.notifications.models import Notice

_UNREAD = {"true": True, "false": False}


@extend_schema(
    parameters=[OpenApiParameter("unread", bool, description="Only the unread ones, or only the read ones.")]
)
class NoticeList(ListAPIView[Notice]):
    """One's own notices, newest first."""

    serializer_class = NoticeSerializer
    queryset = Notice.objects.none()

    def get_queryset(self) -> QuerySet[Notice]:
        mine = inbox.notices(user=self.request.user)
        asked = self.request.query_params.get("unread")
        if asked is None:
            return mine
        if asked not in _UNREAD:
            raise Invalid("invalid", _("Write unread=true or unread=false."), fields={"unread": ["true | false"]})
        return mine.filter(read_at__isnull=_UNREAD[asked])


class NoticeRead(APIView):
    """Mark one's own notice as read."""

    @extend_schema(request=None, responses=NoticeSerializer)
    def post(self, request: Request, notice_id: UUID) -> Response:
        notice = inbox.read(user=request.user, uid=notice_id, at=clock.now())
        return Response(NoticeSerializer(notice, context={"request": request}).data)


class NoticePreferences(APIView):
    """Which e-mails one wants. Notices in the application carry deadlines and always come."""

    @extend_schema(responses=PreferencesSerializer)
    def get(self, request: Request) -> Response:
        return _shown(inbox.preferences(user=request.user))

    @extend_schema(request=PreferencesSerializer, responses=PreferencesSerializer)
    def put(self, request: Request) -> Response:
        said = PreferencesSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        emails = {choice["template_prefix"]: choice["enabled"] for choice in said.validated_data["preferences"]}
        return _shown(inbox.prefer(user=request.user, emails=emails))


def _shown(preferences: list[Any]) -> Response:
    return Response(PreferencesSerializer({"preferences": preferences}).data)
