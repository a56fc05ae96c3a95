"""Two people at one shop: it never loses its last owner, and no link lets two people in."""

from __future__ import annotations

from functools import partial

import pytest

from casemgmt import clock
from casemgmt.accounts import members
from casemgmt.accounts.models import Membership
from casemgmt.accounts.roles import Role
from casemgmt.errors import DomainError
from tests.races.pairs import TRIALS, pair
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
OWNER = Membership.Role.OWNER


def test_two_owners_who_take_each_other_out_do_not_both_succeed() -> None:
    world = World()
    other = world.person(Role.SELLER_STAFF, "other")
    Membership.objects.create(organisation=world.shop, user=other)
    rows = {user.pk: Membership.objects.get(user=user).pk for user in (world.seller, other)}
    with pair() as both:
        for _trial in range(TRIALS):
            Membership.objects.filter(organisation=world.shop).update(is_active=True, role=OWNER)
            at = clock.now()
            ends = both.race(
                partial(members.take_out, membership_id=rows[other.pk], by=world.seller, at=at),
                partial(members.take_out, membership_id=rows[world.seller.pk], by=other, at=at),
            )
            assert sum(isinstance(end, Membership) for end in ends) == 1, ends
            assert sum(isinstance(end, DomainError) for end in ends) == 1, ends


def test_two_people_with_one_link_are_not_both_let_in() -> None:
    world = World()
    people = [world.person(Role.SELLER_STAFF, name) for name in ("one", "two")]
    with pair() as both:
        for _trial in range(TRIALS):
            Membership.objects.filter(user__in=people).delete()
            at = clock.now()
            _made, secret = members.invite(shop_id=world.shop.pk, role="member", by=world.seller, at=at)
            ends = both.race(*[partial(members.join, secret=secret, user=who, at=at) for who in people])
            assert sum(isinstance(end, Membership) for end in ends) == 1, ends
            assert Membership.objects.filter(user__in=people, is_active=True).count() == 1
