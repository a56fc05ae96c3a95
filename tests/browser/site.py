"""The product as a browser meets it: its own web server on the test's database, with the static files of a site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from casemgmt import embedded, env
from casemgmt.accounts.models import User
from tests import seeds
from tests.copies import eventually
from tests.faults import programs

# Pages of third parties: looked at elsewhere, and compressing their files takes longest.
NOT_OURS = ["drf_spectacular_sidecar*", "admin*", "rest_framework*"]
_sessions: dict[int, str] = {}
AXE = env.ROOT / "node_modules" / "axe-core" / "axe.min.js"


@contextmanager
def serving(var: Path, *, without: Sequence[str] = NOT_OURS) -> Iterator[str]:
    """The address of a running site. Its visitors see what is committed. `without`: static files that it lacks."""
    assert AXE.exists(), f"{AXE} is missing: it judges every screen. Fetch it: make node_modules/installed"
    with override_settings(STATIC_ROOT=var / "web" / "static"):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=list(without))
    port = embedded.free_port()
    with programs.stack(var) as stack, pytest.MonkeyPatch.context() as told:
        told.setenv("WEB_WORKERS", "1")
        web = stack.web(port, DEMO="1")
        eventually(lambda: _answers(port), seconds=60, otherwise=web.last_words)
        yield f"http://127.0.0.1:{port}"


def session(person: User) -> str:
    """The key of this person's session, made once: what a test makes inside a transaction no server sees."""
    if person.pk not in _sessions:
        client = Client()
        client.force_login(person)
        _sessions[person.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return _sessions[person.pk]


def emptied() -> None:
    """As a transactional test leaves the database: nothing but the rules."""
    call_command("flush", interactive=False, verbosity=0, reset_sequences=False)
    seeds.restore()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
