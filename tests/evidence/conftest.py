"""A small rulebook that records what it is told, and files in a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from evidence import registry
from tests.evidence.house import House


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where the bytes go."""
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "kept"}}
    with override_settings(EVIDENCE_ROOT=tmp_path / "kept", STORAGES={"evidence": local, "default": local}):
        yield tmp_path / "kept"


@pytest.fixture
def house(db: None) -> Iterator[House]:
    before = list(registry._filled)
    house = House()
    registry.fill(house.hooks())
    yield house
    registry._filled[:] = before
