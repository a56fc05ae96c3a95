"""Lists: only declared keys narrow or order them, and pages neither lose nor repeat a row."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casemgmt.accounts import keys
from casemgmt.accounts.models import ApiKey
from tests.casemgmt.problem import is_problem

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.casemgmt.rest.doors")]

NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)
FIELDS = [
    "user",
    "name",
    "prefix",
    "digest",
    "scopes",
    "created_at",
    "expires_at",
    "revoked_at",
    "last_used_at",
    "id",
    "pk",
]
LOOKUPS = [
    "",
    "__in",
    "__regex",
    "__isnull",
    "__startswith",
    "__password",
    "__gt",
    "__user__password",
    ".a",
    "[]",
    "$ne",
]
PATHS = ["assigned_to__password", "-queue__token", "user__password__startswith", "user__api_keys__digest", "_connector"]
PATHS += [
    "_negated",
    "__class__",
    "pk__in",
    "a.b",
    "digest",
    "user__username",
    "OR 1=1",
    "';--",
    "中",
    "ordering__",
    "limit",
]


@pytest.fixture
def rows(person: Any) -> list[ApiKey]:
    """Forty keys of two people, with many equal and many missing values."""
    dice = random.Random(7)
    people = [person("a"), person("b")]
    for number in range(40):
        user = dice.choice(people)
        key, _secret = keys.make(user=user, name="k", scopes=["cases:read"], ttl=timedelta(days=1), at=NOON)
        used = dice.choice([None, *(NOON + timedelta(microseconds=step) for step in range(3))])
        name, made = dice.choice("abc"), NOON + timedelta(microseconds=number // 8)
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=used, name=name, created_at=made)
    return list(ApiKey.objects.order_by("pk"))


@pytest.fixture
def client(person: Any, browser: Any) -> Any:
    return browser(person("reader"))


def walked(client: Any, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        page = client.get(following).json()
        found.extend(page["results"])
        following = page["next"]
    return found


def greatest(value: Any) -> tuple[bool, Any]:
    """NULL sorts as the greatest value."""
    return (value is None, value or NOON)


@pytest.mark.parametrize("ordering", ["created_at", "-created_at", "last_used_at", "-last_used_at", "owner", "-owner"])
@pytest.mark.parametrize("size", [1, 7, 40, 41])
def test_pages_join_to_the_whole_list_in_order(ordering: str, size: int, rows: list[ApiKey], client: Any) -> None:
    walk = walked(client, f"/keys/?ordering={ordering}&page_size={size}")
    whole = client.get(f"/keys/?ordering={ordering}&page_size=100").json()["results"]
    assert walk == whole
    assert len(walk) == 40
    if "last_used_at" in ordering:
        turned = ordering.startswith("-")
        used = [datetime.fromisoformat(row["last_used_at"]) if row["last_used_at"] else None for row in walk]
        assert used == sorted(used, key=greatest, reverse=turned)


def test_rows_that_come_and_go_do_not_shift_the_pages(rows: list[ApiKey], client: Any) -> None:
    page = client.get("/keys/?ordering=created_at&page_size=10").json()
    ApiKey.objects.filter(pk__in=[row.pk for row in rows[:9]]).delete()
    late = keys.make(user=rows[0].user, name="late", scopes=["cases:read"], ttl=timedelta(days=1), at=NOON)[0]
    ApiKey.objects.filter(pk=late.pk).update(created_at=NOON - timedelta(days=1))
    rest = walked(client, page["next"])
    assert [row["name"] for row in rest] == [row.name for row in rows[10:]]


def test_a_page_has_twenty_five_rows_unless_asked_and_at_most_a_hundred(rows: list[ApiKey], client: Any) -> None:
    assert len(client.get("/keys/").json()["results"]) == 25
    assert client.get("/keys/?page_size=100").status_code == 200
    for size in ("0", "101", "-1", "x", "1.5", "٣", "", "9" * 5000):
        is_problem(client.get("/keys/", {"page_size": size}), 400, "bad_page_size")


def test_a_broken_cursor_is_a_problem(rows: list[ApiKey], client: Any) -> None:
    following = client.get("/keys/?ordering=created_at&page_size=5").json()["next"]
    good = parse_qs(urlsplit(following).query)["cursor"][0]
    assert client.get("/keys/", {"ordering": "created_at", "cursor": good}).status_code == 200
    for cursor in ("", "x", "é", good[:-1], good[1:], good + "A", good.swapcase(), "a:b:c", "." * 5000):
        is_problem(client.get("/keys/", {"ordering": "created_at", "cursor": cursor}), 400, "bad_cursor")
    is_problem(client.get("/keys/", {"ordering": "-created_at", "cursor": good}), 400, "bad_cursor")
    is_problem(client.get(f"/keys/?cursor={good}&cursor={good}"), 400, "bad_parameter")


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("name=a", lambda row: row.name == "a"),
        ("names=a,b", lambda row: row.name in "ab"),
        ("names=a&names=b", lambda row: row.name in "ab"),
        ("used=true", lambda row: row.last_used_at is not None),
        ("used=0", lambda row: row.last_used_at is None),
        (
            f"used_before={(NOON + timedelta(microseconds=1)).isoformat().replace('+', '%2B')}",
            lambda row: row.last_used_at == NOON,
        ),
        ("names=c&used=true", lambda row: row.name == "c" and row.last_used_at is not None),
    ],
)
def test_each_filter_keeps_what_it_says(query: str, kept: Any, rows: list[ApiKey], client: Any) -> None:
    wanted = [row for row in rows if kept(row)]
    assert wanted
    assert len(wanted) < len(rows)
    assert len(client.get(f"/keys/?page_size=100&{query}").json()["results"]) == len(wanted)


@pytest.mark.parametrize(
    "query",
    [
        *("names=d", "names=a,d", "name=", "name=" + "x" * 101, "name=a&name=b", "used=maybe", "user=x", "user=-1"),
        *("user=2147483648", "user=" + "9" * 5000, "names=" + "a," * 51, "used_before=2026-05-01T99:00Z"),
    ],
)
def test_a_value_that_cannot_be_read_is_a_problem_that_names_the_key(query: str, client: Any) -> None:
    said = is_problem(client.get(f"/keys/?{query}"), 400, "bad_parameter")
    assert said["parameter"] == query.partition("=")[0]


def test_no_key_outside_the_allow_list_reaches_the_database(client: Any) -> None:
    """Some 300 keys and orderings: each is refused before any SQL on the rows, naming what is allowed (C-03)."""
    allowed = ["name", "names", "used_before", "used", "user", "ordering", "cursor", "page_size"]
    tried = {field + lookup for field in FIELDS for lookup in LOOKUPS} | set(PATHS)
    for key in tried - set(allowed):
        with CaptureQueriesContext(connection) as seen:
            said = is_problem(client.get("/keys/", {key: "1"}), 400, "unknown_parameter")
        assert said["allowed"] == allowed
        assert not [query for query in seen.captured_queries if "accounts_apikey" in query["sql"]]
    for ordering in (tried | {"--created_at", "created_at,pk", "?", "pk", ""}) - {"created_at", "last_used_at"}:
        with CaptureQueriesContext(connection) as seen:
            said = is_problem(client.get("/keys/", {"ordering": ordering}), 400, "unknown_ordering")
        assert said["allowed"] == ["created_at", "last_used_at", "owner"]
        assert not [query for query in seen.captured_queries if "accounts_apikey" in query["sql"]]
    is_problem(client.get("/keys/?ordering=owner&ordering=owner"), 400, "unknown_ordering")


def test_a_single_row_takes_no_filter_at_all(rows: list[ApiKey], client: Any) -> None:
    assert client.get(f"/keys/{rows[0].pk}/").status_code == 200
    said = is_problem(client.get(f"/keys/{rows[0].pk}/?name=a"), 400, "unknown_parameter")
    assert said["allowed"] == []
    is_problem(client.get("/keys/0/"), 404, "not_found")
