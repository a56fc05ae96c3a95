"""Calendars, policies and clocks. What must hold of them, the database holds."""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

_NEXT_REVISION = "nextval(pg_get_serial_sequence('sla_day', 'id'))"


class Calendar(models.Model):
    """A working calendar of one zone. `statutory` is {"MM-DD": name} for years of which no day is known.

    `revision` grows with each change (triggers), so that nobody computes with a stale copy. It is drawn from a
    sequence: a change that was rolled back and the next one never share a revision.
    """

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=100)
    zone = models.CharField(_("time zone"), max_length=64)
    weekend = models.JSONField(_("weekend"), default=list, help_text=_("Weekday numbers, Monday is 0."))
    statutory = models.JSONField(_("statutory days"), default=dict, blank=True)
    revision = models.BigIntegerField(_("revision"), default=0, editable=False)
    # The revision that all open deadlines follow; and the one being caught up with, as far as the case `caught_up_to`.
    applied = models.BigIntegerField(default=0, editable=False)
    catching_up = models.BigIntegerField(default=0, editable=False)
    caught_up_to = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        triggers = [
            pgtrigger.Trigger(
                name="new_revision",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("zone", "weekend", "statutory"),
                func=f"NEW.revision = {_NEXT_REVISION}; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Day(models.Model):
    """A date on which the weekday alone would mislead, or which has a name. `provisional`: not announced yet."""

    calendar = models.ForeignKey(Calendar, verbose_name=_("calendar"), related_name="days", on_delete=models.CASCADE)
    date = models.DateField(_("date"))
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=60, blank=True)
    provisional = models.BooleanField(_("provisional"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("day")
        verbose_name_plural = _("days")
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="one_fact_per_calendar_and_date")]
        triggers = [
            pgtrigger.Trigger(
                name="new_revision",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=(
                    f"UPDATE sla_calendar SET revision = {_NEXT_REVISION}"  # noqa: S608 -- a constant of ours
                    " WHERE id = COALESCE(NEW.calendar_id, OLD.calendar_id); RETURN NULL;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.name}"


class Policy(models.Model):
    """One version of a set of promises and time-outs; a case keeps the version it was filed under.

    Once published it never changes, but for when it ends. `settings` holds the numbers that are no clocks.
    """

    code = models.CharField(_("code"), max_length=32)
    version = models.PositiveIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=100)
    calendar = models.ForeignKey(Calendar, verbose_name=_("calendar"), related_name="+", on_delete=models.PROTECT)
    is_default = models.BooleanField(_("default"), default=False)
    effective_from = models.DateTimeField(_("effective from"))
    effective_to = models.DateTimeField(_("effective to"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    settings = models.JSONField(_("settings"), default=dict, blank=True)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="policy_version_once"),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gt=F("effective_from")),
                name="policy_ends_after_it_begins",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_once_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
                func=(
                    "IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'effective_to' - 'is_default')"
                    " = (to_jsonb(OLD) - 'effective_to' - 'is_default') THEN RETURN NEW; END IF;"
                    " RAISE EXCEPTION 'policy % is published: make a new version', OLD.id USING ERRCODE = '23514';"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Unit(models.TextChoices):
    WORKING_DAYS = "working_days", _("Working days")
    CALENDAR = "calendar", _("Calendar time")
    WINDOWED = "windowed", _("Hours of service")


class Target(models.Model):
    """What a policy sets for one kind of clock. `target` and `due` are working days, or seconds for the other units.

    `windows` is [["09:00", "18:00"], …]. `warnings` is a list of {"rung": code, and one of "percent", "days_before",
    "before" (seconds), "after" (seconds)}; the deadline itself is always the last rung and is not listed.
    """

    policy = models.ForeignKey(Policy, verbose_name=_("policy"), related_name="targets", on_delete=models.CASCADE)
    kind = models.CharField(_("kind"), max_length=24)
    variant = models.CharField(_("variant"), max_length=24, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=Unit.choices)
    target = models.PositiveIntegerField(_("target"), null=True, blank=True)
    due = models.PositiveIntegerField(_("due"))
    windows = models.JSONField(_("daily windows"), default=list, blank=True)
    warnings = models.JSONField(_("warnings"), default=list, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(fields=["policy", "kind", "variant"], name="one_target_per_policy_kind_variant"),
            models.CheckConstraint(condition=Q(due__gt=0), name="target_is_due_after_a_while"),
            models.CheckConstraint(
                condition=Q(target=None) | Q(target__gt=0, target__lte=F("due")), name="target_comes_before_due"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_once_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=(
                    "IF EXISTS (SELECT 1 FROM sla_policy WHERE published_at IS NOT NULL"
                    " AND id IN (NEW.policy_id, OLD.policy_id)) THEN"
                    " RAISE EXCEPTION 'the policy is published: make a new version' USING ERRCODE = '23514'; END IF;"
                    " RETURN COALESCE(NEW, OLD);"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.variant}".strip()


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


class Heartbeat(models.Model):
    """The last sign of life of a process that must not die unnoticed: `sweep` and the like."""

    name = models.CharField(_("name"), max_length=32, primary_key=True)
    beat_at = models.DateTimeField(_("beat at"))
    host = models.CharField(_("host"), max_length=100, blank=True)
    pid = models.PositiveIntegerField(_("process"), default=0)
    fired = models.PositiveBigIntegerField(_("fired since the start"), default=0)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at}"
