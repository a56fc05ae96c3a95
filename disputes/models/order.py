"""Orders as the marketplace tells them, and the copy that a case keeps."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casemgmt.accounts.models import Organisation
from disputes.states import OrderStatus


class OrderFields(models.Model):
    """What is known of an order. `items`: [{sku, title, qty, unit_price, paid, attrs, category, promises, …}]."""

    number = models.CharField(_("order number"), max_length=64)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    paid_total = models.DecimalField(_("paid"), max_digits=12, decimal_places=2)
    freight = models.DecimalField(_("freight"), max_digits=12, decimal_places=2, default=0)
    free_shipping = models.BooleanField(_("free shipping"), default=False)
    status = models.CharField(_("status"), max_length=12, choices=OrderStatus.choices)
    items = models.JSONField(_("items"), default=list)
    paid_at = models.DateTimeField(null=True, blank=True)
    promised_ship_by = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    carrier = models.CharField(_("carrier"), max_length=64, blank=True)
    waybill = models.CharField(_("waybill"), max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.CharField(max_length=100, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    return_policy = models.TextField(_("return policy"), blank=True)
    no_reason_eligible = models.BooleanField(default=True)

    class Meta:
        abstract = True


class Order(OrderFields):
    """The embedded marketplace's order: replaced whole by each upsert."""

    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="orders", on_delete=models.PROTECT)
    seller = models.ForeignKey(Organisation, related_name="orders", on_delete=models.PROTECT)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(fields=["number"], name="order_number_once"),
            models.CheckConstraint(condition=Q(paid_total__gte=0, freight__gte=0), name="order_amounts_not_negative"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderSnapshot(OrderFields):
    """The order as it was when the case was filed. Never changed."""

    taken_at = models.DateTimeField()
    source = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("order snapshot")
        verbose_name_plural = _("order snapshots")

    def __str__(self) -> str:
        return self.number


class LogisticsEvent(models.Model):
    """One step of a parcel, from the marketplace or the carrier."""

    waybill = models.CharField(max_length=64)
    at = models.DateTimeField()
    status = models.CharField(max_length=32)
    text = models.CharField(max_length=300)
    source = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("logistics event")
        verbose_name_plural = _("logistics events")
        constraints = [models.UniqueConstraint(fields=["waybill", "at", "status"], name="logistics_event_once")]

    def __str__(self) -> str:
        return f"{self.waybill} {self.status}"
