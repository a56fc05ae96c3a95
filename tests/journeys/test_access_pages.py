"""A1 for the pages: the shell and the whole back office × every principal, by tables written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.urls import URLResolver, get_resolver, reverse

from casemgmt.accounts.models import Team
from casemgmt.notifications.models import Preference
from sla.models import Halt, Heartbeat, Outage
from tests.journeys.access import pages
from tests.journeys.access.pages import ADMIN, APPS, MODELS, NONE, ROWS_OF_CASES, SHELL, UNSEEN, everybody, office
from tests.journeys.access.people import PRINCIPALS
from tests.journeys.access.screens import SCREENS
from tests.journeys.access.stage import DENIALS, Stage

pytestmark = pytest.mark.django_db
Table = dict[tuple[str, str], dict[str, int]]
VIEWS = ("changelist", "add", "history", "delete", "change")


def of_a_model(name: str) -> Table:
    see, keep = MODELS[name]
    return {
        (f"admin:{name}_changelist", "get"): office(see),
        (f"admin:{name}_add", "get"): office(keep),
        (f"admin:{name}_add", "post"): office(keep),
        (f"admin:{name}_change", "get"): office(see),
        (f"admin:{name}_change", "post"): office(keep),
        (f"admin:{name}_history", "get"): {**office(see), **(UNSEEN if name in ROWS_OF_CASES else {})},
        (f"admin:{name}_delete", "get"): office(NONE),
        (f"admin:{name}_delete", "post"): office(NONE),
    }


def addresses(resolver: Any = None, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """(pattern, name) of every address that is not of the API's version 1."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{entry.namespace}:" if entry.namespace else space
            yield from addresses(entry, pattern, inner)
        elif not pattern.startswith("api/v1/"):
            yield pattern, f"{space}{entry.name}" if entry.name else ""


def wrong_cells(stage: Stage, method: str, path: str, answers: dict[str, int]) -> list[str]:
    assert set(answers) == set(PRINCIPALS)
    wrong = []
    for name, wanted in answers.items():
        answered = stage.visits(name, method, path)
        sent_away = answered.status == 302 and "/sign-in/" in answered.response.headers["Location"]
        if answered.status != wanted:
            wrong.append(f"{method} {path} {name}: {answered.status} instead of {wanted}")
        elif path in pages.KEPT_IN_THE_SESSION and answered.status == 200:
            continue
        elif answered.written and (answered.status in DENIALS or sent_away or method == "get"):
            wrong.append(f"{method} {path} {name}: {answered.status}, but {answered.written} rows were written")
    return wrong


def test_every_page_is_in_a_table() -> None:
    named = {name for _pattern, name in addresses() if name}
    models = {f"admin:{model}_{view}" for model in MODELS for view in VIEWS}
    tables = {name for name, _method in {**SHELL, **ADMIN}} | set(SCREENS) | models | {"admin:app_list"}
    assert named == tables | {"admin:auth_user_password_change"}
    nameless = [pattern for pattern, name in addresses() if not name]
    bare = [f"admin/{model.replace('_', '/')}/<path:object_id>/" for model in MODELS]
    assert sorted(nameless) == sorted([*bare, "admin/login/", "admin/(?P<url>.*)$"])


@pytest.mark.parametrize(("address", "method"), SHELL)
def test_a_page_of_the_shell_answers_as_the_table_says(stage: Stage, address: str, method: str) -> None:
    assert not wrong_cells(stage, method, reverse(address), SHELL[address, method])


@pytest.mark.parametrize(("address", "method"), ADMIN)
def test_a_page_of_the_back_office_answers_as_the_table_says(stage: Stage, address: str, method: str) -> None:
    more = {"content_type_id": "1", "object_id": "1"} if address == "admin:view_on_site" else {}
    assert not wrong_cells(stage, method, reverse(address, kwargs=more), ADMIN[address, method])


@pytest.mark.parametrize("app", APPS)
def test_an_app_is_listed_for_those_who_see_something_in_it(stage: Stage, app: str) -> None:
    path = reverse("admin:app_list", kwargs={"app_label": app})
    assert not wrong_cells(stage, "get", path, office(APPS[app], others=404))


@pytest.mark.parametrize("model", MODELS)
def test_rows_are_seen_and_kept_by_those_who_may(stage: Stage, model: str) -> None:
    of_one: dict[str, Any] = {"args": [an_object(stage, model)]}
    wrong = []
    for (address, method), answers in of_a_model(model).items():
        general = address.endswith(("_changelist", "_add"))
        wrong += wrong_cells(stage, method, reverse(address, **({} if general else of_one)), answers)
    bare = f"/admin/{model.replace('_', '/')}/{of_one['args'][0]}/"
    wrong += wrong_cells(stage, "get", bare, everybody(302))
    if model == "accounts_user":
        path = reverse("admin:auth_user_password_change", **of_one)
        wrong += wrong_cells(stage, "get", path, office(pages.KEEPERS))
    assert not wrong, "\n".join(wrong)


def test_what_is_not_there_is_not_there(stage: Stage) -> None:
    assert not wrong_cells(stage, "get", "/admin/no/such/page/", office(NONE, others=404))
    assert not wrong_cells(stage, "get", "/no/such/page/", everybody(404))


def an_object(stage: Stage, model: str) -> Any:
    """Some row of the model; what no story leaves behind is made."""
    label, name = model.split("_", 1)
    found = apps.get_model(label, name)
    if found is Preference:
        Preference.objects.get_or_create(user=stage.world.buyer, template_prefix="message.", enabled=False)
    if found is Team:
        Team.objects.get_or_create(name="Evening")
    if found is Heartbeat:
        Heartbeat.objects.get_or_create(name="sweep", defaults={"beat_at": stage.world.now - timedelta(days=1)})
    if found is Outage:
        Outage.objects.get_or_create(from_at=stage.world.now - timedelta(days=9), until_at=stage.world.now)
    if found is Halt:  # one that is over: while one stands, no deadline is judged
        since = stage.world.now - timedelta(days=1)
        Halt.objects.get_or_create(since_at=since, defaults={"jumped_by": 9, "released_at": since})
    rows = found._default_manager.order_by("pk")
    row = rows.filter(pk=stage.world.stranger.pk).first() if model == "accounts_user" else rows.last()
    assert row is not None, model
    return row.pk
