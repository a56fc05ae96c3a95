"""A server on a port of its own, and clients that ask it as fast as it answers."""

from __future__ import annotations

import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from casemgmt import embedded


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request. `body` is sent as JSON."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any] | None = None


@contextmanager
def served(
    application: str, *, workers: int, environment: dict[str, str], python: str = sys.executable
) -> Iterator[int]:
    """granian with one blocking thread per worker, on a free port; stopped by its own process group."""
    port = embedded.free_port()
    command = [python, "-m", "granian", "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "1",
               "--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "error", application]  # fmt: skip
    process = subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True)
    try:
        _until_open(port, process)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def timed(port: int, asks: Sequence[Ask], *, clients: int, expected: int) -> tuple[float, list[float]]:
    """(requests a second, seconds of each). SystemExit with the answer when one is not `expected`."""
    waiting: queue.SimpleQueue[Ask] = queue.SimpleQueue()
    for ask in asks:
        waiting.put(ask)
    took: list[float] = []
    wrong: list[str] = []

    def work() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while not wrong:
            try:
                ask = waiting.get_nowait()
            except queue.Empty:
                break
            begun = time.perf_counter()
            status, answer = _send(line, ask)
            took.append(time.perf_counter() - begun)
            if status != expected:
                wrong.append(f"{ask.method} {ask.path}: {status} {answer[:500]!r}")
        line.close()

    threads = [threading.Thread(target=work) for _ in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(wrong[0])
    return len(asks) / (time.perf_counter() - begun), sorted(took)


def p95(took: Sequence[float]) -> float:
    return took[min(len(took) - 1, int(len(took) * 0.95))]


def _send(line: http.client.HTTPConnection, ask: Ask) -> tuple[int, bytes]:
    body = None if ask.body is None else json.dumps(ask.body).encode()
    headers = {"Host": "127.0.0.1", **({"Content-Type": "application/json"} if body else {}), **ask.headers}
    line.request(ask.method, ask.path, body=body, headers=headers)
    answer = line.getresponse()
    return answer.status, answer.read()


def _until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")
