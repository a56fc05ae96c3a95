"""What was said on the pages of filing so far, what is still wrong with it, and which page comes next."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from casemgmt import clock
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from casemgmt.errors import DomainError, Unavailable
from disputes import catalogue, claims, drafts, intake
from disputes.api.cases import consumer_named
from disputes.api.filing_inputs import DraftInput, FilingInput
from disputes.models import Case, OrderSnapshot
from disputes.ports import orders
from disputes.states import Kind
from disputes.taxonomy import FAMILIES, Type, flow_of
from disputes.web import posted
from evidence.slots import Slot

# Step → the answers it asks for, in the order of the pages. Who files for oneself names no caller.
STEPS: dict[str, tuple[str, ...]] = {
    "caller": ("consumer", "channel"),
    "order": ("order_number", "no_order_reason"),
    "problem": ("type", "subtype"),
    "story": ("description", "parent", "defect_location", "received_goods", "goods_used"),
    "wish": ("remedy", "amount", "demand_text"),
    "contact": ("contact",),
    "evidence": ("evidence_waiver",),
    "check": (),
}
LAST_BEFORE_DRAFT = "wish"  # what was said up to here makes a draft, to which the rest is added
FIXED = frozenset({"consumer", "channel", "parent"})  # of a draft
_UNSAID: dict[str, Any] = {"amount": None, "received_goods": None, "goods_used": None}


def steps_for(user: User) -> tuple[str, ...]:
    return tuple(STEPS)[1:] if user.role == Role.CONSUMER else tuple(STEPS)


def said_of(case: Case) -> dict[str, str]:
    """The answers that a draft holds, as its pages had them. `case` with its consumer, order and parent."""
    filed = drafts.as_filed(case)
    named = {name: _spelt(getattr(filed, name)) for step in STEPS.values() for name in step if name != "consumer"}
    return {**named, "consumer": case.consumer.username, "parent": case.parent.reference if case.parent else ""}


def _spelt(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def as_posted(said: Mapping[str, str]) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, value in said.items():
        found[name] = value
    return found


class Told:
    """The answers of one complaint: those of its draft, or those that were kept, and what was said just now."""

    def __init__(self, request: HttpRequest, user: User, said: Mapping[str, str], case: Case | None = None) -> None:
        self.user, self.case = user, case
        self.said = {name: value for name, value in said.items() if value}
        self.form = FilingInput(data=posted.nested(as_posted(self.said)), context={"request": request})
        self.steps = steps_for(user)
        self.torn = False  # between an order that was chosen and another one that was typed

    @cached_property
    def consumer(self) -> User | None:
        """Whom it is filed for."""
        if self.case:
            return self.case.consumer
        try:
            named = self.said.get("consumer", "") if self.user.role != Role.CONSUMER else ""
            return None if "\0" in named else consumer_named(self.user, named)
        except DomainError:
            return None

    @cached_property
    def order(self) -> OrderSnapshot | None:
        """The consumer's own order; another's does not exist. Raises Unavailable when the marketplace is away."""
        number = self.said.get("order_number", "")
        if self.case and self.case.order_number == number:
            return self.case.order
        found = orders.port().fetch(number) if number and "\0" not in number and self.consumer else None
        own = found and self.consumer and found.buyer_id == self.consumer.pk
        return found.snapshot(clock.now()) if found and own else None

    @property
    def known_order(self) -> OrderSnapshot | None:
        """The order, as far as the marketplace tells."""
        try:
            return self.order
        except Unavailable:
            return None

    @cached_property
    def wrong(self) -> dict[str, Any]:
        self.form.is_valid()
        said, wrong = self.said, dict(self.form.errors)
        kind = said.get("type", "")
        if self.consumer is None:
            wrong["consumer"] = [_("Choose the person you file for.")]
        if order := self._wrong_order():
            wrong.setdefault("order_number", [order])
        if kind in Type.values and said.get("subtype") not in FAMILIES[Type(kind)].subtypes:
            wrong["subtype"] = [_("Choose what is wrong.")]
        if kind == Type.SERVICE_COMPLAINT and not said.get("parent"):
            wrong["parent"] = [_("Say which case it is about.")]
        if said.get("remedy") and said["remedy"] not in dict(self.remedies):
            wrong["remedy"] = [_("Choose what you want.")]
        if not said.get("contact"):
            wrong["contact"] = [_("Give a phone number or an e-mail address.")]
        if not said.get("evidence_waiver") and self.missing:
            missing = {"missing": ", ".join(self.missing)}
            wrong["evidence_waiver"] = [_("Still needed: %(missing)s. Attach it, or say why you cannot.") % missing]
        return wrong

    def _wrong_order(self) -> str:
        number, reason = self.said.get("order_number", ""), self.said.get("no_order_reason", "")
        if self.torn:
            return _("You chose an order and typed the number of another. Which one is it?")
        if number and reason:
            return _("You gave an order number and said that there is none. Which is it?")
        if not number:
            return "" if reason else _("Choose an order, or say why there is none.")
        try:
            unknown = self.order is None and not (self.case and self.case.order_number == number)
        except Unavailable:
            unknown = False  # it is looked up again when the marketplace is back
        return _("We find no order with this number. Check it.") if unknown else ""

    @cached_property
    def missing(self) -> list[str]:
        """Exhibits that the draft still needs, in words."""
        return [str(Slot(slot).label) for slot in intake.unattached(self.case)] if self.case else []

    def wrong_at(self, step: str) -> dict[str, Any]:
        return {name: said for name, said in self.wrong.items() if name in STEPS[step]}

    @property
    def first_open(self) -> str:
        """The first page with something missing or wrong; the last where there is none."""
        found = next((step for step in self.steps if self.wrong_at(step)), self.steps[-1])
        early = self.case is None and self.place(found) > self.place(LAST_BEFORE_DRAFT)
        return LAST_BEFORE_DRAFT if early else found

    def place(self, step: str) -> int:
        return self.steps.index(step)

    def after(self, step: str) -> str:
        return self.steps[self.place(step) + 1]

    def before(self, step: str) -> str:
        """The page before; none before the first, nor before the first that a draft can change."""
        first = 1 if self.case and "caller" in self.steps else 0
        return self.steps[self.place(step) - 1] if self.place(step) > first else ""

    def changes(self, step: str) -> dict[str, Any]:
        """What this page says, as a draft takes it."""
        asked = [name for name in STEPS[step] if name not in FIXED]
        form = DraftInput(data={name: self.said[name] for name in asked if name in self.said})
        form.is_valid(raise_exception=True)
        return {name: form.validated_data.get(name, _UNSAID.get(name, "")) for name in asked}

    @property
    def complaint(self) -> intake.Complaint:
        said = {name: value for name, value in self.form.validated_data.items() if name not in ("consumer", "submit")}
        return intake.Complaint(**{"contact": "", **said})

    @property
    def remedies(self) -> list[tuple[str, str]]:
        """What can be asked for in this family of complaints."""
        if self.said.get("type") not in Type.values:
            return []
        return catalogue.remedies(flow_of(self.said["type"]))

    def reasonable(self, remedy: str) -> Decimal | None:
        """What this remedy usually reaches, to show beside it."""
        return claims.reasonable_up_to(self.known_order, remedy)

    @cached_property
    def claimed(self) -> Decimal | None:
        """The amount of a draft's demand: what was said, else what is usual."""
        return self.case.claims.get(revision=1).amount if self.case else None

    @property
    def families(self) -> list[dict[str, Any]]:
        """What it can be about. A draft about an order does not become one about ourselves, nor the reverse."""
        found = catalogue.types()
        if self.case is None:
            return found
        about_us = self.case.kind == Kind.SERVICE_COMPLAINT
        return [one for one in found if (one["code"] == Type.SERVICE_COMPLAINT) == about_us]
