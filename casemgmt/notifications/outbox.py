"""The outbox: told in the transaction that made the news, sent afterwards, at least once, under a stable id."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from casemgmt.accounts.models import User
from casemgmt.failpoints import failpoint
from casemgmt.notifications import alarm, registry
from casemgmt.notifications.models import Channel, Notice
from casemgmt.notifications.transports import Transport, UndeliverableError, transport
from casemgmt.timeline.models import Event

log = logging.getLogger(__name__)

BATCH = 10
LEASE = timedelta(seconds=45)  # a process that dies while sending delays its batch by this much
BUDGET_SECONDS = 20.0  # one call stops claiming after this: its `at` must stay close to the truth
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=6)
MAX_ATTEMPTS = 20  # about three days


@dataclass(kw_only=True)
class Delivered:
    """What one call of `deliver` did."""

    sent: int = 0
    delayed: int = 0
    failed: int = 0


def announce(events: Sequence[Event], *, at: datetime, cases: Mapping[int, Any] | None = None) -> int:
    """Write the notices of these events, in the caller's transaction; how many were meant. Twice is as good as once.

    `cases`: those of the events' cases that the caller has in memory, by id.
    """
    drafts = registry.drafts(events, cases or {}) if events else []
    return tell(drafts, at=at) if drafts else 0


def tell(drafts: Sequence[registry.Draft], *, at: datetime) -> int:
    """Write these notices, in the caller's transaction if there is one; how many were meant."""
    mailable = _mailable({draft.recipient_id for draft in drafts if Channel.EMAIL in draft.channels})
    notices = [
        _notice(draft, channel, at)
        for draft in drafts
        for channel in draft.channels
        if channel != Channel.EMAIL or mailable.wants(draft)
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=2000)
    told = frozenset(draft.recipient_id for draft in drafts)
    transaction.on_commit(partial(alarm.ring, people=told), robust=True)
    return len(notices)


def tell_role(role: str, *, template: str, at: datetime, **params: Any) -> int:
    """Tell everybody of this role, of something that is about no single case."""
    people = User.objects.filter(role=role, is_active=True).order_by("pk").values_list("pk", flat=True)
    return tell([registry.Draft(recipient_id=pk, template=template, params=params) for pk in people], at=at)


def deliver(*, at: datetime, limit: int = 1000) -> Delivered:
    """Send what is due, oldest first, in small leased batches. No row is locked while a mail server is spoken to."""
    done = Delivered()
    begun, taken = time.monotonic(), 0
    while taken < limit and time.monotonic() - begun < BUDGET_SECONDS:
        batch = _claim(at, min(BATCH, limit - taken))
        if not batch:
            break
        taken += len(batch)
        failpoint("after_claim")
        _send_batch(batch, at, done)
    return done


def backoff(attempts: int) -> timedelta:
    """30 s, 1 min, 2 min … up to 6 h after this many tries."""
    return min(FIRST_DELAY * (1 << min(attempts - 1, 12)), LONGEST_DELAY)


@dataclass(frozen=True, kw_only=True)
class _Mailable:
    """Of those who have an address: which prefixes each of them switched on or off."""

    choices: dict[int, dict[str, bool]]

    def wants(self, draft: registry.Draft) -> bool:
        said = self.choices.get(draft.recipient_id)
        if said is None:
            return False
        fitting = [prefix for prefix in said if draft.template.startswith(prefix)]
        return said[max(fitting, key=len)] if fitting else True


# By hand: every act asks this, and making the statement anew from expressions costs more than running it.
_MAILABLE = """
SELECT person.id, said.template_prefix, said.enabled FROM accounts_user AS person
LEFT JOIN notifications_preference AS said ON said.user_id = person.id AND said.channel = 'email'
WHERE person.id = ANY(%s) AND person.is_active AND person.email <> ''
"""


def _mailable(people: set[int]) -> _Mailable:
    choices: dict[int, dict[str, bool]] = {}
    if people:
        with connection.cursor() as cursor:
            cursor.execute(_MAILABLE, [sorted(people)])
            for person, prefix, enabled in cursor.fetchall():
                said = choices.setdefault(person, {})
                if prefix is not None:
                    said[prefix] = enabled
    return _Mailable(choices=choices)


def _notice(draft: registry.Draft, channel: str, at: datetime) -> Notice:
    waits = channel != Channel.IN_APP
    return Notice(
        case_id=draft.case_id,
        event_id=draft.event_id,
        recipient_id=draft.recipient_id,
        channel=channel,
        template=draft.template,
        params=draft.params,
        created_at=at,
        next_try_at=at if waits else None,
        sent_at=None if waits else at,
    )


def _claim(at: datetime, size: int) -> list[Notice]:
    """Lease the oldest due rows nobody else is taking, and count the try: a row that kills its sender runs out too."""
    with transaction.atomic():
        due = Notice.objects.filter(next_try_at__lte=at).order_by("next_try_at", "id")
        rows = list(due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:size])
        Notice.objects.filter(pk__in=rows).update(next_try_at=at + LEASE, attempts=F("attempts") + 1)
    return list(Notice.objects.filter(pk__in=rows).select_related("recipient").order_by("id"))


def _send_batch(batch: list[Notice], at: datetime, done: Delivered) -> None:
    for channel in {notice.channel for notice in batch}:
        rows = [notice for notice in batch if notice.channel == channel]
        carrier = transport(channel)
        try:
            carrier.open()
        except OSError as problem:  # nobody there: no use to ring once for each letter
            for notice in rows:
                _put_off(notice, problem, at, done)
            continue
        try:
            for notice in rows:
                _send(notice, carrier, at, done)
        finally:
            carrier.close()


def _send(notice: Notice, carrier: Transport, at: datetime, done: Delivered) -> None:
    try:
        if notice.attempts > MAX_ATTEMPTS:
            raise UndeliverableError("its sender died at every try")
        carrier.send(notice)
    except UndeliverableError as problem:
        _give_up(notice, problem, at, done)
    except Exception as problem:  # noqa: BLE001 — a transport may fail in any way; one bad row never stops the rest
        _put_off(notice, problem, at, done)
        carrier.close()  # the next one gets a fresh connection
    else:
        failpoint("after_send")
        _mark(notice, sent_at=at, next_try_at=None, last_error="")
        done.sent += 1


def _put_off(notice: Notice, problem: Exception, at: datetime, done: Delivered) -> None:
    if notice.attempts >= MAX_ATTEMPTS:
        _give_up(notice, problem, at, done)
        return
    _mark(notice, next_try_at=at + backoff(notice.attempts), last_error=_told(problem))
    done.delayed += 1


def _give_up(notice: Notice, problem: Exception, at: datetime, done: Delivered) -> None:
    log.error("notice %s given up after %s tries: %s", notice.uid, notice.attempts, type(problem).__name__)
    _mark(notice, failed_at=at, next_try_at=None, last_error=_told(problem))
    done.failed += 1


def _mark(notice: Notice, **fields: object) -> None:
    # Somebody else may have finished it after our lease ran out: what is over stays over.
    Notice.objects.filter(pk=notice.pk, sent_at=None, failed_at=None).update(**fields)


def _told(problem: Exception) -> str:
    return registry.one_line(f"{type(problem).__name__}: {problem}")[:300]
