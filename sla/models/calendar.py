"""Calendars and their days. What must hold of them, the database holds."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

_NEXT_REVISION = "nextval(pg_get_serial_sequence('sla_day', 'id'))"


class Calendar(models.Model):
    """A working calendar of one zone. `statutory` is {"MM-DD": name} for years of which no day is known.

    `revision` grows with each change (triggers), so that nobody computes with a stale copy. It is drawn from a
    sequence: a change that was rolled back and the next one never share a revision.
    """

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=100)
    zone = models.CharField(_("time zone"), max_length=64)
    weekend = models.JSONField(_("weekend"), default=list, help_text=_("Weekday numbers, Monday is 0."))
    statutory = models.JSONField(_("statutory days"), default=dict, blank=True)
    revision = models.BigIntegerField(_("revision"), default=0, editable=False)
    # The revision that all open deadlines follow; and the one being caught up with, as far as the case `caught_up_to`.
    applied = models.BigIntegerField(default=0, editable=False)
    catching_up = models.BigIntegerField(default=0, editable=False)
    caught_up_to = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        triggers = [
            pgtrigger.Trigger(
                name="new_revision",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("zone", "weekend", "statutory"),
                func=f"NEW.revision = {_NEXT_REVISION}; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Day(models.Model):
    """A date on which the weekday alone would mislead, or which has a name. `provisional`: not announced yet."""

    calendar = models.ForeignKey(Calendar, verbose_name=_("calendar"), related_name="days", on_delete=models.CASCADE)
    date = models.DateField(_("date"))
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=60, blank=True)
    provisional = models.BooleanField(_("provisional"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("day")
        verbose_name_plural = _("days")
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="one_fact_per_calendar_and_date")]
        triggers = [
            pgtrigger.Trigger(
                name="new_revision",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=(
                    f"UPDATE sla_calendar SET revision = {_NEXT_REVISION}"  # noqa: S608 -- a constant of ours
                    " WHERE id = COALESCE(NEW.calendar_id, OLD.calendar_id); RETURN NULL;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.name}"
