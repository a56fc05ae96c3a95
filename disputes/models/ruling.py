"""Clauses, rulings, their approval and appeals against them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disputes.states import AppealGround, Outcome, OutcomeReason, Party


class ClauseQuerySet(models.QuerySet["Clause"]):
    """Adjectives."""

    def in_force(self, at: datetime) -> ClauseQuerySet:
        """On the day of the instant, by the marketplace's own clock on the wall."""
        today = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        return self.filter(Q(effective_to=None) | Q(effective_to__gt=today), effective_from__lte=today)


class Clause(models.Model):
    """One clause of a rule or law: number, summary in our own words, source; no platform's text."""

    class Source(models.TextChoices):
        PLATFORM = "platform", _("Platform rule")
        LAW = "law", _("Law")
        SELLER_PROMISE = "seller_promise", _("Seller's promise")

    code = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(max_length=16, choices=Source.choices)
    document = models.CharField(max_length=200)
    summary_zh = models.TextField()
    summary_en = models.TextField()
    published_at = models.DateTimeField(null=True, blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="clause_version_once")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Ruling(models.Model):
    """A ruling of a person. `remedies`: [{"remedy", "amount"}], carried out by the seller towards the consumer.

    `liability`: percent per party, adding up to 100.
    """

    class Status(models.TextChoices):
        IN_APPROVAL = "in_approval", _("In approval")
        RETURNED = "returned", _("Returned to the author")
        ISSUED = "issued", _("Issued")
        FINAL = "final", _("Final")
        OVERTURNED = "overturned", _("Overturned")
        SUPERSEDED = "superseded", _("The case was heard anew")

    case = models.ForeignKey("disputes.Case", related_name="rulings", on_delete=models.PROTECT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT)
    outcome_code = models.CharField(max_length=24, choices=Outcome.choices)
    outcome_reason = models.CharField(max_length=32, choices=OutcomeReason.choices)
    facts_found = models.TextField()
    reasoning = models.TextField()
    liability = models.JSONField()
    remedies = models.JSONField(default=list)
    citations = models.ManyToManyField(Clause, related_name="+")
    status = models.CharField(max_length=12, choices=Status.choices)
    on_appeal = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("ruling")
        verbose_name_plural = _("rulings")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status__in=["in_approval", "issued", "final"]), name="one_ruling_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome_code} ({self.status})"


class RulingApproval(models.Model):
    """A second person's word on a draft ruling."""

    ruling = models.ForeignKey(Ruling, related_name="approvals", on_delete=models.PROTECT)
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT)
    approved = models.BooleanField()
    note = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    def __str__(self) -> str:
        return f"{self.approver_id}: {self.approved}"


class Appeal(models.Model):
    """A party's appeal; once each side (held by the database), heard by somebody else."""

    class Status(models.TextChoices):
        FILED = "filed", _("Filed")
        REJECTED = "rejected", _("Rejected")
        UPHELD = "upheld", _("The ruling stands")
        CHANGED = "changed", _("The ruling was changed")
        SENT_BACK = "sent_back", _("Sent back")
        ALLOWED = "allowed", _("The complaint is admitted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    case = models.ForeignKey("disputes.Case", related_name="appeals", on_delete=models.PROTECT)
    by = models.CharField(max_length=10, choices=Party.choices)
    appellant = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT)
    grounds = models.CharField(max_length=16, choices=AppealGround.choices)
    text = models.CharField(max_length=2000)
    from_status = models.CharField(max_length=24)
    ruling = models.ForeignKey(Ruling, null=True, related_name="appeals", on_delete=models.PROTECT)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.FILED)
    filed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    reasons = models.TextField(blank=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "by", "ruling"], name="one_appeal_per_side_and_ruling", nulls_distinct=False
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(status="filed"), name="one_open_appeal_per_case"),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.status}"
