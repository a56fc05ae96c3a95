"""What every problem document must be."""

import json
import re
import uuid
from typing import Any


def is_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The document, after checking that it is one, and the one expected."""
    assert response.headers["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = json.loads(response.content)
    assert (response.status_code, said["code"]) == (status, code), said
    assert said["status"] == status
    assert said["type"] == f"/problems/{code}"
    assert re.fullmatch(r"[a-z][a-z0-9_]*", code)
    uuid.UUID(said["instance"].removeprefix("urn:uuid:"))
    assert said["title"]
    assert len(said["detail"]) > 2
    for leak in ("Traceback", "SELECT", "secret", "site-packages", "/etc/"):
        assert leak not in response.content.decode()
    return said
