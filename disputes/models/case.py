"""The case: one row that says where a complaint stands. Its transitions are the mixins in `disputes.moves`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Right
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField

from casemgmt.accounts.models import Organisation
from casemgmt.accounts.roles import Role
from disputes.moves.appeals import AppealMoves
from disputes.moves.arbitration import ArbitrationMoves
from disputes.moves.conversation import ConversationMoves
from disputes.moves.execution import ExecutionMoves
from disputes.moves.intake import IntakeMoves
from disputes.moves.logistics import LogisticsMoves
from disputes.moves.negotiation import NegotiationMoves
from disputes.moves.oversight import OversightMoves
from disputes.moves.performance import PerformanceMoves
from disputes.moves.returns import ReturnMoves
from disputes.moves.rulings import RulingMoves
from disputes.moves.settlement import SettlementMoves
from disputes.states import (
    CLOSED,
    Channel,
    Complexity,
    Kind,
    Outcome,
    OutcomeReason,
    Party,
    Priority,
    Remedy,
    Stage,
    Status,
)
from disputes.taxonomy import Subtype, Type, flow_of
from sla import policies
from sla.models import Policy

if TYPE_CHECKING:
    from casemgmt.accounts.models import User
    from disputes.taxonomy import Flow


class CaseQuerySet(models.QuerySet["Case"]):
    """Adjectives. `visible_to` comes first in every view."""

    def visible_to(self, user: User) -> CaseQuerySet:
        """The cases this person may know of; everything else does not exist for them (404)."""
        match Role(user.role):
            case Role.CONSUMER:
                return self.filter(consumer=user)
            case Role.SELLER_STAFF:
                shops = user.memberships.filter(is_active=True).values("organisation_id")
                return self.filter(seller__in=shops, seller_contacted_at__isnull=False)
            case Role.AGENT:
                return self.exclude(status=Status.DRAFT).exclude(kind=Kind.SERVICE_COMPLAINT) | self.filter(
                    filed_by=user
                )
            case Role.ARBITRATOR:
                return self.filter(owner=user)
            case Role.REVIEWER:
                return self.filter(
                    Q(status=Status.RULING_IN_APPROVAL) | Q(rulings__approvals__approver=user)
                ).distinct()
            case Role.SUPERVISOR:
                return self.filter(~Q(status=Status.DRAFT) | Q(filed_by=user)).exclude(complained_of=user)
            case Role.AUDITOR:
                return self.exclude(status=Status.DRAFT)
        return self.none()

    def open(self) -> CaseQuerySet:
        return self.exclude(status__in=CLOSED)

    def in_stage(self, stages: Iterable[str]) -> CaseQuerySet:
        """The cases in any of these stages; says in SQL what `stage_of` says of one case."""
        wanted = set(stages)
        found = Q(status__in=[status for status, stage in _STAGE.items() if stage in wanted])
        fulfilling = Q(status__in=[Status.AWAITING_FULFILMENT, Status.AWAITING_BUYER_CONFIRM])
        goods, stepped_in = Q(agreed_remedy__in=sorted(_GOODS_BACK)), Q(intervention_at__isnull=False)
        others = {*_STAGE, *CLOSED, Status.AWAITING_FULFILMENT, Status.AWAITING_BUYER_CONFIRM}
        if Stage.RETURN_REQUESTED in wanted:
            found |= fulfilling & goods
        if Stage.CONTACT_SELLER in wanted:
            found |= fulfilling & ~goods & ~stepped_in
        if Stage.PLATFORM_INTERVENTION in wanted:
            found |= (fulfilling & ~goods & stepped_in) | Q(status__in=sorted(set(Status) - others))
        if Stage.CLOSED in wanted:
            found |= Q(status__in=sorted(CLOSED))
        return self.filter(found)


class Case(
    IntakeMoves,
    LogisticsMoves,
    NegotiationMoves,
    SettlementMoves,
    ReturnMoves,
    PerformanceMoves,
    ConversationMoves,
    ArbitrationMoves,
    OversightMoves,
    RulingMoves,
    AppealMoves,
    ExecutionMoves,
    ConcurrentTransitionMixin,  # type: ignore[misc]  # django-fsm-2 gives no types
    models.Model,
):
    """One complaint. Only `disputes.workflow` changes a stored case."""

    reference = models.CharField(_("number"), max_length=16, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.COMPLAINT)
    type = models.CharField(_("type"), max_length=24, choices=Type.choices)
    subtype = models.CharField(_("subtype"), max_length=24, choices=Subtype.choices)
    description = models.CharField(_("description"), max_length=2000)
    defect_location = models.CharField(_("where the defect is"), max_length=200, blank=True)
    demand_text = models.CharField(_("demand"), max_length=1000, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    consumer = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="cases", on_delete=models.PROTECT)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name="+", on_delete=models.PROTECT)
    complained_of = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name="+", on_delete=models.PROTECT)
    seller = models.ForeignKey(Organisation, null=True, related_name="cases", on_delete=models.PROTECT)
    order_number = models.CharField(_("order number"), max_length=64, blank=True)
    order = models.OneToOneField("disputes.OrderSnapshot", null=True, related_name="case", on_delete=models.PROTECT)
    no_order_reason = models.CharField(max_length=300, blank=True)
    evidence_waiver = models.CharField(max_length=300, blank=True)

    status = FSMField(_("status"), default=Status.DRAFT, choices=Status.choices, protected=True, max_length=24)
    version = models.PositiveIntegerField(default=0)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    complexity = models.CharField(_("complexity"), max_length=8, choices=Complexity.choices, default=Complexity.NORMAL)
    flags = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    received_goods = models.BooleanField(null=True)
    goods_used = models.BooleanField(null=True)
    policy = models.ForeignKey(Policy, related_name="cases", on_delete=models.PROTECT)
    parent = models.ForeignKey("self", null=True, related_name="children", on_delete=models.PROTECT)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name="owned_cases", on_delete=models.PROTECT)

    # Facts that rules look at without a query; each is written by the move that makes it true.
    offer_by = models.CharField(max_length=10, choices=Party.choices, blank=True)
    offer_rounds = models.PositiveSmallIntegerField(default=0)
    claim_remedy = models.CharField(max_length=20, choices=Remedy.choices, blank=True)
    claim_revisions = models.PositiveSmallIntegerField(default=0)
    agreed_remedy = models.CharField(max_length=20, choices=Remedy.choices, blank=True)
    agreed_amount = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    agreed_basis = models.CharField(max_length=12, blank=True)  # granted, offer, settlement, silence, conceded, ruling
    terms_open = models.BooleanField(default=False)
    terms_accepted_by = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    info_asked = models.BooleanField(default=False)
    seller_heard = models.BooleanField(default=False)
    seller_defaulted = models.BooleanField(default=False)
    buyer_heard = models.BooleanField(default=False)
    fulfilment_rejected = models.BooleanField(default=False)
    evidence_extended = models.BooleanField(default=False)
    extension_hours = models.PositiveSmallIntegerField(default=0)
    in_extension = models.BooleanField(default=False)
    held_for = models.CharField(max_length=100, blank=True)  # a supervisor's reason to stop our promises
    ruling_author_id = models.BigIntegerField(null=True)
    ruling_final = models.BooleanField(default=False)
    ruling_on_appeal = models.BooleanField(default=False)
    ruling_accepted_by = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    appealed_by = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    no_ruling_proposed = models.CharField(max_length=32, blank=True)
    return_to = models.CharField(max_length=24, choices=Status.choices, blank=True)  # after a stay or an appeal
    suspended_for = models.CharField(max_length=12, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    repeat_count = models.PositiveSmallIntegerField(default=0)

    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()  # instant of the last event: the timeline never runs backwards
    submitted_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    first_response_at = models.DateTimeField(null=True)
    seller_contacted_at = models.DateTimeField(null=True)
    intervention_at = models.DateTimeField(null=True)
    ruled_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    urged_at = models.DateTimeField(null=True)
    outcome_code = models.CharField(max_length=24, choices=Outcome.choices, blank=True)
    outcome_reason = models.CharField(max_length=32, choices=OutcomeReason.choices, blank=True)

    # Where an imported complaint came from; together they make an import repeatable.
    source = models.CharField(max_length=64, blank=True)
    external_id = models.CharField(max_length=128, blank=True)
    original_filed_at = models.DateTimeField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~Q(source=""), name="imported_complaint_once"
            ),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in Status]), name="case_status_known"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | ~Q(status__in=sorted(CLOSED)), name="closed_case_has_an_instant"
            ),
            models.UniqueConstraint(
                fields=["consumer", "order_number", "subtype"],
                condition=~Q(order_number="") & ~Q(status__in=sorted(CLOSED)) & ~Q(status=Status.DRAFT),
                name="one_open_case_per_order_and_problem",
            ),
        ]
        indexes = [
            models.Index(fields=["consumer", "-id"], name="case_by_consumer"),
            models.Index(fields=["seller", "-id"], name="case_by_seller"),
            models.Index(fields=["owner", "-id"], name="case_by_owner"),
            models.Index(fields=["status", "-id"], name="case_by_status"),
            # What people search by: an order, a whole phone number, its last digits.
            models.Index(fields=["order_number"], condition=~Q(order_number=""), name="case_by_order_number"),
            models.Index(fields=["contact", "-id"], condition=~Q(contact=""), name="case_by_contact"),
            models.Index(Right("contact", 4), F("id").desc(), condition=~Q(contact=""), name="case_by_contact_tail"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def flow(self) -> Flow:
        return flow_of(self.type)

    @property
    def stage(self) -> Stage:
        """Where in the escalation path; follows from the status and from whether goods go back or a case was opened."""
        return stage_of(self)

    @property
    def sides(self) -> set[str]:
        """Who has to agree: a complaint about ourselves, or without a known seller, has one side."""
        return {Party.CONSUMER, Party.SELLER} if self.seller_id else {Party.CONSUMER}

    @property
    def is_open(self) -> bool:
        return self.status not in CLOSED

    @cached_property
    def unsaved(self) -> set[str]:
        """Columns that moves have changed since the row was read or written."""
        return set()

    def setting(self, name: str) -> Any:
        """A number of the policy that the case was filed under."""
        return policies.rulebook(self.policy_id).settings[name]

    def term(self, kind: str, variant: str = "") -> timedelta:
        """How long the policy gives for a clock that counts calendar time."""
        return timedelta(seconds=policies.rulebook(self.policy_id).rule(kind, variant).due)


_GOODS_BACK = frozenset({Remedy.RETURN_REFUND, Remedy.EXCHANGE, Remedy.REPAIR})
_STAGE: dict[str, Stage] = {
    Status.DRAFT: Stage.INTAKE,
    Status.SUBMITTED: Stage.INTAKE,
    Status.AWAITING_CARRIER: Stage.CONTACT_SELLER,
    Status.AWAITING_SELLER: Stage.CONTACT_SELLER,
    Status.OFFER_PENDING: Stage.CONTACT_SELLER,
    Status.SELLER_REFUSED: Stage.CONTACT_SELLER,
    Status.AWAITING_RETURN: Stage.RETURN_REQUESTED,
    Status.RETURN_IN_TRANSIT: Stage.RETURN_REQUESTED,
}


def stage_of(case: Case) -> Stage:
    if case.status in CLOSED:
        return Stage.CLOSED
    if case.status in (Status.AWAITING_FULFILMENT, Status.AWAITING_BUYER_CONFIRM):
        if case.agreed_remedy in _GOODS_BACK:
            return Stage.RETURN_REQUESTED
        return Stage.PLATFORM_INTERVENTION if case.intervention_at else Stage.CONTACT_SELLER
    return _STAGE.get(case.status, Stage.PLATFORM_INTERVENTION)
