"""The platform's proceedings around a case: who hears it, what was asked of a carrier, what stands still and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disputes.states import CarrierResult, ExternalBody, SuspendReason


class Assignment(models.Model):
    """Who was responsible for a case, from when to when. The earlier ones bar a person from the appeal."""

    class Seat(models.TextChoices):
        LEAD = "lead", _("Lead")
        APPEAL = "appeal", _("Appeal")

    case = models.ForeignKey("disputes.Case", related_name="assignments", on_delete=models.PROTECT)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="assignments", on_delete=models.PROTECT)
    seat = models.CharField(max_length=8, choices=Seat.choices)
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(released_at=None), name="one_handler_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.handler_id}"


class CarrierInquiry(models.Model):
    """A question to the carrier, owned by the platform's staff (R1-13)."""

    case = models.ForeignKey("disputes.Case", related_name="inquiries", on_delete=models.PROTECT)
    carrier = models.CharField(max_length=64)
    waybill = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=10, choices=CarrierResult.choices, blank=True)
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = _("carrier inquiry")
        verbose_name_plural = _("carrier inquiries")

    def __str__(self) -> str:
        return f"{self.carrier} {self.waybill}"


class RecusalRequest(models.Model):
    """A party asks that the handler step aside."""

    case = models.ForeignKey("disputes.Case", related_name="recusals", on_delete=models.PROTECT)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT)
    reason = models.CharField(max_length=1000)
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name="+", on_delete=models.PROTECT)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recusal request")
        verbose_name_plural = _("recusal requests")

    def __str__(self) -> str:
        return f"recusal of {self.handler_id}"


class Suspension(models.Model):
    """A stay of the proceedings."""

    case = models.ForeignKey("disputes.Case", related_name="suspensions", on_delete=models.PROTECT)
    reason = models.CharField(max_length=12, choices=SuspendReason.choices)
    from_at = models.DateTimeField()
    document = models.CharField(max_length=200, blank=True)  # the acceptance document of a court or the police
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(resumed_at=None), name="one_suspension_at_a_time")
        ]

    def __str__(self) -> str:
        return self.reason


class Referral(models.Model):
    """The other ways that were named to the consumer when the platform could not rule (R2-22)."""

    case = models.ForeignKey("disputes.Case", related_name="referrals", on_delete=models.PROTECT)
    body = models.CharField(max_length=24, choices=ExternalBody.choices)
    reason = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("external referral")
        verbose_name_plural = _("external referrals")

    def __str__(self) -> str:
        return self.body
