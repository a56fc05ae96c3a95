"""Who keeps watch: signs of life, stretches without any, and a clock that cannot be trusted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """The last sign of life of a process that must not die unnoticed: `sweep` and the like."""

    name = models.CharField(_("name"), max_length=32, primary_key=True)
    beat_at = models.DateTimeField(_("beat at"))
    host = models.CharField(_("host"), max_length=100, blank=True)
    pid = models.PositiveIntegerField(_("process"), default=0)
    fired = models.PositiveBigIntegerField(_("fired since the start"), default=0)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at}"


class Releasable(models.Model):
    """What stands until a supervisor lets it go on."""

    released_at = models.DateTimeField(_("released at"), null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("released by"), null=True, related_name="+", on_delete=models.PROTECT
    )

    class Meta:
        abstract = True


class Outage(Releasable):
    """A stretch in which nobody swept. What fell due in it is judged with mercy (sla.outages).

    `released_at`: a supervisor let the deadlines go on that were held because it was long; `settled_at`: they all do.
    """

    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"))
    settled_at = models.DateTimeField(_("all going again since"), null=True)

    class Meta:
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        constraints = [
            models.UniqueConstraint(fields=["from_at"], name="one_outage_from_an_instant"),
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="outage_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["until_at"], name="outage_until")]

    def __str__(self) -> str:
        return f"{self.from_at} – {self.until_at}"


class Halt(Releasable):
    """The database's clock jumped: nothing is carried out until a supervisor has looked and lets it go on."""

    since_at = models.DateTimeField(_("since"))
    jumped_by = models.IntegerField(_("jumped by (seconds)"))

    class Meta:
        verbose_name = _("halt")
        verbose_name_plural = _("halts")
        constraints = [
            models.UniqueConstraint(fields=["released_at"], nulls_distinct=False, name="one_halt_at_a_time",
                                    condition=Q(released_at=None)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.since_at} {self.jumped_by:+d} s"
