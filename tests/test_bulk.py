"""Copies are as good as cases that walked there."""

from datetime import timedelta

import pytest

from disputes.models import Case
from sla.models import Clock
from tests import bulk, ledger
from tests.races import stages
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_copy_is_whole_and_goes_on_as_its_model_does() -> None:
    world = World()
    story = stages.evidence_period(world)
    copies = bulk.copies_of(story.case_id, 3)
    ledger.assert_whole([story.case_id, *copies])
    world.now = story.due("evidence")
    world.sweeps()
    ledger.assert_whole([story.case_id, *copies])
    assert set(ledger.codes(copies).values()) == {ledger.codes([story.case_id])[story.case_id]}
    assert set(Case.objects.filter(pk__in=copies).values_list("status", flat=True)) == {"under_review"}
    assert len(set(Case.objects.values_list("reference", flat=True))) == 4


def test_a_copy_made_later_has_its_whole_history_moved() -> None:
    world = World()
    story = stages.refused(world)
    later = timedelta(days=1, seconds=7)
    (copy,) = bulk.copies_of(story.case_id, 1, later=later)
    ledger.assert_whole([copy])
    due = Clock.objects.get(case_id=copy, kind="buyer_escalate")
    assert due.due_at == story.due("buyer_escalate") + later
    assert due.next_at == due.wake_at
