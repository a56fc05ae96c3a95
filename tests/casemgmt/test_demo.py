"""The demo marketplace: whole, dated, repeatable, and never among strangers."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from casemgmt import clock
from casemgmt.accounts.models import ApiKey, User
from casemgmt.accounts.roles import Role
from casemgmt.demo import facts, loading, story, summary
from casemgmt.demo.stories import STORIES
from casemgmt.notifications.models import Notice
from casemgmt.timeline import chain
from disputes import record
from disputes.models import Case, Order
from disputes.states import CLOSED, Status
from disputes.taxonomy import Type
from evidence.models import Item
from sla import sweep

# A Monday afternoon, and the small hours of a Sunday in the middle of the autumn holidays.
MONDAY = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
HOLIDAY = datetime(2026, 10, 3, 19, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.VAR_DIR = settings.EVIDENCE_ROOT = tmp_path
    settings.DEMO = False
    yield


def load(at: datetime, *words: str) -> str:
    said = StringIO()
    with clock.standing_at(at):
        call_command("demo", *words, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_the_demo_shows_every_status_and_family_with_promises_in_every_condition(tmp_path: Path) -> None:
    said = load(MONDAY)

    cases = loading.cases()
    assert 60 <= cases.count() <= 80
    assert set(cases.values_list("status", flat=True)) == set(Status)
    assert set(cases.values_list("type", flat=True)) == set(Type)
    assert {user.role for user in User.objects.all()} == set(Role) - {Role.SYSTEM}
    for clocks in (summary.near(MONDAY), summary.breached(), summary.paused()):
        assert clocks.count() >= 3
    assert summary.ahead(MONDAY).count() >= 20
    soon = summary.ahead(MONDAY).filter(
        due_at__gte=MONDAY + timedelta(minutes=2), due_at__lt=MONDAY + timedelta(minutes=10)
    )
    assert 3 <= soon.count() <= 5
    assert "awaiting_seller" in said

    _nothing_is_overdue_at_loading_and_the_sweep_finds_work_soon_after()
    _timelines_are_whole()
    _accounts_are_random_and_for_the_owner_only(tmp_path)
    _history_was_told_on_the_case_and_not_by_mail()


def _nothing_is_overdue_at_loading_and_the_sweep_finds_work_soon_after() -> None:
    assert sweep.fire_due(at=MONDAY).fired == 0
    assert sweep.fire_due(at=MONDAY + timedelta(minutes=10)).expired >= 3


def _timelines_are_whole() -> None:
    for case in loading.cases():
        events = list(case.events.order_by("seq"))
        assert chain.first_break((e.sealed(), e.prev_hash, e.hash) for e in events) is None
        assert [e.at for e in events] == sorted(e.at for e in events)
        if events:
            assert record.fold(events) == record.snapshot(case)
    assert Item.objects.count() >= 40


def _accounts_are_random_and_for_the_owner_only(folder: Path) -> None:
    path = folder / "demo-accounts.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    accounts = json.loads(path.read_text())["accounts"]
    assert len({account["password"] for account in accounts}) == len(accounts) == User.objects.count()
    assert accounts[0]["role"] == "consumer"
    for account in (accounts[0], accounts[-1]):
        user = User.objects.get(username=account["username"])
        assert user.check_password(account["password"])
        assert not user.check_password("demo")
        assert ApiKey.objects.filter(user=user, prefix=account["api_key"][3:15], revoked_at=None).exists()
    auditor = next(account for account in accounts if account["role"] == "auditor")
    assert not any(scope.endswith(":write") for scope in auditor["scopes"] if not scope.startswith(("me:", "notices:")))


def _history_was_told_on_the_case_and_not_by_mail() -> None:
    assert Notice.objects.filter(channel="in_app").exists()
    assert not Notice.objects.filter(channel="email", created_at__lte=MONDAY).exists()
    assert not User.objects.filter(email="").exists()


@pytest.mark.django_db
def test_the_demo_can_be_loaded_at_night_in_the_holidays() -> None:
    load(HOLIDAY)
    assert set(loading.cases().values_list("status", flat=True)) == set(Status)
    assert summary.near(HOLIDAY).exists()
    assert summary.breached().exists()
    assert sweep.fire_due(at=HOLIDAY).fired == 0


@pytest.fixture
def _a_short_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five cases tell the same about loading as seventy."""
    few = [entry for entry in facts.complaints() if entry["n"] in (1, 3, 20, 24, 67)]
    monkeypatch.setattr(facts, "complaints", lambda: tuple(few))
    monkeypatch.setattr(loading, "_refuse_gaps", lambda told: None)


@pytest.mark.django_db
@pytest.mark.usefixtures("_a_short_demo")
def test_a_second_run_changes_nothing_and_says_so(tmp_path: Path) -> None:
    load(MONDAY)
    before = (Case.objects.count(), Order.objects.count(), (tmp_path / "demo-accounts.json").read_bytes())

    said = load(MONDAY + timedelta(days=1))

    assert "nothing was done" in said
    assert (Case.objects.count(), Order.objects.count(), (tmp_path / "demo-accounts.json").read_bytes()) == before


@pytest.mark.django_db
@pytest.mark.usefixtures("_a_short_demo")
def test_a_load_cut_short_leaves_whole_cases_and_the_next_run_tells_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = STORIES["refused"]

    def cut_short(told: story.Story) -> None:
        whole(told)
        raise KeyboardInterrupt

    monkeypatch.setitem(STORIES, "refused", cut_short)
    with pytest.raises(KeyboardInterrupt):
        load(MONDAY)
    assert Case.objects.count() == 3
    assert not Case.objects.filter(status=Status.SELLER_REFUSED).exists()

    monkeypatch.setitem(STORIES, "refused", whole)
    assert "2 cases were told" in load(MONDAY + timedelta(hours=1))
    assert Case.objects.count() == 5
    assert not User.objects.filter(email="").exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("_a_short_demo")
def test_refresh_ends_what_can_be_ended_and_files_everything_anew(tmp_path: Path) -> None:
    load(MONDAY)
    old = set(Case.objects.values_list("pk", flat=True))
    passwords = (tmp_path / "demo-accounts.json").read_text()
    later = MONDAY + timedelta(days=2)

    said = load(later, "--refresh")

    assert "5 cases were told" in said
    assert not Case.objects.filter(pk__in=old).exclude(status__in=CLOSED | {Status.DRAFT}).exists()
    fresh = Case.objects.exclude(pk__in=old)
    assert fresh.get(status=Status.OFFER_PENDING).clocks.get(kind="offer").due_at == later + timedelta(minutes=9)
    assert (tmp_path / "demo-accounts.json").read_text() != passwords


@pytest.mark.django_db
@pytest.mark.usefixtures("_a_short_demo")
def test_the_demo_never_mixes_with_strangers_unless_told_to(settings: Any) -> None:
    User.objects.create(username="real", display_name="Real", role=Role.CONSUMER)
    with pytest.raises(CommandError, match="--force"):
        load(MONDAY)
    assert not Case.objects.exists()

    load(MONDAY, "--force")
    assert Case.objects.count() == 5
    settings.DEMO = True
    assert "nothing was done" in load(MONDAY)
