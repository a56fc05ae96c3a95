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


class Child:
    """One program that we start, ask to end, and bury. It may be started any number of times."""

    name = "child"
    gently = signal.SIGTERM

    def __init__(self, *, log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.log = log
        self.environment = environment
        self.exit_code: int | None = None  # of the last run; negative for a signal
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str]:
        """What to execute."""
        raise SystemExit(f"{type(self).__name__} names no program.")

    @property
    def pid(self) -> int | None:
        """Ours until `bury`, even when it has ended: nobody else can get the number before."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it and return at once. On Linux it gets `gently` when the *thread* that called this ends."""
        self.bury()
        command = self.command()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if self.environment is None else dict(self.environment),
                start_new_session=True,
                preexec_fn=_dying_with_us(self.gently),  # noqa: PLW1509  no thread runs yet, and prctl allocates nothing
            )

    def running(self) -> bool:
        return self._process is not None and not _has_ended(self._process)

    def ask(self) -> None:
        """Ask it to end; nothing happens when it has."""
        if self.running() and self.pid:
            os.kill(self.pid, self.gently)

    def bury(self) -> None:
        """Kill what is left of it and of its group, and give the pid back."""
        if self._process is not None:
            kill_group(self._process.pid)
            self.exit_code = self._process.wait()
            self._process = None

    def stop(self, *, patience: float = 8.0) -> None:
        self.ask()
        wait([self], until=time.monotonic() + patience)
        self.bury()

    def last_words(self, lines: int = 8) -> str:
        """The end of its log, for the person who must mend it."""
        if not self.log.exists():
            return "(nothing)"
        with self.log.open("rb") as opened:
            opened.seek(max(0, self.log.stat().st_size - 20_000))
            return "\n".join(opened.read().decode(errors="replace").splitlines()[-lines:])


def wait(children: Iterable[Child], *, until: float) -> bool:
    """Whether all have ended before `until` (on the monotonic clock)."""
    left = list(children)
    while left := [child for child in left if child.running()]:
        if time.monotonic() >= until:
            return False
        time.sleep(0.02)
    return True


def kill_group(pid: int) -> None:
    """SIGKILL to the group that `start` made for this pid; nothing happens when it is empty."""
    with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
        os.killpg(pid, signal.SIGKILL)


def identity(pid: int) -> str | None:
    """What tells this process from a later one of the same pid: its boot and start time; None if it has ended."""
    try:
        # The name in brackets may hold blanks; what follows the last bracket is fixed.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None if sys.platform == "linux" else _identity_by_ps(pid)
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return None if fields[0] == "Z" else f"{boot}/{fields[19]}"


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


def _identity_by_ps(pid: int) -> str | None:
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip() or None


def _has_ended(process: "subprocess.Popen[bytes]") -> bool:
    """Without reaping it, so that its pid, which names its group too, cannot become somebody else's."""
    if not hasattr(os, "waitid"):
        return process.poll() is not None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _dying_with_us(last_signal: signal.Signals) -> Callable[[], None] | None:
    if _libc is None:
        return None
    prctl, parent = _libc.prctl, os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(last_signal))
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return ask
