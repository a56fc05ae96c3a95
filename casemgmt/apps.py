"""The shell app: its management commands and templates."""

from django.apps import AppConfig


class CasemgmtConfig(AppConfig):
    name = "casemgmt"
    verbose_name = "Case management"
