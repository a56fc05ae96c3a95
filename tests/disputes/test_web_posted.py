"""What a browser posts becomes what the serializers read, and no name can break it."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from disputes.web.posted import DEEPEST, nested
from tests.disputes.screens import Screens, alerts, text
from tests.world import World


def post(*pairs: tuple[str, str]) -> QueryDict:
    said = QueryDict(mutable=True)
    for name, value in pairs:
        said.appendlist(name, value)
    return said


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max((depth(one) for one in value.values()), default=0)
    return 1 + max((depth(one) for one in value), default=0) if isinstance(value, list) else 0


def test_groups_and_rows_are_nested() -> None:
    said = post(("a", "1"), ("b.c", "2"), ("d.0.e", "3"), ("d.1.e", "4"), ("f.g.0.h", "5"))
    assert nested(said) == {"a": "1", "b": {"c": "2"}, "d": [{"e": "3"}, {"e": "4"}], "f": {"g": [{"h": "5"}]}}


def test_blanks_and_what_the_page_itself_sends_are_left_out() -> None:
    said = post(("a", ""), ("b", " \t"), ("c.d", ""), ("csrfmiddlewaretoken", "x"), ("once", "y"), ("e", "1"))
    assert nested(said) == {"e": "1"}


def test_of_a_repeated_name_the_last_counts_unless_it_is_a_list() -> None:
    said = post(("a", "1"), ("a", "2"), ("b.c", "3"), ("b.c", "4"))
    assert nested(said) == {"a": "2", "b": {"c": "4"}}
    assert nested(said, lists=frozenset({"a", "b.c"})) == {"a": ["1", "2"], "b": {"c": ["3", "4"]}}


def test_rows_come_in_the_order_of_their_numbers() -> None:
    assert nested(post(("a.10.b", "z"), ("a.2.b", "y"), ("a.0.b", "x"))) == {"a": [{"b": "x"}, {"b": "y"}, {"b": "z"}]}


def test_a_newline_of_a_browser_is_one_character() -> None:
    assert nested(post(("a", "x\r\ny"))) == {"a": "x\ny"}


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("__proto__", {"__proto__": "1"}),
        ("__class__.__init__", {"__class__": {"__init__": "1"}}),
        (".", {"": {"": "1"}}),
        ("a..b", {"a": {"": {"b": "1"}}}),
        ("a.²", {"a": {"²": "1"}}),
        ("a.٣", {"a": {"٣": "1"}}),
        (f"a.{'9' * 5000}", {"a": {"9" * 5000: "1"}}),
        ("a.999", {"a": ["1"]}),
        ("a.1000", {"a": {"1000": "1"}}),
    ],
)
def test_odd_names_are_only_names(name: str, read: dict[str, Any]) -> None:
    assert nested(post((name, "1"))) == read


def test_a_name_of_many_steps_goes_no_deeper_than_our_forms() -> None:
    said = nested(post((".".join("abcde"), "1"), (".".join(["x"] * 10_000), "2")))
    assert depth(said) == DEEPEST
    assert said["a"] == {"b": {"c": {"d": {"e": "1"}}}}


def test_a_name_that_is_both_a_value_and_a_group_is_one_of_them() -> None:
    assert nested(post(("a", "1"), ("a.b", "2"))) == {"a": "1"}
    assert nested(post(("a.b", "2"), ("a", "1"))) == {"a": "1"}


@given(st.lists(st.tuples(st.text(alphabet="ab.019²\0_", max_size=30), st.text(max_size=5)), max_size=30))
@settings(max_examples=300, deadline=None)
def test_whatever_is_posted_is_read_and_stays_shallow(pairs: list[tuple[str, str]]) -> None:
    assert depth(nested(post(*pairs))) <= DEEPEST


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["a.b.c" * 2000, "__proto__.polluted", "version.0", "version", "text.a", "address.0.line", "requests.x.y", "²"],
)
def test_a_hostile_field_is_refused_in_words(world: World, name: str) -> None:
    case = world.files().case
    answer = Screens(world, world.seller).does(case, "agree", **{name: "1"})
    assert answer.status_code == (302 if name == "version" and case.version == 1 else answer.status_code)
    assert answer.status_code in (409, 422)
    assert alerts(answer) or 'class="wrong"' in text(answer)
    case.refresh_from_db()
    assert case.status == "awaiting_seller"


@pytest.mark.django_db
def test_more_fields_than_any_form_has_are_a_clear_page(world: World) -> None:
    case = world.files().case
    seller = Screens(world, world.seller)
    many = {f"f{number}": "1" for number in range(999)}
    assert seller.does(case, "refuse", **many).status_code == 422
    answer = seller.does(case, "refuse", **many, one="1", two="2")
    assert answer.status_code == 400
    assert "The request cannot be read" in text(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["issue_ruling", "open_evidence", "decide_appeal"])
def test_a_group_given_as_a_value_is_refused_in_words(world: World, action: str) -> None:
    story = world.files().does(world.seller, "refuse", reason="goods_fine", text="It was whole")
    story.does(world.buyer, "escalate", reason="seller_refused")
    browser = Screens(world, story.handler)
    for name in (
        "requests",
        "remedies",
        "liability",
        "ruling",
        "citations.0",
        "remedies.a",
        "requests.0",
        "liability.0",
    ):
        answer = browser.does(story.case, action, **{name: "x"})
        assert answer.status_code == 422
        assert alerts(answer) or 'class="wrong"' in text(answer)
