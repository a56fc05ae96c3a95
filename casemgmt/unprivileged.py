"""Running a program as somebody who is not root, without touching users or permissions."""

import shutil
import subprocess
from pathlib import Path

NOBODY = 65534
# In a user namespace of its own, root's files stay root's: nothing changes its owner.
MAPPED = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
# Where namespaces are refused (containers): another user, who must be able to enter the folders, and own the data.
SWITCHED = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")


def prefix(program: Path, folder: Path, *, ways: tuple[tuple[str, ...], ...] = (MAPPED, SWITCHED)) -> tuple[str, ...]:
    """The words to put before `program` so that root runs it as nobody, with data below `folder`.

    Raises SystemExit with what was tried and what to do instead.
    """
    tried = []
    for way in ways:
        if refused := _refusal(way, program, folder):
            tried.append(refused)
        else:
            return way
    raise SystemExit(
        f"{program.name} refuses to run as root, and nobody else can run it here: {'; '.join(tried)}. "
        "Run make as another user, or put this copy where everybody may enter (such as /srv), "
        "or set DATABASE_URL to a server that is already running."
    )


def _refusal(way: tuple[str, ...], program: Path, folder: Path) -> str:
    if not shutil.which(way[0]):
        return f"{way[0]} is not installed"
    for asked, path in (([program, "--version"], program), (["test", "-x", folder], folder)):
        done = subprocess.run([*way, *map(str, asked)], cwd="/", capture_output=True, text=True, check=False)
        if done.returncode:
            return f"{way[0]} cannot use {path} ({done.stderr.strip() or 'not allowed'})"
    return ""
