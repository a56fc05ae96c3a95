"""Carrying one notice out of the house. `NOTICE_TRANSPORTS` names a class for each channel by dotted path."""

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, EmailMessage, get_connection
from django.core.validators import validate_email
from django.utils.module_loading import import_string

from casemgmt.notifications import registry
from casemgmt.notifications.models import Notice


class UndeliverableError(Exception):
    """This notice can never be delivered as it is: no use to try again."""


class Transport(Protocol):
    """Opened once for a batch. `send` may raise `UndeliverableError` (for good) or anything else (try again later)."""

    def open(self) -> None: ...

    def send(self, notice: Notice) -> None: ...

    def close(self) -> None: ...


def transport(channel: str) -> Transport:
    """A fresh transport of this channel. Raises KeyError for a channel that has none."""
    paths: Mapping[str, str] = settings.NOTICE_TRANSPORTS
    made: Transport = import_string(paths[channel])()
    return made


def message_id(notice: Notice) -> str:
    """The same for every try, so that a mail program shows a repeated delivery once."""
    domain = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{notice.uid}@{domain}>"


class Email:
    """E-mail through Django's mail backends, in the recipient's language."""

    def __init__(self) -> None:
        self._connection: Any = get_connection()

    def open(self) -> None:
        self._connection.open()

    def close(self) -> None:
        self._connection.close()

    def send(self, notice: Notice) -> None:
        """Raises UndeliverableError for an address no mail can carry, OSError when the server is not there."""
        try:
            self._connection.send_messages([self._message(notice)])
        except (BadHeaderError, UnicodeError) as problem:
            raise UndeliverableError(str(problem)) from problem

    def _message(self, notice: Notice) -> EmailMessage:
        address = notice.recipient.email
        try:
            validate_email(address)  # one plain address: no line break, no comma, no second recipient
        except ValidationError as problem:
            raise UndeliverableError("the recipient has no usable e-mail address") from problem
        words = registry.render(notice.template, notice.params, language=notice.recipient.language)
        return EmailMessage(
            subject=words.subject,
            body=words.body,
            to=[address],
            headers={
                "Message-ID": message_id(notice),
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )
