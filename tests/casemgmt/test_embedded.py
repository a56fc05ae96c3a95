"""PostgreSQL and Redis of one machine: whole, private, and gone when told."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from casemgmt import embedded, env, stackfile
from tests.copies import eventually, gone


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[embedded.Postgres]:
    server = embedded.postgres(tmp_path)
    server.start()
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[embedded.Redis]:
    server = embedded.redis(tmp_path)
    server.start()
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def test_no_django_is_needed() -> None:
    ask = "import sys, casemgmt.embedded, casemgmt.supervisor; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", ask], cwd=env.ROOT, check=False).returncode == 0


def test_postgresql_18_runs_whoever_starts_it_and_every_file_stays_theirs(postgres: embedded.Postgres) -> None:
    with psycopg.connect(postgres.url) as connection:
        assert connection.info.server_version // 10_000 == 18
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SELECT upper('é')").fetchone() == ("É",)
    assert {path.stat().st_uid for path in postgres.var.rglob("*")} == {os.geteuid()}
    assert stat.S_IMODE(postgres.folder.stat().st_mode) == 0o700


def test_nobody_gets_in_without_the_password(postgres: embedded.Postgres, memory: embedded.Redis) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.url.replace(postgres.password, "guessed"))
    with redis.Redis(port=memory.port) as client, pytest.raises(redis.AuthenticationError):
        client.ping()
    for secret in ("postgres-password", "redis-password", "redis/redis.conf"):
        assert stat.S_IMODE((postgres.var / secret).stat().st_mode) == 0o600
    for server in (postgres, memory):
        shown = subprocess.run(["ps", "-o", "args=", "-p", str(server.pid)], capture_output=True, text=True, check=True)
        assert server.password not in shown.stdout


def test_redis_keeps_what_it_holds_and_refuses_rather_than_forgets(memory: embedded.Redis) -> None:
    with redis.Redis.from_url(memory.url, decode_responses=True) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
        client.set("kept", "yes")
    memory.stop()
    memory.start()
    memory.wait()
    with redis.Redis.from_url(memory.url, decode_responses=True) as client:
        assert client.get("kept") == "yes"


def test_after_kill_9_postgresql_is_back_with_all_that_was_committed(postgres: embedded.Postgres) -> None:
    with psycopg.connect(postgres.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    assert postgres.pid
    os.kill(postgres.pid, signal.SIGKILL)
    postgres.start()
    postgres.wait(seconds=10)
    with psycopg.connect(postgres.url) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_stopping_ends_the_process(postgres: embedded.Postgres) -> None:
    pid = postgres.pid
    assert pid
    postgres.stop()
    assert gone({pid})
    assert postgres.exit_code == 0


def test_the_port_of_last_time_is_taken_again_if_it_is_free(postgres: embedded.Postgres) -> None:
    stackfile.write(postgres.var, {"database_url": postgres.url})
    assert embedded.postgres(postgres.var).port != postgres.port  # it is in use
    postgres.stop()
    eventually(lambda: embedded.is_free(postgres.port), seconds=5)
    again = embedded.postgres(postgres.var)
    assert (again.port, again.password) == (postgres.port, postgres.password)


def test_a_half_made_cluster_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "postgres.making" / "base").mkdir(parents=True)
    server = embedded.postgres(tmp_path, durable=False)
    server.start()
    server.wait()
    server.stop()
    assert not (tmp_path / "postgres.making").exists()


def test_where_neither_wheel_nor_server_is_found_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_wheel", lambda package: tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(embedded.ServerError, match=r"apt-get install postgresql.*DATABASE_URL"):
        embedded.postgres(tmp_path).start()
    with pytest.raises(embedded.ServerError, match=r"apt-get install redis-server.*REDIS_URL"):
        embedded.redis(tmp_path).start()


def test_a_server_that_cannot_start_shows_its_last_words(tmp_path: Path) -> None:
    server = embedded.redis(tmp_path)
    server.folder.mkdir()
    (server.folder / "appendonly.aof").mkdir()
    server.start()
    with pytest.raises(embedded.ServerError, match="gave no answer in 1 s"):
        server.wait(seconds=1)
    assert not server.running()
