"""Looking at what was handed in and asked for; the bytes are handed out by the API alone, which records who looked."""

from django.contrib import admin

from casemgmt.readonly import ReadOnlyAdmin
from evidence.models import File, Item, Request


@admin.register(Item)
class ItemAdmin(ReadOnlyAdmin):
    list_display = ("uid", "case", "party", "slot", "kind", "stage", "status", "late", "submitted_at")
    list_filter = ("party", "slot", "kind", "stage", "status", "late")
    list_select_related = ("case",)
    search_fields = ("case__reference",)
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(File)
class FileAdmin(ReadOnlyAdmin):
    list_display = ("original_name", "mime_sniffed", "size", "sha256", "stored_at")
    search_fields = ("sha256",)
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(Request)
class RequestAdmin(ReadOnlyAdmin):
    list_display = ("case", "party", "slot", "mandatory", "due_at", "status", "asked_by")
    list_filter = ("party", "slot", "status", "mandatory")
    list_select_related = ("case", "asked_by")
    search_fields = ("case__reference",)
    ordering = ("-id",)
    show_full_result_count = False
