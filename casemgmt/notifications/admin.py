"""Looking at the outbox, and at what could not be delivered."""

from django.contrib import admin

from casemgmt.notifications.models import Notice, Preference
from casemgmt.readonly import ReadOnlyAdmin


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "template", "channel", "recipient", "sent_at", "failed_at", "attempts", "last_error")
    list_filter = ("channel", "template")
    list_select_related = ("recipient",)
    search_fields = ("recipient__username",)
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(Preference)
class PreferenceAdmin(ReadOnlyAdmin):
    list_display = ("user", "channel", "template_prefix", "enabled")
    list_select_related = ("user",)
    ordering = ("user_id", "template_prefix")
