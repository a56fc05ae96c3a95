"""A browser's side of /live/: one connection that is read as it comes."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client

from casemgmt.accounts.models import User
from tests.faults.falling import wait_for
from tests.faults.programs import ADDRESS


def session_of(user: User) -> str:
    """The key of a new session in which the person is signed in, as by the form."""
    browser = Client()
    browser.force_login(user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


@dataclass(frozen=True, kw_only=True)
class Heard:
    name: str
    uid: str
    data: dict[str, Any]


@dataclass
class Reader:
    """What the server says on one connection, until either side ends it."""

    port: int
    session: str = ""
    last: str = ""
    query: str = ""
    origin: str = ADDRESS
    method: str = "GET"
    path: str = "/live/"
    heard: list[Heard] = field(default_factory=list)
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    ended: bool = False
    raw: bytes = b""

    def open(self) -> Reader:
        self._wire = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        lines = [
            f"{self.method} {self.path}{self.query} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Origin: {self.origin}",
        ]
        lines += [f"Cookie: {settings.SESSION_COOKIE_NAME}={self.session}"] if self.session else []
        lines += [f"Last-Event-ID: {self.last}"] if self.last else []
        self._wire.sendall("\r\n".join([*lines, "", ""]).encode())
        threading.Thread(target=self._read, daemon=True).start()
        wait_for(lambda: bool(self.status), seconds=20, otherwise=lambda: "no answer")
        return self

    def news(self) -> list[str | None]:
        """The cases that were told of, in order."""
        return [notice["case"] for one in self.heard if one.name == "news" for notice in one.data["notices"]]

    def until(self, many: int, *, seconds: float) -> None:
        wait_for(lambda: len(self.news()) >= many, seconds=seconds, otherwise=lambda: f"{self.news()} {self.raw!r}")

    def until_greeted(self) -> Reader:
        wait_for(lambda: bool(self.heard), seconds=20, otherwise=lambda: f"{self.status} {self.raw!r}")
        return self

    def until_ended(self, *, seconds: float) -> None:
        wait_for(lambda: self.ended, seconds=seconds, otherwise=lambda: f"still open: {self.raw!r}")

    def close(self) -> None:
        """As when a tab is closed; the thread that reads lets the socket go."""
        self._wire.shutdown(socket.SHUT_RDWR)

    def _read(self) -> None:
        with self._wire, suppress(OSError):
            while more := self._wire.recv(65536):
                self.raw += more
                self._understand()
        self.ended = True

    def _understand(self) -> None:
        head, found, body = self.raw.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.decode().split("\r\n")
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        self.heard = [_event(block) for block in _unchunked(body).decode().split("\n\n")[:-1] if "event: " in block]
        self.ended = self.ended or body.endswith(b"0\r\n\r\n")
        self.status = int(lines[0].split()[1])


def _event(block: str) -> Heard:
    said = dict(line.partition(": ")[::2] for line in block.split("\n"))
    return Heard(name=said["event"], uid=said.get("id", ""), data=json.loads(said["data"]))


def _unchunked(body: bytes) -> bytes:
    whole = b""
    while True:
        size, found, body = body.partition(b"\r\n")
        if not found or len(body) < (many := int(size, 16)) or not many:
            return whole
        whole, body = whole + body[:many], body[many + 2 :]
