"""Exhibits and requests as JSON; an upload as a form."""

from typing import Any

from rest_framework import serializers

from casemgmt.rest.serializers import StrictSerializer
from evidence import limits
from evidence.models import Item, Request
from evidence.slots import Kind, Slot


class UploadSerializer(StrictSerializer):
    """A form (multipart/form-data) with one file."""

    file = serializers.FileField(allow_empty_file=True, max_length=None)
    slot = serializers.ChoiceField(choices=Slot.choices)
    kind = serializers.ChoiceField(choices=Kind.choices)
    title = serializers.CharField(max_length=limits.TITLE_LENGTH, allow_blank=True, default="")
    statement = serializers.CharField(max_length=limits.STATEMENT_LENGTH, allow_blank=True, default="")
    submit = serializers.BooleanField(default=False, help_text="Submit at once; otherwise only your side sees it.")


class ReasonSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=limits.STATEMENT_LENGTH, allow_blank=True, default="")


class EvidenceFileSerializer(serializers.Serializer[Any]):
    """The sealed file; `sha256` is of its bytes, `size` in bytes, `type` by its content."""

    name = serializers.CharField(source="original_name")
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    type = serializers.CharField(source="mime_sniffed")


class EvidenceSerializer(serializers.ModelSerializer[Item]):
    """An exhibit. `content` is where its bytes are; `late` is against the request it answers."""

    id = serializers.UUIDField(source="uid", read_only=True)
    file = EvidenceFileSerializer(read_only=True)
    answers = serializers.UUIDField(source="answers.uid", read_only=True, allow_null=True, default=None)
    content = serializers.HyperlinkedIdentityField(
        view_name="evidence-content", lookup_field="uid", lookup_url_kwarg="evidence_id"
    )

    class Meta:
        model = Item
        fields = [
            *("id", "party", "slot", "kind", "title", "statement", "stage", "status", "late", "answers"),
            *("uploaded_at", "submitted_at", "withdrawn_at", "file", "content"),
        ]
        read_only_fields = fields


class EvidenceRequestSerializer(serializers.ModelSerializer[Request]):
    """What a side was asked for; `submissions` counts the exhibits that answer it, in time or late."""

    id = serializers.UUIDField(source="uid", read_only=True)
    submissions = serializers.SerializerMethodField()

    class Meta:
        model = Request
        fields = [
            *("id", "party", "slot", "mandatory", "text", "status", "asked_at", "due_at", "ended_at", "submissions"),
        ]
        read_only_fields = fields

    def get_submissions(self, request: Request) -> int:
        return len(request.answers.all())
