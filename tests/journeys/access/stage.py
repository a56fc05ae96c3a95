"""Asking on behalf of a principal, and undoing whatever the answer did: one world serves thousands of questions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import override_settings

from casemgmt.notifications.models import Notice
from evidence.models import Item
from tests.evidence import samples
from tests.journeys.access import rooms
from tests.journeys.access.people import Cast
from tests.world import MONDAY, Story, World

# What this transaction has inserted, updated and deleted so far, in every table, undone or not.
_WRITTEN = """
    SELECT coalesce(sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
                        + pg_stat_get_xact_tuples_deleted(oid)), 0)
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
DENIALS = frozenset({401, 403, 404, 405})
CONTACT = "13800138000"


@dataclass(frozen=True, kw_only=True)
class Answered:
    status: int
    written: int
    response: Any


class Stage:
    """One world with all its rooms, built once: what a test does in them is undone."""

    def __init__(self) -> None:
        self.world = World()
        self.world.order(number="TB-OF-THE-BUYER")
        self.cast = Cast(self.world)
        self._rooms = {name: rooms.build(self.world, name) for name in rooms.MAKERS}
        self.twin = self._twin()
        self.ids = self._ids()

    def room(self, name: str) -> rooms.Room:
        return self._rooms[name]

    def _twin(self) -> str:
        """Another case about the order of the talks."""
        talks = self.room("talks")
        self.world.now = talks.at
        story = self.world.files(order_number=talks.story.case.order_number, subtype="defect")
        return str(story.case.reference)

    def _ids(self) -> dict[str, str]:
        """What paths are filled with, beside a case's number."""
        story: Story = self.room("evidence").story
        exhibits = Item.objects.filter(case_id=story.case_id)
        notice = Notice.objects.filter(recipient=self.world.buyer, channel="in_app").latest("pk")
        return {
            "submitted": str(exhibits.get(stage="submitted").uid), "staged": str(exhibits.get(stage="staged").uid),
            "request_id": str(rooms.asked(story).uid), "notice_id": str(notice.uid), "number": "TB-OF-THE-BUYER",
            "consumer": self.world.buyer.username,
        }  # fmt: skip

    def asks(self, name: str, method: str, path: str, *, room: str = "draft", body: Any = None) -> Answered:
        """One request of a principal's program at the room's instant; whatever it did is undone."""
        at = self.room(room).at
        more: dict[str, Any] = {"format": "multipart"} if isinstance(body, Form) else {"format": "json"}
        with self.world.at(at), undone() as written:
            send = getattr(self.cast.programs[name], method)
            response = send(path, body.fields() if isinstance(body, Form) else body, **more)
            if response.streaming:
                b"".join(response.streaming_content)  # to its end, where the file is closed
            return Answered(status=response.status_code, written=written(), response=response)

    def visits(self, name: str, method: str, path: str, *, room: str = "", body: Any = None) -> Answered:
        """One request of a principal's browser, at the room's instant; whatever it did is undone."""
        at = self.room(room).at if room else MONDAY
        browser = self.cast.browser(name, at)
        with self.world.at(at), undone() as written:
            response = getattr(browser, method)(path, body.fields() if isinstance(body, Form) else body)
            if response.streaming:
                b"".join(response.streaming_content)
            return Answered(status=response.status_code, written=written(), response=response)


@dataclass(frozen=True)
class Form:
    """An upload: a fresh file for every request."""

    said: dict[str, Any]

    def fields(self) -> dict[str, Any]:
        return {**self.said, "file": SimpleUploadedFile("photo.gif", samples.GIF, "image/gif")}


@contextmanager
def undone() -> Iterator[Any]:
    """Gives a function that counts the rows written since; takes everything back at the end."""
    mark = transaction.savepoint()
    before = rows_written()
    try:
        yield lambda: rows_written() - before
    finally:
        transaction.savepoint_rollback(mark)


def rows_written() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return int(cursor.fetchone()[0])


@contextmanager
def staged() -> Iterator[Stage]:
    """A stage inside one transaction that is never committed, with nobody counting requests."""
    unlimited = {"person": "1000000/min", "address": "1000000/min"}
    rest = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": unlimited}
    whole = transaction.atomic()
    whole._from_testcase = True  # type: ignore[attr-defined]  # as Django's TestCase: what is durable may be nested in it
    with override_settings(REST_FRAMEWORK=rest), whole:
        yield Stage()
        transaction.set_rollback(True)
