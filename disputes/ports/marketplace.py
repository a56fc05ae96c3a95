"""The HTTP gateway to a real marketplace: GET {ORDERS_URL}/orders/{number} with a bearer token."""

from __future__ import annotations

import logging
import random
import time
from typing import Any
from urllib.parse import quote

import httpx
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from casemgmt.errors import DomainError, Unavailable
from disputes import ordering
from disputes.api.order_inputs import OrderInput, sent_order
from disputes.ports.orders import COPIED, Found

log = logging.getLogger(__name__)

CONNECT_SECONDS = 2.0
READ_SECONDS = 3.0
TRIES = 3
PAUSE_SECONDS = 0.2  # doubled after each try, with up to as much again at random


class HttpOrders:
    """Asks the marketplace, a few times, never for long. Unknown buyers and sellers become accounts of ours."""

    def fetch(self, number: str) -> Found | None:
        answer = self._answer(number)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if answer.status_code != httpx.codes.OK:
            raise _unavailable(f"status {answer.status_code}")
        return _found(number, answer)

    def _answer(self, number: str) -> httpx.Response:
        """The first answer that is not a failure of theirs. Raises Unavailable after the last try."""
        address = f"{settings.ORDERS_URL.rstrip('/')}/orders/{quote(number, safe='')}"
        said = ""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(PAUSE_SECONDS * 2 ** (attempt - 1) * (1 + random.random()))  # noqa: S311 -- jitter, not a secret
            try:
                answer = httpx.get(address, headers=_headers(), timeout=_timeout(), follow_redirects=False)
            except httpx.HTTPError as error:
                said = type(error).__name__
                continue
            if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                return answer
            said = f"status {answer.status_code}"
        raise _unavailable(said)


def _headers() -> dict[str, str]:
    token = {"Authorization": f"Bearer {settings.ORDERS_TOKEN}"} if settings.ORDERS_TOKEN else {}
    return {"Accept": "application/json", **token}


def _timeout() -> httpx.Timeout:
    return httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)


def _found(number: str, answer: httpx.Response) -> Found:
    """What they sent, judged as an order sent to us would be. Raises Unavailable for what is not an order."""
    try:
        body: Any = answer.json()
        said = OrderInput(data=body)
        said.is_valid(raise_exception=True)
        sent = sent_order(said.validated_data)
        if sent.number != number:
            raise _unavailable("another order")
        buyer, seller = ordering.buyer_of(**sent.buyer), ordering.seller_of(**sent.seller)
    except (ValueError, ValidationError, DomainError) as error:
        raise _unavailable(type(error).__name__) from error
    facts = {name: value for name, value in {"number": number, **sent.facts}.items() if name in COPIED}
    status = str(facts["status"])
    return Found(buyer_id=buyer.pk, seller=seller, status=status, source="marketplace", facts=facts)


def _unavailable(said: str) -> Unavailable:
    log.warning("the marketplace did not answer as it should: %s", said)
    detail = _("The marketplace does not answer. Nothing was changed; try again later.")
    return Unavailable("marketplace_unavailable", detail, retry_after=60)
