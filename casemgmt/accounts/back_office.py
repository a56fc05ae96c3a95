"""Who may do what in the admin, by role alone; Django's own permission tables are not used."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from casemgmt.readonly import ReadOnlyAdmin

READERS = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR})

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
else:
    TabularInline = admin.TabularInline


class ForReaders(ReadOnlyAdmin):
    """Supervisors, auditors and administrators look, nobody touches."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) in READERS


class ByAdministrators(ForReaders):
    """For master data: administrators add and change; nothing is deleted, for history refers to it."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) == Role.ADMINISTRATOR

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) == Role.ADMINISTRATOR


class Inline(TabularInline):
    """Rows on another row's page: administrators add, change and remove them."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) in READERS

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) == Role.ADMINISTRATOR

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) == Role.ADMINISTRATOR

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) == Role.ADMINISTRATOR


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in the admin; it lets nobody in without an account."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return Actor.of(request.user)


def role_of(request: HttpRequest) -> str | None:
    """The role of whoever asks; None for a stranger."""
    return getattr(request.user, "role", None) if request.user.is_active else None
