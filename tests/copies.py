"""A whole copy of the product in a folder of its own, started and stopped as a person would."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from django.db import connection

from casemgmt import embedded, env, processes, stackfile


class Copy:
    """`manage.py …` with a VAR_DIR and a port of its own, whatever servers the session uses."""

    def __init__(self, var: Path, **settings: str) -> None:
        self.var = var
        self.port = embedded.free_port()
        others = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        self.environment = others | {"VAR_DIR": str(var), "PORT": str(self.port), "DEMO": "0", **settings}
        self.running: subprocess.Popen[bytes] | None = None
        self.out = var / "up.out"

    def manage(self, *words: str) -> "subprocess.CompletedProcess[str]":
        argv = [sys.executable, str(env.ROOT / "manage.py"), *words]
        return subprocess.run(argv, env=self.environment, capture_output=True, text=True, timeout=120, check=False)

    def up(self) -> "Copy":
        """Start it and wait until it says that it is ready."""
        with self.out.open("wb") as out:
            argv = [sys.executable, str(env.ROOT / "manage.py"), "up"]
            self.running = subprocess.Popen(argv, env=self.environment, stdout=out, stderr=out, start_new_session=True)
        eventually(lambda: "Ctrl-C stops everything" in self.said(), seconds=300, otherwise=self.said)
        return self

    def end(self, by: signal.Signals) -> tuple[int, float]:
        """Its exit code, and the seconds it took."""
        assert self.running
        began = time.monotonic()
        self.running.send_signal(by)
        code = self.running.wait(timeout=30)
        self.running = None
        return code, time.monotonic() - began

    def said(self) -> str:
        return self.out.read_text(errors="replace")

    def processes(self) -> dict[str, int]:
        """name → pid, of those that are there."""
        return stackfile.alive(self.var)

    def everyone(self) -> set[int]:
        """The processes that were started, and all that those started, now."""
        found = set(self.processes().values())
        while more := {pid for pid, parent in _parents().items() if parent in found} - found:
            found |= more
        return found

    def health(self) -> tuple[int, dict[str, Any]]:
        answer = httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=10)
        return answer.status_code, json.loads(answer.text)


def database_url() -> str:
    """Where a process of its own finds the database of the running test."""
    where = connection.settings_dict
    account = quote(where["USER"]) + (f":{quote(where['PASSWORD'])}" if where["PASSWORD"] else "")
    return f"postgresql://{account}@{where['HOST']}:{where['PORT']}/{where['NAME']}"


def eventually(true: Callable[[], bool], *, seconds: float, otherwise: Callable[[], object] = str) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, otherwise()
        time.sleep(0.05)


def gone(pids: set[int]) -> bool:
    return not any(processes.identity(pid) for pid in pids)


def _parents() -> dict[int, int]:
    """pid → parent, of every process of this machine."""
    shown = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return {int(pid): int(parent) for pid, parent in (line.split() for line in shown.splitlines())}
