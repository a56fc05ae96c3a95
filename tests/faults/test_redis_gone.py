"""RB5: Redis stops; filing, deciding and deadlines go on, and when it comes back nothing needs a restart."""

from datetime import timedelta
from pathlib import Path

import pytest

from casemgmt import clock, embedded
from disputes.models import Case
from sla.models import Heartbeat
from tests import bulk, ledger
from tests.faults import clients, falling, programs
from tests.faults.clients import COMPLAINT, Client
from tests.faults.falling import CODE, KIND, Falling
from tests.races import stages
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
LIMIT = 30  # requests a minute while Redis counts


def test_without_redis_people_file_and_decide_and_deadlines_hold(tmp_path: Path) -> None:
    world, port = World(at=clock.now() - timedelta(days=1)), embedded.free_port()
    deciding = stages.under_review(world)
    decided = [deciding.case_id, *bulk.copies_of(deciding.case_id, 9)]
    judge, buyer = Client(port, clients.key_of(deciding.handler)), Client(port, clients.key_of(world.buyer))
    deadlines = Falling(World())
    with (
        programs.redis(tmp_path) as redis,
        programs.stack(tmp_path, REDIS_URL=redis.url, BROKER_URL=redis.url, THROTTLE_PERSON=f"{LIMIT}/hour") as stack,
    ):
        everyone = [stack.web(port), stack.loop(), stack.worker("worker"), stack.beat("beat")]
        clients.until_it_answers(port)
        falling.wait_for(
            lambda: clients.health(port) == (200, "ok"), seconds=30, otherwise=lambda: str(clients.health(port))
        )
        falling.wait_for(_celery_sweeps, seconds=60, otherwise=lambda: everyone[2].last_words())
        assert {buyer.post("cases/", COMPLAINT).status_code for _ in range(LIMIT)} == {201}
        assert buyer.post("cases/", COMPLAINT).status_code == 429
        redis.bury()  # SIGKILL
        deadlines.more(due_in=2, many=20)
        assert clients.health(port) == (200, "degraded")
        answers = [buyer.post("cases/", COMPLAINT) for _ in range(LIMIT + 5)]
        assert {answer.status_code for answer in answers} == {201}, "throttles must fail open"
        for case in Case.objects.filter(pk__in=decided):
            answer = judge.post(f"cases/{case.reference}/actions/issue_ruling/", stages.RULING)
            assert answer.status_code == 200, answer.text
        deadlines.keep_falling(seconds=5, due_in=1, many=5)
        deadlines.wait_until_carried_out(seconds=60)
        back_at = clock.now()
        redis.start()
        redis.wait()
        falling.wait_for(
            lambda: clients.health(port) == (200, "ok"), seconds=30, otherwise=lambda: str(clients.health(port))
        )
        falling.wait_for(
            lambda: Heartbeat.objects.get(name="worker").beat_at > back_at,
            seconds=60,
            otherwise=lambda: everyone[2].last_words(),
        )
        assert all(program.running() for program in everyone)
    judge.close()
    buyer.close()
    late = deadlines.lateness()
    print(f"without Redis: {falling.told(late)}")
    assert late[-1] <= 60
    ledger.assert_exact(deadlines.case_ids, kind=KIND, code=CODE, model=deadlines.model())
    assert Case.objects.filter(consumer=world.buyer, order_number="").count() == 2 * LIMIT + 5
    assert set(Case.objects.filter(pk__in=decided).values_list("status", flat=True)) == {"ruled"}
    ledger.assert_whole(list(Case.objects.values_list("pk", flat=True)))


def _celery_sweeps() -> bool:
    return Heartbeat.objects.filter(name="worker").exists()
