"""Every test finds the rules, whatever the one before it emptied."""

import pytest

from sla.models import Policy


@pytest.mark.django_db
def test_the_rules_are_there() -> None:
    assert Policy.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("nth", [1, 2])
def test_and_again_after_a_test_that_emptied_every_table(nth: int) -> None:
    Policy.objects.get(code="taobao_2025")
