"""Counters that dashboards read, kept as events happen."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RollUp(models.Model):
    """So many of a measure on a local day, and the seconds they took.

    A row belongs to one cube: told apart by type, channel and priority (`all`), by handler, or by seller; what a cube
    does not tell apart is empty or 0.
    """

    class Cube(models.TextChoices):
        ALL = "all", _("By type, channel and priority")
        HANDLER = "handler", _("By handler")
        SELLER = "seller", _("By seller")

    cube = models.CharField(max_length=8, choices=Cube.choices)
    measure = models.CharField(max_length=16)
    kind = models.CharField(max_length=48)
    day = models.DateField()
    type = models.CharField(max_length=32, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    priority = models.CharField(max_length=16, blank=True)
    handler = models.BigIntegerField(default=0)
    seller = models.BigIntegerField(default=0)
    n = models.BigIntegerField()
    seconds = models.FloatField()

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        constraints = [
            models.UniqueConstraint(
                fields=["cube", "measure", "handler", "seller", "day", "kind", "type", "channel", "priority"],
                name="one_counter_per_cell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cube} {self.measure} {self.kind} {self.day}"


class Counting(models.Model):
    """How far the timeline is counted. One row.

    `seen_id` was the last event when the transaction ids were below `seen_xmax`; once all of those have ended, no event
    up to it can still appear, and it becomes `counted_id`.
    """

    id = models.SmallAutoField(primary_key=True)
    counted_id = models.BigIntegerField(default=0)
    seen_id = models.BigIntegerField(default=0)
    seen_xmax = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("counting")
        verbose_name_plural = _("counting")

    def __str__(self) -> str:
        return f"up to event {self.counted_id}"
