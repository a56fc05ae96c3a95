"""Refusals: each has a kind (what went wrong), a code (which one) and a sentence that says what to do."""

from typing import Any

from django.utils.functional import Promise


class DomainError(Exception):
    """A refusal a person can act on. `extra` is machine-readable and goes into the problem document."""

    status = 400

    def __init__(self, code: str, detail: str | Promise, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.extra = extra

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class Invalid(DomainError):
    """The request itself is wrong: 422. `extra["fields"]` maps a field to its complaint."""

    status = 422


class NotPermitted(DomainError):
    """The actor sees the case but may not do this: 403."""

    status = 403


class NotFound(DomainError):
    """It does not exist, or the actor may not know that it does: 404."""

    status = 404


class Conflict(DomainError):
    """The world has moved on: 409. Base of the kinds below."""

    status = 409


class WrongState(Conflict):
    """The case is not in a state that allows the action; `extra["allowed_actions"]` says what is."""


class TooLate(Conflict):
    """The window for the action has closed; `extra["until"]` says when."""


class TooEarly(Conflict):
    """The action will be allowed later; `extra["from"]` says when."""


class TooMany(DomainError):
    """A rate limit: 429; `extra["retry_after"]` is in seconds."""

    status = 429


class Unavailable(DomainError):
    """An outside system is down: 503; nothing was changed."""

    status = 503
