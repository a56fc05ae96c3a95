"""The product's own programs, run as processes on the test's database, and ended by their pid."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from casemgmt import embedded, env, services

CELERY = ("-m", "celery", "-A", "casemgmt.celery")
MANAGE = str(env.ROOT / "manage.py")
ADDRESS = "http://127.0.0.1:1"


def environment(var: Path, **more: str) -> dict[str, str]:
    """What a program is told, so that it works on this test's database with files of its own."""
    var.mkdir(parents=True, exist_ok=True)
    (var / "static").mkdir(exist_ok=True)
    told = services.environment(address=ADDRESS, host="127.0.0.1")
    own = {"VAR_DIR": str(var), "DEMO": "0", "SECRET_KEY": settings.SECRET_KEY}
    return told | own | {"DATABASE_URL": more.get("DATABASE_URL") or database_url()} | more


def database_url() -> str:
    parts = connection.settings_dict
    return "postgresql://{}:{}@{}:{}/{}".format(
        *(quote(str(parts[part]), safe="") for part in ("USER", "PASSWORD", "HOST", "PORT", "NAME"))
    )


class Stack:
    """Programs of one test. What it started it stops, whatever happens."""

    def __init__(self, var: Path, **told: str) -> None:
        self.var = var
        self.told = told
        self.running: list[services.Service] = []

    def start(self, name: str, *arguments: str, **more: str) -> services.Service:
        program = services.Service(
            name, *arguments, var=self.var, environment=environment(self.var / name, **self.told, **more)
        )
        program.start()
        self.running.append(program)
        return program

    def loop(self, name: str = "loop", **more: str) -> services.Service:
        return self.start(name, MANAGE, "sweep", "--loop", **more)

    def worker(self, name: str) -> services.Service:
        words = ("worker", "--concurrency", "1", "--without-gossip", "--without-mingle", "--loglevel", "INFO")
        return self.start(name, *CELERY, *words, "--hostname", f"{name}@%h")

    def beat(self, name: str) -> services.Service:
        return self.start(name, *CELERY, "beat", "--loglevel", "INFO")

    def web(self, port: int, **more: str) -> services.Service:
        """Granian, with the very words of the product."""
        told = environment(self.var / "web", **self.told, **more)
        program = services.all_of_them(var=self.var, environment=told, host="127.0.0.1", port=port)[0]
        program.start()
        self.running.append(program)
        return program

    def live(self, port: int, **more: str) -> services.Service:
        """The process that tells open pages of news, with the very words of the product."""
        told = environment(self.var / "live", **self.told, **more)
        program = services.live(var=self.var, environment=told, host="127.0.0.1", port=port)
        program.start()
        self.running.append(program)
        return program

    def stop(self) -> None:
        for program in self.running:
            program.ask()
        for program in self.running:
            program.stop()
        self.running.clear()


@contextmanager
def stack(var: Path, **told: str) -> Iterator[Stack]:
    programs = Stack(var, **told)
    try:
        yield programs
    finally:
        programs.stop()


@contextmanager
def redis(var: Path) -> Iterator[embedded.Redis]:
    """A Redis of the test's own, that it may stop."""
    server = embedded.redis(var, durable=False)
    server.start()
    server.wait()
    try:
        yield server
    finally:
        server.stop()


def killed_at(failpoint: str, argv: Sequence[str], var: Path) -> subprocess.Popen[bytes]:
    """Start a program that kills itself by SIGKILL at that failpoint ("after_lock:2": the second time)."""
    told = environment(var, DEBUG_FAULTS="1", FAILPOINTS=failpoint)
    with (var / "out").open("ab") as out:
        return subprocess.Popen([sys.executable, *argv], env=told, cwd=env.ROOT, stdout=out, stderr=out)


def was_killed(program: subprocess.Popen[bytes]) -> bool:
    """Wait for its end; whether it was SIGKILL."""
    return program.wait(timeout=120) == -signal.SIGKILL


def run(argv: Sequence[str], var: Path, **more: str) -> str:
    """Run a program to its end, which must be a good one; what it printed."""
    done = subprocess.run(
        [sys.executable, *argv],
        env=environment(var, **more),
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def kill(program: services.Service) -> None:
    """SIGKILL to the one process, by its pid, without a word to its children."""
    assert program.pid
    os.kill(program.pid, signal.SIGKILL)


def chance(seed: int) -> random.Random:
    return random.Random(seed)
