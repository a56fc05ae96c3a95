"""Locking cases: always before their clocks; the other way round deadlocks against the door."""

from collections.abc import Collection

from django.db.models import Model, QuerySet

from sla.models import Clock


def lock(case_ids: Collection[int], *, wait: bool) -> list[int]:
    """Lock the cases, in the order of their keys; those that are held elsewhere are left out, unless we wait."""
    cases = _cases().select_for_update(skip_locked=not wait, of=("self",))
    return list(cases.filter(pk__in=case_ids).order_by("pk").values_list("pk", flat=True))


def _cases() -> QuerySet[Model]:
    model: type[Model] = Clock._meta.get_field("case").related_model
    return model._default_manager.all()
