"""RB8: the database's clock jumps. A day ahead nothing is carried out; an hour back nothing twice; a person decides."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg

from casemgmt import embedded
from tests.faults import clients, programs
from tests.faults.falling import CODE, wait_for

FAKETIME = Path("/usr/lib")
RELEASED = "UPDATE sla_halt SET released_at = clock_timestamp() WHERE released_at IS NULL"  # as the screen does it
DAY_AHEAD, HOUR_BACK, RIGHT = "+86400", "-3600", "+0"


class FakedPostgres(embedded.Postgres):
    """PostgreSQL whose wall clock the test sets while it runs; its patience (monotonic time) stays true."""

    library = ""

    @property
    def says(self) -> Path:
        return self.var / "clock"

    def set(self, offset: str) -> None:
        self.says.write_text(offset + "\n")
        self.says.chmod(0o644)

    def command(self) -> list[str]:
        words = super().command()
        at = len(self._prefix)
        faked = [
            "env", f"LD_PRELOAD={self.library}", f"FAKETIME_TIMESTAMP_FILE={self.says}", "FAKETIME_NO_CACHE=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1",
        ]  # fmt: skip
        return [*words[:at], *faked, *words[at:]]


@contextmanager
def postgres(var: Path) -> Iterator[FakedPostgres]:
    library = next(FAKETIME.glob("*/faketime/libfaketime.so.1"), None)
    assert library, "libfaketime is missing, which sets PostgreSQL's clock: apt-get install faketime"
    server = FakedPostgres(var=var, port=embedded.free_port(), password="clock", durable=False)
    server.var.mkdir(parents=True, exist_ok=True)
    server.library = str(library)
    server.set(RIGHT)
    server.start()
    server.wait()
    try:
        yield server
    finally:
        server.stop()


def test_a_clock_that_jumps_fires_nothing_until_a_supervisor_lets_it_go_on(tmp_path: Path) -> None:
    with postgres(tmp_path / "pg") as server, programs.stack(tmp_path, DATABASE_URL=server.url) as stack:
        told = {"DATABASE_URL": server.url}
        programs.run((programs.MANAGE, "migrate", "--verbosity", "0"), tmp_path / "made", **told)
        programs.run((programs.MANAGE, "load_rules"), tmp_path / "made", **told)
        scene: dict[str, Any] = json.loads(programs.run(("-m", "tests.faults.scene"), tmp_path / "made", **told))
        many = len(scene["cases"])
        port = embedded.free_port()
        sweepers = [stack.loop("loop1"), stack.loop("loop2")]
        stack.web(port)
        clients.until_it_answers(port)
        with psycopg.connect(server.url, autocommit=True) as database:
            wait_for(lambda: _lapsed(database) > 0, seconds=30, otherwise=lambda: "nothing lapses")
            _jump(server, database, DAY_AHEAD)
            standing = _lapsed(database)
            assert standing < many, "nothing was left to be fired wrongly"
            assert "halted" in httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=10).json()["parts"]["sweep"]
            time.sleep(12)  # two looks of every sweeper
            assert _lapsed(database) == standing, "deadlines were carried out by a wrong clock"
            server.set(RIGHT)
            time.sleep(6)
            assert _lapsed(database) == standing, "nobody has let it go on yet"
            database.execute(RELEASED)
            wait_for(lambda: _lapsed(database) > standing, seconds=20, otherwise=lambda: "it does not go on")
            _jump(server, database, HOUR_BACK)
            server.set(RIGHT)
            time.sleep(6)
            database.execute(RELEASED)
            wait_for(lambda: _lapsed(database) == many, seconds=90, otherwise=lambda: f"{_lapsed(database)} of {many}")
            events = database.execute(
                "SELECT count(*), count(DISTINCT case_id), count(*) FILTER (WHERE recorded_at < at)"
                " FROM timeline_event WHERE code = %s",
                [CODE],
            )
            assert events.fetchone() == (many, many, 0), "each once, none early"
        assert all(program.running() for program in sweepers)


def _jump(server: FakedPostgres, database: psycopg.Connection[Any], offset: str) -> None:
    server.set(offset)
    halted = "SELECT count(*) FROM sla_halt WHERE released_at IS NULL"
    wait_for(
        lambda: (database.execute(halted).fetchone() or (0,))[0] == 1, seconds=20, otherwise=lambda: "nobody noticed"
    )


def _lapsed(database: psycopg.Connection[Any]) -> int:
    row = database.execute("SELECT count(*) FROM timeline_event WHERE code = %s", [CODE]).fetchone()
    return int(row[0]) if row else 0
