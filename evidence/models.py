"""Exhibits, their files, and what was asked for."""

import secrets
import uuid
from functools import reduce
from operator import or_

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evidence import limits
from evidence.slots import Kind, Party, Slot


def random_id() -> uuid.UUID:
    """128 random bits: more than uuid4 has."""
    return uuid.UUID(bytes=secrets.token_bytes(16))


# Columns of an exhibit that nobody changes once it was submitted, whatever the program does.
_SEALED = (
    *("uid", "case_id", "party", "slot", "kind", "title", "statement", "file_id", "submitted_by_id", "uploaded_at"),
    *("submitted_at", "stage", "late"),
)


def _any_change(*columns: str) -> pgtrigger.Q:
    changes = [pgtrigger.Q(**{f"old__{column}__df": pgtrigger.F(f"new__{column}")}) for column in columns]
    return reduce(or_, changes)


class File(models.Model):
    """One received file. Its bytes lie under `storage_key`, made of their SHA-256, stored once however often sent."""

    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    mime_declared = models.CharField(_("declared type"), max_length=100, blank=True)
    mime_sniffed = models.CharField(_("type by content"), max_length=100)
    original_name = models.CharField(_("name"), max_length=200)
    storage_key = models.CharField(max_length=80, db_index=True)
    stored_at = models.DateTimeField(_("stored at"))

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="evidence_file_is_not_empty")]
        triggers = [pgtrigger.Protect(name="sealed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.original_name} ({self.sha256[:12]})"


class Request(models.Model):
    """What one side was asked to hand in, until when (at `due_at` is late)."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        SUBMITTED = "submitted", _("Submitted")
        WAIVED = "waived", _("Waived")
        PAST_DUE = "past_due", _("Past due")

    uid = models.UUIDField(unique=True, default=random_id, editable=False)
    case = models.ForeignKey("disputes.Case", related_name="evidence_requests", on_delete=models.PROTECT)
    party = models.CharField(_("side"), max_length=8, choices=Party.choices)
    slot = models.CharField(_("slot"), max_length=24, choices=Slot.choices)
    mandatory = models.BooleanField(_("mandatory"), default=True)
    text = models.TextField(_("what is asked"), max_length=limits.STATEMENT_LENGTH, blank=True)
    due_at = models.DateTimeField(_("due at"))
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.OPEN)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name="+", on_delete=models.PROTECT)
    asked_at = models.DateTimeField(_("asked at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("request for evidence")
        verbose_name_plural = _("requests for evidence")
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gt=models.F("asked_at")), name="evidence_due_after_asked"),
            models.UniqueConstraint(
                fields=["case", "party", "slot"], condition=Q(status="open"), name="one_open_request_per_side_and_slot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot} ({self.party}, {self.status})"


class Item(models.Model):
    """An exhibit: a file in a slot, with what its giver says about it. Staged ones are its giver's side's alone.

    `status` is empty until it is submitted, unless it was withdrawn before. Nothing is ever deleted.
    """

    class Stage(models.TextChoices):
        STAGED = "staged", _("Waiting to be submitted")
        SUBMITTED = "submitted", _("Submitted")

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        ADMITTED = "admitted", _("Admitted")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uid = models.UUIDField(unique=True, default=random_id, editable=False)
    case = models.ForeignKey("disputes.Case", related_name="evidence", on_delete=models.PROTECT)
    party = models.CharField(_("side"), max_length=8, choices=Party.choices)
    slot = models.CharField(_("slot"), max_length=24, choices=Slot.choices)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=limits.TITLE_LENGTH, blank=True)
    statement = models.TextField(_("statement"), max_length=limits.STATEMENT_LENGTH, blank=True)
    file = models.OneToOneField(File, related_name="item", on_delete=models.PROTECT)
    answers = models.ForeignKey(Request, null=True, related_name="answers", on_delete=models.PROTECT)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name="+", on_delete=models.PROTECT)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    stage = models.CharField(_("stage"), max_length=9, choices=Stage.choices, default=Stage.STAGED)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, blank=True)
    late = models.BooleanField(_("late"), default=False)

    class Meta:
        verbose_name = _("exhibit")
        verbose_name_plural = _("exhibits")
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="staged", submitted_at=None, status__in=["", "withdrawn"])
                | Q(
                    stage="submitted",
                    submitted_at__isnull=False,
                    status__in=["submitted", "admitted", "rejected", "withdrawn"],
                ),
                name="evidence_stage_and_status_agree",
            ),
        ]
        indexes = [models.Index(fields=["case", "-id"], name="evidence_of_case")]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="sealed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__stage="submitted") & _any_change(*_SEALED),
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.slot} {self.uid}"
