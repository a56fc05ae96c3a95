"""Refusals are written for programs too; a page leaves out the names of the API's fields and actions."""

import re

from django import template

register = template.Library()

_NAMED = re.compile(r"\s*[（(][a-z_]+(?:=[a-z_]+)?[)）]")


@register.filter
def spoken(text: object) -> str:
    """Without brackets that hold the name of a field, such as " (evidence_waiver)" or "（submit=false）"."""
    return _NAMED.sub("", str(text))
