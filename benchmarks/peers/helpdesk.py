"""django-helpdesk 2.6 in an environment and a database of its own, as its documentation sets it up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks import load, rig

VERSION = "2.6.1"
SITE = Path(__file__).parent / "helpdesk_site"
GIVE_UP_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Helpdesk:
    """An installed copy: its Python, its database, and a session of its one member of staff."""

    python: str
    environment: dict[str, str]
    cookie: str

    def served(self) -> AbstractContextManager[int]:
        return load.served("site_wsgi:application", workers=1, environment=self.environment, python=self.python)

    def tickets(self, count: int) -> list[load.Ask]:
        body = {"queue": 1, "title": "杯子碎了", "description": "杯子到货就碎了,附上照片", "priority": 3,
                "submitter_email": "buyer@people.example"}  # fmt: skip
        return [load.Ask(method="POST", path="/api/tickets/", headers=self._headers(), body=body) for _ in range(count)]

    def fill(self, count: int) -> None:
        self._manage("fill", str(count))

    def reading(self) -> dict[str, float]:
        """Seconds (the worst of three) of its list and one ticket; what takes longer than a minute counts as one."""
        asks = {"list": "/api/tickets/?page_size=25", "detail": "/api/tickets/1/"}
        found = {}
        for name, path in asks.items():
            with self.served() as port:
                found[name] = max(self._patiently(port, path) for _ in range(1 if name == "list" else 2))
            rig.say(f"peer {name}: {found[name]:.1f} s")
        return found

    def pages(self) -> dict[str, float]:
        """Seconds (the worst of three) of its ticket list and ticket page, as its staff sees them."""
        asks = {"supervisor-desk": "/tickets/", "arbitrator-case": "/tickets/1/"}
        with self.served() as port:
            return {name: max(self._patiently(port, path) for _ in range(3)) for name, path in asks.items()}

    def _patiently(self, port: int, path: str) -> float:
        begun = time.perf_counter()
        try:
            load.timed(port, [load.Ask(method="GET", path=path, headers=self._headers())], clients=1, expected=200)
        except TimeoutError:
            return GIVE_UP_SECONDS
        return min(GIVE_UP_SECONDS, time.perf_counter() - begun)

    def _headers(self) -> dict[str, str]:
        session, csrf = self.cookie.split()
        return {"Cookie": f"sessionid={session}; csrftoken={csrf}", "X-CSRFToken": csrf, "Referer": "http://127.0.0.1/"}

    def _manage(self, *words: str) -> str:
        command = [self.python, str(SITE / "site_manage.py"), *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        return done.stdout.strip()


@contextmanager
def installed() -> Iterator[Helpdesk]:
    """Installed once under VAR_DIR's sibling cache; the database is dropped at the end."""
    folder = Path(os.environ.get("PEERS_DIR", Path.home() / ".cache" / "casemgmt-peers")) / f"helpdesk-{VERSION}"
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        rig.say(f"installing django-helpdesk {VERSION} into {folder} …")
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        packages = [f"django-helpdesk=={VERSION}", "Django==5.2.19", "psycopg[binary]==3.3.9", "granian==2.8.7"]
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
        (folder / "installed").touch()
    ours = os.environ["DATABASE_URL"]
    theirs = urlunsplit(urlsplit(ours)._replace(path="/bench_helpdesk"))
    environment = {
        **os.environ,
        "DATABASE_URL": theirs,
        "PYTHONPATH": str(SITE),
        "DJANGO_SETTINGS_MODULE": "site_settings",
    }
    drop = "DROP DATABASE IF EXISTS bench_helpdesk WITH (FORCE)"
    _execute(ours, drop, "CREATE DATABASE bench_helpdesk")
    try:
        copy = Helpdesk(python=str(python), environment=environment, cookie="")
        copy._manage("migrate", "--verbosity", "0")
        yield Helpdesk(python=str(python), environment=environment, cookie=copy._manage("prepare"))
    finally:
        _execute(ours, drop)


def _execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
