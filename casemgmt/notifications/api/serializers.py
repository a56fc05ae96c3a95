"""Notices and preferences as JSON."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from casemgmt.notifications import registry
from casemgmt.notifications.models import Channel, Notice, Preference


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """A notice in words, in the language that the request asks for, else the person's own."""

    id = serializers.UUIDField(source="uid", read_only=True)
    case = serializers.CharField(source="case.reference", read_only=True, allow_null=True, default=None)
    subject = serializers.CharField(read_only=True)
    body = serializers.CharField(read_only=True)

    class Meta:
        model = Notice
        fields = ["id", "case", "template", "subject", "body", "created_at", "read_at"]
        read_only_fields = fields

    def to_representation(self, instance: Notice) -> dict[str, Any]:
        words = registry.render(instance.template, instance.params, language=get_language() or "zh-hans")
        instance.subject, instance.body = words.subject, words.body  # type: ignore[attr-defined]
        return super().to_representation(instance)


class PreferenceSerializer(serializers.ModelSerializer[Preference]):
    """One choice: e-mails whose template begins with this prefix."""

    channel = serializers.ChoiceField(choices=[Channel.EMAIL.value], default=Channel.EMAIL.value)
    template_prefix = serializers.RegexField(r"^[a-z0-9_.]*$", max_length=64, allow_blank=True)

    class Meta:
        model = Preference
        fields = ["channel", "template_prefix", "enabled"]


class PreferencesSerializer(serializers.Serializer[dict[str, Any]]):
    """All of a person's choices; sending them replaces all."""

    preferences = PreferenceSerializer(many=True, max_length=50)  # type: ignore[call-arg]

    def validate_preferences(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        prefixes = [choice["template_prefix"] for choice in value]
        if len(prefixes) != len(set(prefixes)):
            raise serializers.ValidationError(_("A prefix is there twice. Say each once."), code="repeated")
        return value
