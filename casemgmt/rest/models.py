"""Answers kept under the caller's Idempotency-Key."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    """One answer, written in the transaction of the effect it tells of. `body` is its JSON, letter for letter."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.CASCADE)
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, address and body, hex
    status = models.PositiveSmallIntegerField(_("status"))
    body = models.TextField()
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_person_and_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_created_at")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.key}"
