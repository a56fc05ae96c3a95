"""The rulebook: cases and what may be done with them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisputesConfig(AppConfig):
    name = "disputes"
    verbose_name = _("Disputes")

    def ready(self) -> None:
        """Hand down what the engines need to know of the story: deadlines, visibility, notices and words."""
        from functools import partial

        from django.utils.timezone import get_default_timezone

        from disputes import deadlines, evidence_hooks, notices, tally, wording
        from evidence import registry as evidence_registry
        from sla import registry as sla_registry

        deadlines.register()
        notices.register()
        wording.register()
        evidence_registry.fill(evidence_hooks.hooks())
        sla_registry.see_cases(evidence_hooks.visible_cases)
        sla_registry.count_by(partial(tally.counted, zone=get_default_timezone()))
