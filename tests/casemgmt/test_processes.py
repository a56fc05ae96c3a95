"""Nothing but our own processes is ever ended, and those always are."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from casemgmt import env, processes, stackfile, unprivileged
from tests.copies import eventually, gone


class Sleeper(processes.Child):
    def command(self) -> list[str]:
        return ["sleep", "300"]


def test_a_pid_that_now_belongs_to_somebody_else_is_left_alone(tmp_path: Path) -> None:
    sleeper = Sleeper(log=tmp_path / "log")
    sleeper.start()
    assert sleeper.pid
    assert not processes.end_stranded(sleeper.pid, "another/boot", by=signal.SIGTERM)
    assert sleeper.running()
    known = processes.identity(sleeper.pid)
    assert known
    assert processes.end_stranded(sleeper.pid, known, by=signal.SIGTERM)
    assert not sleeper.running()
    sleeper.bury()
    assert sleeper.exit_code == -signal.SIGTERM


def test_only_those_that_are_still_the_same_are_called_alive(tmp_path: Path) -> None:
    stackfile.write(tmp_path, {"processes": stackfile.described({"me": os.getpid(), "nobody": 2**22 + 1})})
    assert stackfile.alive(tmp_path) == {"me": os.getpid()}
    assert (tmp_path / "stack.json").stat().st_mode & 0o777 == 0o600


def test_a_stack_file_that_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text("{")
    with pytest.raises(SystemExit, match=r"stack\.json is not JSON.*Delete it"):
        stackfile.read(tmp_path)


def test_a_child_dies_with_its_parent_however_that_ends(tmp_path: Path) -> None:
    parent = (
        "import sys, time; from pathlib import Path; from tests.casemgmt.test_processes import Sleeper; "
        f"child = Sleeper(log=Path({str(tmp_path / 'log')!r})); child.start(); "
        "print(child.pid, flush=True); time.sleep(300)"
    )
    with subprocess.Popen([sys.executable, "-c", parent], cwd=env.ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        pid = int(running.stdout.readline())
        assert not gone({pid})
        running.kill()
    eventually(lambda: gone({pid}), seconds=5)


def test_root_runs_a_program_as_nobody_or_says_what_to_do(tmp_path: Path) -> None:
    program = Path("/usr/bin/env")
    with pytest.raises(SystemExit, match=r"refuses to run as root.*nowhere is not installed.*DATABASE_URL"):
        unprivileged.prefix(program, tmp_path, ways=(("nowhere",),))
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    with pytest.raises(SystemExit, match="setpriv cannot use"):
        unprivileged.prefix(program, private, ways=(unprivileged.SWITCHED,))
