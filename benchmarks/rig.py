"""What every benchmark needs: servers, a scratch database that is dropped again, and the line it prints."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg


@contextmanager
def scratch(name: str) -> Iterator[str]:
    """A database of its own on DATABASE_URL's server, or on an embedded one with fsync on; migrated, with rules."""
    from casemgmt import embedded

    server = None
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ.setdefault("VAR_DIR", folder)
        if "DATABASE_URL" not in os.environ:
            server = embedded.postgres(Path(folder))
            server.start()
            server.wait()
            os.environ["DATABASE_URL"] = server.url
        admin = os.environ["DATABASE_URL"]
        url = urlunsplit(urlsplit(admin)._replace(path=f"/bench_{name}"))
        _execute(admin, f"DROP DATABASE IF EXISTS bench_{name} WITH (FORCE)", f"CREATE DATABASE bench_{name}")
        os.environ["DATABASE_URL"] = url
        try:
            _prepare()
            yield url
        finally:
            from django.db import connections

            connections.close_all()
            _execute(admin, f"DROP DATABASE IF EXISTS bench_{name} WITH (FORCE)")
            if server is not None:
                server.stop()


def _execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _prepare() -> None:
    import django
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "casemgmt.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_rules", verbosity=0)


def say(text: str) -> None:
    """Progress, beside the figures."""
    print(text, file=sys.stderr, flush=True)


def report(
    *,
    bench: str,
    case: str,
    kind: str,
    unit: str,
    ours: float,
    floor: float | None = None,
    peer: float | None = None,
    limit: float | None = None,
) -> None:
    """One line of figures. Rates end in "/s", everything else is a time; ratios are above 1 when ours is better."""
    rate = unit.endswith("/s")

    def ratio(other: float | None) -> float | None:
        return None if other is None else round(ours / other if rate else other / ours, 3)

    headroom = None if limit is None else round(ours / limit if rate else limit / ours, 3)
    line = {"bench": bench, "case": case, "kind": kind, "unit": unit, "ours": _short(ours), "floor": _short(floor),
            "peer": _short(peer), "ratio_floor": ratio(floor), "ratio_peer": ratio(peer), "limit": limit,
            "headroom": headroom}  # fmt: skip
    print(json.dumps(line), flush=True)


def middle(values: list[float]) -> float:
    return statistics.median(values)


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
