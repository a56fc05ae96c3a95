"""RB10: one key is one case, however often and however parallel it is sent, and whoever is killed meanwhile."""

import time
from pathlib import Path

import pytest

from casemgmt import embedded
from casemgmt.timeline.models import Event
from disputes.models import Case
from tests import ledger
from tests.faults import clients, programs
from tests.faults.clients import COMPLAINT, Client, Insisted
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
KEYS, PARALLEL = 20, 25
KILLED = (5, 10, 15)  # at these keys the web server is killed in the middle


def test_20_keys_sent_25_times_at_once_make_20_cases_though_the_server_is_killed(tmp_path: Path) -> None:
    world, port = World(), embedded.free_port()
    buyer, stranger = Client(port, clients.key_of(world.buyer)), Client(port, clients.key_of(world.stranger))
    chance = programs.chance(10)
    met: list[Insisted] = []
    with programs.stack(tmp_path, THROTTLE_PERSON="1000000/min") as stack:
        web = stack.web(port)
        clients.until_it_answers(port)

        def kill_and_restart() -> None:
            time.sleep(chance.uniform(0.02, 0.2))
            web.bury()  # SIGKILL to its whole group
            web.start()

        for number in range(KEYS):
            body, key = COMPLAINT | {"description": f"杯子碎了 {number}"}, f"key-{number}"
            met += clients.at_once(
                lambda body=body, key=key: buyer.insists("cases/", body, key=key),  # type: ignore[misc]
                PARALLEL,
                meanwhile=kill_and_restart if number in KILLED else lambda: None,
            )
        other = buyer.post("cases/", COMPLAINT, key="key-0")
        of_another = stranger.post("cases/", COMPLAINT, key="key-0")
    buyer.close()
    stranger.close()
    _answers_agree(met)
    assert sum(one.cut_off for one in met), "no request was cut off: nothing was killed in the middle"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert of_another.status_code == 201
    assert Case.objects.filter(consumer=world.buyer).count() == KEYS
    assert Case.objects.filter(consumer=world.stranger).count() == 1
    assert Event.objects.filter(code="case.submitted").count() == KEYS + 1
    ledger.assert_whole(list(Case.objects.values_list("pk", flat=True)))


def _answers_agree(met: list[Insisted]) -> None:
    """Each key got one answer, byte for byte; who came too early was told when to come again."""
    by_key: dict[bytes, int] = {}
    for one in met:
        assert one.answer.status_code == 201, one.answer.text
        by_key[one.answer.content] = by_key.get(one.answer.content, 0) + 1
    assert sorted(by_key.values()) == [PARALLEL] * KEYS
    put_off = [answer for one in met for answer in one.put_off]
    in_flight = [answer for answer in put_off if answer.status_code == 409]
    assert in_flight, "no two requests ever met"
    assert {(answer.json()["code"], answer.headers["Retry-After"]) for answer in in_flight} == {
        ("idempotency_in_flight", "1")
    }
    replayed = [one for one in met if one.answer.headers.get("Idempotent-Replayed") == "true"]
    assert len(replayed) >= len(met) - KEYS
