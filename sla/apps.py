"""Deadlines: calendars, policies, clocks and the sweep."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    name = "sla"
    verbose_name = _("Deadlines")

    def ready(self) -> None:
        """The one event of this app that is not about a case's own doings."""
        from casemgmt.timeline import wording

        wording.register("clock.recomputed", _("The working calendar changed; a deadline moved later."))
