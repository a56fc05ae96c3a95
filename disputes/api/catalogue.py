"""What can be complained about, what each kind needs and can lead to; and the clauses that rulings cite."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casemgmt import clock
from casemgmt.rest import filters
from disputes import catalogue, holdings
from disputes.api.actions import SCOPES
from disputes.api.file_shapes import ClauseShape, Labelled
from disputes.api.shapes import Shape
from disputes.models import Clause


class ClauseInWords(ClauseShape):
    """A clause of the library, its summary in the reader's language."""

    def to_representation(self, instance: Clause) -> dict[str, Any]:
        return holdings.clause(instance)


class Slot(Shape):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    mandatory = serializers.BooleanField()


class SubtypeShape(Labelled):
    """`hint`: what one can do without complaining."""

    hint = serializers.CharField(allow_blank=True)


class TypeShape(Labelled):
    """One family of complaints."""

    flow = serializers.CharField()
    subtypes = SubtypeShape(many=True)
    required = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]
    evidence = Slot(many=True)
    remedies = Labelled(many=True)


class CatalogueShape(Shape):
    advice = serializers.ListField(child=serializers.CharField())
    types = TypeShape(many=True)


class Catalogue(APIView):
    """The nature of a problem comes first; it decides what is needed and what can be had."""

    scopes = SCOPES

    @extend_schema(responses=CatalogueShape)
    def get(self, request: Request) -> Response:
        filters.refuse_unknown(request, ())
        return Response({"advice": catalogue.advice(), "types": catalogue.types()})


class Clauses(ListAPIView[Clause]):
    """The clauses in force: numbers, summaries in our own words, sources."""

    scopes = SCOPES
    queryset = Clause.objects.none()
    serializer_class = ClauseInWords
    orderings = {"code": ("code", "pk")}
    filterable = {
        "source": filters.choice("source", Clause.Source.values),
        "code": filters.text("code", longest=64),
    }

    def get_queryset(self) -> QuerySet[Clause]:
        return Clause.objects.in_force(clock.now())
