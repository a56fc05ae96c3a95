"""RB4: PostgreSQL is killed: 503 meanwhile, and afterwards nothing is lost and nobody had to be restarted."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg

from casemgmt import embedded
from tests.faults import clients, programs
from tests.faults.clients import COMPLAINT, Client
from tests.faults.falling import CODE, wait_for

KILLS = 3


@contextmanager
def postgres(var: Path) -> Iterator[embedded.Postgres]:
    """A PostgreSQL of the test's own, that keeps what it acknowledged."""
    server = embedded.postgres(var, durable=True)
    server.start()
    server.wait()
    try:
        yield server
    finally:
        server.stop()


class Filing(threading.Thread):
    """Files one complaint after another, each until it is acknowledged."""

    def __init__(self, port: int, key: str) -> None:
        super().__init__()
        self.client = Client(port, key)
        self.acknowledged: dict[str, str] = {}  # key → reference
        self.refused: list[httpx.Response] = []
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            key = f"complaint-{len(self.acknowledged)}"
            told = self.client.insists("cases/", COMPLAINT, key=key, put_off=self.refused)
            assert told.answer.status_code == 201, told.answer.text
            self.acknowledged[key] = told.answer.json()["reference"]
        self.client.close()


def test_after_each_kill_of_postgresql_everything_goes_on_by_itself(tmp_path: Path) -> None:
    port = embedded.free_port()
    with (
        postgres(tmp_path) as server,
        programs.stack(tmp_path, DATABASE_URL=server.url, THROTTLE_PERSON="1000000/min") as stack,
    ):
        told = {"DATABASE_URL": server.url}
        programs.run((programs.MANAGE, "migrate", "--verbosity", "0"), tmp_path / "made", **told)
        programs.run((programs.MANAGE, "load_rules"), tmp_path / "made", **told)
        scene: dict[str, Any] = json.loads(programs.run(("-m", "tests.faults.scene"), tmp_path / "made", **told))
        everyone = [stack.web(port), stack.loop()]
        pids = [program.pid for program in everyone]
        clients.until_it_answers(port)
        filing = Filing(port, scene["key"])
        filing.start()
        took = [_kill(server, port, filing) for _ in range(KILLS)]
        filing.enough.set()
        filing.join(60)
        assert not filing.is_alive()
        with psycopg.connect(server.url) as database:
            wait_for(
                lambda: _lapsed(database) >= len(scene["cases"]),
                seconds=60,
                otherwise=lambda: f"{_lapsed(database)} lapsed",
            )
            stored = {row[0] for row in database.execute("SELECT reference FROM disputes_case WHERE order_number = ''")}
            events = database.execute(
                "SELECT count(*), count(DISTINCT case_id) FROM timeline_event WHERE code = %s", [CODE]
            )
            assert events.fetchone() == (len(scene["cases"]), len(scene["cases"]))
        assert [program.pid for program in everyone] == pids and all(program.running() for program in everyone)
    print(f"{len(filing.acknowledged)} filed; writes again after {', '.join(f'{seconds:.1f} s' for seconds in took)}")
    assert set(filing.acknowledged.values()) == stored, "acknowledged is stored, and nothing twice"
    assert filing.refused and {answer.status_code for answer in filing.refused} <= {503, 409}
    assert any(answer.json()["code"] == "database_unavailable" for answer in filing.refused)
    assert max(took) <= 10


def _kill(server: embedded.Postgres, port: int, filing: Filing) -> float:
    """SIGKILL to PostgreSQL while people file; seconds from its return to the next complaint acknowledged."""
    before = len(filing.acknowledged)
    wait_for(lambda: len(filing.acknowledged) >= before + 5, seconds=60, otherwise=lambda: "nobody files")
    server.bury()
    clients.until_it_answers(port, 503, seconds=15)
    refused = len(filing.refused)
    wait_for(lambda: len(filing.refused) > refused, seconds=15, otherwise=lambda: "filing is not refused by 503")
    server.start()
    server.wait()
    done, began = len(filing.acknowledged), time.monotonic()
    wait_for(lambda: len(filing.acknowledged) > done, seconds=30, otherwise=lambda: "filing does not go on")
    clients.until_it_answers(port, 200, seconds=15)
    return time.monotonic() - began


def _lapsed(database: psycopg.Connection[Any]) -> int:
    row = database.execute("SELECT count(*) FROM timeline_event WHERE code = %s", [CODE]).fetchone()
    database.rollback()
    assert row
    return int(row[0])
