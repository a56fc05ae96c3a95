"""What was said: messages, calls, ratings."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casemgmt.accounts.roles import Role
from disputes.states import Channel


class Message(models.Model):
    """A message in one of four threads; `parties` is read by both sides and the platform."""

    class Thread(models.TextChoices):
        PARTIES = "parties", _("Both sides")
        BUYER_PLATFORM = "buyer_platform", _("Consumer and platform")
        SELLER_PLATFORM = "seller_platform", _("Seller and platform")
        INTERNAL = "internal", _("Internal note")

    case = models.ForeignKey("disputes.Case", related_name="messages", on_delete=models.PROTECT)
    thread = models.CharField(max_length=16, choices=Thread.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT)
    role = models.CharField(max_length=16)
    text = models.CharField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["case", "id"], name="message_by_case")]

    def __str__(self) -> str:
        return f"{self.thread} {self.at:%Y-%m-%d %H:%M}"

    @property
    def role_label(self) -> str:
        """What its author was when writing, in words."""
        return str(Role(self.role).label)


TO_CALL_BACK = Q(call_back_at__isnull=False, called_back_at=None)


class ContactLogQuerySet(models.QuerySet["ContactLog"]):
    def to_call_back(self) -> Self:
        """Where a call back was promised that nobody has made yet."""
        return self.filter(TO_CALL_BACK)


class ContactLog(models.Model):
    """A contact with a party: when, through which channel, by whom, what was said, which opinion was given (R1-08)."""

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("They contacted us")
        OUTBOUND = "outbound", _("We contacted them")

    case = models.ForeignKey("disputes.Case", related_name="contacts", on_delete=models.PROTECT)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    with_party = models.CharField(max_length=10)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT)
    summary = models.CharField(max_length=2000)
    opinion_given = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField()
    call_back_at = models.DateTimeField(null=True, blank=True)  # promised on this occasion: until when
    called_back_at = models.DateTimeField(null=True, blank=True)  # when that was done, or promised anew

    objects = ContactLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(fields=["case", "id"], name="contact_by_case"),
            models.Index(fields=["call_back_at"], name="call_back_due", condition=TO_CALL_BACK),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "with_party"], name="one_open_call_back_per_case_and_side", condition=TO_CALL_BACK
            ),
            models.CheckConstraint(
                condition=Q(called_back_at=None) | Q(call_back_at__isnull=False),
                name="only_a_promised_call_is_made_good",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.at:%Y-%m-%d %H:%M}"


class Rating(models.Model):
    """A score of 1 to 5, once per closing, rater and target."""

    class Target(models.TextChoices):
        AGENT = "agent", _("Service")
        OUTCOME = "outcome", _("Outcome")
        SELLER = "seller", _("Seller")

    case = models.ForeignKey("disputes.Case", related_name="ratings", on_delete=models.PROTECT)
    closing = models.PositiveSmallIntegerField()  # the case's reopened_count when it was closed
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT)
    target = models.CharField(max_length=8, choices=Target.choices)
    score = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(fields=["case", "closing", "rater", "target"], name="one_rating_per_closing"),
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="rating_from_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.score}"
