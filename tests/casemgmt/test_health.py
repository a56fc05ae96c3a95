"""/healthz tells a broken part from a broken whole."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from casemgmt import clock, embedded, services
from sla.models import Heartbeat
from tests.copies import Copy, eventually


class Standing(Copy):
    """PostgreSQL, Redis and the web alone: nobody starts again what the test kills."""

    def __init__(self, var: Path) -> None:
        super().__init__(var)
        self.postgres = embedded.postgres(var, durable=False)
        self.redis = embedded.redis(var, durable=False)
        self.environment |= {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.redis.url}
        self.web = services.all_of_them(var=var, environment=self.environment, host="127.0.0.1", port=self.port)[0]

    def start(self) -> None:
        for server in (self.postgres, self.redis):
            server.start()
        for server in (self.postgres, self.redis):
            server.wait()
        assert self.manage("prepare").returncode == 0
        self.web.start()
        eventually(lambda: not embedded.is_free(self.port), seconds=30, otherwise=self.web.last_words)

    def stop(self) -> None:
        for child in (self.web, self.postgres, self.redis):
            if child.pid:
                os.kill(child.pid, signal.SIGCONT)
            child.stop()


@pytest.fixture
def standing(tmp_path: Path) -> Iterator[Standing]:
    copy = Standing(tmp_path)
    try:
        copy.start()
        yield copy
    finally:
        copy.stop()


def test_without_redis_it_is_degraded_and_without_postgresql_it_is_down(standing: Standing) -> None:
    assert standing.health()[1]["parts"]["redis"] == "ok"
    assert standing.redis.pid
    assert standing.postgres.pid

    os.kill(standing.redis.pid, signal.SIGSTOP)  # alive, and deaf
    assert standing.health()[1]["parts"]["redis"].startswith("unreachable")

    os.kill(standing.redis.pid, signal.SIGKILL)
    status, body = standing.health()
    assert (status, body["status"]) == (200, "degraded")
    assert body["parts"]["postgresql"] == "ok"

    os.kill(standing.postgres.pid, signal.SIGKILL)
    standing.postgres.bury()
    status, body = standing.health()
    assert (status, body["status"]) == (503, "down")

    standing.postgres.start()
    standing.postgres.wait()
    assert standing.health()[0] == 200  # and the web was never restarted


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("seconds", "said"), [(55, "ok"), (61, "silent for 61 s")])
def test_a_sweep_is_missed_after_a_minute(client: Client, seconds: int, said: str) -> None:
    Heartbeat.objects.create(name="sweep", beat_at=clock.now() - timedelta(seconds=seconds))
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["parts"]["sweep"] == said
    assert answer.json()["status"] == ("ok" if said == "ok" else "degraded")


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_never_ran_is_missed(client: Client) -> None:
    assert client.get("/healthz").json()["parts"]["sweep"] == "never ran"


@pytest.mark.django_db(transaction=True)
def test_an_unapplied_migration_is_named(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = 'x' WHERE app = 'sessions' AND name = '0001_initial'")
        try:
            answer = client.get("/healthz").json()
        finally:
            cursor.execute("UPDATE django_migrations SET name = '0001_initial' WHERE app = 'sessions' AND name = 'x'")
    assert answer["status"] == "degraded"
    assert answer["parts"]["migrations"] == "unapplied: sessions.0001_initial"


@pytest.mark.django_db(transaction=True)
def test_only_reading_is_answered(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.get("/healthz").headers["Cache-Control"].startswith("max-age=0")


@pytest.mark.django_db(transaction=True)
def test_the_doctor_says_what_is_wrong_and_what_mends_it(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.BROKER_URL = f"redis://127.0.0.1:{embedded.free_port()}/0"
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert "WRONG  Redis at 127.0.0.1" in said
    assert "Start it with `make run`" in said
    assert "WRONG  No sweep ever ran. Run `manage.py sweep --loop`" in said
    assert "ok     No deadline is due." in said
