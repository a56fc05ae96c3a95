"""Same key, same request: same answer and one effect, whatever goes wrong in between."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from rest_framework.test import APIClient

from casemgmt import clock
from casemgmt.accounts.models import Team, User
from casemgmt.rest import idempotency
from casemgmt.rest.idempotency import Answer, Once
from casemgmt.rest.models import IdempotencyKey
from tests.casemgmt.problem import is_problem
from tests.casemgmt.rest import doors

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.casemgmt.rest.doors")]

NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)


def ask(client: APIClient, key: str, name: str = "night", **body: Any) -> Any:
    return client.post("/teams/", {"name": name, **body}, HTTP_IDEMPOTENCY_KEY=key)


def test_the_second_answer_is_the_first_letter_for_letter_and_says_so(person: Any, browser: Any) -> None:
    client = browser(person())
    first, second = ask(client, "k"), ask(client, "k")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert idempotency.REPLAYED not in first.headers
    assert second.headers[idempotency.REPLAYED] == "true"
    assert Team.objects.count() == 1


def test_the_order_of_the_fields_does_not_make_it_another_request(person: Any, browser: Any) -> None:
    client = browser(person())
    ask(client, "k", then="")
    turned = client.post("/teams/", {"then": "", "name": "night"}, HTTP_IDEMPOTENCY_KEY="k")
    assert turned.headers[idempotency.REPLAYED] == "true"


def test_another_body_under_the_same_key_is_refused(person: Any, browser: Any) -> None:
    client = browser(person())
    ask(client, "k")
    is_problem(ask(client, "k", name="day"), 422, "idempotency_key_reused")
    is_problem(client.post("/teams/?x=1", {"name": "night"}, HTTP_IDEMPOTENCY_KEY="k"), 422, "idempotency_key_reused")
    assert Team.objects.count() == 1


def test_two_people_may_use_the_same_key(person: Any, browser: Any) -> None:
    ask(browser(person("a")), "k", name="a")
    assert ask(browser(person("b")), "k", name="b").status_code == 201
    assert Team.objects.count() == 2


def test_without_a_key_nothing_is_kept(person: Any, browser: Any) -> None:
    assert browser(person()).post("/teams/", {"name": "x"}).status_code == 201
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256, "a\tb"])
def test_a_key_of_a_wrong_form_is_refused(key: str, person: Any, browser: Any) -> None:
    is_problem(ask(browser(person()), key), 422, "idempotency_key_malformed")


def test_the_longest_key_is_taken(person: Any, browser: Any) -> None:
    assert ask(browser(person()), "x" * 255).status_code == 201


def test_a_refusal_is_not_kept_so_that_the_next_try_may_succeed(person: Any, browser: Any) -> None:
    client = browser(person())
    is_problem(ask(client, "k", then="refuse"), 409, "no")
    assert not Team.objects.exists()
    assert ask(client, "k").status_code == 201


@pytest.fixture
def held(transactional_db: None) -> Iterator[None]:
    doors.started.clear()
    doors.go_on.clear()
    yield
    doors.go_on.set()


def test_while_it_is_being_carried_out_the_second_is_told_to_wait(held: None, person: Any, browser: Any) -> None:
    client = browser(person())
    answers: list[Any] = []

    def first() -> None:
        answers.append(ask(client, "k", then="wait"))
        connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    assert doors.started.wait(10)
    second = ask(client, "k", then="wait")
    doors.go_on.set()
    thread.join()
    is_problem(second, 409, "idempotency_in_flight")
    assert second.headers["Retry-After"] == "1"
    assert answers[0].status_code == 201
    assert ask(client, "k", then="wait").content == answers[0].content


@pytest.mark.django_db(transaction=True)
def test_twenty_five_at_once_have_one_effect(person: Any) -> None:
    user = person()
    start = threading.Barrier(25)

    def one(_number: int) -> Any:
        client = APIClient()
        client.force_authenticate(user)
        start.wait(10)
        try:
            return ask(client, "k")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(25) as pool:
        answers = list(pool.map(one, range(25)))
    assert Team.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_before_its_commit_leaves_nothing(person: Any) -> None:
    user = person()
    connections.close_all()
    child = os.fork()
    if child == 0:
        die_in_the_middle(user)
    os.waitpid(child, 0)
    assert not Team.objects.exists()
    once = Once(user_id=user.pk, key="k", fingerprint="f")
    for _try in range(50):  # the server notices the lost connection within moments
        if lock_is_free(once):
            break
        time.sleep(0.1)
    with transaction.atomic():
        assert once.replay() is None


def die_in_the_middle(user: User) -> None:
    once = Once(user_id=user.pk, key="k", fingerprint="f")
    with transaction.atomic():
        once.replay()
        Team.objects.create(name="half")
        once.keep(Answer.of(status=201, body={}), at=clock.now())
        os.kill(os.getpid(), signal.SIGKILL)


def lock_is_free(once: Once) -> bool:
    with transaction.atomic():
        return once._lock()


def test_answers_are_forgotten_after_seven_days_and_not_before(person: Any) -> None:
    user, at = person(), clock.now()
    for key, age in (("old", timedelta(days=7, seconds=1)), ("kept", timedelta(days=7))):
        Once(user_id=user.pk, key=key, fingerprint="f").keep(Answer.of(status=200, body=None), at=at - age)
    assert idempotency.purge(at=at) == 1
    assert IdempotencyKey.objects.get().key == "kept"


def test_keeping_an_answer_costs_three_queries(person: Any, django_assert_num_queries: Any) -> None:
    once = Once(user_id=person().pk, key="k", fingerprint="f")
    with transaction.atomic(), django_assert_num_queries(3):
        once.replay()
        once.keep(Answer.of(status=200, body={"a": "中"}), at=NOON)
