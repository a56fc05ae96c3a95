"""A marketplace on the loopback that answers, dawdles, breaks or hangs up, as a test tells it."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Marketplace:
    """`orders`: what is known, by number. `moods`: how the next requests are met, one each; then "ok"."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Any]] = {}
        self.moods: list[str] = []
        self.asked: list[tuple[str, str]] = []  # path and Authorization
        self.released = threading.Event()
        self.url = ""

    def mood(self) -> str:
        return self.moods.pop(0) if self.moods else "ok"


class _Handler(BaseHTTPRequestHandler):
    market: Marketplace

    def do_GET(self) -> None:
        self.market.asked.append((self.path, self.headers.get("Authorization", "")))
        match self.market.mood():
            case "slow":
                self.market.released.wait(10)
                self._say(503, b"")
            case "reset":
                # Zero linger: closing sends a reset, not an end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            case "nonsense":
                self._say(200, b"<html>")
            case "ok":
                order = self.market.orders.get(self.path.rsplit("/", 1)[-1])
                self._say(200 if order else 404, json.dumps(order or {}).encode())
            case status:
                self._say(int(status), b"{}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class's name
        """Quiet."""

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running() -> Iterator[Marketplace]:
    """A marketplace of the test's own on a free port."""
    market = Marketplace()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"market": market}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    market.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield market
    finally:
        market.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
