"""Filing: a draft with its order, claim and flags; and the case that is open already for the same problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from casemgmt import references
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.errors import Conflict, DomainError, Invalid, TooLate
from disputes import claims, linking, record, workflow
from disputes.models import Case, OrderSnapshot
from disputes.moves import terms
from disputes.moves.intake import filing_until, mandatory_slots
from disputes.ports import orders
from disputes.states import CLOSED, MONEY, Channel, Flag, Kind, OrderStatus, Status
from disputes.taxonomy import FAMILIES, Subtype, Type
from evidence.models import Item
from sla import policies, sweep
from sla.batch import Batch

# How the database and the move say that an open case for the same order and problem is there.
_SAME_PROBLEM = ("one_open_case_per_order_and_problem", "already_open")


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What a person files. Money in the order's currency; `order_number` empty means `no_order_reason` must say why."""

    type: str
    subtype: str
    description: str
    contact: str
    remedy: str
    amount: Decimal | None = None  # None: everything that was paid, where the remedy is money
    demand_text: str = ""
    defect_location: str = ""
    order_number: str = ""
    no_order_reason: str = ""
    evidence_waiver: str = ""
    channel: str = Channel.WEB
    received_goods: bool | None = None
    goods_used: bool | None = None
    complained_of: int | None = None
    parent: int | None = None


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A complaint from elsewhere: the case's source, external_id and original_filed_at, and the rest of a long text."""

    origin: dict[str, Any]
    continuation: list[str]


@dataclass(frozen=True, kw_only=True)
class Filed:
    """`created` is False where an open case for the same problem was found; then only the repeat was counted."""

    case: Case
    created: bool


def file(
    complaint: Complaint,
    *,
    consumer: User,
    actor: Actor,
    at: datetime,
    submit: bool = True,
    recorder: workflow.Recorder | None = None,
    imported: Imported | None = None,
) -> Filed | None:
    """Make a case from a complaint and, unless it stays a draft, submit it. None if `recorder` had the answer already.

    Raises Invalid for what does not fit together, TooLate after the filing window. For an `imported` complaint the
    filing window and the exhibits are waived.
    """
    check_family(complaint)
    try:
        order, flags = linking.order_for(complaint, consumer)
    except DomainError:
        if recorder and recorder.replayed():
            return None  # what fitted when it was first sent need not fit any more
        raise
    while True:
        try:
            with transaction.atomic(durable=True):
                if recorder and recorder.replayed():
                    return None
                case, made = _create(complaint, consumer, actor, at, submit, order, flags, imported)
                if recorder:
                    recorder.keep(case, made)
                return Filed(case=case, created=True)
        except (IntegrityError, Conflict) as clash:
            if imported or not any(sign in str(clash) for sign in _SAME_PROBLEM):
                raise
        if twin := count_repeat(complaint, consumer=consumer, actor=actor, at=at, recorder=recorder):
            return Filed(case=twin, created=False)


def _create(
    complaint: Complaint, consumer: User, actor: Actor, at: datetime, submit: bool,
    order: orders.Found | None, flags: set[str], imported: Imported | None,
) -> tuple[Case, workflow.Made]:  # fmt: skip
    policy = policies.in_force(at)
    case = _draft(complaint, consumer, actor, at, order, flags, imported, policy.policy_id)
    _remedy, amount, reasonable = demand(case, complaint)
    if claims.is_excessive(amount, reasonable):
        case.flags = sorted({*case.flags, Flag.EXCESSIVE_CLAIM})
    case.pk = _next_id()
    claim = claims.first_claim(case, remedy=complaint.remedy, amount=amount, at=at)
    claim.save(force_insert=True)
    batch = Batch.of_new(case.pk, calendars=policy.calendars, at=at)
    if submit:
        _submit(case, actor, batch, continuation=imported.continuation if imported else [])
    case.save(force_insert=True)  # once, as it stands after its moves; what points to it is checked at the commit
    batch.write()
    return case, workflow.Made(clocks=batch.book.all(case.pk), claims=[claim])


def _next_id() -> int:
    """The id of a case that is not stored yet, so that clocks and events can name it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('disputes_case', 'id'))")
        row = cursor.fetchone()
    return int(row[0])


def _submit(case: Case, actor: Actor, batch: Batch, *, continuation: Sequence[str]) -> None:
    """Submit what is made in this transaction. A long text's rest follows as messages."""
    at = batch.at
    workflow.move("submit", case=case, actor=actor, at=at, batch=batch)
    for text in continuation:
        message = {"text": text, "thread": "buyer_platform"}
        workflow.move("post_message", case=case, actor=Actor.of(case.consumer), at=at, batch=batch, details=message)
    case.unsaved.clear()


def refuse_unless_complete(case: Case, at: datetime) -> None:
    """Window and exhibits. An imported complaint waives both (its original date is kept)."""
    if Flag.IMPORTED in case.flags:
        return
    until = filing_until(case)
    if until and at >= until:
        raise TooLate(
            "filing_window_over",
            _("Complaints about this order could be filed until %(until)s. 12315 and the courts stay open.")
            % {"until": until.isoformat()},
            until=until.isoformat(),
        )
    if missing := missing_evidence(case):
        raise Invalid(
            "evidence_missing",
            _("Attach %(missing)s to a draft (submit=false) and submit it, or say why you cannot (evidence_waiver).")
            % {"missing": ", ".join(missing)},
            missing=missing,
        )


def missing_evidence(case: Case) -> list[str]:
    """Mandatory slots in which nothing was handed in; none where a waiver stands for them."""
    return [] if case.evidence_waiver else unattached(case)


def unattached(case: Case) -> list[str]:
    """Mandatory slots in which nothing was handed in, whatever stands for them."""
    mandatory = mandatory_slots(case)
    if not mandatory:
        return []
    handed_in = Item.objects.filter(case_id=case.pk).exclude(status=Item.Status.WITHDRAWN)
    return sorted(mandatory - set(handed_in.values_list("slot", flat=True)))


def _draft(
    complaint: Complaint, consumer: User, actor: Actor, at: datetime,
    order: orders.Found | None, flags: set[str], imported: Imported | None, policy_id: int,
) -> Case:  # fmt: skip
    snapshot: OrderSnapshot | None = None
    if order:
        snapshot = order.snapshot(at)
        snapshot.save(force_insert=True)
    about_us = complaint.type == Type.SERVICE_COMPLAINT
    parent = linking.parent_of(complaint, consumer)
    handler = complaint.complained_of or linking.worked_on(parent)
    return Case(
        reference=references.make(),
        kind=kind_of(complaint),
        type=complaint.type, subtype=complaint.subtype, description=complaint.description,
        defect_location=complaint.defect_location, demand_text=complaint.demand_text, channel=complaint.channel,
        consumer=consumer, contact=complaint.contact, filed_by_id=None if actor.id == consumer.pk else actor.id,
        complained_of_id=handler if about_us else None, parent=parent,
        seller=None if about_us or not order else order.seller, order_number=complaint.order_number,
        order=snapshot, no_order_reason=complaint.no_order_reason, evidence_waiver=complaint.evidence_waiver,
        flags=sorted(flags | ({Flag.IMPORTED} if imported else set())), received_goods=received(complaint, snapshot),
        goods_used=complaint.goods_used, policy_id=policy_id, claim_remedy=complaint.remedy,
        created_at=at, touched_at=at, **(imported.origin if imported else {}),
    )  # fmt: skip


def kind_of(complaint: Complaint) -> Kind:
    """A complaint about ourselves, a mere question, or a complaint."""
    if complaint.type == Type.SERVICE_COMPLAINT:
        return Kind.SERVICE_COMPLAINT
    return Kind.INQUIRY if complaint.subtype == Subtype.PRESALE_INQUIRY else Kind.COMPLAINT


def count_repeat(
    complaint: Complaint, *, consumer: User, actor: Actor, at: datetime, recorder: workflow.Recorder | None = None
) -> Case | None:
    """The open case for the same order and problem, with the repeat counted (R1-11); None if there is none any more.

    Counted once, if `recorder` has the answer already.
    """
    open_ones = Case.objects.exclude(status__in=[*CLOSED, Status.DRAFT]).filter(consumer=consumer)
    same = open_ones.filter(subtype=complaint.subtype, order_number=complaint.order_number)
    pk = same.values_list("pk", flat=True).first()
    if pk is None:
        return None
    sweep.fire_case(pk, at=at)  # what is overdue there may end it
    with transaction.atomic(durable=True):
        if recorder and recorder.replayed():
            return Case.objects.get(pk=pk)
        case = workflow.lock(pk)
        if not case.is_open:
            return None
        batch = Batch.open([pk], at=at)
        details = {"channel": complaint.channel}
        workflow.move("count_repeat", case=case, actor=actor, at=at, batch=batch, details=details)
        record.store([case])
        batch.write()
        if recorder:
            recorder.keep(case)
        return case


def received(complaint: Complaint, order: OrderSnapshot | None) -> bool | None:
    """Whether the goods came: as the consumer says, else as the order tells."""
    if complaint.received_goods is not None or order is None:
        return complaint.received_goods
    return order.status in (OrderStatus.SIGNED, OrderStatus.FINISHED)


def demand(case: Case, complaint: Complaint) -> tuple[str, Decimal, Decimal | None]:
    """(remedy, amount, what is reasonable): what was asked for, or what is reasonable where nothing was said.

    Raises Invalid for a remedy outside the catalogue, and an amount that does not fit it.
    """
    reasonable = claims.reasonable_up_to(case.order, complaint.remedy)
    amount = complaint.amount if complaint.amount is not None else claims.unsaid(case, complaint.remedy)
    if complaint.amount is None and amount > 0:
        terms.check_catalogue(case, complaint.remedy)  # the amount is ours: it fits
    else:
        _check_remedy(case, complaint.remedy, amount)
    return complaint.remedy, amount, reasonable


def _check_remedy(case: Case, remedy: str, amount: Decimal) -> None:
    if remedy in MONEY and case.order is None and amount == 0:
        return terms.check_catalogue(case, remedy)  # the amount follows with the order
    return terms.check_remedy(case, remedy, amount)


def check_family(complaint: Complaint) -> None:
    fitting = FAMILIES[Type(complaint.type)].subtypes
    if complaint.subtype not in fitting:
        raise Invalid(
            "subtype_not_fitting",
            _("This subtype does not belong to the type. Choose one of: %(fitting)s.")
            % {"fitting": ", ".join(sorted(fitting))},
            subtypes=sorted(fitting),
        )
    if complaint.type == Type.SERVICE_COMPLAINT and complaint.complained_of is None and complaint.parent is None:
        raise Invalid("about_what", _("Name the case whose handling you complain about (parent)."))
