"""What an administrator may enter: forms that refuse what the arithmetic could not work with."""

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sla.models import Calendar, Policy, Target, Unit
from sla.policies import minutes

if TYPE_CHECKING:
    CalendarModelForm = forms.ModelForm[Calendar]
    PolicyModelForm = forms.ModelForm[Policy]
    TargetModelForm = forms.ModelForm[Target]
else:
    CalendarModelForm = PolicyModelForm = TargetModelForm = forms.ModelForm

_MEASURES = {"percent", "days_before", "before", "after"}


class CalendarForm(CalendarModelForm):
    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone not in available_timezones():
            raise ValidationError(_("Not a time zone. Write one like Asia/Shanghai."))
        return zone

    def clean_weekend(self) -> list[int]:
        weekend = self.cleaned_data["weekend"]
        if not isinstance(weekend, list) or not set(map(str, weekend)) < set("0123456"):
            raise ValidationError(_("List weekday numbers from 0 (Monday) to 6, and leave at least one working day."))
        return sorted({int(day) for day in weekend})


class PolicyForm(PolicyModelForm):
    def clean_settings(self) -> dict[str, Any]:
        settings = self.cleaned_data["settings"]
        if not isinstance(settings, dict):
            raise ValidationError(_("Write an object of names and numbers."))
        try:
            minutes(str(settings.get("day_end", "24:00")))
        except ValueError as error:
            raise ValidationError(_("“day_end” is a time of day like 21:00 or 24:00.")) from error
        return settings


class TargetForm(TargetModelForm):
    def clean_windows(self) -> list[list[str]]:
        windows = self.cleaned_data["windows"] or []
        try:
            right = all(minutes(opens) < minutes(closes) for opens, closes in windows)
        except (TypeError, ValueError) as error:
            raise ValidationError(_("Write daily windows like [[“09:00”, “18:00”]].")) from error
        if not right:
            raise ValidationError(_("Each window opens before it closes."))
        return list(windows)

    def clean_warnings(self) -> list[dict[str, Any]]:
        warnings = self.cleaned_data["warnings"] or []
        if not isinstance(warnings, list) or not all(_is_warning(warning) for warning in warnings):
            raise ValidationError(
                _("Each warning is a “rung” with one of “percent”, “days_before”, “before” or “after” (seconds).")
            )
        return warnings

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        unit, windows = found.get("unit"), found.get("windows")
        if (unit == Unit.WINDOWED) != bool(windows):
            raise ValidationError({"windows": _("Hours of service need daily windows; other units have none.")})
        measures = {key for warning in found.get("warnings") or () for key in warning}
        if (unit == Unit.WORKING_DAYS and "after" in measures) or (
            unit != Unit.WORKING_DAYS and "days_before" in measures
        ):
            raise ValidationError({"warnings": _("This kind of warning does not fit the unit.")})
        return found


def _is_warning(warning: Any) -> bool:
    if not isinstance(warning, dict) or not isinstance(warning.get("rung"), str):
        return False
    measures = [value for key, value in warning.items() if key in _MEASURES]
    return len(warning) == 2 and len(measures) == 1 and isinstance(measures[0], int) and measures[0] > 0
