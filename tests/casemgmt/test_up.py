"""One command starts everything, keeps it running and stops it."""

import json
import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casemgmt import embedded, processes, stackfile
from casemgmt.supervisor import KILL_AFTER, Supervisor
from tests.copies import Copy, eventually, gone

EVERYTHING = {"postgres", "redis", "web", "live", "sweep", "worker", "beat"}


@pytest.fixture
def a_copy(tmp_path: Path) -> Iterator[Callable[..., Copy]]:
    made: list[Copy] = []

    def make(**settings: str) -> Copy:
        made.append(Copy(tmp_path, **settings))
        return made[-1]

    yield make
    for copy in made:
        if copy.running:
            copy.end(signal.SIGTERM)


def test_it_answers_where_PORT_says_and_a_second_one_says_so(a_copy: Callable[..., Copy]) -> None:
    copy = a_copy().up()
    assert set(copy.processes()) == EVERYTHING
    eventually(
        lambda: copy.health() == (200, {"status": "ok", "parts": copy.health()[1]["parts"]}),
        seconds=10,
        otherwise=copy.health,
    )
    second = copy.manage("up")
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert str(copy.running and copy.running.pid) in second.stderr
    doctor = copy.manage("doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert "All migrations are applied." in doctor.stdout
    everyone = copy.everyone()
    assert len(everyone) > len(EVERYTHING)  # granian's workers, celery's pool, PostgreSQL's own
    code, seconds = copy.end(signal.SIGTERM)
    assert (code, gone(everyone)) == (0, True)
    assert seconds <= 10
    assert stackfile.alive(copy.var) == {}


def test_the_first_start_tells_of_the_demo_and_what_it_says_to_try_works(a_copy: Callable[..., Copy]) -> None:
    copy = a_copy(DEMO="1").up()
    accounts = copy.var / "demo-accounts.json"
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    for account in json.loads(accounts.read_text())["accounts"]:
        assert account["username"] in copy.said()
        assert account["password"] not in copy.said()
    to_try = copy.said().partition("Try it:")[2].splitlines()[1:3]
    tried = subprocess.run(["sh", "-c", "\n".join(to_try)], capture_output=True, text=True, check=True)
    assert json.loads(tried.stdout)["results"]
    assert "Where nobody lives yet" in copy.said()
    copy.end(signal.SIGTERM)
    issued = accounts.read_text()
    again = a_copy(DEMO="1").up()
    assert "Where nobody lives yet" not in again.said()  # it looks at the database only after it answers
    assert accounts.read_text() == issued


def test_what_is_killed_starts_again(a_copy: Callable[..., Copy]) -> None:
    copy = a_copy().up()
    before = copy.processes()
    for name in ("postgres", "redis", "worker"):
        os.kill(before[name], signal.SIGKILL)
    eventually(
        lambda: set(copy.processes()) == EVERYTHING and copy.processes() != before, seconds=20, otherwise=copy.said
    )
    eventually(lambda: copy.health()[1]["status"] == "ok", seconds=20, otherwise=copy.health)
    assert "worker ended (-9)" in copy.said()
    assert copy.end(signal.SIGINT)[0] == 0


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_works(a_copy: Callable[..., Copy]) -> None:
    copy = a_copy().up()
    everyone = copy.everyone()
    copy.end(signal.SIGKILL)
    again = a_copy().up()
    eventually(lambda: gone(everyone), seconds=10)
    assert again.health()[0] == 200


def test_a_port_that_is_taken_is_named_with_a_way_out(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    other = embedded.redis(tmp_path / "other", durable=False)
    other.port = copy.port
    other.start()
    other.wait()
    refused = copy.manage("up")
    other.stop()
    assert refused.returncode == 1
    assert f"PORT={copy.port + 1} make run" in refused.stderr


class Deaf(processes.Child):
    name = "deaf"

    def command(self) -> list[str]:
        return ["sh", "-c", "trap '' TERM; sleep 300 & while :; do wait; done"]


def test_who_does_not_listen_is_killed_with_its_children_within_ten_seconds(tmp_path: Path) -> None:
    supervisor = Supervisor(var=tmp_path, host="127.0.0.1", port=embedded.free_port())
    deaf = Deaf(log=tmp_path / "deaf.log")
    deaf.start()
    supervisor.services = [deaf]  # type: ignore[list-item]
    eventually(lambda: len(_session(deaf.pid)) == 2, seconds=5)
    everyone = _session(deaf.pid)
    began = time.monotonic()
    supervisor._stop()
    assert time.monotonic() - began >= KILL_AFTER
    eventually(lambda: gone(everyone), seconds=2)  # a killed process needs a moment to vanish


def _session(leader: int | None) -> set[int]:
    found = set()
    for one in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = one.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == leader:
            found.add(int(one.parent.name))
    return found
