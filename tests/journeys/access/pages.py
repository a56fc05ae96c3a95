"""Every page: who is shown it, refused it (403) or sent to sign in (302). Written by hand."""

from __future__ import annotations

from tests.journeys.access.people import NOBODY, PRINCIPALS

READERS = frozenset({"supervisor", "auditor", "administrator"})
OVERSEERS = frozenset({"supervisor", "auditor"})  # an administrator sees no case content, here either
KEEPERS = frozenset({"administrator"})
NONE: frozenset[str] = frozenset()


def everybody(status: int) -> dict[str, int]:
    return dict.fromkeys(PRINCIPALS, status)


def office(may: frozenset[str], *, status: int = 200, others: int = 403) -> dict[str, int]:
    """In the back office: who may; its other readers are refused; anybody else is sent to sign in."""
    return {name: status if name in may else others if name in READERS else 302 for name in PRINCIPALS}


def signed_in(status: int, **others: int) -> dict[str, int]:
    """Whoever is not is sent to sign in."""
    return {**{name: 302 if name in NOBODY else status for name in PRINCIPALS}, **others}


# (name of the address, method) → what each is answered. Where nothing is sent, an empty form is.
SHELL: dict[tuple[str, str], dict[str, int]] = {
    ("healthz", "get"): everybody(200),
    ("healthz", "post"): everybody(405),
    # Whoever has screens is led to the first of them.
    ("landing", "get"): {**everybody(302), "anonymous": 200, "disabled": 200, "administrator": 200},
    ("landing", "post"): everybody(405),
    ("sign-in", "get"): everybody(200),
    ("sign-in", "post"): everybody(200),  # the form again, with what is missing
    ("sign-out", "get"): everybody(405),
    ("sign-out", "post"): everybody(302),
    ("language", "get"): everybody(405),
    ("language", "post"): everybody(302),
    ("theme", "get"): everybody(405),
    ("theme", "post"): everybody(302),
    ("bell", "get"): signed_in(200),
    ("bell", "post"): signed_in(405),
    ("desk", "get"): signed_in(200),
    ("desk", "post"): signed_in(405),
    # Complaints are filed by consumers, and for them by the intake.
    ("file", "get"): signed_in(404, consumer=200, stranger=200, agent=200, supervisor=200),
    ("file", "post"): signed_in(404, consumer=422, stranger=422, agent=422, supervisor=422),
    ("service", "get"): everybody(200),
    ("service", "post"): everybody(405),
    ("calls", "get"): signed_in(404, agent=200, supervisor=200),
    ("calls", "post"): signed_in(405),
    ("next-case", "get"): signed_in(302),  # to a case of one's own queue, or to the list
    ("next-case", "post"): signed_in(405),
    ("bulk", "get"): signed_in(405),
    ("bulk", "post"): signed_in(404),  # without saying what
    # Whoever works with a table keeps views of it: here one without a name, and is told so on the list.
    ("keep-view", "get"): signed_in(405),
    ("keep-view", "post"): signed_in(302, consumer=404, stranger=404, administrator=404),
    ("my-data", "get"): signed_in(200),
    ("my-data", "post"): signed_in(302),
    ("make-key", "get"): signed_in(405),
    ("make-key", "post"): signed_in(302),  # without a scope: told so on the next page
    ("shop", "get"): signed_in(404, seller=200, other_seller=200),
    ("shop", "post"): signed_in(405),
    ("wall", "get"): signed_in(404, supervisor=200),
    ("wall", "post"): signed_in(405),
    ("schema", "get"): everybody(200),
    ("schema", "post"): everybody(405),
    ("api-docs", "get"): everybody(200),
    # The page of the API's description knows no POST; who is not signed in is not told even that.
    ("api-docs", "post"): everybody(405),
}
# The second factor, which nobody of these has set up, nor needs to: allauth's addresses, of which no other is open.
SECOND_FACTOR: dict[tuple[str, str], dict[str, int]] = {
    ("account_login", "get"): everybody(200),
    ("account_login", "post"): everybody(200),
    ("mfa_authenticate", "get"): everybody(302),  # nobody has given a password just now
    ("mfa_authenticate", "post"): everybody(302),
    ("mfa_index", "get"): signed_in(200),
    ("mfa_index", "post"): signed_in(302),
    ("account_reauthenticate", "get"): signed_in(200),
    ("account_reauthenticate", "post"): signed_in(200),  # the form again
    ("mfa_activate_totp", "get"): signed_in(200),
    ("mfa_activate_totp", "post"): signed_in(200),
    ("mfa_deactivate_totp", "get"): signed_in(404),
    ("mfa_deactivate_totp", "post"): signed_in(404),
    ("mfa_view_recovery_codes", "get"): signed_in(404),
    ("mfa_view_recovery_codes", "post"): signed_in(405),
    ("mfa_download_recovery_codes", "get"): signed_in(404),
    ("mfa_download_recovery_codes", "post"): signed_in(404),
    ("mfa_generate_recovery_codes", "get"): signed_in(200),
    ("mfa_generate_recovery_codes", "post"): signed_in(200),  # refused: without an app there are none
}
SHELL |= SECOND_FACTOR
KEPT_IN_THE_SESSION = frozenset({"/me/app/"})  # where reading writes: the secret that is shown waits there for its code
ADMIN: dict[tuple[str, str], dict[str, int]] = {
    ("admin:index", "get"): office(READERS),
    ("admin:login", "get"): everybody(302),
    ("admin:login", "post"): everybody(302),
    ("admin:logout", "get"): office(NONE, others=405),
    ("admin:logout", "post"): everybody(302),
    ("admin:password_change", "get"): office(READERS),
    ("admin:password_change_done", "get"): office(READERS),
    ("admin:jsi18n", "get"): office(READERS),
    ("admin:autocomplete", "get"): office(NONE),  # without saying of what
    ("admin:view_on_site", "get"): office(NONE, others=404),
}
# Which people see the rows of a model, and who may add to it and change it. Nobody deletes here.
MODELS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "accounts_user": (READERS, KEEPERS),
    "accounts_organisation": (READERS, KEEPERS),
    "accounts_team": (READERS, KEEPERS),
    "accounts_apikey": (READERS, NONE),
    "sla_calendar": (READERS, KEEPERS),
    "sla_day": (READERS, KEEPERS),
    "sla_policy": (READERS, KEEPERS),
    "sla_heartbeat": (READERS, NONE),
    "sla_outage": (READERS, NONE),
    "sla_halt": (READERS, NONE),
    "sla_clock": (OVERSEERS, NONE),
    "sla_pause": (OVERSEERS, NONE),
    "notifications_notice": (OVERSEERS, NONE),
    "notifications_preference": (OVERSEERS, NONE),
    "evidence_item": (OVERSEERS, NONE),
    "evidence_file": (OVERSEERS, NONE),
    "evidence_request": (OVERSEERS, NONE),
    "disputes_clause": (READERS, KEEPERS),
    "disputes_case": (OVERSEERS, NONE),
    "disputes_claim": (OVERSEERS, NONE),
    "disputes_offer": (OVERSEERS, NONE),
    "disputes_contactlog": (OVERSEERS, NONE),
    "disputes_ruling": (OVERSEERS, NONE),
    "disputes_appeal": (OVERSEERS, NONE),
    "disputes_obligation": (OVERSEERS, NONE),
    "disputes_moneymovement": (OVERSEERS, NONE),
    "disputes_sellermark": (OVERSEERS, NONE),
    "disputes_order": (OVERSEERS, NONE),
    "disputes_selleraccount": (OVERSEERS, NONE),
}
# These rows do not exist for an administrator: the way to what happened to one leads back to the front page.
_OF_CASES = ("case", "claim", "offer", "contactlog", "ruling", "appeal", "obligation", "moneymovement", "sellermark")
ROWS_OF_CASES = frozenset(f"disputes_{name}" for name in _OF_CASES)
UNSEEN = {"administrator": 302}
APPS: dict[str, frozenset[str]] = {
    "accounts": READERS, "sla": READERS, "disputes": READERS, "notifications": OVERSEERS, "evidence": OVERSEERS,
}  # fmt: skip
