"""Signing in, and people as the back office edits them."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AdminUserCreationForm, AuthenticationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casemgmt import clock
from casemgmt.accounts import attempts
from casemgmt.accounts.backends import limits_of
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role

if TYPE_CHECKING:
    Creation = AdminUserCreationForm[User]
    Change = UserChangeForm[User]
else:
    Creation = AdminUserCreationForm
    Change = UserChangeForm

ROLES = [choice for choice in Role.choices if choice[0] != Role.SYSTEM]


class SignInForm(AuthenticationForm):
    """Name and password. Says when it was tried too often, in the same words whether or not the account exists."""

    error_messages = {
        "invalid_login": _("Name or password is wrong. Both are case-sensitive."),
        "inactive": _("Name or password is wrong. Both are case-sensitive."),
    }
    wait_seconds = 0

    def get_invalid_login_error(self) -> ValidationError:
        at = clock.now()
        until = attempts.wait_until(limits_of(self.request, self.cleaned_data["username"]), at=at)
        if until is None:
            return super().get_invalid_login_error()
        self.wait_seconds = max(1, int((until - at).total_seconds()) + 1)
        minutes = -(-self.wait_seconds // 60)
        said = _("Too many wrong attempts. Try again in %(minutes)d minutes.") % {"minutes": minutes}
        return ValidationError(said, code="too_many_attempts")


class _Fields(forms.Form):
    role = forms.ChoiceField(label=_("role"), choices=ROLES)
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)

    def clean_external_ref(self) -> Any:
        """Empty is no id: two people without one are not the same."""
        return self.cleaned_data["external_ref"] or None


class NewPersonForm(_Fields, Creation):
    class Meta:
        model = User
        fields = ("username", "display_name", "role", "email", "phone", "language", "external_ref", "team")


class PersonForm(_Fields, Change):
    class Meta:
        model = User
        fields = (*NewPersonForm.Meta.fields, "on_duty", "is_active")
