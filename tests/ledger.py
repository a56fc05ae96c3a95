"""Checks over many cases at once: what the database must say after any race and any fault."""

from collections import Counter
from collections.abc import Collection
from itertools import groupby

from casemgmt.notifications.models import Notice
from casemgmt.timeline import chain
from casemgmt.timeline.models import Event
from disputes import record
from disputes.models import Case
from sla.models import Clock

Codes = tuple[str, ...]


def timelines(case_ids: Collection[int]) -> dict[int, list[Event]]:
    """The events of each case, in order."""
    events = Event.objects.filter(case_id__in=case_ids).order_by("case_id", "seq", "id")
    return {case_id: list(found) for case_id, found in groupby(events, key=lambda event: event.case_id)}


def codes(case_ids: Collection[int]) -> dict[int, Codes]:
    return {case_id: tuple(event.code for event in found) for case_id, found in timelines(case_ids).items()}


def assert_whole(case_ids: Collection[int]) -> None:
    """Every timeline is numbered without a gap, chained without a break, never runs backwards, and folds to its row."""
    told = timelines(case_ids)
    for case in Case.objects.filter(pk__in=case_ids):
        events = told[case.pk]
        assert [event.seq for event in events] == list(range(1, len(events) + 1)), f"case {case.pk}: numbering"
        broken = chain.first_break((event.sealed(), event.prev_hash, event.hash) for event in events)
        assert broken is None, f"case {case.pk}: chain broken at {broken}"
        assert record.fold(events) == record.snapshot(case), f"case {case.pk}: the timeline does not fold to the row"


def assert_exact(case_ids: Collection[int], *, kind: str, code: str, model: int) -> None:
    """The deadline of each case was carried out once: fired = events = distinct = outbox, and nothing else differs.

    `model` is a case of the same making whose deadline was carried out undisturbed.
    """
    many = len(case_ids)
    fired = Clock.objects.filter(case_id__in=case_ids, kind=kind, status="breached", stopped_at__isnull=False)
    events = list(Event.objects.filter(case_id__in=case_ids, code=code).values_list("pk", "case_id"))
    assert fired.count() == many, f"fired {fired.count()} of {many}"
    assert len(events) == many, f"{len(events)} events of {many}"
    assert len({case_id for _, case_id in events}) == many, "not one event for each case"
    usual_news = Counter({row: n * many for row, n in _told([model]).items()})
    differs = {
        row: (_told(case_ids)[row], n)
        for row, n in (usual_news | _told(case_ids)).items()
        if _told(case_ids)[row] != usual_news[row]
    }
    assert not differs, f"the outbox differs (found, most of both): {differs}"
    usual = codes([model])[model]
    odd = {case_id: found for case_id, found in codes(case_ids).items() if found != usual}
    assert not odd, f"{len(odd)} timelines differ from {usual}, such as {next(iter(odd.items()))}"
    usual_end = Case.objects.values_list("status", "version").get(pk=model)
    ends = Counter(Case.objects.filter(pk__in=case_ids).values_list("status", "version"))
    assert ends == {usual_end: many}, f"{ends} instead of {usual_end}"
    assert_whole(case_ids)


def _told(case_ids: Collection[int]) -> Counter[tuple[str, int, str]]:
    """Notices that an event of a copy made, by template, recipient and channel; the model's first notices left out."""
    rows = Notice.objects.filter(case_id__in=case_ids).exclude(template__in=_BEFORE)
    return Counter(rows.values_list("template", "recipient_id", "channel"))


_BEFORE = ("case.submitted", "case.admitted", "case.refused")
