"""The API's description is valid, and says of every operation what all have in common."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from casemgmt.accounts import keys
from casemgmt.api import reference


@pytest.fixture
def described() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(reference.rendered("en"))
    return found


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_it_is_valid_without_a_warning(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_it_is_served_to_anybody_as_json(client: Client) -> None:
    response = client.get("/api/schema/", HTTP_ACCEPT_LANGUAGE="en")
    assert response.headers["Content-Type"] == "application/vnd.oai.openapi+json"
    assert response.json()["openapi"].startswith("3.")


def test_every_operation_lists_its_problems(described: dict[str, Any]) -> None:
    for path, method, operation in operations(described):
        wanted = {"401", "403", "429"} | ({"409", "422"} if method != "get" else set())
        assert wanted <= set(operation["responses"]), (path, method)
        document = operation["responses"]["401"]["content"]["application/problem+json"]["schema"]
        assert document == {"$ref": "#/components/schemas/ProblemDocument"}


def test_every_operation_says_which_scope_a_key_needs(described: dict[str, Any]) -> None:
    """A view that names none takes no keys at all, which is never meant."""
    for path, method, operation in operations(described):
        scope = operation["description"].rpartition("Scope: `")[2].rstrip("`")
        assert scope in keys.SCOPES, (path, method)
        assert scope.endswith("read") is (method == "get"), (path, method)


def test_unsafe_operations_take_an_idempotency_key_and_safe_ones_do_not(described: dict[str, Any]) -> None:
    for path, method, operation in operations(described):
        headers = [each["name"] for each in operation.get("parameters", []) if each["in"] == "header"]
        assert ("Idempotency-Key" in headers) is (method != "get"), (path, method)


def test_both_ways_of_signing_in_are_described(described: dict[str, Any]) -> None:
    assert set(described["components"]["securitySchemes"]) == {"apiKey", "browserSession"}
    for path, method, operation in operations(described):
        assert operation["security"] == [{"apiKey": []}, {"browserSession": []}], (path, method)


def test_operations_have_names_of_their_own_and_a_tag(described: dict[str, Any]) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations(described)]
    assert len(names) == len(set(names))
    assert all(operation["tags"] for _path, _method, operation in operations(described))
