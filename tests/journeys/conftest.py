"""The town in which the stories happen, and the stage on which every question is tried."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.journeys.access.stage import Stage, staged
from tests.journeys.journey import Town


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), staged() as found:
        yield found
