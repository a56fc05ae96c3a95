"""Who am I: what people see of themselves, and the little they may change."""

from typing import Any

import pytest

from casemgmt.accounts.models import ApiKey, Membership, Organisation, User
from tests.casemgmt.problem import is_problem

pytestmark = pytest.mark.django_db


def test_a_person_sees_name_role_language_and_active_shops(
    person: Any, browser: Any, django_assert_max_num_queries: Any
) -> None:
    user = person("wang", role="seller_staff", display_name="Wang", language="en")
    for key, active in (("s1", True), ("s2", False)):
        shop = Organisation.objects.create(key=key, name=key.upper())
        Membership.objects.create(organisation=shop, user=user, is_active=active)
    client = browser(user)
    client.get("/api/v1/me/")
    with django_assert_max_num_queries(4):  # session, clock, person, shops
        said = client.get("/api/v1/me/").json()
    assert said == {
        "username": "wang",
        "display_name": "Wang",
        "role": "seller_staff",
        "language": "en",
        "shops": [{"key": "s1", "name": "S1"}],
    }


def test_name_and_language_can_be_changed(person: Any, browser: Any) -> None:
    user = person()
    response = browser(user).patch("/api/v1/me/", {"display_name": "梅", "language": "en"})
    assert (response.json()["display_name"], response.json()["language"]) == ("梅", "en")
    user.refresh_from_db()
    assert (user.display_name, user.language) == ("梅", "en")
    assert browser(user).patch("/api/v1/me/", {}).status_code == 200


def values() -> list[str]:
    names = {field.name for model in (User, ApiKey) for field in model._meta.get_fields()}
    return sorted((names | {"pk", "status", "decided_at", "created_by", "shops"}) - {"display_name", "language"})


@pytest.mark.parametrize("role", ["consumer", "seller_staff", "agent", "administrator"])
def test_no_other_field_of_the_model_can_be_set(role: str, person: Any, browser: Any) -> None:
    user = person(role=role)
    before = User.objects.filter(pk=user.pk).values().get()
    client = browser(user)
    for name in values():
        for value in ("administrator", True, 1, None):
            fields = is_problem(client.patch("/api/v1/me/", {name: value, "display_name": "x"}), 422, "invalid")[
                "fields"
            ]
            assert fields[name][0]["code"] == "unknown_field"
    after = User.objects.filter(pk=user.pk).values().get()
    assert {**after, "last_login": None} == {**before, "last_login": None}


@pytest.mark.parametrize(
    "change", [{"language": "tlh"}, {"display_name": ""}, {"display_name": "x" * 101}, {"language": None}]
)
def test_a_value_that_makes_no_sense_is_refused(change: dict[str, Any], person: Any, browser: Any) -> None:
    is_problem(browser(person()).patch("/api/v1/me/", change), 422, "invalid")


def test_a_key_needs_the_scope_of_its_own(person: Any, program: Any) -> None:
    user = person()
    assert program(user, "me:read").get("/api/v1/me/").status_code == 200
    is_problem(program(user, "me:read").patch("/api/v1/me/", {}), 403, "scope_missing")
    is_problem(program(user, "cases:read").get("/api/v1/me/"), 403, "scope_missing")


def test_a_stranger_is_nobody(browser: Any) -> None:
    is_problem(browser().get("/api/v1/me/"), 401, "not_signed_in")


def test_a_query_string_means_nothing_here(person: Any, browser: Any) -> None:
    is_problem(browser(person()).get("/api/v1/me/?user=2"), 400, "unknown_parameter")
