"""Signing in by two steps, as a browser does it."""

from time import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from casemgmt.accounts import second_factor
from casemgmt.accounts.models import User
from tests.casemgmt.conftest import ENGLISH, PASSWORD

STAFF = ["agent", "arbitrator", "reviewer", "supervisor", "auditor", "administrator"]
BACK_OFFICE = ("supervisor", "auditor", "administrator")
SET_UP, CODE, PASSWORD_AGAIN = "/me/app/", "/sign-in/code/", "/me/password/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret: str = SECRET, *, steps: int = 0) -> str:
    """What an app shows, so many half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time()) // 30 + steps))


def wrong(secret: str = SECRET) -> str:
    right = {code(secret, steps=steps) for steps in range(-2, 3)}
    return next(guess for guess in ("000000", "111111", "222222", "333333", "444444", "555555") if guess not in right)


def with_app(user: User) -> list[str]:
    """Sets the app up for them; their recovery codes."""
    Authenticator.objects.create(user=user, type="totp", data={"secret": second_factor.Adapter().encrypt(SECRET)})
    return RecoveryCodes.activate(user).get_unused_codes()


def after_password(username: str = "mei", path: str = "/sign-in/") -> Client:
    client = Client(**ENGLISH)
    response = client.post(path, {"username": username, "password": PASSWORD})
    assert response.status_code == 302, response.content
    client.led_to = response.headers["Location"]  # type: ignore[attr-defined]
    return client


def enters(client: Client, said: str) -> Any:
    return client.post(CODE, {"code": said})


def is_in(client: Client) -> bool:
    return client.get("/api/v1/me/").status_code == 200


def opens(client: Client, path: str) -> bool:
    return client.get(path).status_code == 200
