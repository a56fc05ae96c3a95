"""Signing in, and people as the back office edits them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AdminUserCreationForm, AuthenticationForm, UserChangeForm, UserCreationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casemgmt import clock
from casemgmt.accounts import attempts, second_factor
from casemgmt.accounts.backends import limits_of
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role

if TYPE_CHECKING:
    Creation = AdminUserCreationForm[User]
    Change = UserChangeForm[User]
    SignUp = UserCreationForm[User]
else:
    Creation = AdminUserCreationForm
    Change = UserChangeForm
    SignUp = UserCreationForm

ROLES = [choice for choice in Role.choices if choice[0] != Role.SYSTEM]


class Patient:
    """A form that says how long to wait where it was tried too often."""

    wait_seconds = 0

    def too_many(self, limits: Mapping[str, int]) -> ValidationError | None:
        """The refusal, if nothing will be heard for a while."""
        at = clock.now()
        until = attempts.wait_until(limits, at=at)
        if until is None:
            return None
        self.wait_seconds = max(1, int((until - at).total_seconds()) + 1)
        minutes = -(-self.wait_seconds // 60)
        said = _("Too many wrong attempts. Try again in %(minutes)d minutes.") % {"minutes": minutes}
        return ValidationError(said, code="too_many_attempts")


class SignInForm(Patient, AuthenticationForm):
    """Name and password. Says when it was tried too often, in the same words whether or not the account exists."""

    error_messages = {
        "invalid_login": _("Name or password is wrong. Both are case-sensitive."),
        "inactive": _("Name or password is wrong. Both are case-sensitive."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def get_invalid_login_error(self) -> ValidationError:
        refused = self.too_many(limits_of(self.request, self.cleaned_data["username"]))
        return refused or super().get_invalid_login_error()


class Once(TOTP):
    """allauth's, but PostgreSQL remembers which codes were used: the cache may be away, and forgets them too early."""

    def _mark_code_used(self, code: str) -> bool:
        digits = "".join(sign for sign in code if sign.isdigit())  # "123 456" is the same code
        return attempts.is_first(f"code:{self.instance.user_id}:{digits}", at=clock.now())


def _code(**more: Any) -> forms.CharField:
    shown = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "form-control", **more}
    return forms.CharField(label=_("One-time code"), max_length=20, widget=forms.TextInput(attrs=shown))


class CodeForm(Patient, AuthenticateForm):
    """A code of the app or a recovery code. Tries are counted before they are looked at, as those at passwords are."""

    code = _code(autofocus=True)

    def clean_code(self) -> str:
        limits = limits_of(context.request, self.user.get_username(), step="code-")
        if attempts.admit(limits, at=clock.now()):
            code: str = self.cleaned_data["code"]
            for factor in Authenticator.objects.filter(user=self.user):
                if _opens(factor, code):
                    attempts.forgive(limits)
                    self.authenticator = factor
                    return code
        raise self.too_many(limits) or second_factor.Adapter().validation_error("incorrect_code")


class SetUpForm(ActivateTOTPForm):
    """The first code of a new app, which shows that it was set up well, and does not sign in a second time."""

    code = _code()

    def clean_code(self) -> str:
        code: str = super().clean_code()
        Once(Authenticator(user=self.user))._mark_code_used(code)
        return code


def _opens(factor: Authenticator, code: str) -> bool:
    kind = Once if factor.type == Authenticator.Type.TOTP else RecoveryCodes
    return kind(factor).validate_code(code)


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


class MemberForm(SignUp):
    """The account that somebody makes who was invited to speak for a shop."""

    display_name = forms.CharField(label=_("Name that others see"), max_length=100)

    class Meta:
        model = User
        fields = ("username", "display_name")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
