"""The order of a complaint: asked of the marketplace before any transaction, checked, copied to the case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from casemgmt.accounts.models import User
from casemgmt.errors import Invalid, Unavailable
from disputes import claims
from disputes.ports import orders
from disputes.states import Flag, OrderStatus
from disputes.taxonomy import Flow

if TYPE_CHECKING:
    from disputes.intake import Complaint
    from disputes.models import Case


def order_for(complaint: Complaint, consumer: User) -> tuple[orders.Found | None, set[str]]:
    """The order, fetched before any transaction. A marketplace that does not answer leaves the case incomplete."""
    if not complaint.order_number:
        return None, {Flag.INCOMPLETE}
    try:
        found = orders.port().fetch(complaint.order_number)
    except Unavailable:
        return None, {Flag.INCOMPLETE}
    if found is None or found.buyer_id != consumer.pk:
        raise _unknown_order()
    return found, set()


def worked_on(about: Case | None) -> int | None:
    """Whose work a complaint about our service is about: who handles the case it names, or handled it last."""
    if about is None:
        return None
    last = about.assignments.order_by("-at", "-pk").values_list("handler_id", flat=True).first()
    return about.owner_id or last or about.contacts.order_by("-pk").values_list("agent_id", flat=True).first()


def parent_of(complaint: Complaint, consumer: User) -> Case | None:
    """The consumer's own case that this one is about; somebody else's does not exist for them."""
    from disputes.models import Case

    if complaint.parent is None:
        return None
    parent = Case.objects.filter(pk=complaint.parent, consumer=consumer).first()
    if parent is None:
        raise Invalid("parent_not_found", _("We find no case of yours with this number (parent)."))
    return parent


def link_order(case: Case, *, number: str, found: orders.Found | None, at: datetime) -> None:
    """Give an incomplete case its order (R0-23): looked up before, checked against the consumer, copied."""
    if found is None or found.buyer_id != case.consumer_id:
        raise _unknown_order()
    set_order(case, found, set(), number=number, at=at)
    if case.received_goods is None and case.order:
        case.received_goods = case.order.status in (OrderStatus.SIGNED, OrderStatus.FINISHED)
    claims.complete(case)


def set_order(case: Case, found: orders.Found | None, flags: set[str], *, number: str, at: datetime) -> None:
    """Copy the order that was found to the case, in memory; without one, only its number is kept."""
    snapshot = found.snapshot(at) if found else None
    if snapshot:
        snapshot.save(force_insert=True)  # before it is assigned: the case copies its key
    case.order = snapshot
    case.order_number, case.seller = number, found.seller if found and case.flow != Flow.OURSELVES else None
    case.flags = sorted((set(case.flags) - {Flag.INCOMPLETE}) | flags)


def _unknown_order() -> Invalid:
    """The same words for an order that does not exist and for somebody else's: nothing to learn by trying."""
    return Invalid(
        "order_not_found",
        _("We find no order of yours with this number. Check it, or leave it out and say why (no_order_reason)."),
    )
