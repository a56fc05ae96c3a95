"""Everything that one machine runs: started together, watched, started again, stopped together. No Django here."""

import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from casemgmt import catalogues, embedded, env, greeting, processes, services, stackfile

STOP_SERVERS_AFTER = 6.0  # seconds after the signal, should the services still be busy then
KILL_AFTER = 8.0  # what has not ended by then is killed: late acks and transactions make that safe
STEADY_AFTER = 60.0  # seconds; what ended after running that long starts again at once
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0


class Stopped(BaseException):
    """A person or the machine asked us to end."""


class Watched:
    """A child that must run, and how long to wait before it is started again."""

    def __init__(self, child: processes.Child) -> None:
        self.child = child
        self.since = time.monotonic()
        self.pause = FIRST_PAUSE
        self.again_at: float | None = None

    def revive(self) -> bool:
        """Start it again when it has ended, ever more slowly while it keeps ending; whether that was now."""
        now = time.monotonic()
        if self.again_at is not None and now >= self.again_at:
            self.child.start()
            self.since, self.again_at = now, None
            return True
        if self.again_at is None and not self.child.running():
            self.child.bury()
            self.pause = FIRST_PAUSE if now - self.since > STEADY_AFTER else min(self.pause * 2, LONGEST_PAUSE)
            self.again_at = now + self.pause
            greeting.say(
                f"{self.child.name} ended ({self.child.exit_code}); next try in {self.pause:.0f} s. {self.child.log}"
            )
        return False


class Supervisor:
    """`run` blocks until a signal; then nothing that it started is left."""

    def __init__(self, *, var: Path, host: str, port: int) -> None:
        self.var = var
        self.host = host
        self.port = port
        reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        self.address = f"http://{f'[{reached}]' if ':' in reached else reached}:{port}"
        self.servers: list[embedded.Server] = []
        self.services: list[services.Service] = []
        self.watched: list[Watched] = []
        self.asked_to_stop = False

    def run(self) -> None:
        """Raises SystemExit with a sentence when something does not start."""
        began = time.monotonic()
        with _only_one(self.var), self._signals():
            try:
                self._end_what_was_stranded()
                self._start()
                greeting.show(self.var, address=self.address, seconds=time.monotonic() - began)
                while True:
                    self._pause()
            except Stopped:
                greeting.say("Stopping …")
            finally:
                self._stop()

    def _start(self) -> None:
        if not embedded.is_free(self.port, self.host):
            raise SystemExit(
                f"Port {self.port} is taken by another program. Choose another: PORT={self.port + 1} make run"
            )
        catalogues.compile_stale()
        environment = self._start_servers()
        kept = self.var / "prepared"
        fingerprint = services.fingerprint(var=self.var, environment=environment)
        ready_before = kept.exists() and kept.read_text() == fingerprint and bool(self.servers)
        if not ready_before:
            greeting.say("Making the database ready …")
            self._prepare(environment, "--without-demo")
        self.watched = [Watched(server) for server in self.servers]
        web, *rest = services.all_of_them(var=self.var, environment=environment, host=self.host, port=self.port)
        self._run(web)
        self._until(self._healthy, of=web, seconds=60)
        # All else only now, so that it does not slow down the first answer. The second look finds nothing to do, unless
        # somebody was at the database meanwhile, or it is empty and gets the demo.
        if not ready_before:
            greeting.say(f"{self.address}/ answers. Where nobody lives yet, the demo marketplace is being loaded …")
        self._prepare(environment)
        self._run(*rest)
        kept.write_text(fingerprint)

    def _run(self, *starting: services.Service) -> None:
        for service in starting:
            service.start()
            self.services.append(service)
            self.watched.append(Watched(service))
        self._note()

    def _start_servers(self) -> dict[str, str]:
        """What the services are told: of the servers that were named, or of our own."""
        told = services.environment(address=self.address, host=self.host)
        written = {}
        if "DATABASE_URL" not in told:
            postgres = embedded.postgres(self.var)
            written["database_url"] = postgres.url
            self.servers.append(postgres)
        if "REDIS_URL" not in told:
            redis = embedded.redis(self.var)
            written["redis_url"] = redis.url
            self.servers.append(redis)
        live_port = env.integer("LIVE_PORT", 0) or embedded.kept_port(self.var, "live_url")
        # With another PUBLIC_URL there is a proxy, and only who set that up knows where it puts the live process.
        if "LIVE_URL" not in told and "PUBLIC_URL" not in os.environ:
            written["live_url"] = f"{self.address.rpartition(':')[0]}:{live_port}/live/"
        stackfile.write(self.var, dict(written))
        for server in self.servers:
            server.start()
            self._note()
        for server in self.servers:
            self._until(server.answers, of=server, seconds=30)
        self._note()
        return told | {name.upper(): url for name, url in written.items()} | {"LIVE_PORT": str(live_port)}

    def _prepare(self, environment: dict[str, str], *options: str) -> None:
        prepare = services.prepare(*options, var=self.var, environment=environment)
        prepare.log.unlink(missing_ok=True)
        self.services.append(prepare)
        prepare.start()
        self._until(lambda: not prepare.running(), of=prepare, seconds=600)
        prepare.bury()
        self.services.remove(prepare)
        if prepare.exit_code:
            raise SystemExit(f"The database could not be made ready. {prepare.log} ends:\n{prepare.last_words(20)}")

    def _until(self, done: Callable[[], bool], *, of: processes.Child, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not done():
            if time.monotonic() > until:
                raise SystemExit(f"{of.name} was not ready after {seconds:.0f} s. {of.log} ends:\n{of.last_words()}")
            self._pause(0.05)

    def _pause(self, seconds: float = 0.2) -> None:
        if self.asked_to_stop:
            raise Stopped
        revived = [one for one in self.watched if one.revive()]
        if revived:
            self._note()
        time.sleep(seconds)

    def _healthy(self) -> bool:
        try:
            with urlopen(f"{self.address}/healthz", timeout=5):  # noqa: S310  our own address
                return True
        except (URLError, OSError):
            return False

    def _note(self) -> None:
        """Write down what runs, so that the next start finds what a SIGKILL of ours leaves behind."""
        running = {child.name: child.pid for child in (*self.servers, *self.services) if child.pid}
        stackfile.write(self.var, stackfile.read(self.var) | {"processes": stackfile.described(running)})

    def _end_what_was_stranded(self) -> None:
        noted = stackfile.read(self.var).get("processes", {})
        for name in sorted(noted, key=("postgres", "redis").__contains__):  # services before the servers they need
            by = embedded.Postgres.gently if name == "postgres" else signal.SIGTERM
            if processes.end_stranded(noted[name]["pid"], noted[name]["identity"], by=by):
                greeting.say(
                    f"{name} of an earlier run was still there (pid {noted[name]['pid']}) and has been stopped."
                )

    def _stop(self) -> None:
        """Services, then servers, within KILL_AFTER seconds; what is left in their own groups is killed."""
        began = time.monotonic()
        _ask(self.services)
        processes.wait(self.services, until=began + STOP_SERVERS_AFTER)
        _ask(self.servers)
        everything = (*self.services, *self.servers)
        processes.wait(everything, until=began + KILL_AFTER)
        for child in everything:
            child.bury()
        stackfile.write(self.var, stackfile.read(self.var) | {"processes": {}})

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """While inside, a signal only asks; it never cuts a start or a stop in half."""

        def ask(_number: int, _frame: FrameType | None) -> None:
            self.asked_to_stop = True

        before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def main() -> None:
    """With PORT and HOST of the environment."""
    host = os.environ.get("HOST", "127.0.0.1")
    Supervisor(var=env.var_dir(), host=host, port=env.integer("PORT", 8000, least=1)).run()


def _ask(children: Sequence[processes.Child]) -> None:
    for child in children:
        child.ask()


@contextmanager
def _only_one(var: Path) -> Iterator[None]:
    """Hold the lock of this folder; the kernel lets it go when we end, however that is."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise SystemExit(
                f"The first one is already running {lock.read().strip()}. Stop it with Ctrl-C there."
            ) from None
        lock.truncate(0)
        lock.write(f"(process {os.getpid()})")
        lock.flush()
        yield
        lock.truncate(0)
