"""Clocks and their pauses. What must hold of them, the database holds."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sla.models.policy import Policy, Target


class Clock(models.Model):
    """One deadline of one case.

    `wake_at` is when something must next happen to it: a rung, the deadline, or another try after a failure; empty
    unless it runs. `rungs` is [[code, instant], …] in order, of which `rung_index` have been fired. `terms` holds what
    the deadline is computed from: {"due", "target", "cut", "extended"}; `steps` how (sla.explanations).
    `stopped_at` is empty while it is open, and while a breach is still unanswered.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        HELD = "held", _("Held")
        MET = "met", _("Met")
        BREACHED = "breached", _("Breached")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN = (Status.RUNNING, Status.PAUSED, Status.HELD)

    case = models.ForeignKey("disputes.Case", related_name="clocks", on_delete=models.PROTECT)
    kind = models.CharField(_("kind"), max_length=24)
    variant = models.CharField(_("variant"), max_length=24, blank=True)
    policy = models.ForeignKey(Policy, related_name="+", on_delete=models.PROTECT, db_index=False)
    target = models.ForeignKey(Target, related_name="+", on_delete=models.PROTECT, db_index=False)
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.RUNNING)
    started_at = models.DateTimeField(_("started at"))
    target_at = models.DateTimeField(_("target at"), null=True)
    due_at = models.DateTimeField(_("due at"))
    stopped_at = models.DateTimeField(_("stopped at"), null=True)
    breached_at = models.DateTimeField(_("breached at"), null=True)
    wake_at = models.DateTimeField(null=True)
    rung_index = models.PositiveSmallIntegerField(default=0)
    rungs = models.JSONField(default=list)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True, default="")
    terms = models.JSONField(default=dict)
    steps = models.JSONField(default=list)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(status__in=["running", "paused", "held"]),
                name="one_open_clock_of_a_kind_per_case",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("started_at")), name="clock_is_due_after_its_start"),
            models.CheckConstraint(
                condition=Q(status="running", wake_at__isnull=False) | ~Q(status="running") & Q(wake_at=None),
                name="clock_wakes_only_while_it_runs",
            ),
            models.CheckConstraint(
                condition=Q(status="breached", breached_at__isnull=False) | ~Q(status="breached"),
                name="breached_clock_says_when",
            ),
        ]
        indexes = [
            # The sweep reads nothing else: the case is in the index, so that a claim never touches the table.
            models.Index(fields=["wake_at", "case"], condition=Q(status="running"), name="clock_wakes"),
            # Lists in order of their deadlines, however many cases there are.
            models.Index(fields=["due_at", "id"], condition=Q(status="running"), name="clock_due"),
            models.Index(fields=["case"], condition=Q(status="breached", stopped_at=None), name="clock_missed"),
            models.Index(fields=["due_at", "case"], condition=Q(status="held"), name="clock_held"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of case {self.case_id}"

    @property
    def next_at(self) -> datetime:
        """When its next rung or its deadline falls, whether or not an earlier try at it failed."""
        if self.rung_index < len(self.rungs):
            return datetime.fromisoformat(self.rungs[self.rung_index][1])
        return self.due_at


class Pause(models.Model):
    """A stretch during which a clock did not run, and why. `limit_days`: so many of its working days count at most."""

    class Reason(models.TextChoices):
        AWAITING_BUYER = "awaiting_buyer", _("Waiting for the consumer")
        RETURN_IN_TRANSIT = "return_in_transit", _("The return is on its way")
        PERFORMANCE_AGREED = "performance_agreed", _("The agreed remedy is being carried out")
        TESTING = "testing", _("The goods are being tested")
        SUSPENDED = "suspended", _("The case is suspended")
        CARRIER_INVESTIGATION = "carrier_investigation", _("The carrier is being asked")
        EVIDENCE_EXTENDED = "evidence_extended", _("The time for evidence was extended")
        FORCE_MAJEURE = "force_majeure", _("Force majeure")

    clock = models.ForeignKey(Clock, related_name="pauses", on_delete=models.CASCADE)
    reason = models.CharField(_("reason"), max_length=24, choices=Reason.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name="+", on_delete=models.PROTECT)
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True)
    limit_days = models.PositiveSmallIntegerField(_("working days that count at most"), null=True)

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(until_at=None), name="one_open_pause_per_clock"),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")), name="pause_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.from_at}"
