"""The floor of every app's API; its one table keeps answers under their Idempotency-Key."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RestConfig(AppConfig):
    name = "casemgmt.rest"
    label = "rest"
    verbose_name = _("API")
