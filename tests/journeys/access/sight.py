"""Who may know of a case in each state: DOMAIN, permissions. Everybody else is answered 404.

consumer: own cases. Seller staff: cases of the own shop once the shop is told. Agent: what was filed, except complaints
about ourselves. Arbitrator: assigned cases only. Reviewer: the approval queue. Supervisor and auditor: all that was
filed; a draft is nobody's but its author's. Administrator: no case content.
"""

INTAKE = "consumer agent supervisor auditor"
BETWEEN = f"{INTAKE} seller"
BENCH = f"{BETWEEN} assigned"

SEEN_BY: dict[str, frozenset[str]] = {
    name: frozenset(people.split())
    for name, people in {
        "draft": "consumer",
        "submitted": INTAKE,
        "info": INTAKE,
        "incomplete": INTAKE,
        "carrier": INTAKE,
        "talks": BETWEEN,
        "offer": BETWEEN,
        "refused": BETWEEN,
        "to_return": BETWEEN,
        "in_transit": BETWEEN,
        "to_fulfil": BETWEEN,
        "to_confirm": BETWEEN,
        "resolved": BETWEEN,
        "withdrawn": BETWEEN,
        "held": BETWEEN,
        "asked_in": BENCH,
        "review": BENCH,
        "evidence": BENCH,
        "mediation": BENCH,
        "suspended": BENCH,
        "recusal": BENCH,
        "no_ruling_proposed": BENCH,
        "approval": f"{BENCH} reviewer",
        "ruled": BENCH,
        "appeal": BENCH,
        "executing": BENCH,
        "stuck": BENCH,
        # About the arbitrator's own work: neither that person nor anybody of the first line.
        "about_us": "consumer supervisor auditor",
    }.items()
}
