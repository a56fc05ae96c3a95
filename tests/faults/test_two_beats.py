"""RB7: two beats and three sweepers do what one does; with no beat at all, the loop alone keeps the deadlines."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from casemgmt.notifications.models import Notice
from sla.models import Heartbeat
from tests import ledger
from tests.faults import falling, programs
from tests.faults.falling import CODE, KIND, Falling
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 120
MANY = 5  # deadlines a second


def test_for_two_minutes_two_beats_and_three_sweepers_do_everything_once_and_nothing_early(
    tmp_path: Path, record_testsuite_property: Any
) -> None:
    deadlines = Falling(World())
    mail = tmp_path / "mail"
    with (
        programs.redis(tmp_path) as redis,
        programs.stack(tmp_path, REDIS_URL=redis.url, BROKER_URL=redis.url) as stack,
    ):
        several = [
            stack.loop(),
            stack.worker("worker1"),
            stack.worker("worker2"),
            stack.beat("beat1"),
            stack.beat("beat2"),
        ]
        deadlines.keep_falling(seconds=SECONDS - 20, due_in=4, many=MANY)
        assert all(program.running() for program in several), [program.last_words() for program in several]
        beats, workers = several[3:], several[1:3]
        by_celery = Heartbeat.objects.get(name="worker").fired
        by_loop = Heartbeat.objects.get(name="loop").fired
        for program in (*beats, *workers):
            program.stop()
        together = list(deadlines.case_ids)
        deadlines.keep_falling(seconds=20, due_in=2, many=MANY)
        deadlines.wait_until_carried_out(seconds=60)
        falling.wait_for(lambda: not _unsent(), seconds=60, otherwise=lambda: f"{_unsent()} letters are left")
    alone = [case_id for case_id in deadlines.case_ids if case_id not in set(together)]
    ledger.assert_exact(deadlines.case_ids, kind=KIND, code=CODE, model=deadlines.model())
    assert by_celery and by_loop, "one of them never came to do anything"
    for name, case_ids in (("five programs", together), ("the loop alone", alone)):
        late = deadlines.lateness(case_ids)
        record_testsuite_property(f"lateness, {name}", falling.told(late))
        print(f"{name}: {falling.told(late)}")
        assert late[-1] <= (30 if case_ids is together else 60), falling.told(late)
    assert _letters(mail.parent) == Notice.objects.filter(channel="email", sent_at__isnull=False).count()


def _unsent() -> int:
    return Notice.objects.filter(sent_at=None, failed_at=None).count()


def _letters(folder: Path) -> int:
    """How many letters the programs wrote; none of them twice."""
    said = (path.read_text() for path in folder.glob("*/mail/*"))
    seen = Counter(message for text in said for message in re.findall(r"^Message-ID: *\s*(\S+)", text, re.M | re.I))
    assert set(seen.values()) <= {1}, seen.most_common(3)
    return len(seen)
