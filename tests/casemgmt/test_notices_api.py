"""A person's own notices over HTTP, and which e-mails they leave out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy
from rest_framework.test import APIClient

from casemgmt.accounts.models import User
from casemgmt.notifications import registry
from casemgmt.notifications.models import Notice, Preference

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOTICES = "/api/v1/notices/"
CHOICES = "/api/v1/notices/preferences/"

Person = Callable[..., User]
Browser = Callable[..., APIClient]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    kept = dict(registry._templates)
    registry.register_template("test.yes", subject=gettext_lazy("Yes"), body="%(shop)s agrees.")
    yield
    registry._templates.clear()
    registry._templates.update(kept)


def told(user: User, *, channel: str = "in_app", **params: Any) -> Notice:
    return Notice.objects.create(
        recipient=user, channel=channel, template="test.yes", params=params, created_at=NOON, sent_at=NOON
    )


def test_one_sees_ones_own_newest_first_in_the_language_asked_for(person: Person, browser: Browser) -> None:
    mei, other = person("mei", language="zh-hans"), person("other")
    first, second = told(mei, shop="Tea"), told(mei, shop="Cup")
    told(mei, channel="email")
    told(other)
    page = browser(mei).get(NOTICES, headers={"accept-language": "zh-CN"}).json()
    assert [one["id"] for one in page["results"]] == [str(second.uid), str(first.uid)]
    assert (page["results"][0]["subject"], page["results"][0]["body"]) == ("是", "Cup agrees.")
    assert page["results"][0]["case"] is None


def test_nobody_who_is_not_signed_in_sees_any(person: Person, browser: Browser) -> None:
    told(person("mei"))
    assert browser().get(NOTICES).status_code == 401


def test_reading_marks_once_and_unread_can_be_asked_for(person: Person, browser: Browser) -> None:
    mei = person("mei")
    notice, unread = told(mei), told(mei)
    url = f"{NOTICES}{notice.uid}/read/"
    once, twice = browser(mei).post(url).json(), browser(mei).post(url).json()
    assert once["read_at"] and once["read_at"] == twice["read_at"]
    for asked, found in (("true", unread), ("false", notice)):
        page = browser(mei).get(NOTICES, {"unread": asked}).json()
        assert [one["id"] for one in page["results"]] == [str(found.uid)]
    assert browser(mei).get(NOTICES, {"unread": "perhaps"}).status_code == 400
    assert browser(mei).get(NOTICES, {"recipient": "1"}).status_code == 400


def test_anothers_notice_is_not_there_and_stays_unread(person: Person, browser: Browser) -> None:
    notice = told(person("mei"))
    assert browser(person("stranger")).post(f"{NOTICES}{notice.uid}/read/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_key_needs_the_scope(person: Person, program: Callable[..., APIClient]) -> None:
    mei = person("mei")
    assert program(mei, "cases:read").get(NOTICES).status_code == 403
    assert program(mei, "notices:read").get(NOTICES).status_code == 200
    assert program(mei, "notices:read").put(CHOICES, {"preferences": []}, format="json").status_code == 403


def test_a_hundred_notices_cost_as_many_queries_as_one(
    person: Person, browser: Browser, django_assert_max_num_queries: Any
) -> None:
    mei = person("mei")
    for _n in range(100):
        told(mei)
    client = browser(mei)
    with django_assert_max_num_queries(7):  # one for the notices; the session takes the rest
        page = client.get(NOTICES, {"page_size": "100"}).json()
    assert len(page["results"]) == 100


def test_choices_replace_each_other(person: Person, browser: Browser) -> None:
    client = browser(person("mei"))
    assert client.get(CHOICES).json() == {"preferences": []}
    off = {"channel": "email", "template_prefix": "message.", "enabled": False}
    every = {"channel": "email", "template_prefix": "", "enabled": True}
    assert client.put(CHOICES, {"preferences": [off, every]}, format="json").json() == {"preferences": [every, off]}
    assert client.put(CHOICES, {"preferences": [every]}, format="json").json() == {"preferences": [every]}


@pytest.mark.parametrize(
    "choices",
    [
        [{"channel": "in_app", "template_prefix": "", "enabled": False}],
        [{"template_prefix": "A-Z", "enabled": False}],
        [{"template_prefix": "x" * 65, "enabled": False}],
        [{"template_prefix": "a", "enabled": False}, {"template_prefix": "a", "enabled": True}],
        [{"template_prefix": "a"}],
        [{"template_prefix": str(n), "enabled": True} for n in range(51)],
        "none",
        None,
    ],
)
def test_choices_that_make_no_sense_change_nothing(person: Person, browser: Browser, choices: Any) -> None:
    mei = person("mei")
    Preference.objects.create(user=mei, template_prefix="kept", enabled=False)
    assert browser(mei).put(CHOICES, {"preferences": choices}, format="json").status_code == 422
    assert [choice.template_prefix for choice in Preference.objects.filter(user=mei)] == ["kept"]


def test_the_database_too_lets_nobody_switch_off_the_application(person: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Preference.objects.create(user=person("mei"), channel="in_app", template_prefix="", enabled=False)
