"""What people are told (the outbox) and what they would rather not be mailed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    IN_APP = "in_app", _("In the application")
    EMAIL = "email", _("E-mail")


class Notice(models.Model):
    """One thing told to one person on one channel. Words are made on reading, from `template` and `params`.

    An in-app notice is delivered by existing. An e-mail is due at `next_try_at`, and is over when `sent_at` or
    `failed_at` is set; `next_try_at` is also the lease of the process that is sending it.
    """

    uid = models.UUIDField(_("stable id"), unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("disputes.Case", null=True, related_name="notices", on_delete=models.PROTECT)
    event = models.ForeignKey("timeline.Event", null=True, related_name="notices", on_delete=models.PROTECT)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="notices", on_delete=models.PROTECT)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    template = models.CharField(_("template"), max_length=64)
    params = models.JSONField(_("facts"), default=dict)
    created_at = models.DateTimeField(_("made at"))
    next_try_at = models.DateTimeField(_("next try at"), null=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    failed_at = models.DateTimeField(_("given up at"), null=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient", "channel"], name="notice_once_per_event"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="notice_has_a_known_channel"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(failed_at=None), name="notice_is_sent_or_failed"),
            models.CheckConstraint(
                condition=Q(next_try_at=None) | Q(sent_at=None, failed_at=None), name="notice_that_is_over_is_not_due"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], name="notice_due", condition=Q(next_try_at__isnull=False)),
            models.Index(fields=["recipient", "-id"], name="notice_inbox", condition=Q(channel="in_app")),
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.recipient_id} ({self.channel})"


class Preference(models.Model):
    """Whether a person wants e-mails whose template begins with a prefix; "" is every one. The longest prefix wins.

    Only e-mail can be switched off: notices carry deadlines, so the one in the application always stays.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="notice_preferences", on_delete=models.CASCADE)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    template_prefix = models.CharField(_("template prefix"), max_length=64, blank=True)
    enabled = models.BooleanField(_("enabled"))

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.UniqueConstraint(fields=["user", "channel", "template_prefix"], name="preference_once_per_prefix"),
            models.CheckConstraint(condition=Q(channel=Channel.EMAIL), name="only_email_can_be_switched_off"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.template_prefix or '*'} {'on' if self.enabled else 'off'}"
