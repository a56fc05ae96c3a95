"""What happened to a case, once and for ever."""

from datetime import UTC
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One entry. `at` is the instant it counts from (for a time-out the deadline's own), `recorded_at` that of writing.

    `data` holds codes, ids and amounts. `data["set"]` holds the case's fields that changed, so that the timeline folds
    to the row. A person's words are in `Statement`; only their salted hash is chained.
    """

    case = models.ForeignKey("disputes.Case", related_name="events", on_delete=models.PROTECT)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name="+", on_delete=models.PROTECT)
    role = models.CharField(max_length=16)
    code = models.CharField(max_length=48)
    from_status = models.CharField(max_length=24, blank=True)
    to_status = models.CharField(max_length=24, blank=True)
    data = models.JSONField(default=dict)
    text_digest = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="event_seq_once_per_case")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}#{self.seq} {self.code}"

    def sealed(self) -> dict[str, Any]:
        """What the hash covers: every column but the hashes themselves, instants in UTC to the microsecond."""
        return {
            "case": self.case_id,
            "seq": self.seq,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "recorded_at": self.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": self.actor_id,
            "role": self.role,
            "code": self.code,
            "from": self.from_status,
            "to": self.to_status,
            "data": self.data,
            "text": self.text_digest,
        }


class Statement(models.Model):
    """A person's own words that go with an event, apart from it so that they can be erased alone."""

    event = models.OneToOneField(Event, related_name="statement", on_delete=models.PROTECT)
    text = models.TextField()
    salt = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")

    def __str__(self) -> str:
        return f"statement of event {self.event_id}"
