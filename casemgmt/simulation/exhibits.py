"""One small text that stands for every exhibit of the simulation: stored once, sealed and recorded each time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from casemgmt.accounts.actors import Actor
from disputes.models import Case
from evidence import items, receiving, storage


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    stored: items.Stored

    def hand_in(self, *, case: Case, actor: Actor, slot: str, at: datetime) -> None:
        details = items.Details(slot=slot, kind="chat_log", statement="What was said.")
        items.add(case=case, actor=actor, stored=self.stored, details=details, submit=True, at=at)


@contextmanager
def exhibit() -> Iterator[Exhibit]:
    """The bytes lie in the storage for the length of the block; nobody else has the same."""
    text = f"shop: it left us in order\nbuyer: it did not arrive so\n(simulation {os.getpid()})\n".encode()
    received = receiving.receive([text], name="simulated.txt", declared="text/plain")
    stored = items.store(received=received, kind="chat_log")
    try:
        yield Exhibit(stored=stored)
    finally:
        storage.store().delete(stored.key)
