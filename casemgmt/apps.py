"""The shell app: its management commands and templates, and the names of every app's fields."""

from django.apps import AppConfig


class CasemgmtConfig(AppConfig):
    name = "casemgmt"
    verbose_name = "Case management"

    def ready(self) -> None:
        from casemgmt import field_names

        field_names.translate()
