"""`stack.json` in VAR_DIR: addresses of the embedded servers and the processes of this copy; for the owner's eyes."""

import json
import os
from pathlib import Path
from typing import Any

from casemgmt import processes

Written = dict[str, Any]  # {"database_url": …, "redis_url": …, "processes": {name: {"pid": …, "identity": …}}}


def read(var: Path) -> Written:
    """What the last run wrote; empty when there was none."""
    path = var / "stack.json"
    try:
        found: Written = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise SystemExit(f"{path} is not JSON ({error}). Delete it: it is written anew at the next start.") from None
    return found


def write(var: Path, written: Written) -> None:
    write_secret(var / "stack.json", json.dumps(written, indent=2) + "\n")


def described(pids: dict[str, int]) -> dict[str, dict[str, Any]]:
    """Each running process with what tells it from a later one of the same pid."""
    known = {name: (pid, processes.identity(pid)) for name, pid in pids.items()}
    return {name: {"pid": pid, "identity": identity} for name, (pid, identity) in known.items() if identity}


def alive(var: Path) -> dict[str, int]:
    """The processes of the last run that are still there: name → pid."""
    noted = read(var).get("processes", {})
    return {name: one["pid"] for name, one in noted.items() if processes.identity(one["pid"]) == one["identity"]}


def write_secret(path: Path, text: str) -> None:
    """Replace the file at once; only its owner may read it, from the first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
        opened.write(text)
    beside.replace(path)
