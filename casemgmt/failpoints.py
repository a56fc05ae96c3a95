"""Named places where a fault test kills the process: FAILPOINTS=after_lock:3 with DEBUG_FAULTS=1."""

import os
import signal
from collections import Counter

_passed: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """Die here by SIGKILL at the n-th passage, if the environment asks for it; else do nothing."""
    if os.environ.get("DEBUG_FAULTS") != "1":
        return
    wanted, _, nth = os.environ.get("FAILPOINTS", "").partition(":")
    if wanted == name:
        _passed[name] += 1
        if _passed[name] == int(nth or 1):
            os.kill(os.getpid(), signal.SIGKILL)
