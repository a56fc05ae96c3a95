"""Obligations, the money that really moved, and what a seller has to answer for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casemgmt.accounts.models import Organisation
from disputes.states import Party, Remedy


class Obligation(models.Model):
    """One thing that has to be done under an agreement or a ruling."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    case = models.ForeignKey("disputes.Case", related_name="obligations", on_delete=models.PROTECT)
    ruling = models.ForeignKey("disputes.Ruling", null=True, related_name="obligations", on_delete=models.PROTECT)
    remedy = models.CharField(max_length=20, choices=Remedy.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    done_by = models.CharField(max_length=10, choices=Party.choices, blank=True)
    proof = models.CharField(max_length=200, blank=True)  # a waybill, an invoice number
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")

    def __str__(self) -> str:
        return f"{self.remedy} {self.amount} ({self.status})"


class SellerAccount(models.Model):
    """The embedded payment ledger's view of a seller: balance first, then the deposit."""

    seller = models.OneToOneField(Organisation, related_name="account", on_delete=models.PROTECT)
    balance = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    deposit = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("seller account")
        verbose_name_plural = _("seller accounts")
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0, deposit__gte=0), name="seller_account_not_overdrawn")
        ]

    def __str__(self) -> str:
        return f"account of {self.seller_id}"


class MoneyMovement(models.Model):
    """Money that moved to the consumer. `key` makes a repeated order to pay a single payment."""

    class Source(models.TextChoices):
        ORDER = "order", _("The order's money, not yet released")
        BALANCE = "balance", _("Seller's balance")
        DEPOSIT = "deposit", _("Seller's deposit")
        PLATFORM = "platform", _("The platform's own money")

    case = models.ForeignKey("disputes.Case", related_name="movements", on_delete=models.PROTECT)
    key = models.CharField(max_length=80, unique=True)
    source = models.CharField(max_length=8, choices=Source.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="movement_moves_something")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} from {self.source}"


class SellerMark(models.Model):
    """A mark against a seller: what happened, how many points, by which case. Marks lead to sanctions elsewhere."""

    class Kind(models.TextChoices):
        NO_RESPONSE = "no_response", _("Did not answer in time")
        NOT_PERFORMED = "not_performed", _("Did not perform in time")
        RULED_AGAINST = "ruled_against", _("Ruled against")

    seller = models.ForeignKey(Organisation, related_name="marks", on_delete=models.PROTECT)
    case = models.ForeignKey("disputes.Case", related_name="seller_marks", on_delete=models.PROTECT)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    points = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("seller mark")
        verbose_name_plural = _("seller marks")

    def __str__(self) -> str:
        return f"{self.kind} {self.points}"
