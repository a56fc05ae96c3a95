"""The ASGI application: GET /live/ for a signed-in browser on one of our own pages, and nothing else.

Not Django's handler: that gives each request a thread, hence a connection to the database, for as long as it lasts, and
its middleware would take a stream for a visit. Here all reading happens in the one thread of `sync_to_async`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import Error
from django.http import HttpRequest, parse_cookie

from casemgmt.accounts import addresses
from casemgmt.live import news
from casemgmt.live.hub import STREAMS_PER_PERSON, Hub, Stream

PATH = "/live/"
SEND_SECONDS = 20.0  # a reader who takes nothing for so long is gone
RETRY = "retry: 2000\n\n"  # milliseconds until the browser comes back
RETRY_AFTER = {429: b"60", 503: b"5"}  # seconds

STRANGERS = 300  # refusals of one address in a minute, before the database is not even asked
WINDOW_SECONDS = 60.0

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
hub = Hub()


class Strangers:
    """How often each address was refused lately. In this process alone, and without Redis."""

    def __init__(self) -> None:
        self._until, self._refused = 0.0, Counter[str]()

    def are_many(self, address: str) -> bool:
        if monotonic() >= self._until:
            self._until = monotonic() + WINDOW_SECONDS
            self._refused.clear()
        return self._refused[address] >= STRANGERS

    def refuse(self, address: str) -> None:
        self._refused[address] += 1


strangers = Strangers()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    asked = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    admitted = await _admit(scope, asked)
    headers = _headers(asked.get(b"origin"))
    if isinstance(admitted, Stream):
        await _serve(admitted, headers, receive, send)
        return
    if admitted in RETRY_AFTER:
        headers.append((b"retry-after", RETRY_AFTER[admitted]))
    await send({"type": "http.response.start", "status": admitted, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _admit(scope: Message, asked: dict[bytes, str]) -> Stream | int:
    """A stream that has joined the hub, or the status of a refusal."""
    if scope["path"] != PATH:
        return 404
    if scope["method"] != "GET":
        return 405
    if asked.get(b"origin", _origin()) != _origin():
        return 403
    if hub.is_full():
        return 503
    address = _peer(scope, asked)
    if strangers.are_many(address):
        return 429
    session_key = parse_cookie(asked.get(b"cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
    try:
        begun = await sync_to_async(news.begin)(session_key, _start(scope, asked)) if session_key.isalnum() else None
    except Error:
        return 503
    if begun is None:
        strangers.refuse(address)
        return 401
    watch, first = begun
    if hub.count(watch.person_id) >= STREAMS_PER_PERSON:
        return 429
    stream = Stream(watch, first=RETRY + first)
    hub.join(stream)
    return stream


async def _serve(stream: Stream, headers: Headers, receive: Receive, send: Send) -> None:
    leaving = asyncio.create_task(_end_with_reader(stream, receive))
    headers.append((b"content-type", b"text/event-stream; charset=utf-8"))
    headers.append((b"x-accel-buffering", b"no"))
    # Cut off: the reader left, was too slow or may know no more. All of that is an end like any other.
    with suppress(asyncio.CancelledError, TimeoutError):
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            async for text in stream.texts():
                async with asyncio.timeout(SEND_SECONDS):
                    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()
            hub.leave(stream)


async def _end_with_reader(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


def _start(scope: Message, asked: dict[bytes, str]) -> news.Start:
    """From `Last-Event-ID`, or from the address where a script begins anew; what cannot be read counts as absent."""
    query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
    last, since = None, None
    with suppress(ValueError):
        last = UUID(asked.get(b"last-event-id") or query.get("last", ""))
    with suppress(ValueError):
        said = datetime.fromisoformat(query.get("since", ""))
        since = said if said.tzinfo else None
    return news.Start(last=last, since=since)


def _peer(scope: Message, asked: dict[bytes, str]) -> str:
    """The address at the other end, as `addresses.peer` has it for pages."""
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": (scope.get("client") or ("",))[0]}
    request.META["HTTP_X_FORWARDED_FOR"] = asked.get(b"x-forwarded-for", "")
    return addresses.peer(request)


def _origin() -> str:
    """Where the pages are."""
    parts = urlsplit(settings.PUBLIC_URL)
    return f"{parts.scheme}://{parts.netloc}"


def _headers(origin: str | None) -> Headers:
    headers = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"), (b"vary", b"Origin")]
    if origin == _origin():
        headers.append((b"access-control-allow-origin", origin.encode("latin-1")))
        headers.append((b"access-control-allow-credentials", b"true"))
    return headers
