"""Serializers that refuse what they do not know, and the form of a problem."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail


class StrictSerializer(serializers.Serializer[Any]):
    """A body with a field that is unknown, or that only we may set, is refused by that field's name (422)."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (complaints := self._uninvited(data)):
            raise serializers.ValidationError(complaints)
        return super().to_internal_value(data)

    def _uninvited(self, data: Mapping[str, Any]) -> dict[str, list[ErrorDetail]]:
        fields = self.fields
        complaints = {}
        for name in data:
            if name not in fields:
                known = ", ".join(sorted(key for key, field in fields.items() if not field.read_only))
                said = _("There is no such field. Known here: %(known)s.") % {"known": known}
                complaints[name] = [ErrorDetail(said, "unknown_field")]
            elif fields[name].read_only:
                complaints[name] = [ErrorDetail(str(_("This field cannot be set.")), "read_only")]
        return complaints


class FieldComplaint(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemDocument(serializers.Serializer[Any]):
    """An RFC 9457 problem. Some kinds add members of their own, such as `allowed_actions` or `retry_after`."""

    type = serializers.CharField(help_text="A stable relative URI: /problems/<code>.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Which refusal it is: stable, for programs.")
    detail = serializers.CharField(help_text="What to do, in the reader's language.")
    instance = serializers.CharField(help_text="The id of this occurrence; quote it when you ask for help.")
    fields_ = serializers.DictField(child=FieldComplaint(many=True), required=False)

    def get_fields(self) -> dict[str, Any]:
        """`fields` is taken by DRF as a name in the class body."""
        found = super().get_fields()
        found["fields"] = found.pop("fields_")
        return found
