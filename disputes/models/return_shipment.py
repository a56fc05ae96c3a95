"""Goods on their way back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from disputes.states import ReturnCondition


class ReturnShipment(models.Model):
    """One return of one case. `address` as the seller gave it: {recipient, phone, line, region, mainland}."""

    case = models.ForeignKey("disputes.Case", related_name="returns", on_delete=models.PROTECT)
    address = models.JSONField(default=dict)
    instructions = models.CharField(max_length=1000, blank=True)
    requested_at = models.DateTimeField()
    carrier = models.CharField(max_length=64, blank=True)
    waybill = models.CharField(max_length=64, blank=True)
    shipped_at = models.DateTimeField(null=True)
    carrier_signed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    condition = models.CharField(max_length=20, choices=ReturnCondition.choices, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(closed_at=None), name="one_open_return_per_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.waybill}"
