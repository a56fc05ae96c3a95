"""The calendar of the simulation: people act when they mean to, and every few minutes the sweep runs."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casemgmt import clock
from casemgmt.errors import DomainError
from casemgmt.simulation import bench, parties
from casemgmt.simulation.desks import Desks
from casemgmt.simulation.exhibits import Exhibit
from casemgmt.simulation.population import Population, ToFile
from casemgmt.simulation.scene import Scene
from casemgmt.simulation.temper import Plan, Temper
from casemgmt.timeline.models import Event
from disputes import intake, workflow
from disputes.models import Case
from disputes.states import CLOSED, Status
from sla import policies, sweep

Decide = Callable[[Scene], Plan | None]
DECIDE: dict[Status, Decide] = {
    **{Status(name): getattr(parties, name) for name in (
        "awaiting_seller", "offer_pending", "seller_refused", "awaiting_return", "return_in_transit",
        "awaiting_fulfilment", "awaiting_buyer_confirm", "mediation", "ruled")},
    **{Status(name): getattr(bench, name) for name in (
        "submitted", "awaiting_carrier", "intervention_requested", "under_review", "evidence_period", "suspended",
        "ruling_in_approval", "under_appeal", "executing")},
    **dict.fromkeys(CLOSED, parties.closed),
}  # fmt: skip


@dataclass(kw_only=True)
class Course:
    """What happened: acts by name, refusals by code, and what the sweep carried out."""

    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    swept: sweep.Swept = field(default_factory=sweep.Swept)


class Engine:
    """`run` drives everything; one act after the other, in the order of their instants, so that a seed tells it all."""

    def __init__(self, *, seed: str, people: Population, exhibit: Exhibit, start: datetime, tick: timedelta) -> None:
        self.seed = seed
        self.people = people
        self.exhibit = exhibit
        self.start = start
        self.tick = tick
        self.course = Course()
        calendar = policies.calendar(policies.rulebook(policies.current(start).pk).calendar_id)
        self.desks = Desks(calendar)
        self._tempers: dict[int, Temper] = {}
        self._agenda: list[tuple[datetime, int, int, Plan]] = []  # instant, order of planning, case, plan
        self._turns: dict[int, int] = {}  # order of planning → the turn it was planned in
        self._order = itertools.count()
        self._coming = iter(people.coming)
        self._next: ToFile | None = next(self._coming, None)
        self._last_event = 0

    def run(self, *, days: int, progress: Callable[[datetime], None]) -> Course:
        at, end = self.start, self.start + timedelta(days=days)
        while at < end:
            at += self.tick
            self._live_until(at)
            with clock.standing_at(at):
                swept = sweep.fire_due(at=at)
            if swept.expired:
                self._notice_what_was_swept(at)
            self.course.swept += swept
            progress(at)
        return self.course

    def _live_until(self, at: datetime) -> None:
        """Complaints and acts, whichever comes first, up to the instant."""
        while True:
            act_at = self._agenda[0][0] if self._agenda else at
            if self._next is not None and self._next.at <= min(act_at, at):
                self._file(self._next)
                self._next = next(self._coming, None)
            elif self._agenda and act_at <= at:
                self._act(*heapq.heappop(self._agenda))
            else:
                return

    def _file(self, coming: ToFile) -> None:
        with clock.standing_at(coming.at):
            actor = self.people.actors[coming.consumer.pk]
            filed = intake.file(coming.complaint, consumer=coming.consumer, actor=actor, at=coming.at)
        assert filed is not None
        self.course.acts["file"] += 1
        self._tempers[filed.case.pk] = Temper.of(self.seed, coming.number)
        self._plan(filed.case, coming.at)

    def _act(self, at: datetime, order: int, case_id: int, plan: Plan) -> None:
        if self._turns.pop(order) != self._tempers[case_id].turn:
            return  # the case went another way meanwhile
        try:
            with clock.standing_at(at):
                case = self._carry_out(case_id, plan, at)
            self.course.acts[plan.action or "exhibit"] += 1
        except DomainError as refusal:
            self.course.refused[refusal.code] += 1
            case = _read(case_id)
        self._plan(case, at)

    def _carry_out(self, case_id: int, plan: Plan, at: datetime) -> Case:
        actor = self.people.actors[plan.person]
        if plan.exhibit:
            case = _read(case_id)
            self.exhibit.hand_in(case=case, actor=actor, slot=plan.exhibit, at=at)
            return _read(case_id)
        done = workflow.perform(plan.action, case_id=case_id, actor=actor, at=at, details=dict(plan.details))
        assert done is not None
        return done

    def _plan(self, case: Case, at: datetime) -> None:
        """What happens to the case next, if nobody and no deadline comes first."""
        temper = self._tempers[case.pk]
        temper.turn += 1
        scene = Scene(case=case, temper=temper, at=at, desks=self.desks, people=self.people)
        plan = DECIDE[Status(case.status)](scene)
        if plan is not None:
            order = next(self._order)
            self._turns[order] = temper.turn
            heapq.heappush(self._agenda, (plan.at, order, case.pk, plan))

    def _notice_what_was_swept(self, at: datetime) -> None:
        """People look again at the cases that a deadline has moved."""
        fresh = Event.objects.filter(pk__gt=self._last_event, recorded_at=at, actor=None)
        moved = dict(fresh.order_by("pk").values_list("pk", "case_id"))
        self._last_event = max(moved, default=self._last_event)
        for case in Case.objects.filter(pk__in=set(moved.values())).select_related("order", "policy").order_by("pk"):
            self._plan(case, at)


def _read(case_id: int) -> Case:
    return Case.objects.select_related("order", "policy").get(pk=case_id)
