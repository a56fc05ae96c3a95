"""Many cases that look like real ones: one is walked there by the procedures, the rest are copies of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import Membership, Organisation, User
from casemgmt.accounts.roles import Role
from disputes import intake, workflow
from disputes.models import Case, Order

FILLERS = 20  # open clocks per case that only stand there


@dataclass(frozen=True, kw_only=True)
class People:
    buyer: User
    seller: User
    shop: Organisation
    arbitrator: User
    supervisor: User


def people() -> People:
    """Five people without an e-mail address: each notice is one row."""
    made = {
        role: User.objects.create(username=f"bench-{role}", display_name=role, role=role)
        for role in (Role.CONSUMER, Role.SELLER_STAFF, Role.ARBITRATOR, Role.SUPERVISOR)
    }
    shop = Organisation.objects.create(key="bench", name="bench")
    Membership.objects.create(organisation=shop, user=made[Role.SELLER_STAFF], role=Membership.Role.OWNER)
    return People(
        buyer=made[Role.CONSUMER], seller=made[Role.SELLER_STAFF], shop=shop,
        arbitrator=made[Role.ARBITRATOR], supervisor=made[Role.SUPERVISOR],
    )  # fmt: skip


def filed(who: People, number: str) -> Case:
    at = clock.now()
    Order.objects.create(
        number=number, buyer=who.buyer, seller=who.shop, updated_at=at, paid_total=Decimal(100), status="signed"
    )
    complaint = intake.Complaint(
        type="product_quality", subtype="damaged", description="杯子碎了", contact="13800138000", remedy="return_refund",
        order_number=number, evidence_waiver="bench",
    )  # fmt: skip
    made = intake.file(complaint, consumer=who.buyer, actor=Actor.of(who.buyer), at=at)
    assert made is not None
    return made.case


def refused(who: People) -> Case:
    case = filed(who, "BENCH-REFUSED")
    _act(case, who.seller, "refuse", reason="goods_fine", text="no")
    return case


def under_review(who: People) -> Case:
    case = filed(who, "BENCH-REVIEW")
    _act(case, who.seller, "refuse", reason="goods_fine", text="no")
    _act(case, who.buyer, "escalate", reason="seller_refused")
    _act(case, who.arbitrator, "accept_intervention", opinion="first opinion")
    return case


def _act(case: Case, person: User, action: str, **details: object) -> None:
    workflow.perform(action, case_id=case.pk, actor=Actor.of(person), at=clock.now(), details=details)


def multiply(case: Case, copies: int) -> list[int]:
    """Copies of the case with its clocks, its last claim and its last event; their ids. No order: that is one-to-one."""
    given = {"id": "nextval('disputes_case_id_seq')", "reference": "'B' || currval('disputes_case_id_seq')",
             "order_number": "''", "order_id": "NULL"}  # fmt: skip
    ids = _copy("disputes_case", f"t.id = {case.pk}", given, copies)
    first, last = min(ids), max(ids)
    for table, which in (
        ("sla_clock", f"t.case_id = {case.pk}"),
        ("disputes_claim", f"t.case_id = {case.pk} AND t.status = 'open'"),
        ("timeline_event", f"t.case_id = {case.pk} AND t.seq = (SELECT max(seq) FROM timeline_event WHERE case_id = {case.pk})"),
    ):  # fmt: skip
        given = {"id": f"nextval('{table}_id_seq')", "case_id": "n.n"}
        _copy(table, which, given, copies, series=f"generate_series({first}, {last})")
    _copy_pauses(case.pk, first, last)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return sorted(ids)


def fill(open_clocks: int, who: People) -> None:
    """Running clocks of other cases, none of which is due for a month."""
    case = filed(who, "BENCH-FILL")
    ids = multiply(case, max(1, open_clocks // FILLERS))
    given = {"id": "nextval('sla_clock_id_seq')", "case_id": "c.c", "kind": "'filler_' || k.k"}
    columns = _columns("sla_clock")
    chosen = ", ".join(given.get(name, f"t.{name}") for name in columns)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sla_clock SET wake_at = now() + interval '30 days', due_at = now() + interval '31 days' "
                       "WHERE status = 'running'")  # fmt: skip
        cursor.execute(
            f"INSERT INTO sla_clock ({', '.join(columns)}) SELECT {chosen} FROM sla_clock t, "
            f"generate_series({ids[0]}, {ids[-1]}) c(c), generate_series(1, {FILLERS - 2}) k(k) "
            f"WHERE t.case_id = {case.pk} AND t.kind = 'resolution'"
        )
        cursor.execute("VACUUM ANALYZE")


def make_due(cases: list[int], kind: str, at: datetime) -> None:
    """Let the next thing of these clocks (a rung, or the deadline where there is no rung left) be due now."""
    past = at - timedelta(seconds=1)
    with connection.cursor() as cursor:
        if kind == "resolution":
            cursor.execute(
                "UPDATE sla_clock SET wake_at = %s, rungs = jsonb_set(rungs, '{0,1}', to_jsonb(%s::text)) "
                "WHERE case_id = ANY(%s) AND kind = %s AND status = 'running'",
                [past, past.isoformat(), cases, kind],
            )
        else:
            cursor.execute(
                "UPDATE sla_clock SET wake_at = %s, due_at = %s, rungs = '[]' "
                "WHERE case_id = ANY(%s) AND kind = %s AND status = 'running'",
                [past, past, cases, kind],
            )
        cursor.execute("UPDATE sla_clock SET started_at = %s WHERE case_id = ANY(%s)", [at - timedelta(days=9), cases])
        cursor.execute("UPDATE disputes_case SET touched_at = %s WHERE id = ANY(%s)", [at - timedelta(days=9), cases])
        cursor.execute("VACUUM (ANALYZE) sla_clock")
        cursor.execute("CHECKPOINT")


def settle_down(cases: list[int], kind: str) -> None:
    """What the floor left untouched must not be due for our next run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sla_clock SET wake_at = now() + interval '30 days' "
            "WHERE case_id = ANY(%s) AND status = 'running' AND wake_at < now() + interval '1 day'",
            [cases],
        )


def _copy(table: str, which: str, given: dict[str, str], copies: int, series: str = "") -> list[int]:
    columns = _columns(table)
    chosen = ", ".join(given.get(name, f"t.{name}") for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} "
            f"FROM {table} t, {series or f'generate_series(1, {copies})'} n(n) WHERE {which} RETURNING id"
        )
        return [row[0] for row in cursor.fetchall()]


def _copy_pauses(template: int, first: int, last: int) -> None:
    """Each paused copy gets the standing pause of its original."""
    columns = [name for name in _columns("sla_pause") if name not in ("id", "clock_id")]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO sla_pause (clock_id, {', '.join(columns)}) SELECT mine.id, {', '.join('t.' + c for c in columns)} "
            "FROM sla_pause t JOIN sla_clock theirs ON theirs.id = t.clock_id "
            "JOIN sla_clock mine ON mine.kind = theirs.kind AND mine.cycle = theirs.cycle "
            f"AND mine.case_id BETWEEN {first} AND {last} WHERE theirs.case_id = {template}"
        )


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_identity = 'NO' "
            "OR table_name = %s AND is_identity = 'YES' ORDER BY ordinal_position",
            [table, table],
        )
        return [row[0] for row in cursor.fetchall()]
