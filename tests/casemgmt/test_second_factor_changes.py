"""The second factor changes hands: the password asked for again, a lost phone, and how its secrets are kept."""

import os
import re
import subprocess
import sys
from base64 import b32decode
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.contrib.admin.models import LogEntry

from casemgmt import clock, env
from casemgmt.accounts import second_factor
from tests.casemgmt.conftest import PASSWORD
from tests.casemgmt.two_steps import (
    PASSWORD_AGAIN,
    SECRET,
    SET_UP,
    after_password,
    code,
    enters,
    is_in,
    opens,
    with_app,
)

pytestmark = pytest.mark.django_db


def test_after_five_minutes_the_password_is_asked_for_again_and_counted(member: Any) -> None:
    with_app(member())
    client, start = after_password(), clock.now()
    enters(client, code())
    assert is_in(client)
    with clock.standing_at(start + timedelta(minutes=6)):
        for path in ("/me/app/off/", "/me/recovery-codes/", "/me/recovery-codes/new/", "/me/recovery-codes/file/"):
            assert client.get(path).headers["Location"].startswith(PASSWORD_AGAIN), path
        assert client.post("/me/app/off/").headers["Location"].startswith(PASSWORD_AGAIN)
        assert Authenticator.objects.count() == 2
        for _time in range(10):
            said = client.post(PASSWORD_AGAIN, {"password": "wrong"}).content.decode()
        assert "Too many wrong attempts" in client.post(PASSWORD_AGAIN, {"password": PASSWORD}).content.decode()
        assert "This is not your password" in said
    with clock.standing_at(start + timedelta(minutes=22)):
        right = {"password": PASSWORD, "next": "/me/recovery-codes/"}
        assert client.post(PASSWORD_AGAIN, right).headers["Location"] == "/me/recovery-codes/"
        assert opens(client, "/me/recovery-codes/")


@pytest.mark.parametrize(("role", "may"), [("supervisor", True), ("administrator", True), ("auditor", False)])
def test_a_lost_phone_is_taken_away_in_the_back_office_and_that_is_recorded(role: str, may: bool, member: Any) -> None:
    lost = member("lin")
    codes = with_app(lost)
    inside = after_password("lin")
    assert enters(inside, codes[0]).status_code == 302
    boss = member("boss", role)
    with_app(boss)
    desk = after_password("boss")
    enters(desk, code())
    body = {"action": "take_second_factor_away", "_selected_action": [lost.pk, boss.pk]}
    desk.post("/admin/accounts/user/", body)
    assert Authenticator.objects.filter(user=lost).exists() is not may
    assert Authenticator.objects.filter(user=boss).exists()
    entries = [(entry.user, entry.object_id, entry.get_change_message()) for entry in LogEntry.objects.all()]
    assert entries == ([(boss, str(lost.pk), "Changed second factor.")] if may else [])
    if may:
        assert "Changed second factor." in desk.get(f"/admin/accounts/user/{lost.pk}/history/").content.decode()
        assert inside.get("/cases/").headers["Location"].startswith(SET_UP)
        assert after_password("lin").get("/cases/").headers["Location"].startswith(SET_UP)
        with_app(lost)
        assert not is_in(inside), "a session of the lost phone outlived the new one"


def test_secrets_are_encrypted_and_opened_by_this_secret_key_alone(member: Any, settings: Any) -> None:
    with_app(member())
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in kept
    assert b32decode(SECRET).hex() not in kept
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert not re.fullmatch(r"[0-9a-f]{80}", seed)
    sealed = second_factor.Adapter().encrypt(SECRET)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 10
    with pytest.raises(InvalidToken):
        second_factor.Adapter().decrypt(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert second_factor.Adapter().decrypt(sealed) == SECRET


@pytest.mark.parametrize(
    ("said", "asks"),
    [({}, True), ({"STAFF_MFA": "0"}, False), ({"DEMO": "1"}, False), ({"DEMO": "1", "STAFF_MFA": "1"}, False)],
)
def test_it_is_asked_for_unless_it_is_turned_off_and_never_in_a_demo(said: dict[str, str], asks: bool) -> None:
    asking = [sys.executable, "-c", "from django.conf import settings; print(settings.STAFF_MFA)"]
    around = {name: value for name, value in os.environ.items() if name not in ("STAFF_MFA", "DEMO")}
    answered = subprocess.run(asking, env=around | said, cwd=env.ROOT, capture_output=True, text=True, check=True)
    assert answered.stdout.strip() == str(asks)
