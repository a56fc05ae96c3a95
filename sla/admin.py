"""Calendars and policies in the back office; clocks to look at. What is published is frozen, by the database too."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from casemgmt import clock
from casemgmt.accounts.back_office import ByAdministrators, ForReaders, Inline, actor_of, role_of
from casemgmt.accounts.roles import Role
from casemgmt.readonly import ReadOnlyAdmin
from sla import guard, outages, policies
from sla.forms import CalendarForm, PolicyForm, TargetForm
from sla.models import Calendar, Clock, Day, Halt, Heartbeat, Outage, Pause, Policy, Target

_STAYS_OPEN = ("effective_to", "is_default")  # of a published policy: when it ends, and whether it is the usual one


@admin.register(Calendar)
class CalendarAdmin(ByAdministrators):
    form = CalendarForm
    list_display = ("code", "name", "zone", "revision")
    readonly_fields = ("revision",)
    ordering = ("code",)


@admin.register(Day)
class DayAdmin(ByAdministrators):
    """A change here counts from the next deadline on; deadlines that were shown already only ever move later."""

    list_display = ("date", "calendar", "is_working", "name", "provisional", "source")
    list_filter = ("calendar", "is_working", "provisional")
    list_select_related = ("calendar",)
    date_hierarchy = "date"
    ordering = ("-date", "calendar_id")


class Targets(Inline):
    model = Target
    form = TargetForm
    extra = 0
    ordering = ("kind", "variant")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_delete_permission(request, obj)


@admin.register(Policy)
class PolicyAdmin(ByAdministrators):
    """A draft is free; once published only its end may change, and a new version takes its place."""

    form = PolicyForm
    inlines = (Targets,)
    list_display = ("code", "version", "name", "is_default", "effective_from", "effective_to", "published_at")
    list_filter = ("code", "is_default")
    ordering = ("code", "-version")
    readonly_fields = ("published_at",)
    actions = ("publish", "draft_next")

    def get_readonly_fields(self, request: HttpRequest, obj: Policy | None = None) -> list[str]:
        if _is_draft(obj):
            return list(self.readonly_fields)
        return [field.name for field in Policy._meta.fields if field.name not in ("id", *_STAYS_OPEN)]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return role_of(request) == Role.ADMINISTRATOR

    @admin.action(description=_("Publish: from now on it cannot be changed"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Policy]) -> None:
        at = clock.now()
        drafts = list(queryset.filter(published_at=None))
        for policy in drafts:
            policies.publish(policy, at=at)
        self.message_user(request, _("%(count)s policies published.") % {"count": len(drafts)})

    @admin.action(description=_("Draft the next version"), permissions=["publish"])
    def draft_next(self, request: HttpRequest, queryset: QuerySet[Policy]) -> None:
        at = clock.now()
        with transaction.atomic():
            drafts = [policies.draft_next(policy, at=at) for policy in queryset]
        self.message_user(request, _("%(count)s drafts made.") % {"count": len(drafts)})


@admin.register(Clock)
class ClockAdmin(ReadOnlyAdmin):
    list_display = ("case_id", "kind", "variant", "status", "started_at", "due_at", "stopped_at", "attempts")
    list_filter = ("status", "kind")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(Pause)
class PauseAdmin(ReadOnlyAdmin):
    list_display = ("clock_id", "reason", "from_at", "until_at", "limit_days", "actor")
    list_filter = ("reason",)
    list_select_related = ("actor",)
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(Heartbeat)
class HeartbeatAdmin(ForReaders):
    list_display = ("name", "beat_at", "host", "pid", "fired")
    ordering = ("name",)


class Release(ForReaders):
    """What stands until a supervisor lets it go on."""

    actions = ("release",)

    def has_release_permission(self, request: HttpRequest) -> bool:
        return role_of(request) == Role.SUPERVISOR


@admin.register(Outage)
class OutageAdmin(Release):
    list_display = ("from_at", "until_at", "released_at", "released_by", "settled_at")
    ordering = ("-id",)

    @admin.action(description=_("Let the held deadlines go on"), permissions=["release"])
    def release(self, request: HttpRequest, queryset: QuerySet[Outage]) -> None:
        at, actor = clock.now(), actor_of(request)
        for outage in queryset:
            outages.release(outage_id=outage.pk, actor=actor, at=at)


@admin.register(Halt)
class HaltAdmin(Release):
    list_display = ("since_at", "jumped_by", "released_at", "released_by")
    ordering = ("-id",)

    @admin.action(description=_("The clock is right again: go on"), permissions=["release"])
    def release(self, request: HttpRequest, queryset: QuerySet[Halt]) -> None:
        guard.release(actor=actor_of(request), at=clock.now())


def _is_draft(policy: Policy | None) -> bool:
    return policy is None or policy.published_at is None
