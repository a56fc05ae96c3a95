"""What the consumer demands and what is offered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disputes.states import Party, Remedy


class Claim(models.Model):
    """A demand. Money in the order's currency; `amount` is 0 where the remedy is not money."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        SUPERSEDED = "superseded", _("Superseded")

    case = models.ForeignKey("disputes.Case", related_name="claims", on_delete=models.PROTECT)
    revision = models.PositiveSmallIntegerField()
    remedy = models.CharField(max_length=20, choices=Remedy.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    reasonable_up_to = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    reason = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(status="open"), name="one_open_claim_per_case"),
            models.UniqueConstraint(fields=["case", "revision"], name="claim_revision_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="claim_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.remedy} {self.amount}"


class Offer(models.Model):
    """A proposal: an offer of one party to the other, terms for a settlement, or a mediator's proposal."""

    class Kind(models.TextChoices):
        OFFER = "offer", _("Offer")
        SETTLEMENT = "settlement", _("Settlement terms")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        SUPERSEDED = "superseded", _("Superseded")

    case = models.ForeignKey("disputes.Case", related_name="offers", on_delete=models.PROTECT)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    by = models.CharField(max_length=10, choices=Party.choices)  # platform: the mediator
    author = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT)
    round = models.PositiveSmallIntegerField()
    remedy = models.CharField(max_length=20, choices=Remedy.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    terms = models.CharField(max_length=2000, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    accepted_by = models.JSONField(default=list)  # parties that confirmed these terms, in order
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(status="open"), name="one_open_offer_per_case"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="offer_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.remedy} {self.amount}"

    @property
    def offeree(self) -> Party:
        """Who has to answer: both for a mediator's proposal."""
        return {Party.SELLER: Party.CONSUMER, Party.CONSUMER: Party.SELLER}.get(Party(self.by), Party.BOTH)
