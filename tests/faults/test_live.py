"""Live news: from the commit to the open page in two seconds, to whom it may concern, whatever is down or ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import F

from casemgmt import clock, embedded, processes
from casemgmt.accounts.models import Membership, User
from casemgmt.accounts.roles import Role
from casemgmt.live import door, hub
from casemgmt.notifications.models import Notice
from disputes.models import Case
from tests.faults import falling, programs
from tests.faults.programs import Stack
from tests.faults.streams import Reader, session_of
from tests.races import stages
from tests.world import Story, World

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 2.0  # seconds from the commit to the browser
BY_POLL = hub.POLL_SECONDS + 2.0


@pytest.fixture
def world() -> World:
    return World(at=clock.now() - timedelta(hours=2))


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with programs.stack(tmp_path) as running:
        yield running


@pytest.fixture
def port(stack: Stack) -> int:
    return _live(stack)


def _live(stack: Stack, **told: str) -> int:
    port = embedded.free_port()
    program = stack.live(port, **told)
    falling.wait_for(lambda: not embedded.is_free(port), seconds=30, otherwise=program.last_words)
    return port


def _answer(story: Story) -> None:
    """The seller refuses, now."""
    story.world.now = clock.now()
    story.does(story.world.seller, "refuse", reason="goods_fine", text="到货时完好。")


def _message(story: Story, who: User, thread: str = "parties") -> None:
    story.world.now = clock.now()
    story.does(who, "post_message", text="你好", thread=thread)


def test_a_sellers_answer_reaches_the_consumers_open_page_within_two_seconds(world: World, port: int) -> None:
    story = stages.awaiting_seller(world)
    buyer = Reader(port, session_of(world.buyer)).open().until_greeted()
    unread = buyer.heard[0].data["unread"]
    _answer(story)
    buyer.until(1, seconds=AT_ONCE)
    assert buyer.news() == [story.case.reference]
    assert buyer.heard[-1].data["unread"] == unread + 1
    assert buyer.headers["content-type"].startswith("text/event-stream")


def test_an_address_that_is_refused_again_and_again_is_not_looked_up_any_more(world: World, stack: Stack) -> None:
    port = _live(stack, BEHIND_PROXY="1")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"X-Forwarded-For": "192.0.2.7"}) as stranger:
        for number in range(door.STRANGERS):
            cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}=madeup{number}"} if number % 2 else {}
            assert stranger.get("/live/", headers=cookie).status_code == 401
        refused = stranger.get("/live/")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
        assert stranger.get("/live/", headers={"X-Forwarded-For": "192.0.2.8"}).status_code == 401
    assert Reader(port, session_of(world.buyer)).open().until_greeted().status == 200


def test_nobody_hears_what_others_are_told(world: World, port: int) -> None:
    story = stages.awaiting_seller(world)
    others = [world.stranger, world.other_seller, world.agent, world.auditor, world.administrator]
    readers = [Reader(port, session_of(person)).open().until_greeted() for person in others]
    buyer = Reader(port, session_of(world.buyer)).open().until_greeted()
    _answer(story)
    buyer.until(1, seconds=AT_ONCE)
    time.sleep(hub.POLL_SECONDS + 1)
    assert [reader.news() for reader in readers] == [[]] * len(others)


def test_what_was_missed_is_replayed_from_the_last_event_and_from_the_pages_own_time(world: World, port: int) -> None:
    story, session = stages.awaiting_seller(world), session_of(world.buyer)
    first = Reader(port, session).open().until_greeted()
    _answer(story)
    first.until(1, seconds=AT_ONCE)
    heard = first.heard[-1].uid
    first.close()
    Notice.objects.update(created_at=F("created_at") - timedelta(minutes=5))  # so that nothing is under way beside it
    rendered = clock.now() + timedelta(seconds=6)  # as if nothing of the last five seconds were missing on the page
    while clock.now() < rendered + timedelta(seconds=0.1):
        time.sleep(0.1)
    _message(story, world.seller)
    for again in (Reader(port, session, last=heard), Reader(port, session, query=f"?last={heard}")):
        again.open().until(1, seconds=AT_ONCE)
        assert again.news() == [story.case.reference]
        assert again.heard[-1].uid == str(
            Notice.objects.filter(recipient=world.buyer, channel="in_app").latest("pk").uid
        )
    since = rendered.isoformat().replace("+", "%2B")
    page = Reader(port, session, query=f"?since={since}").open()
    page.until(1, seconds=AT_ONCE)
    assert page.news() == [story.case.reference]
    for useless in ("nonsense", str(Notice.objects.filter(recipient=world.seller).latest("pk").uid)):
        assert Reader(port, session, last=useless).open().until_greeted().news() == []


def test_a_notice_with_a_smaller_id_that_commits_later_is_told_too(world: World, port: int) -> None:
    slow = psycopg.connect(programs.database_url())
    slow.execute(_A_NOTICE, {"person": world.buyer.pk, "template": "slow"})
    with connection.cursor() as cursor:
        cursor.execute(_A_NOTICE, {"person": world.buyer.pk, "template": "before"})
        buyer = Reader(port, session_of(world.buyer)).open().until_greeted()
        cursor.execute(_A_NOTICE, {"person": world.buyer.pk, "template": "quick"})
    buyer.until(1, seconds=BY_POLL)
    slow.commit()
    slow.close()
    buyer.until(2, seconds=BY_POLL)
    told = [notice["id"] for one in buyer.heard if one.name == "news" for notice in one.data["notices"]]
    rows = {str(row.uid): row.template for row in Notice.objects.filter(recipient=world.buyer)}
    assert [rows[uid] for uid in told] == ["quick", "slow"]


_A_NOTICE = """
INSERT INTO notifications_notice (uid, recipient_id, channel, template, params, created_at, attempts, last_error, sent_at)
VALUES (gen_random_uuid(), %(person)s, 'in_app', %(template)s, '{}', clock_timestamp(), 0, '', clock_timestamp())
"""


def _signed_out(world: World, session: str) -> None:
    Session.objects.filter(pk=session).delete()


def _closed(world: World, session: str) -> None:
    User.objects.filter(pk=world.seller.pk).update(is_active=False)


def _new_password(world: World, session: str) -> None:
    User.objects.filter(pk=world.seller.pk).update(password="another")


@pytest.mark.parametrize("end", [_signed_out, _closed, _new_password])
def test_who_is_signed_out_or_closed_meanwhile_hears_nothing_more(
    world: World, port: int, end: Callable[[World, str], None]
) -> None:
    story, session = stages.awaiting_seller(world), session_of(world.seller)
    seller = Reader(port, session).open().until_greeted()
    buyer = Reader(port, session_of(world.buyer)).open().until_greeted()
    _message(story, world.buyer)
    seller.until(1, seconds=AT_ONCE)
    Notice.objects.filter(recipient=world.seller).update(created_at=clock.now() - timedelta(minutes=5))
    end(world, session)
    _tell(world.seller, story.case)
    seller.until_ended(seconds=BY_POLL)
    assert len(seller.news()) == 1
    assert Reader(port, session).open().status == 401
    assert not buyer.ended


def test_a_case_that_is_no_longer_theirs_is_not_told(world: World, port: int) -> None:
    story = stages.awaiting_seller(world)
    seller = Reader(port, session_of(world.seller)).open().until_greeted()
    Membership.objects.filter(user=world.seller).update(is_active=False)
    _tell(world.seller, story.case)
    other = world.files(no_order_reason="在店里买的").case
    Case.objects.filter(pk=other.pk).update(seller=world.other_shop, seller_contacted_at=clock.now())
    Membership.objects.create(user=world.seller, organisation=world.other_shop)
    _tell(world.seller, other)
    seller.until(1, seconds=BY_POLL)
    assert seller.news() == [other.reference]


def _tell(person: User, case: Case) -> None:
    """A notice that was written before the rights changed, seen by the poll alone."""
    at = clock.now()
    Notice.objects.create(recipient=person, channel="in_app", template="t", case=case, created_at=at, sent_at=at)


def test_staff_who_left_the_desk_hear_nothing_and_a_stream_does_not_keep_them_signed_in(
    world: World, port: int
) -> None:
    session = session_of(world.arbitrator)
    store: Any = Session.objects.get(pk=session)
    at = clock.now()
    facts = store.get_decoded() | {"began_at": at.isoformat(), "seen_at": (at - timedelta(minutes=29)).isoformat()}
    Session.objects.filter(pk=session).update(session_data=SessionStore().encode(facts))
    Reader(port, session).open().until_greeted()
    assert Session.objects.get(pk=session).get_decoded() == facts
    facts["seen_at"] = (at - timedelta(minutes=31)).isoformat()
    Session.objects.filter(pk=session).update(session_data=SessionStore().encode(facts))
    assert Reader(port, session).open().status == 401


def test_without_redis_news_still_comes_and_when_it_is_back_it_comes_at_once(
    world: World, stack: Stack, tmp_path: Path, settings: Any
) -> None:
    with programs.redis(tmp_path / "redis") as server:
        settings.REDIS_URL = server.url
        port = _live(stack, REDIS_URL=server.url)
        story = stages.awaiting_seller(world)
        buyer = Reader(port, session_of(world.buyer)).open().until_greeted()
        _answer(story)
        buyer.until(1, seconds=AT_ONCE)
        server.bury()  # SIGKILL
        began = time.monotonic()
        _message(story, world.seller)
        assert time.monotonic() - began < 1.5, "an act must not wait for Redis"
        buyer.until(2, seconds=BY_POLL)
        server.start()
        server.wait()
        time.sleep(hub.LISTEN_AGAIN_SECONDS + 1)
        _message(story, world.seller)
        buyer.until(3, seconds=AT_ONCE)
        assert not buyer.ended


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 401),
        ({"session": "nonsensenonsensenonsense"}, 401),
        ({"session": "no-key"}, 401),
        ({"path": "/"}, 404),
        ({"path": "/api/v1/me/"}, 404),
        ({"method": "POST"}, 405),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": f"{programs.ADDRESS}.evil.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_only_one_of_our_pages_with_a_session_is_served(port: int, asked: dict[str, Any], status: int) -> None:
    refused = Reader(port, **asked).open()
    assert refused.status == status
    ours = asked.get("origin", programs.ADDRESS) == programs.ADDRESS
    assert refused.headers.get("access-control-allow-origin") == (programs.ADDRESS if ours else None)
    assert ("access-control-allow-credentials" in refused.headers) is ours


def test_the_pages_origin_may_read_with_credentials_and_no_other(world: World, port: int) -> None:
    session = session_of(world.buyer)
    page = Reader(port, session).open()
    assert page.headers["access-control-allow-origin"] == programs.ADDRESS
    assert page.headers["access-control-allow-credentials"] == "true"
    assert page.headers["vary"] == "Origin"
    foreign = Reader(port, session, origin="http://127.0.0.1:2").open()
    assert (foreign.status, "access-control-allow-origin" in foreign.headers) == (403, False)


def test_one_person_has_only_so_many_streams_and_closed_ones_do_not_count(world: World, port: int) -> None:
    session = session_of(world.buyer)
    readers = [Reader(port, session).open().until_greeted() for _ in range(hub.STREAMS_PER_PERSON)]
    refused = Reader(port, session).open()
    assert (refused.status, refused.headers["retry-after"]) == (429, "60")
    assert Reader(port, session_of(world.stranger)).open().status == 200
    readers.pop().close()
    falling.wait_for(lambda: Reader(port, session).open().status == 200, seconds=5, otherwise=lambda: "still counted")


def test_a_hundred_streams_share_one_process_one_thread_and_one_connection(world: World, stack: Stack) -> None:
    port = _live(stack)
    worker = _worker_of(stack.running[-1])
    Reader(port, session_of(world.stranger)).open().until_greeted()
    before = _costs(worker)
    people = [world.person(Role.SUPERVISOR, f"s{number}") for number in range(100)]
    sessions = [session_of(person) for person in people]
    with ThreadPoolExecutor(20) as pool:
        readers = list(pool.map(lambda session: Reader(port, session).open().until_greeted(), sessions))
    at = clock.now()
    began = time.monotonic()
    Notice.objects.bulk_create(
        Notice(recipient=person, channel="in_app", template="t", created_at=at, sent_at=at) for person in people
    )
    for reader in readers:
        reader.until(1, seconds=BY_POLL)
    took, after = time.monotonic() - began, _costs(worker)
    assert [len(reader.news()) for reader in readers] == [1] * 100
    print(f"100 streams: all told {took:.1f} s after the commit, by the poll; {before} → {after}")
    assert after["threads"] == before["threads"]
    assert after["kB"] - before["kB"] < 20_000
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone() == (1,)


def _worker_of(program: processes.Child) -> int:
    children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
    return max(map(int, children), key=lambda pid: _costs(pid)["kB"])


def _costs(pid: int) -> dict[str, int]:
    """Memory of its own in kB, and threads."""
    said = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    private = sum(int(line.split()[1]) for line in said if line.startswith("Private_"))
    return {"kB": private, "threads": len(list(Path(f"/proc/{pid}/task").iterdir()))}


def test_it_ends_at_once_with_readers_connected(world: World, stack: Stack) -> None:
    port = _live(stack)
    buyer = Reader(port, session_of(world.buyer)).open().until_greeted()
    began = time.monotonic()
    stack.running[-1].ask()
    assert processes.wait([stack.running[-1]], until=began + 5)
    buyer.until_ended(seconds=1)
