"""Whom an agent files for: found by what a caller can say of themselves."""

from __future__ import annotations

from django.db.models import Q

from casemgmt import references
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from disputes.models import Case, Order

MOST = 10
LONGEST = 64


def found(wanted: str) -> list[User]:
    """The consumers who have this name, number, address, order or case; a few at most."""
    wanted = wanted.strip()[:LONGEST]
    if not wanted or "\0" in wanted:
        return []
    of_order = Order.objects.filter(number=wanted).values("buyer")
    of_case = Case.objects.filter(Q(reference=references.parse(wanted) or "") | Q(contact=wanted)).values("consumer")
    by = Q(phone=wanted) | Q(external_ref=wanted) | Q(username=wanted) | Q(email__iexact=wanted)
    by |= Q(display_name=wanted) | Q(pk__in=of_order) | Q(pk__in=of_case)
    people = User.objects.filter(by, role=Role.CONSUMER, is_active=True)
    return list(people.order_by("display_name", "pk")[:MOST])
