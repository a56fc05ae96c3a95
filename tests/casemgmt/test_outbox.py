"""The outbox: telling is a row in the transaction, sending is at least once under one id."""

import email
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import override_settings

from casemgmt.accounts.actors import SYSTEM
from casemgmt.accounts.models import Organisation, User
from casemgmt.notifications import outbox, registry, tasks, transports
from casemgmt.notifications.models import Channel, Notice, Preference
from casemgmt.timeline.models import Event
from tests.copies import database_url
from tests.evidence.house import new_case, record

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Picky:
    """A transport that refuses the letters it is told to, and keeps the rest."""

    refuses: set[int] = set()
    shut = False
    carried: list[int] = []

    def open(self) -> None:
        if Picky.shut:
            raise ConnectionRefusedError("nobody listens")

    def send(self, notice: Notice) -> None:
        if notice.recipient_id in Picky.refuses:
            raise RuntimeError("a fault nobody thought of")
        Picky.carried.append(notice.recipient_id)

    def close(self) -> None:
        pass


@pytest.fixture
def picky() -> Iterator[type[Picky]]:
    Picky.refuses, Picky.carried, Picky.shut = set(), [], False
    with override_settings(NOTICE_TRANSPORTS={"email": f"{__name__}.Picky"}):
        yield Picky


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    kept = dict(registry._templates), list(registry._resolvers)
    registry.register_template("test.offer", subject="An offer of %(shop)s", body="%(shop)s offers %(amount)s.")
    yield
    registry._templates.clear()
    registry._templates.update(kept[0])
    registry._resolvers[:] = kept[1]


def person(name: str, *, address: str | None = None, language: str = "en") -> User:
    return User.objects.create(
        username=name,
        display_name=name,
        role="consumer",
        language=language,
        email=f"{name}@example.org" if address is None else address,
    )


def told(*people: User, template: str = "test.offer", event_id: int | None = None, **params: Any) -> int:
    """Announce one event to these people, as a resolver of the apps above would."""
    drafts = [
        registry.Draft(recipient_id=who.pk, template=template, event_id=event_id, params=params) for who in people
    ]
    registry.drafts_by(lambda events, cases: drafts)
    return outbox.announce([Event(code="test")], at=NOON)


@pytest.mark.django_db
def test_without_a_resolver_nobody_is_told() -> None:
    registry._resolvers.clear()
    assert outbox.announce([Event(code="test")], at=NOON) == 0
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_an_in_app_notice_is_delivered_by_existing_and_an_email_waits() -> None:
    told(person("ann"), shop="Tea House", amount="5.00")
    in_app, letter = Notice.objects.order_by("-channel")
    assert (in_app.channel, in_app.sent_at, in_app.next_try_at) == (Channel.IN_APP, NOON, None)
    assert (letter.channel, letter.sent_at, letter.next_try_at) == (Channel.EMAIL, None, NOON)


@pytest.mark.django_db
def test_an_event_announced_again_tells_nobody_twice() -> None:
    ann, bob = person("ann"), person("bob")
    shop = Organisation.objects.create(key="shop", name="Shop")
    case = new_case(ann, shop)
    record(case_id=case.pk, actor=SYSTEM, at=NOON, code="test", data={})
    event = Event.objects.get(case=case)
    for _again in range(3):
        told(ann, bob, event_id=event.pk)
    assert Notice.objects.filter(event=event).count() == 4
    assert outbox.deliver(at=NOON).sent == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_told() -> None:
    ann = person("ann")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        told(ann)
        raise ZeroDivisionError
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_a_letter_bears_its_id_and_says_that_a_machine_wrote_it() -> None:
    told(person("ann"), shop="Tea House", amount="5.00")
    assert outbox.deliver(at=NOON).sent == 1
    letter = mail.outbox[0].message()
    notice = Notice.objects.get(channel="email")
    assert letter["Message-ID"] == f"<{notice.uid}@127.0.0.1>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Subject"] == "An offer of Tea House"
    assert (notice.sent_at, notice.next_try_at, notice.attempts) == (NOON, None, 1)
    assert outbox.deliver(at=NOON).sent == 0


@pytest.mark.django_db
def test_the_mail_is_written_in_the_readers_language() -> None:
    from django.utils.translation import gettext_lazy

    registry.register_template("test.yes", subject=gettext_lazy("Yes"), body=gettext_lazy("No"))
    told(person("ann"), person("li", language="zh-hans"), template="test.yes")
    outbox.deliver(at=NOON)
    assert sorted(letter.subject for letter in mail.outbox) == ["Yes", "是"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Tea\r\nBcc: all@example.org", "Tea\nX: y", "Tea\u2028Bcc: a@b.c", "Tea\x1b[31m"])
def test_a_name_with_line_breaks_makes_no_header(name: str) -> None:
    told(person("ann"), shop=name, amount="5.00")
    outbox.deliver(at=NOON)
    letter = email.message_from_bytes(mail.outbox[0].message().as_bytes())
    assert letter["Bcc"] is None and letter["X"] is None
    assert mail.outbox[0].recipients() == ["ann@example.org"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["a@b.org\nBcc: c@d.org", "a@b.org, c@d.org", "no address"])
def test_an_address_that_is_not_one_address_is_given_up_at_once(address: str) -> None:
    told(person("mallory", address=address), person("ann"), shop="x", amount="1")
    done = outbox.deliver(at=NOON)
    assert (done.sent, done.failed) == (1, 1)
    failed = Notice.objects.get(failed_at=NOON)
    assert failed.next_try_at is None and "address" in failed.last_error


@pytest.mark.django_db
def test_who_has_no_address_gets_no_letter_but_the_notice() -> None:
    told(person("ann", address=""))
    assert list(Notice.objects.values_list("channel", flat=True)) == ["in_app"]


@pytest.mark.django_db
def test_the_longest_prefix_decides_and_only_about_letters() -> None:
    ann, bob = person("ann"), person("bob")
    Preference.objects.create(user=ann, template_prefix="", enabled=True)
    Preference.objects.create(user=ann, template_prefix="test.", enabled=False)
    Preference.objects.create(user=bob, template_prefix="", enabled=False)
    Preference.objects.create(user=bob, template_prefix="test.off", enabled=True)
    told(ann, bob)
    assert set(Notice.objects.values_list("recipient__username", "channel")) == {
        ("ann", "in_app"),
        ("bob", "in_app"),
        ("bob", "email"),
    }


@pytest.mark.django_db
def test_a_bad_row_stops_nobody_else(picky: type[Picky]) -> None:
    people = [person(f"p{n}") for n in range(25)]
    picky.refuses = {people[0].pk, people[13].pk}
    told(*people)
    done = outbox.deliver(at=NOON)
    assert (done.sent, done.delayed, done.failed) == (23, 2, 0)
    late = Notice.objects.filter(channel="email", sent_at=None)
    assert {notice.next_try_at for notice in late} == {NOON + timedelta(seconds=30)}
    assert all("RuntimeError" in notice.last_error for notice in late)


@pytest.mark.django_db
def test_a_letter_is_tried_again_after_its_delay_and_not_before(picky: type[Picky]) -> None:
    ann = person("ann")
    picky.refuses = {ann.pk}
    told(ann)
    outbox.deliver(at=NOON)
    picky.refuses = set()
    assert outbox.deliver(at=NOON + timedelta(seconds=29)).sent == 0
    assert outbox.deliver(at=NOON + timedelta(seconds=30)).sent == 1


@pytest.mark.django_db
def test_a_letter_nobody_takes_is_given_up_after_three_days(picky: type[Picky]) -> None:
    ann = person("ann")
    picky.refuses = {ann.pk}
    told(ann)
    at = NOON
    for _ in range(outbox.MAX_ATTEMPTS):
        outbox.deliver(at=at)
        at = Notice.objects.get(channel="email").next_try_at or at
    letter = Notice.objects.get(channel="email")
    assert letter.failed_at and timedelta(days=2) < letter.failed_at - NOON < timedelta(days=4)
    assert letter.attempts == outbox.MAX_ATTEMPTS and "RuntimeError" in letter.last_error


@pytest.mark.django_db
def test_a_mail_server_that_is_down_delays_everything_and_loses_nothing(picky: type[Picky]) -> None:
    people = [person(f"p{n}") for n in range(12)]
    told(*people)
    picky.shut = True
    assert outbox.deliver(at=NOON).delayed == 12
    picky.shut = False
    assert outbox.deliver(at=NOON + timedelta(seconds=30)).sent == 12
    assert sorted(picky.carried) == sorted(who.pk for who in people)


@pytest.mark.django_db
def test_the_task_delivers_by_the_database_clock() -> None:
    told(person("ann"))
    tasks.deliver()
    assert len(mail.outbox) == 1


def test_delays_double_from_half_a_minute_to_six_hours() -> None:
    assert [outbox.backoff(n).total_seconds() for n in (1, 2, 3)] == [30, 60, 120]
    assert outbox.backoff(50) == timedelta(hours=6)


@pytest.mark.django_db
def test_an_unknown_template_still_says_something() -> None:
    told(person("ann"), template="test.gone")
    outbox.deliver(at=NOON)
    assert mail.outbox[0].subject == "News about your case"


def test_an_email_transport_is_found_by_its_path() -> None:
    assert isinstance(transports.transport("email"), transports.Email)


DELIVER = """
import django; django.setup()
from casemgmt import clock
from casemgmt.notifications import outbox
outbox.deliver(at=clock.now())
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["after_claim", "after_send"])
def test_killed_while_sending_the_same_id_goes_out_again(place: str, tmp_path: Path) -> None:
    for n in range(3):
        told(person(f"p{n}"))
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(tmp_path),
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    }
    command = [sys.executable, "-c", DELIVER]
    killed = subprocess.run(command, env={**environment, "DEBUG_FAULTS": "1", "FAILPOINTS": place}, check=False)
    assert killed.returncode == -signal.SIGKILL
    wanted = {transports.message_id(letter) for letter in Notice.objects.filter(channel="email")}
    assert Notice.objects.filter(channel="email", sent_at=None).count() == 3
    # Their lease must run out first; the test lets it, instead of sleeping.
    Notice.objects.filter(channel="email").update(next_try_at=NOON)
    subprocess.run(command, env=environment, check=True)
    assert set(letters(tmp_path / "mail")) == wanted
    assert len(letters(tmp_path / "mail")) == (4 if place == "after_send" else 3)
    assert not Notice.objects.filter(channel="email", sent_at=None).exists()


def letters(folder: Path) -> Sequence[str]:
    """The Message-ID of each letter that the file backend wrote."""
    text = "\n".join(path.read_text() for path in folder.iterdir())
    return [line.removeprefix("Message-ID: ") for line in text.splitlines() if line.startswith("Message-ID: ")]
