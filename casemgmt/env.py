"""Typed readers of the environment; a wrong value stops the process with a sentence."""

import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent


class SettingError(SystemExit):
    """A setting is missing or malformed; the message says which one and what to write."""


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise SettingError(f"{name} is not set. Set it in the environment; see docs/reference/settings.md.")
    return value


def boolean(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if value.strip().lower() not in words:
        raise SettingError(f"{name}={value!r} is not a yes or no. Write 1 or 0.")
    return words[value.strip().lower()]


def integer(name: str, default: int, *, least: int = 0) -> int:
    value = os.environ.get(name)
    if value is None:
        return default
    if not value.strip().isdigit() or int(value) < least:
        raise SettingError(f"{name}={value!r} is not a whole number of at least {least}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty entries."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def var_dir() -> Path:
    """Where everything that a running copy writes lives: databases, evidence, mail, logs."""
    return Path(os.environ.get("VAR_DIR", ROOT / "var")).resolve()


def stack() -> dict[str, Any]:
    """Addresses of the embedded servers, written by `casemgmt.supervisor`; empty when there are none."""
    path = var_dir() / "stack.json"
    if not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def secret_key() -> str:
    """SECRET_KEY, or a random one kept in var/secret-key (mode 600) on a machine of one's own."""
    if value := os.environ.get("SECRET_KEY"):
        if len(value) < 50:
            raise SettingError("SECRET_KEY is shorter than 50 characters. Make one with: openssl rand -base64 48")
        return value
    path = var_dir() / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a postgresql:// address."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise SettingError(
            f"DATABASE_URL must begin with postgresql://, not {parts.scheme!r}: no other engine is supported."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "casemgmt",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
