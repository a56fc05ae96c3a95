"""Policies and their targets: frozen once published, by the database."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sla.models.calendar import Calendar


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
