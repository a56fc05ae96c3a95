"""Same key and same request: same answer, one effect. The answer is stored in the effect's own transaction."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from casemgmt import clock
from casemgmt.errors import Conflict, Invalid
from casemgmt.rest.authentication import person
from casemgmt.rest.models import IdempotencyKey

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT_FOR = timedelta(days=7)
# By hand: every change asks this, and making the statement anew from expressions costs more than running it.
_KEPT = "SELECT fingerprint, status, body FROM rest_idempotencykey WHERE user_id = %s AND key = %s"
SHAPE = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the caller is told: an HTTP status and the body as JSON text, rendered once; empty for no body."""

    status: int
    text: str
    replayed: bool = False

    @classmethod
    def of(cls, *, status: int, body: Any) -> Answer:
        """With a body that JSON can hold, or None."""
        return cls(status=status, text="" if body is None else JSONRenderer().render(body).decode())

    def value(self) -> Any:
        """The body again, as it was before it became text."""
        return json.loads(self.text) if self.text else None

    def response(self) -> HttpResponse:
        headers = {REPLAYED: "true"} if self.replayed else None
        return HttpResponse(self.text, status=self.status, headers=headers, content_type=JSONRenderer.media_type)


@dataclass(frozen=True, kw_only=True)
class Once:
    """One person's promise that requests under `key` are one and the same request.

    Inside the transaction of the effect: first `replay()`, and if it answers, stop there; last `keep()`.
    A refusal or a killed process rolls both back, so the next try starts afresh.
    """

    user_id: int
    key: str
    fingerprint: str

    @classmethod
    def of(cls, request: Request, *, with_body: bool = True) -> Once | None:
        """What the request's Idempotency-Key says; None where it has none. Raises Invalid for a key of a wrong form.

        `with_body=False` for uploads, whose bytes are not read twice.
        """
        key = request.headers.get(HEADER)
        if key is None:
            return None
        if not SHAPE.fullmatch(key):
            detail = _("An Idempotency-Key is 1 to 255 visible ASCII characters, for example a UUID.")
            raise Invalid("idempotency_key_malformed", detail)
        return cls(user_id=person(request).pk, key=key, fingerprint=_fingerprint(request, with_body=with_body))

    def replay(self) -> Answer | None:
        """The answer given before, or None with the key locked until the transaction ends.

        Raises Conflict while the same key is being worked on, and Invalid when it came with another request.
        """
        if not self._lock():
            detail = _("The same request is being carried out at this moment. Ask again in a second.")
            raise Conflict("idempotency_in_flight", detail, retry_after=1)
        with connection.cursor() as cursor:
            cursor.execute(_KEPT, [self.user_id, self.key])
            row = cursor.fetchone()
        if row is None:
            return None
        fingerprint, status, body = row
        if fingerprint != self.fingerprint:
            detail = _("This Idempotency-Key was used for another request. Use a new key for a new request.")
            raise Invalid("idempotency_key_reused", detail)
        return Answer(status=status, text=body, replayed=True)

    def keep(self, answer: Answer, *, at: datetime) -> None:
        """Store the answer; it becomes visible when the effect does."""
        IdempotencyKey.objects.create(
            user_id=self.user_id,
            key=self.key,
            fingerprint=self.fingerprint,
            status=answer.status,
            body=answer.text,
            created_at=at,
        )

    def _lock(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [self._number()])
            row = cursor.fetchone()
        return bool(row[0])

    def _number(self) -> int:
        """A signed 64-bit name for the lock."""
        digest = sha256(f"idempotency:{self.user_id}:{self.key}".encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)


def answer_once(request: Request, work: Callable[[], Answer], *, with_body: bool = True) -> HttpResponse:
    """Carry out `work` in one transaction, once per Idempotency-Key, and answer. Without the header, simply once."""
    return carry_out(Once.of(request, with_body=with_body), work)


def carry_out(once: Once | None, work: Callable[[], Answer]) -> HttpResponse:
    """The same for a caller that says itself what makes two requests the same: an upload has a hash for its body."""
    with transaction.atomic(durable=True):
        answer = once.replay() if once is not None else None
        if answer is None:
            answer = work()
            if once is not None:
                once.keep(answer, at=clock.now())
    return answer.response()


def purge(*, at: datetime) -> int:
    """Forget answers older than seven days; how many."""
    return IdempotencyKey.objects.filter(created_at__lt=at - KEPT_FOR).delete()[0]


def _fingerprint(request: Request, *, with_body: bool) -> str:
    said = [request.method, request.get_full_path(), request.data if with_body else None]
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
