"""Who am I."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casemgmt.accounts.models import Organisation, User
from casemgmt.accounts.roles import Role
from casemgmt.rest import filters
from casemgmt.rest.authentication import person
from casemgmt.rest.idempotency import Answer, answer_once
from casemgmt.rest.serializers import StrictSerializer


class Shop(serializers.Serializer[Organisation]):
    key = serializers.CharField()
    name = serializers.CharField()


class Person(serializers.Serializer[User]):
    """The person who asks, as the API shows them."""

    username = serializers.CharField()
    display_name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    shops = serializers.SerializerMethodField()

    def get_shops(self, user: User) -> list[dict[str, Any]]:
        """The shops the person may speak for."""
        rows = Organisation.objects.filter(memberships__user=user, memberships__is_active=True).order_by("pk")
        return [{"key": row.key, "name": row.name} for row in rows]


class PersonChange(StrictSerializer):
    """What people may change about themselves."""

    display_name = serializers.CharField(max_length=100, required=False)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)


class Me(APIView):
    """The person whose session or key it is."""

    scopes = {"read": "me:read", "write": "me:write"}

    @extend_schema(operation_id="me_retrieve", responses=Person)
    def get(self, request: Request) -> Response:
        """Name, role, language and shops."""
        filters.refuse_unknown(request, ())
        return Response(Person(person(request)).data)

    @extend_schema(operation_id="me_update", request=PersonChange, responses=Person)
    def patch(self, request: Request) -> HttpResponse:
        """Change the display name or the language."""
        form = PersonChange(data=request.data)
        form.is_valid(raise_exception=True)
        return answer_once(request, lambda: self._change(person(request), form.validated_data))

    def _change(self, user: User, changes: dict[str, Any]) -> Answer:
        for name, value in changes.items():
            setattr(user, name, value)
        user.save(update_fields=list(changes))
        return Answer.of(status=200, body=Person(user).data)
