"""Two sweepers that pay out of the same sellers' accounts wait for each other in one order only."""

from datetime import timedelta

import pytest

from disputes.models import MoneyMovement
from sla import sweep
from tests import bulk, ledger
from tests.races import stages
from tests.races.pairs import pair
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 10


def test_two_sweepers_that_pay_from_the_same_two_accounts_do_not_deadlock() -> None:
    world = World()
    one = stages.ruled(world)
    world.shop, world.other_shop = world.other_shop, world.shop
    world.seller, world.other_seller = world.other_seller, world.seller
    other = stages.ruled(world)
    world.now = other.due("appeal_window")
    world.sweeps()
    assert (one.status, other.status) == ("executing", "executing")
    parts = [bulk.copies_of(story.case_id, MANY) for story in (one, other, one)]
    case_ids = [case_id for part in parts for case_id in part]
    at = max(one.due("execution"), other.due("execution"))
    # The first batch meets the accounts in one order, the second in the other.
    halfway = MANY + MANY // 2
    with pair() as both:
        both.race(lambda: sweep._fire_apart(case_ids[:halfway], at), lambda: sweep._fire_apart(case_ids[halfway:], at))
    sweep.fire_due(at=at + timedelta(minutes=1))  # what had to wait too long for an account was put off
    paid = MoneyMovement.objects.filter(case_id__in=case_ids)
    assert paid.count() == len(set(paid.values_list("case_id", flat=True))) == len(case_ids)
    ledger.assert_whole(case_ids)
