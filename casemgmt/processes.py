"""Processes of our own: each in a session of its own, dying with its parent, stopped by pid and never by name."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def spawn(
    argv: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    last_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own, its output appended to `log`.

    On Linux the kernel sends it `last_signal` when the *thread* that called this ends, so call it from the main one.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            cwd=folder,
            start_new_session=True,
            preexec_fn=_dying_with_us(last_signal),  # noqa: PLW1509  no thread runs yet, and prctl allocates nothing
        )


def _dying_with_us(last_signal: signal.Signals) -> Callable[[], None] | None:
    if _libc is None:
        return None
    prctl, parent = _libc.prctl, os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(last_signal))
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return ask


def identity(pid: int) -> str | None:
    """What tells this process from a later one with the same pid: its boot and start time; None if it is gone."""
    try:
        # The name in brackets may hold blanks; what follows the last bracket is fixed.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        if fields[0] == "Z":
            return None
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()}/{fields[19]}"
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self/stat").exists():
            return None
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip() or None


def stop(running: Iterable[subprocess.Popen[bytes]], *, by: signal.Signals, patience: float) -> None:
    """Ask each to end, wait at most `patience` seconds for all of them, then kill the groups that are left."""
    left = [process for process in running if process.poll() is None]
    for process in left:
        process.send_signal(by)
    wait(left, until=time.monotonic() + patience)
    for process in left:
        kill_group(process.pid)
        process.wait()


def wait(running: Iterable[subprocess.Popen[bytes]], *, until: float) -> bool:
    """Whether all have ended before `until` (on the monotonic clock)."""
    left = list(running)
    while left := [process for process in left if process.poll() is None]:
        if time.monotonic() >= until:
            return False
        time.sleep(0.02)
    return True


def kill_group(pid: int) -> None:
    """SIGKILL to the group that `spawn` made for this process; nothing happens when it is already empty."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def end_stranded(pid: int, known_as: str, *, by: signal.Signals, patience: float = 8.0) -> bool:
    """End a process that an earlier run left behind, if it is still the same one. True if it was there."""
    if identity(pid) != known_as:
        return False
    os.kill(pid, by)
    until = time.monotonic() + patience
    while identity(pid) == known_as and time.monotonic() < until:
        time.sleep(0.05)
    if identity(pid) == known_as:
        kill_group(pid)
    return True
