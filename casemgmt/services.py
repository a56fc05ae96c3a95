"""The programs of this product that one machine runs beside its servers, and what they are told."""

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from casemgmt import env, processes

Environment = Mapping[str, str]
_OURS = ("casemgmt", "disputes", "evidence", "sla")


class Service(processes.Child):
    """A program of ours, run by this very interpreter."""

    def __init__(self, name: str, *arguments: str, var: Path, environment: Environment) -> None:
        super().__init__(log=var / "log" / f"{name}.log", environment=environment)
        self.name = name
        self.arguments = arguments

    def command(self) -> list[str]:
        return [sys.executable, *self.arguments]


def environment(*, address: str, host: str) -> dict[str, str]:
    """Ours, with what a copy on one machine says of itself unless it was told otherwise."""
    assumed = {
        "DJANGO_SETTINGS_MODULE": "casemgmt.settings",
        "PUBLIC_URL": address,
        "ALLOWED_HOSTS": f"localhost,127.0.0.1,[::1],{host}",
        "DEMO": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(env.ROOT), os.environ.get("PYTHONPATH")))),
    }
    return assumed | os.environ


def prepare(*options: str, var: Path, environment: Environment) -> Service:
    """Makes the database and the static files ready, and ends."""
    return Service("prepare", _manage(), "prepare", *options, var=var, environment=environment)


def all_of_them(*, var: Path, environment: Environment, host: str, port: int) -> list[Service]:
    """What answers, and what keeps the deadlines: with Redis, and without."""
    bounded = {"STATEMENT_TIMEOUT_MS": "15000", **environment}
    celery = ("-m", "celery", "-A", "casemgmt.celery")
    web = ["-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"]
    web += ["--workers", str(env.integer("WEB_WORKERS", 2, least=1)), "--respawn-failed-workers"]
    # Idle threads live long, for each holds an open connection to the database.
    web += ["--blocking-threads", str(env.integer("WEB_THREADS", 8, least=1)), "--blocking-threads-idle-timeout", "600"]
    return [
        Service("web", *web, "casemgmt.wsgi:application", var=var, environment=bounded),
        live(var=var, environment=bounded, host=host, port=int(environment.get("LIVE_PORT", port + 1))),
        Service("sweep", _manage(), "sweep", "--loop", var=var, environment=bounded),
        Service(
            "worker",
            *(*celery, "worker", "--concurrency", str(env.integer("CELERY_CONCURRENCY", 2, least=1))),
            *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
            var=var,
            environment=environment,
        ),
        Service("beat", *celery, "beat", "--loglevel", "INFO", var=var, environment=environment),
    ]


def live(*, var: Path, environment: Environment, host: str, port: int) -> Service:
    """One small ASGI process that tells open pages of news, and serves nothing else."""
    words = ["-m", "granian", "--interface", "asginl", "--loop", "asyncio", "--host", host, "--port", str(port)]
    # More than the streams that it admits itself, so that a refusal is answered too; and nobody waits for them to end.
    words += [
        "--no-ws",
        "--workers",
        "1",
        "--backpressure",
        "1100",
        "--respawn-failed-workers",
        "--workers-kill-timeout",
        "1",
    ]
    return Service("live", *words, "casemgmt.asgi:application", var=var, environment=environment)


def fingerprint(*, var: Path, environment: Environment) -> str:
    """Changes when anything does that `prepare` looks at: our files, the installed packages, the cluster, the demo."""
    files = [path for name in _OURS for path in (env.ROOT / name).rglob("*") if path.suffix not in (".pyc", ".mo")]
    files += [env.ROOT / "constraints.txt", var / "postgres" / "PG_VERSION"]
    digest = hashlib.sha256(f"{sys.prefix} {environment['DATABASE_URL']} {environment['DEMO']}".encode())
    for path in sorted(files):
        if path.is_file():
            seen = path.stat()
            digest.update(f"{path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _manage() -> str:
    return str(env.ROOT / "manage.py")
