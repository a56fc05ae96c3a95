"""The town in which the stories happen."""

import pytest

from tests.journeys.journey import Town


@pytest.fixture
def town(db: None) -> Town:
    return Town()
