"""PostgreSQL and Redis of the test session's own, unless DATABASE_URL and REDIS_URL name others."""

import os
import shutil
import tempfile
from pathlib import Path

from casemgmt import catalogues, embedded

_running: list[embedded.Server] = []
_folders: list[Path] = []


def start() -> None:
    """Servers first, then the settings: whoever imports Django after this finds them.

    Under xdist only the controller starts any; a worker inherits the addresses and takes a Redis database of its own.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "casemgmt.settings"
    if "VAR_DIR" not in os.environ:
        _folders.append(Path(tempfile.mkdtemp(prefix="casemgmt-tests-")))
        os.environ["VAR_DIR"] = str(_folders[-1])
    var = Path(os.environ["VAR_DIR"])
    (var / "static").mkdir(parents=True, exist_ok=True)
    catalogues.compile_stale()
    if "DATABASE_URL" not in os.environ:
        postgres = embedded.postgres(var, durable=False)
        os.environ["DATABASE_URL"] = postgres.url
        _running.append(postgres)
    if "REDIS_URL" not in os.environ:
        redis = embedded.redis(var, durable=False)
        os.environ["REDIS_URL"] = redis.url
        _running.append(redis)
    for server in _running:
        server.start()
    for server in _running:
        server.wait()
    if worker := os.environ.get("PYTEST_XDIST_WORKER", ""):
        address, _, _ = os.environ["REDIS_URL"].rpartition("/")
        os.environ["REDIS_URL"] = f"{address}/{1 + int(worker.removeprefix('gw')) % 15}"


def stop() -> None:
    """What this session started, and nothing else."""
    while _running:
        _running.pop().stop()
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)
