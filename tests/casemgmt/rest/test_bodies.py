"""Bodies and addresses that cannot be understood or stored are refused, each by its own name."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgmt.rest import parsers
from casemgmt.rest.problems import Problem
from tests.casemgmt.problem import is_problem

pytestmark = pytest.mark.urls("tests.casemgmt.rest.doors")


def refusal(raw: bytes) -> str:
    with pytest.raises(Problem) as caught:
        parsers.loads(raw)
    code = caught.value.get_codes()
    assert isinstance(code, str)
    return code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "malformed_body"),
        (b"{", "malformed_body"),
        (b"{'a': 1}", "malformed_body"),
        (b"[]", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b"null", "not_an_object"),
        (b'{"a": "\xff"}', "not_utf8"),
        ('{"a": "b"}'.encode("utf-16"), "not_utf8"),
        (b'{"a": "\\u0000"}', "nul_character"),
        (b'{"\\u0000": 1}', "nul_character"),
        (b'{"a": [{"b": "x\\u0000"}]}', "nul_character"),
        (b'{"a": "\x00"}', "malformed_body"),
        (b'{"a": "\\ud800"}', "broken_unicode"),
        (b'{"a": ["\\udc00 \\ud800"]}', "broken_unicode"),
        (b'{"a": NaN}', "not_a_number"),
        (b'{"a": -Infinity}', "not_a_number"),
        (b'{"a": 1e999}', "number_too_large"),
        (b'{"a": 9223372036854775808}', "number_too_large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "number_too_large"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b'{"a": {"b": 1, "b": 1}}', "duplicate_key"),
        (b'{"a": ' + b"[" * 32 + b"]" * 32 + b"}", "too_deep"),
        (b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "too_deep"),
    ],
)
def test_each_fault_of_a_body_has_its_code(raw: bytes, code: str) -> None:
    assert refusal(raw) == code


def test_what_is_just_right_is_read() -> None:
    assert parsers.loads(b'{"a": 9223372036854775807, "b": -1.5}') == {"a": 9223372036854775807, "b": -1.5}
    assert parsers.loads(b'{"a": "\\ud83d\\ude00 \xe4\xb8\xad"}') == {"a": "😀 中"}
    assert parsers.loads(b'{"a": ' + b"[" * 31 + b"]" * 31 + b"}")
    assert parsers.loads(b'{"a": [' + b"[]," * 500 + b"[]]}")


TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
JSON = st.recursive(st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | TEXT, st.lists, max_leaves=8)


@given(st.dictionaries(TEXT, JSON))
def test_good_json_is_read_as_the_standard_library_reads_it(body: dict[str, Any]) -> None:
    assert parsers.loads(json.dumps(body).encode()) == body


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,0123456789.eE-\\unN\ud800 ', max_size=40))
def test_anything_else_is_a_refusal_and_never_a_crash(raw: bytes | str) -> None:
    try:
        parsers.loads(raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass"))
    except Problem as problem:
        assert problem.status_code == 400


@pytest.mark.django_db
def test_a_body_over_the_limit_is_too_large_and_one_at_the_limit_is_read(
    person: Any, browser: Any, settings: Any
) -> None:
    client = browser(person())
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    frame = len('{"name": ""}')
    at_limit = '{"name": "' + "x" * (1000 - frame) + '"}'
    assert client.post("/echo/", at_limit, content_type="application/json").status_code == 422
    said = is_problem(client.post("/echo/", at_limit + " ", content_type="application/json"), 413, "body_too_large")
    assert said["limit_bytes"] == 1000


@pytest.mark.django_db
def test_unknown_and_read_only_fields_are_refused_by_name(person: Any, browser: Any) -> None:
    client = browser(person())
    body = {"name": "x", "is_staff": True, "number": "1", "items": [{"price": "1", "cost": 1}]}
    fields = is_problem(client.post("/echo/", body), 422, "invalid")["fields"]
    assert [complaint["code"] for name in ("is_staff", "number") for complaint in fields[name]] == [
        "unknown_field",
        "read_only",
    ]
    del body["is_staff"], body["number"]
    assert "items.0.cost" in is_problem(client.post("/echo/", body), 422, "invalid")["fields"]
    body["items"] = [{"price": "1"}]
    assert client.post("/echo/", body).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/fails/nul/?name=a%00b", "/fails/n%00ul/", "/keys/?%00=1", "/nowhere%00"])
def test_nul_in_an_address_is_refused_before_the_database_sees_it(address: str, browser: Any) -> None:
    is_problem(browser().get(address), 400, "nul_character")
