"""The settings that make a task safe to repeat, and the two words that a deadline must never be set with."""

import re
from pathlib import Path

from django.conf import settings

from casemgmt import env
from casemgmt.celery import app

OURS = ("casemgmt", "disputes", "evidence", "sla")


def test_a_task_is_over_before_it_could_be_handed_out_again() -> None:
    visible = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT < visible
    assert (app.conf.task_time_limit, app.conf.broker_transport_options["visibility_timeout"]) == (
        settings.CELERY_TASK_TIME_LIMIT, visible
    )  # fmt: skip


def test_a_task_is_acknowledged_when_it_is_done_and_comes_back_when_its_worker_dies() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1


def test_no_message_can_carry_code() -> None:
    assert list(app.conf.accept_content) == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_ignore_result
    assert not re.search(r"\bpickle\b", _all_source())


def test_no_deadline_is_left_to_the_broker() -> None:
    assert not re.findall(r"\b(?:eta|countdown)\s*=|apply_async|\.delay\(", _all_source())


def test_every_periodic_task_exists_and_is_no_more_than_an_alarm() -> None:
    app.loader.import_default_modules()
    for name, entry in app.conf.beat_schedule.items():
        assert entry["task"] in app.tasks, name
        assert not entry.get("args") and not entry.get("kwargs"), f"{name}: what is due stands in PostgreSQL"
    for name in ("sweep", "deliver"):
        assert app.conf.beat_schedule[name]["options"]["expires"] <= 5 * settings.SWEEP_SECONDS


def _all_source() -> str:
    files = (path for folder in OURS for path in Path(env.ROOT / folder).rglob("*.py"))
    return "\n".join(path.read_text() for path in files)
