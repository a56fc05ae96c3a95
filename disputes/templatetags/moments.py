"""Instants on pages."""

from datetime import datetime, timedelta

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime

register = template.Library()


@register.filter
def until(at: datetime | None) -> str:
    """A deadline as people say it: 24:00 of its last day, not midnight of the next one."""
    if at is None:
        return ""
    local = localtime(at)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{date_format(local - timedelta(days=1), 'DATE_FORMAT')} 24:00"
    return str(date_format(local, "DATETIME_FORMAT"))
