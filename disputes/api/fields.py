"""What the bodies of actions are made of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from casemgmt import references
from casemgmt.accounts.models import User
from casemgmt.rest.serializers import StrictSerializer
from disputes.models import Case

TEXT = 2000


def words(longest: int = TEXT) -> serializers.CharField:
    return serializers.CharField(max_length=longest)


def maybe_words(longest: int = TEXT) -> serializers.CharField:
    return serializers.CharField(max_length=longest, allow_blank=True, required=False)


class MoneyField(serializers.DecimalField):
    """An amount of money, not below zero, in the order's currency."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, min_value=Decimal(0), **kwargs)


class PersonField(serializers.CharField):
    """A member of the staff, by username → id."""

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        name = super().to_internal_value(data)
        staff = User.objects.filter(username=name, role__in=("arbitrator", "supervisor"), is_active=True)
        found = None if "\0" in name else staff.values_list("pk", flat=True).first()
        if found is None:
            raise serializers.ValidationError(_("Nobody of this name hears cases."), "unknown_person")
        return found


class VisibleCaseField(serializers.CharField):
    """Another case that the person may see, by its number → id."""

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        reference = references.parse(super().to_internal_value(data)) or ""
        seen = Case.objects.visible_to(self.context["request"].user).filter(reference=reference)
        found = seen.values_list("pk", flat=True).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such case, or it is not yours to see."), "case_not_found")
        return found


class ActionInput(StrictSerializer):
    """An action that needs nothing but, if one likes, the version of the case that was read."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False,
                                       help_text="The case's version as you read it; stale is 409.")  # fmt: skip


class SaysInput(ActionInput):
    text = words()


class MaySayInput(ActionInput):
    text = maybe_words()
