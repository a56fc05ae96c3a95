"""The second factor: who must have one, whether a session has shown it, and how its secrets are kept."""

from base64 import urlsafe_b64encode

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role

SHOWN = "second_factor"  # in a session: the id of the app with which it was shown
PURPOSE = b"casemgmt.accounts.second_factor"


class Adapter(DefaultMFAAdapter):
    """allauth's, with secrets that nobody can use who only has the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is wrong, has expired or was used before. Enter the one that is shown now."),
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Without the declaration of a file, for it stands inside a page: our policy forbids images from data:."""
        return str(super().build_totp_svg(url)).partition("?>")[2].strip()


def required(user: User) -> bool:
    """Whether this person may not work without one."""
    return bool(settings.STAFF_MFA) and user.role not in (Role.CONSUMER, Role.SELLER_STAFF)


def of(user: User) -> Authenticator | None:
    """The app that the person has set up."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()


def note(request: HttpRequest, user: User) -> None:
    """This session has shown the factor that the person has now; another one has to be shown anew."""
    factor = of(user)
    request.session[SHOWN] = factor.pk if factor else None


def lacks(user: User, session: SessionBase) -> bool:
    """Whether this session opens nothing yet, because its person has to show a second factor and has not."""
    if not required(user):
        return False
    factor = of(user)
    return factor is None or session.get(SHOWN) != factor.pk


def take_away(user: User) -> bool:
    """After a lost phone: no code of it, and no recovery code, opens anything any more. Whether there was one."""
    return bool(Authenticator.objects.filter(user=user).delete()[0])


def _box() -> MultiFernet:
    """Opens what an earlier SECRET_KEY closed, as long as that one is among the fallbacks."""
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    """A key for this purpose alone."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return urlsafe_b64encode(derived)
