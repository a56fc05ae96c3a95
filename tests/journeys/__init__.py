"""Stories told over HTTP, and who may do what at every address."""

import pytest

pytest.register_assert_rewrite("tests.journeys.journey")
