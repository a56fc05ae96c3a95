"""Cases over HTTP: filing, listing, reading, changing a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case as When_
from django.db.models import IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casemgmt import clock, references
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from casemgmt.errors import Conflict, Invalid, NotPermitted
from casemgmt.rest import filters
from disputes import casefile, drafts, intake
from disputes.api.actions import SCOPES
from disputes.api.file_shapes import CaseFile
from disputes.api.filing_inputs import DraftInput, FilingInput
from disputes.api.recording import Keeper, point_out, read, who
from disputes.api.shapes import CaseRow
from disputes.models import Case
from disputes.states import CLOSED, Flag, Priority, Stage, Status
from disputes.taxonomy import Subtype, Type
from sla.models import Clock

_URGENCY = {Priority.LOW: 0, Priority.NORMAL: 1, Priority.HIGH: 2, Priority.URGENT: 3}


def _by_reference(rows: Any, text: str) -> Any:
    return rows.filter(reference=references.parse(text) or "")


def _open(rows: Any, value: bool) -> Any:
    return rows.exclude(status__in=CLOSED) if value else rows.filter(status__in=CLOSED)


def _flagged(rows: Any, flags: list[str]) -> Any:
    return rows.filter(flags__overlap=flags)


def _stage(rows: Any, stages: list[str]) -> Any:
    return rows.in_stage(stages)


FILTERS: dict[str, filters.Filter] = {
    "status": filters.choice("status", Status.values),
    "stage": filters.choice(_stage, Stage.values),
    "type": filters.choice("type", Type.values),
    "subtype": filters.choice("subtype", Subtype.values),
    "priority": filters.choice("priority", Priority.values),
    "order_number": filters.text("order_number", longest=64),
    "q": filters.text(_by_reference, longest=32, says="The case's number."),
    "open": filters.flag(_open, says="Only open ones, or only closed ones."),
    "created_from": filters.instant("created_at__gte"),
    "created_until": filters.instant("created_at__lt"),
}
STAFF_FILTERS: dict[str, filters.Filter] = {
    "flag": filters.choice(_flagged, Flag.values),
    "seller": filters.text("seller__key"),
    "owner": filters.text("owner__username", longest=150),
}


class CaseList(GenericAPIView[Case]):
    """The cases that one may see; a POST files a complaint."""

    scopes = SCOPES
    queryset = Case.objects.none()
    serializer_class = CaseRow
    orderings = {"created": ("-pk",), "due_at": ("next_due_at", "pk"), "priority": ("-urgency", "-pk")}

    @property
    def filterable(self) -> Mapping[str, filters.Filter]:
        """Parties do not search by what they may not know."""
        role = getattr(self.request.user, "role", None) if self.request else None
        return FILTERS if role in (Role.CONSUMER, Role.SELLER_STAFF) else {**FILTERS, **STAFF_FILTERS}

    def get_queryset(self) -> QuerySet[Case]:
        return casefile.rows(_ordered_by(Case.objects.visible_to(self.request.user), self.request))  # type: ignore[arg-type]

    @extend_schema(responses=CaseRow(many=True), operation_id="cases_list")
    def get(self, request: Request) -> Response:
        _user, actor = who(request)
        at = clock.now()
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([casefile.row(case, actor=actor, at=at) for case in page])

    @extend_schema(request=FilingInput, responses={201: CaseFile, 200: CaseFile}, operation_id="cases_file")
    def post(self, request: Request) -> HttpResponse:
        """File a complaint, or keep a draft of it. 200 instead of 201: it was open already, and is now urged on."""
        user, actor = who(request)
        said = read(FilingInput, request)
        submit, consumer = said.pop("submit"), consumer_named(user, said.pop("consumer", ""))
        complaint = intake.Complaint(**{"contact": "", **said})
        at = clock.now()
        keeper = Keeper(request, actor=actor, at=at, fresh=201)
        intake.file(complaint, consumer=consumer, actor=actor, at=at, submit=submit, recorder=keeper)
        return keeper.response()


class CaseDetail(GenericAPIView[Case]):
    """One case, as the reader may know it."""

    scopes = SCOPES
    queryset = Case.objects.none()
    serializer_class = CaseFile
    lookup_field = "reference"

    @extend_schema(responses=CaseFile)
    def get(self, request: Request, reference: str) -> Response:
        filters.refuse_unknown(request, ())
        user, actor = who(request)
        case = casefile.find(user=user, reference=reference)
        return Response(casefile.full(case, actor=actor, at=clock.now()))

    @extend_schema(request=DraftInput, responses=CaseFile)
    def patch(self, request: Request, reference: str) -> HttpResponse:
        """Change a draft. Once it is submitted, a complaint stands as it was filed."""
        user, actor = who(request)
        case = casefile.find(user=user, reference=reference)
        changes = read(DraftInput, request)
        at = clock.now()
        version = changes.pop("version", None)
        keeper = Keeper(request, actor=actor, at=at)
        try:
            drafts.change(case_id=case.pk, changes=changes, actor=actor, at=at, version=version, recorder=keeper)
        except Conflict as refusal:
            point_out(refusal, case_id=case.pk, actor=actor, at=at)
            raise
        return keeper.response()


def _ordered_by(found: Any, request: Request) -> Any:
    """Annotate what an ordering needs, and only then."""
    ordering = request.query_params.get(filters.ORDERING, "").removeprefix("-")
    if ordering == "due_at":
        running = Clock.objects.filter(case=OuterRef("pk"), status__in=Clock.OPEN).order_by()
        first = running.values("case").annotate(first=Min("due_at")).values("first")
        return found.annotate(next_due_at=Subquery(first))
    if ordering == "priority":
        ranks = [When(priority=priority, then=Value(rank)) for priority, rank in _URGENCY.items()]
        return found.annotate(urgency=When_(*ranks, output_field=IntegerField()))
    return found


def consumer_named(user: User, named: str) -> User:
    """Whose complaint it is: one's own, or for the intake staff the person they name."""
    if user.role == Role.CONSUMER:
        if named and named not in (user.username, user.external_ref):
            raise NotPermitted("not_permitted", _("You can file for yourself only. Leave consumer out."))
        return user
    if user.role not in (Role.AGENT, Role.SUPERVISOR):
        raise NotPermitted("not_permitted", _("Complaints are filed by consumers, or for them by the intake staff."))
    people = User.objects.filter(role=Role.CONSUMER, is_active=True)
    found = people.filter(Q(external_ref=named) | Q(username=named)).first() if named else None
    if found is None:
        detail = _("Name the consumer you file for, by marketplace id or username (consumer).")
        raise Invalid("consumer_not_found", detail)
    return found
