"""A complaint travelling over HTTP: what people do, and what the API tells each side after every step.

Instants are written as the parties read them, in Shanghai: "11-04 10:00". The world begins on Monday 2026-11-02, 10:00.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from casemgmt.accounts import keys
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from disputes.models import Case
from tests.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")
CONTACT = "13800138000"
PROGRAMS = {Role.CONSUMER, Role.SELLER_STAFF, Role.ADMINISTRATOR}  # these call with a key; the staff from a browser


class Town(World):
    """The world with an address: everybody in it has a client of the API."""

    def __init__(self) -> None:
        super().__init__()
        User.objects.filter(pk=self.buyer.pk).update(language="zh-hans", external_ref="buyer-1")
        self.buyer.refresh_from_db()
        self._clients: dict[tuple[int, datetime | None], APIClient] = {}

    def client(self, person: User) -> APIClient:
        """A program with a key, or a browser; the staff's is signed out when they leave the desk, so they sign in anew."""
        name = (person.pk, None if person.role in PROGRAMS else self.now)
        if name not in self._clients:
            self._clients[name] = self._keyed(person) if person.role in PROGRAMS else APIClient()
            if person.role not in PROGRAMS:
                self._clients[name].force_login(person)
        return self._clients[name]

    def _keyed(self, person: User) -> APIClient:
        life = timedelta(days=300)
        _key, secret = keys.make(user=person, name="program", scopes=keys.SCOPES, ttl=life, at=self.now)
        return APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}")

    def asks(self, person: User, method: str, path: str, body: Any = None, *, language: str = "en", **more: Any) -> Any:
        """One request at the world's now; the response."""
        with self.at(self.now):
            send = getattr(self.client(person), method)
            return send(f"/api/v1/{path}", body, headers={"Accept-Language": language}, **more)

    def reads(self, person: User, path: str, *, language: str = "en") -> Any:
        answer = self.asks(person, "get", path, language=language)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def complains(self, **facts: Any) -> Journey:
        """The buyer files over HTTP: a broken cup, return and refund of everything, unless told otherwise."""
        order = facts.pop("order", None) or self.order()
        said = {
            "type": "product_quality", "subtype": "damaged", "description": "杯子碎了", "contact": CONTACT,
            "remedy": "return_refund", "evidence_waiver": "已经扔掉了", "order_number": order.number, **facts,
        }  # fmt: skip
        answer = self.asks(self.buyer, "post", "cases/", said)
        assert answer.status_code == 201, answer.content.decode()
        return Journey(self, answer.json()["reference"])

    def comes_to(self, text: str) -> None:
        """Time passes until then; nobody sweeps."""
        self.now = instant(text)


class Journey:
    """One case, and what the two sides have read of it so far."""

    def __init__(self, town: Town, reference: str) -> None:
        self.town = town
        self.reference = reference
        self.path = f"cases/{reference}/"
        self.sides = {"buyer": Side(self, town.buyer), "seller": Side(self, town.seller)}

    # What people do

    def does(self, person: User, action: str, **body: Any) -> dict[str, Any]:
        """The action is carried out; the file as it stands afterwards."""
        answer = self.town.asks(person, "post", f"{self.path}actions/{action}/", body)
        assert answer.status_code == 200, answer.content.decode()
        found: dict[str, Any] = answer.json()
        return found

    def cannot(self, person: User, action: str, status: int, code: str, **body: Any) -> dict[str, Any]:
        """The action is refused with this status and code; the problem."""
        answer = self.town.asks(person, "post", f"{self.path}actions/{action}/", body)
        problem: dict[str, Any] = answer.json()
        assert (answer.status_code, problem.get("code")) == (status, code), answer.content.decode()
        assert problem["detail"]
        return problem

    def does_on_second_sight(self, person: User, action: str, **body: Any) -> dict[str, Any]:
        """Somebody was quicker: with a stale version it is a 409 that shows the way; with what it says, it works."""
        seen = self.read(person)
        stale = seen["version"] - 1
        problem = self.cannot(person, action, 409, "stale_version", **body, version=stale)
        assert (problem["version"], problem["status"]) == (seen["version"], 409)
        assert problem["case_status"] == seen["status"]
        assert problem["allowed_actions"] == seen["allowed_actions"] and action in problem["allowed_actions"]
        assert self.read(person)["version"] == seen["version"]
        return self.does(person, action, **body, version=problem["version"])

    def hands_in(self, person: User, slot: str, kind: str, *, name: str, content: bytes, mime: str) -> dict[str, Any]:
        """An exhibit, uploaded as a form and submitted at once."""
        form = {"file": SimpleUploadedFile(name, content, mime), "slot": slot, "kind": kind, "submit": "true"}
        answer = self.town.asks(person, "post", f"{self.path}evidence/", form, format="multipart")
        assert answer.status_code == 201, answer.content.decode()
        found: dict[str, Any] = answer.json()
        return found

    def is_swept(self, *, at: str) -> None:
        """Until this instant nothing happens by itself; at it the sweep runs, and moves the case."""
        before = self.row.status
        self.town.now = instant(at) - timedelta(seconds=1)
        self.town.sweeps()
        assert self.row.status == before, "swept a second too early"
        self.town.now = instant(at)
        self.town.sweeps()

    # What is read

    @property
    def row(self) -> Case:
        return Case.objects.get(reference=self.reference)

    @property
    def handler(self) -> User:
        owner = self.row.owner
        assert owner is not None
        return owner

    def read(self, person: User) -> dict[str, Any]:
        found: dict[str, Any] = self.town.reads(person, self.path)
        return found

    def stands(
        self, at: str, turn: str, *, buyer: str, seller: str | None, clocks: str = "",
        says: list[str] | None = None, told: tuple[str, str] = ("", ""),
    ) -> None:  # fmt: skip
        """What the API says now.

        `at` "stage / status"; `turn` "party: activity until instant, else what happens"; `buyer` and `seller` the
        actions each side can take beside writing a message (None: the seller cannot see the case); `clocks` the
        open ones that both see; `says` the new sentences of the buyer's timeline; `told` the new notices.
        """
        for name, actions in (("buyer", buyer), ("seller", seller)):
            side = self.sides[name]
            if actions is None:
                assert self.town.asks(side.person, "get", self.path).status_code == 404
                continue
            file = self.read(side.person)
            assert f"{file['stage']} / {file['status']}" == at
            assert turn_of(file) == turn
            always = [] if file["status"] == "draft" else ["post_message"]
            assert sorted(file["allowed_actions"]) == sorted([*actions.split(), *always]), name
            for refused in file["blocked_actions"]:
                assert refused["detail"] and refused["action"] not in file["allowed_actions"]
            assert clocks_of(file) == sorted(part for part in clocks.split(", ") if part), name
        new = self.sides["buyer"].reads_on()
        self.sides["seller"].reads_on()
        if says is not None:
            assert new == says
        assert tuple(" ".join(self.sides[name].is_told()) for name in ("buyer", "seller")) == told

    def ends(self, *, outcome: str, clocks: str) -> dict[str, Any]:
        """Closed, nobody's turn, nothing runs; `clocks`: how every clock that the buyer sees ended."""
        file = self.read(self.town.buyer)
        assert file["stage"] == "closed" and turn_of(file) == "nobody: none"
        assert f"{file['outcome']['code']}, {file['outcome']['reason']}" == outcome
        assert file["outcome"]["label"] and file["closed_at"]
        ended = sorted(f"{clock['kind']} {clock['status']}" for clock in file["clocks"])
        assert ended == sorted(clocks.split(", "))
        assert all(clock["stopped_at"] for clock in file["clocks"])
        return file


class Side:
    """A party and how far it has read."""

    def __init__(self, journey: Journey, person: User) -> None:
        self.journey, self.person = journey, person
        self.read_events = 0
        self.read_notices = 0

    def reads_on(self) -> list[str]:
        """The new sentences of this side's timeline, in English; in Chinese there are as many, of the same codes."""
        town, path = self.journey.town, f"{self.journey.path}timeline/?page_size=100"
        answer = town.asks(self.person, "get", path)
        if answer.status_code == 404:
            return []
        english = answer.json()["results"]
        assert all(row["data"] == {} for row in english), "parties read sentences, not our data"
        if self.person.role == Role.SELLER_STAFF:
            assert CONTACT not in answer.content.decode()
        else:
            self._reads_chinese(path, [row["code"] for row in english])
        new = [row["says"] for row in english[self.read_events :]]
        self.read_events = len(english)
        return new

    def _reads_chinese(self, path: str, codes: list[str]) -> None:
        said = self.journey.town.reads(self.person, path, language="zh-hans")["results"]
        assert [row["code"] for row in said] == codes
        assert all(is_chinese(row["says"]) for row in said), said

    def is_told(self) -> list[str]:
        """The templates of the new notices in the application, the oldest first."""
        rows = self.journey.town.reads(self.person, "notices/?page_size=100")["results"]
        about = [row for row in rows if row["case"] == self.journey.reference][::-1]
        assert all(row["subject"] and row["body"] for row in about)
        new = [str(row["template"]) for row in about[self.read_notices :]]
        self.read_notices = len(about)
        return new


def instant(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def local(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def turn_of(file: dict[str, Any]) -> str:
    """`next_action` as one line."""
    step = file["next_action"]
    said = f"{step['party']}: {step['activity']}"
    return said if step["due_at"] is None else f"{said} until {local(step['due_at'])}, else {step['on_timeout']}"


def clocks_of(file: dict[str, Any]) -> list[str]:
    """The open clocks: "kind instant", with why one stands still, or that it was missed."""
    found = []
    for clock in file["clocks"]:
        if clock["stopped_at"] is None:
            aside = clock["paused_for"] or ("missed" if clock["breached_at"] else "")
            found.append(f"{clock['kind']} {local(clock['due_at'])}" + (f" ({aside})" if aside else ""))
    return sorted(found)


def is_chinese(text: str) -> bool:
    """Whether Han characters are in it."""
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)
