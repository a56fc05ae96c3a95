"""Views made for tests only: an echo, one that fails in every way, a list and an effect."""

import threading
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import connection, transaction
from django.http import Http404, HttpResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casemgmt import errors
from casemgmt.accounts.models import ApiKey, Team
from casemgmt.rest import filters
from casemgmt.rest.idempotency import Answer, answer_once
from casemgmt.rest.serializers import StrictSerializer

started, go_on = threading.Event(), threading.Event()


class Item(StrictSerializer):
    price = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0)


class Form(StrictSerializer):
    name = serializers.CharField(max_length=20)
    items = Item(many=True, required=False)
    number = serializers.CharField(read_only=True)


class Echo(APIView):
    scopes = {"read": "cases:read", "write": "cases:write"}

    def get(self, request: Request) -> Response:
        return Response({"who": request.user.username})

    def post(self, request: Request) -> Response:
        form = Form(data=request.data)
        form.is_valid(raise_exception=True)
        return Response({"name": form.validated_data["name"]})


class NoScopes(APIView):
    def get(self, request: Request) -> Response:
        return Response({})


def sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


FAILURES: dict[str, Any] = {
    "missing": Http404("secret table"),
    "denied": PermissionDenied("secret rule"),
    "suspicious": SuspiciousOperation("secret host"),
    "big": RequestDataTooBig("x"),
    "wrong_state": errors.WrongState("case_closed", "The case is closed.", allowed_actions=["rate"]),
    "field": errors.Invalid("amount_above_paid", "Ask for less.", fields={"amount": "At most 10.00."}),
    "often": errors.TooMany("urged_lately", "Wait.", retry_after=12.2),
    "down": errors.Unavailable("orders_down", "Try later.", retry_after=30),
    "bug": RuntimeError("SELECT secret FROM /etc/passwd"),
}


class Fails(APIView):
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request, how: str) -> Response:
        with transaction.atomic():
            self.fail(request, how)
        return Response({})

    def fail(self, request: Request, how: str) -> None:
        if how == "locked":
            sql("SET LOCAL lock_timeout = 50")
            sql("LOCK TABLE accounts_team IN ACCESS EXCLUSIVE MODE")
        elif how == "slow":
            sql("SET LOCAL statement_timeout = 50")
            sql("SELECT pg_sleep(5)")
        elif how == "twice":
            Team.objects.create(name="night")
            Team.objects.create(name="night")
        elif how == "long":
            Team.objects.create(name="x" * 101)
        elif how == "nul":
            Team.objects.get(name=request.query_params["name"])
        raise FAILURES[how]


class KeyForm(serializers.ModelSerializer[ApiKey]):
    class Meta:
        model = ApiKey
        fields = ["name", "last_used_at"]


class Keys(ListAPIView[ApiKey]):
    queryset = ApiKey.objects.all()
    serializer_class = KeyForm
    scopes = {"read": "cases:read"}
    filterable = {
        "name": filters.text("name"),
        "names": filters.choice("name", ["a", "b", "c"]),
        "used_before": filters.instant("last_used_at__lt"),
        "used": filters.flag(lambda rows, value: rows.filter(last_used_at__isnull=not value)),
        "user": filters.number("user_id"),
    }
    orderings = {
        "created_at": ("created_at", "pk"),
        "last_used_at": ("last_used_at", "-name", "pk"),
        "owner": ("-user__username", "pk"),
    }


class OneKey(RetrieveAPIView[ApiKey]):
    queryset = ApiKey.objects.all()
    serializer_class = KeyForm
    scopes = {"read": "cases:read"}


class MakeTeam(APIView):
    """An effect that can be counted; it waits when told to, and refuses or breaks when told to."""

    scopes = {"write": "cases:write"}

    def post(self, request: Request) -> HttpResponse:
        return answer_once(request, lambda: self.make(request.data))

    def make(self, data: Any) -> Answer:
        team = Team.objects.create(name=data["name"])
        if data.get("then") == "wait":
            started.set()
            go_on.wait(10)
        if data.get("then") == "refuse":
            raise errors.Conflict("no", "No.")
        return Answer.of(status=201, body={"name": team.name, "id": team.pk, "b": 1, "a": "中"})


urlpatterns = [
    path("echo/", Echo.as_view()),
    path("no-scopes/", NoScopes.as_view()),
    path("fails/<str:how>/", Fails.as_view()),
    path("keys/", Keys.as_view()),
    path("keys/<int:pk>/", OneKey.as_view()),
    path("teams/", MakeTeam.as_view()),
]
