"""One per process: hears the alarms, has the table read once for all streams, and hands each its own news."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Collection

import redis
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import Error
from redis.asyncio import Redis

from casemgmt.live import news
from casemgmt.live.news import Horizon, Watch
from casemgmt.notifications import alarm

log = logging.getLogger(__name__)

POLL_SECONDS = 3.0  # without an alarm; some may be lost, and all are while Redis is away
TOGETHER_SECONDS = 0.05  # alarms that ring within it are answered by one reading
LISTEN_AGAIN_SECONDS = 5.0
HEARTBEAT_SECONDS = 15.0
LIFE_SECONDS = 300.0  # then the browser comes back with its Last-Event-ID, and its rights are new
WAITING = 32  # events that a slow reader may be behind
STREAMS_PER_PERSON = 8  # browsers, and tabs of those that cannot share
STREAMS = 1000


class Stream:
    """What waits for one browser."""

    def __init__(self, watch: Watch, *, first: str) -> None:
        self.watch = watch
        self._waiting: asyncio.Queue[str] = asyncio.Queue(WAITING)
        self._waiting.put_nowait(first)
        self._task = asyncio.current_task()

    def put(self, text: str | None) -> None:
        """Hand it on; None ends the stream, and so does a reader who is too far behind: the table has it all."""
        try:
            if text is not None:
                self._waiting.put_nowait(text)
                return
        except asyncio.QueueFull:
            log.info("a reader was too slow and is cut off")
        self.end()

    def end(self) -> None:
        """Now, even while it waits for the network."""
        if self._task:
            self._task.cancel()

    async def texts(self) -> AsyncIterator[str]:
        """News as it comes, and a heartbeat when there is none, until the stream has lived long enough."""
        now = asyncio.get_running_loop().time
        ends = now() + LIFE_SECONDS * random.uniform(0.8, 1.0)  # noqa: S311  so that not all come back at once
        while (left := ends - now()) > 0:
            try:
                async with asyncio.timeout(min(HEARTBEAT_SECONDS, left)):
                    text = await self._waiting.get()
            except TimeoutError:
                text = ":\n\n"
            yield text


class Hub:
    """The streams of this process. It works only while there are any."""

    def __init__(self) -> None:
        self._streams: set[Stream] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._rung: set[int] = set()
        self._wake = asyncio.Event()
        self._horizon = Horizon()

    def is_full(self) -> bool:
        return len(self._streams) >= STREAMS

    def count(self, person_id: int) -> int:
        """How many streams the person has open here."""
        return sum(stream.watch.person_id == person_id for stream in self._streams)

    def join(self, stream: Stream) -> None:
        self._streams.add(stream)
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._work())]
            for task in self._tasks:
                task.add_done_callback(self._fell)
        self._ring(frozenset([stream.watch.person_id]))  # an alarm may have rung since its first words were read

    def leave(self, stream: Stream) -> None:
        self._streams.discard(stream)
        if not self._streams:
            self._rest()

    def _rest(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks, self._horizon = [], Horizon()

    def _fell(self, task: asyncio.Task[None]) -> None:
        """What nobody foresaw must not leave streams open that nobody feeds."""
        if task.cancelled():
            return
        log.error("live news fell over; all streams begin anew", exc_info=task.exception())
        self._rest()
        for stream in self._streams:
            stream.end()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        poll_at = loop.time()
        while True:
            try:
                async with asyncio.timeout_at(poll_at):
                    await self._wake.wait()
                    await asyncio.sleep(TOGETHER_SECONDS)
            except TimeoutError:
                poll_at = loop.time() + POLL_SECONDS
                streams = list(self._streams)
            else:
                streams = [stream for stream in self._streams if stream.watch.person_id in self._rung]
            self._wake.clear()
            self._rung.clear()
            await self._tell(streams)

    async def _tell(self, streams: Collection[Stream]) -> None:
        if not streams:
            return
        by_watch = {id(stream.watch): stream for stream in streams}
        try:
            told = await sync_to_async(news.look)([stream.watch for stream in streams], self._horizon)
        except Error as problem:  # nothing is lost: the next poll finds the same rows
            log.warning("the notices cannot be read now: %s", type(problem).__name__)
            return
        for watch, text in told:
            by_watch[id(watch)].put(text)

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except (redis.RedisError, OSError) as problem:
                log.warning("no alarms (%s): the notices are polled", type(problem).__name__)
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)

    async def _hear(self) -> None:
        # A subscriber waits for as long as nothing happens; only connecting has a limit.
        server = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=None)
        async with server, server.pubsub() as ear:
            await ear.subscribe(alarm.channel())
            async for message in ear.listen():
                if message["type"] == "message":
                    self._ring(alarm.people(message["data"]))

    def _ring(self, people: frozenset[int] | None) -> None:
        everybody = {stream.watch.person_id for stream in self._streams}
        rung = everybody if people is None else everybody & people
        if rung:
            self._rung |= rung
            self._wake.set()
