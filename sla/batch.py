"""What one transaction writes about a set of locked cases: clocks, events and notices, each set-wise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casemgmt.failpoints import failpoint
from casemgmt.notifications import outbox
from casemgmt.timeline.log import Journal
from sla.calendars import WorkingCalendar
from sla.clocks import Book


@dataclass(kw_only=True)
class Batch:
    """One act of a person and a thousand time-outs take the same path. The caller holds the cases' locks."""

    at: datetime
    book: Book
    journal: Journal
    new: int | None = None  # the case that this very transaction made
    cases: dict[int, Any] = field(default_factory=dict)  # what moved, by id, as it is now: nobody reads it again

    @classmethod
    def open(cls, case_ids: Collection[int], *, at: datetime) -> Batch:
        return cls(at=at, book=Book.load(case_ids), journal=Journal())

    @classmethod
    def of_new(cls, case_id: int, *, calendars: dict[int, WorkingCalendar], at: datetime) -> Batch:
        """For a case made in this transaction: it has neither clocks nor events, so nothing is read."""
        book = Book([case_id], (), complete=True, calendars=calendars)
        return cls(at=at, book=book, journal=Journal(new_cases=[case_id]), new=case_id)

    @classmethod
    def open_due(cls, case_ids: Collection[int], *, at: datetime) -> Batch:
        """For the sweep: begins with what is due, and reads the other clocks only if a handler asks for them."""
        return cls(at=at, book=Book.load_due(case_ids, at=at), journal=Journal())

    def write(self) -> None:
        """Store everything, in the caller's transaction."""
        self.book.write()
        failpoint("after_state")
        events = self.journal.write(recorded_at=self.at)
        outbox.announce(events, at=self.at, cases=self.cases)
