"""Deadlines: calendars, policies, clocks and the sweep."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    name = "sla"
    verbose_name = _("Deadlines")

    def ready(self) -> None:
        """What this app tells that is not about a case's own doings."""
        from casemgmt.notifications import registry
        from casemgmt.timeline import wording
        from sla import guard, outages

        wording.register("clock.recomputed", _("The working calendar changed; a deadline moved later."))
        registry.register_template(
            guard.HALTED,
            subject=_("The server's clock jumped: no deadline is carried out"),
            body=_("By %(seconds)s seconds. Set it right, then let the deadlines go on in the back office."),
        )
        registry.register_template(
            outages.HELD,
            subject=_("After an outage deadlines wait for you"),
            body=_("Nobody loses by default until you let them go on in the back office, under Outages."),
        )
