"""People, sellers, teams and keys in the back office."""

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from casemgmt import clock
from casemgmt.accounts import keys, second_factor
from casemgmt.accounts.back_office import READERS, ByAdministrators, ForReaders, Inline, role_of
from casemgmt.accounts.forms import NewPersonForm, PersonForm
from casemgmt.accounts.models import ApiKey, Membership, Organisation, Team, User
from casemgmt.accounts.roles import Role

if TYPE_CHECKING:
    DjangoUserAdmin = UserAdmin[User]
else:
    DjangoUserAdmin = UserAdmin

admin.site.unregister(Group)  # a role is all there is
admin.site.unregister(EmailAddress)  # a person has one, on their own page
admin.site.unregister(Authenticator)  # its page would show secrets


class Members(Inline):
    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(User)
class PersonAdmin(ByAdministrators, DjangoUserAdmin):
    """Administrators make and change people; supervisors put staff on and off duty; a role decides who enters here."""

    form = PersonForm
    add_form = NewPersonForm
    list_display = ("username", "display_name", "role", "team", "on_duty", "is_active")
    list_filter = ("role", "team", "on_duty", "is_active")
    search_fields = ("username", "display_name", "external_ref")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (_("Person"), {"fields": ("display_name", "email", "phone", "language", "external_ref")}),
        (_("Work"), {"fields": ("role", "team", "on_duty")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (_("Person"), {"fields": ("display_name", "email", "phone", "language", "external_ref")}),
        (_("Work"), {"fields": ("role", "team")}),
    )
    readonly_fields = ("last_login", "date_joined")
    actions = ("put_on_duty", "put_off_duty", "take_second_factor_away")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = obj.role in READERS
        super().save_model(request, obj, form, change)

    def has_duty_permission(self, request: HttpRequest) -> bool:
        return role_of(request) in (Role.SUPERVISOR, Role.ADMINISTRATOR)

    @admin.action(description=_("Put on duty"), permissions=["duty"])
    def put_on_duty(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        queryset.update(on_duty=True)

    @admin.action(description=_("Put off duty"), permissions=["duty"])
    def put_off_duty(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        queryset.update(on_duty=False)

    @admin.action(description=_("Take the second factor away (lost phone)"), permissions=["duty"])
    def take_second_factor_away(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Staff set up another one when they next sign in. One's own goes at My data, which asks for the password."""
        for person in queryset.exclude(username=request.user.get_username()):
            if second_factor.take_away(person):
                # Codes, not words: the history is read in either language.
                self.log_change(request, person, [{"changed": {"fields": [gettext_noop("second factor")]}}])


@admin.register(Organisation)
class SellerAdmin(ByAdministrators):
    list_display = ("name", "key", "kind", "status")
    list_filter = ("kind", "status")
    search_fields = ("name", "key")
    ordering = ("name", "pk")
    readonly_fields = ("status",)
    inlines = (Members,)


@admin.register(Team)
class TeamAdmin(ByAdministrators):
    search_fields = ("name",)
    ordering = ("name",)


@admin.register(ApiKey)
class KeyAdmin(ForReaders):
    """Keys are made by `manage.py create_api_key`; here they are seen, never their secret, and revoked."""

    list_display = ("prefix", "name", "user", "expires_at", "last_used_at", "revoked_at")
    list_filter = ("revoked_at", "expires_at")
    search_fields = ("prefix", "name", "user__username")
    ordering = ("-created_at", "-pk")
    fields = ("user", "name", "prefix", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at")
    list_select_related = ("user",)
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return role_of(request) == Role.ADMINISTRATOR

    @admin.action(description=_("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        at = clock.now()
        for key in queryset:
            keys.revoke(key=key, at=at)
