"""What pages are told of live news, and what one stream does by itself."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from casemgmt.accounts.models import User
from casemgmt.live import hub
from casemgmt.live.hub import Hub, Stream
from casemgmt.live.news import Watch
from casemgmt.notifications import alarm
from casemgmt.web import health

LIVE = "http://127.0.0.1:8001/live/"


def _page(settings: Any, user: User | None = None, *, host: str = "127.0.0.1:8000", live: str = LIVE) -> str:
    settings.PUBLIC_URL, settings.LIVE_URL = "http://127.0.0.1:8000", live
    client = Client()
    if user:
        client.force_login(user)
    return client.get("/notices/" if user else "/sign-in/", headers={"host": host}).content.decode()


def test_only_a_signed_in_page_that_would_be_admitted_is_told_where(person: Callable[..., User], settings: Any) -> None:
    user = person()
    assert f'data-address="{LIVE}"' in _page(settings, user)
    assert "data-address" not in _page(settings)
    assert "data-address" not in _page(settings, user, host="localhost:8000")
    assert "data-address" not in _page(settings, user, live="")
    assert 'data-address="/live/"' in _page(settings, user, host="localhost:8000", live="/live/")


def test_a_reader_who_is_too_far_behind_is_cut_off_and_others_are_not() -> None:
    async def scene() -> tuple[bool, bool]:
        made: list[Stream] = []

        async def reader() -> None:
            made.append(Stream(Watch(person_id=1, session_key="s"), first="hello"))
            await asyncio.sleep(60)

        task = asyncio.create_task(reader())
        await asyncio.sleep(0)
        stream = made[0]
        for number in range(hub.WAITING - 1):
            stream.put(str(number))
        await asyncio.sleep(0)
        patient = task.done()
        stream.put("one too many")
        await asyncio.wait([task], timeout=5)
        return patient, task.cancelled()

    assert asyncio.run(scene()) == (False, True)


def test_a_stream_beats_while_nothing_happens_and_ends_when_it_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr(hub, "LIFE_SECONDS", 0.2)

    async def scene() -> list[str]:
        stream = Stream(Watch(person_id=1, session_key="s"), first="hello")
        return [text async for text in stream.texts()]

    first, *beats = asyncio.run(scene())
    assert first == "hello"
    assert len(beats) >= 3
    assert set(beats) == {":\n\n"}


def test_when_the_work_falls_over_all_streams_end_and_the_next_one_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(self: Hub, streams: object) -> None:
        raise RuntimeError("nobody foresaw it")

    monkeypatch.setattr(Hub, "_tell", broken)
    monkeypatch.setattr(Hub, "_hear", lambda self: asyncio.sleep(60))

    async def scene() -> bool:
        shared = Hub()

        async def reader() -> None:
            shared.join(Stream(Watch(person_id=1, session_key="s"), first="hello"))
            await asyncio.sleep(60)

        task = asyncio.create_task(reader())
        await asyncio.wait([task], timeout=5)
        assert shared._tasks == []
        return task.cancelled()

    assert asyncio.run(scene())


@pytest.mark.parametrize(
    ("said", "people"), [(b"7", {7}), (b"7,8", {7, 8}), (b"*", None), (b"", None), (b"nonsense", None)]
)
def test_an_alarm_names_people_or_everybody(said: bytes, people: set[int] | None) -> None:
    assert alarm.people(said) == people


def test_the_doctor_knows_a_live_process_that_is_not_there(settings: Any) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.LIVE_URL = f"http://127.0.0.1:{probe.getsockname()[1]}/live/"
        assert health.live_says().startswith("unreachable")
