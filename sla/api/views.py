"""The dashboards over HTTP: for supervisors and auditors, from the counters alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casemgmt import clock
from casemgmt.accounts.roles import Role
from casemgmt.errors import NotPermitted
from casemgmt.rest import filters
from casemgmt.rest.serializers import StrictSerializer
from sla import dashboards
from sla.dashboards import Scope

READERS = (Role.SUPERVISOR, Role.AUDITOR)
MONTH = timedelta(days=29)


class Asked(StrictSerializer):
    """The days (both counted; the last 30 if left out) and what the figures are narrowed to."""

    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    type = serializers.CharField(required=False, max_length=32)
    channel = serializers.CharField(required=False, max_length=16)
    priority = serializers.CharField(required=False, max_length=16)
    handler = serializers.IntegerField(required=False, min_value=1, help_text="A person's id.")
    seller = serializers.IntegerField(required=False, min_value=1, help_text="A shop's id.")


class AskedBy(Asked):
    by = serializers.ChoiceField(choices=dashboards.BY, required=False)


class Rated(serializers.Serializer[Any]):
    met = serializers.IntegerField()
    missed = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)


class RatedKey(Rated):
    key = serializers.CharField()


class RatedPeriod(Rated):
    since = serializers.DateField()
    until = serializers.DateField()


class ComplianceShape(serializers.Serializer[Any]):
    rows = RatedKey(many=True)
    total = RatedPeriod()
    before = RatedPeriod()


class StageShape(serializers.Serializer[Any]):
    status = serializers.CharField()
    n = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    p50 = serializers.FloatField(allow_null=True)
    p90 = serializers.FloatField(allow_null=True)


class FlowShape(serializers.Serializer[Any]):
    day = serializers.DateField()
    filed = serializers.IntegerField()
    closed = serializers.IntegerField()
    growth = serializers.IntegerField()


class StandingShape(serializers.Serializer[Any]):
    status = serializers.CharField()
    n = serializers.IntegerField()
    ages = serializers.DictField(child=serializers.IntegerField())
    oldest = serializers.DateField()


class HourShape(serializers.Serializer[Any]):
    weekday = serializers.IntegerField()
    hour = serializers.IntegerField()
    filed = serializers.IntegerField()


class CauseShape(serializers.Serializer[Any]):
    kind = serializers.CharField()
    seconds = serializers.DictField(child=serializers.FloatField())
    shares = serializers.DictField(child=serializers.FloatField())


class Dashboard(APIView):
    """One table of figures; whoever watches over the work may read it."""

    scopes = {"read": "clocks:read"}
    asked: type[Asked] = Asked
    answers: Callable[..., Any]
    shape: type[serializers.Serializer[Any]]

    def get(self, request: Request) -> Response:
        if getattr(request.user, "role", "") not in READERS:
            raise NotPermitted("not_permitted", _("The figures are for supervisors and auditors."))
        said = self.asked(data=request.query_params.dict())
        filters.refuse_unknown(request, said.fields)
        said.is_valid(raise_exception=True)
        narrowed = dict(said.validated_data)
        by = {"by": narrowed.pop("by")} if "by" in narrowed else {}
        until = narrowed.pop("until", None) or localdate(clock.now())
        scope = Scope(since=narrowed.pop("since", None) or until - MONTH, until=until, **narrowed)
        return Response(self.answers(scope, **by))


def _dashboard(name: str, answers: Callable[..., Any], shape: Any, *, asked: type[Asked] = Asked) -> Any:
    """A view of its own for each table, so that each is described by itself."""
    said = (answers.__doc__ or "").strip()
    made = type(name, (Dashboard,), {"answers": staticmethod(answers), "asked": asked, "__doc__": said})
    return extend_schema_view(get=extend_schema(parameters=[asked], responses=shape))(made)


TABLES = {
    "compliance": _dashboard("Compliance", dashboards.compliance, ComplianceShape, asked=AskedBy),
    "stages": _dashboard("Stages", dashboards.stages, StageShape(many=True)),
    "flow": _dashboard("Flow", dashboards.flow, FlowShape(many=True)),
    "open": _dashboard("Open", dashboards.standing, StandingShape(many=True)),
    "hours": _dashboard("Hours", dashboards.hours, HourShape(many=True)),
    "causes": _dashboard("Causes", dashboards.causes, CauseShape(many=True)),
}
