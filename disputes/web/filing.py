"""Filing a complaint, one question a page. What was said so far lies in the session until it is a draft."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from casemgmt import clock
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from casemgmt.errors import DomainError, Unavailable
from disputes import catalogue, claims, intake
from disputes.api.cases import consumer_named
from disputes.api.filing_inputs import FilingInput
from disputes.models import Case, Order
from disputes.ports import orders
from disputes.states import Remedy
from disputes.taxonomy import FAMILIES, Type, flow_of
from disputes.web import forms, posted
from disputes.web.acting import FormOnce, key_for, person
from evidence.slots import Slot

# Step → the answers it asks for, in the order of the pages.
STEPS: dict[str, tuple[str, ...]] = {
    "order": ("consumer", "order_number", "no_order_reason"),
    "problem": ("type", "subtype"),
    "story": ("description", "parent", "defect_location", "received_goods", "goods_used"),
    "wish": ("remedy", "amount", "demand_text"),
    "contact": ("contact", "evidence_waiver"),
    "check": (),
}
NAMES = tuple(STEPS)
KEPT = "complaint"
LONGEST = 2000  # characters of any answer


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest) -> HttpResponse:
    """The page of one step; a POST keeps its answers and leads to the next, the last one files."""
    user, _actor = person(request)
    if user.role not in (Role.CONSUMER, Role.AGENT, Role.SUPERVISOR):
        raise Http404
    step = request.GET.get("step", NAMES[0])
    if step not in STEPS:
        return redirect("file")
    kept: dict[str, str] = request.session.get(KEPT, {})
    if request.method != "POST":
        told = Told(request, user, kept)
        ahead = NAMES.index(step) > NAMES.index(told.first_open)
        return redirect(_address(told.first_open)) if ahead else _page(request, told, step)
    if step == "check":
        return _filed(request, Told(request, user, kept))
    kept = {**kept, **_answered(request, user, step)}
    # What is too long is shown once more, but never kept: a session stays small.
    request.session[KEPT] = {name: value for name, value in kept.items() if value and len(value) <= LONGEST}
    told = Told(request, user, kept)
    if wrong := told.wrong_at(step):
        return _page(request, told, step, errors=wrong, status=422)
    return redirect(_address(NAMES[NAMES.index(step) + 1]))


def _answered(request: HttpRequest, user: User, step: str) -> dict[str, str]:
    """What the page of this step says. A newline counts as one character, as the page's own counter has it."""
    said = {name: request.POST.get(name, "").replace("\r\n", "\n").strip() for name in STEPS[step]}
    if step == "problem":  # chosen together: a subtype belongs to one kind
        said["type"], _slash, said["subtype"] = request.POST.get("both", "").partition("/")
    if user.role == Role.CONSUMER:
        said.pop("consumer", None)
    return said


def _address(step: str) -> str:
    return f"{reverse('file')}?step={step}"


class Told:
    """What was said so far, and what is still wrong with it."""

    def __init__(self, request: HttpRequest, user: User, kept: dict[str, str]) -> None:
        self.user, self.kept = user, kept
        self.form = FilingInput(data=posted.nested(as_posted(kept)), context={"request": request})

    @cached_property
    def consumer(self) -> User | None:
        try:
            named = self.kept.get("consumer", "")
            return None if "\0" in named else consumer_named(self.user, named)
        except DomainError:
            return None

    @cached_property
    def order(self) -> orders.Found | None:
        """The consumer's own order; another's does not exist. Raises Unavailable when the marketplace is away."""
        number = self.kept.get("order_number", "")
        found = orders.port().fetch(number) if number and "\0" not in number and self.consumer else None
        return found if found and self.consumer and found.buyer_id == self.consumer.pk else None

    @cached_property
    def wrong(self) -> dict[str, Any]:
        self.form.is_valid()
        kind, said = self.kept.get("type", ""), self.kept
        wrong: dict[str, Any] = dict(self.form.errors)
        if self.consumer is None:
            wrong["consumer"] = [_("Name the consumer you file for, by marketplace id or username.")]
        elif not said.get("order_number") and not said.get("no_order_reason"):
            wrong["order_number"] = [_("Choose an order, or say why there is none.")]
        elif said.get("order_number") and self._unknown_order():
            wrong["order_number"] = [_("We find no order with this number. Check it.")]
        if kind in Type.values and said.get("subtype") not in FAMILIES[Type(kind)].subtypes:
            wrong["subtype"] = [_("Choose what is wrong.")]
        if kind == Type.SERVICE_COMPLAINT and not said.get("parent"):
            wrong["parent"] = [_("Say which case it is about.")]
        if not said.get("contact"):
            wrong["contact"] = [_("Give a phone number or an e-mail address.")]
        if said.get("remedy") and said["remedy"] not in dict(self.remedies):
            wrong["remedy"] = [_("Choose what you want.")]
        return wrong

    def _unknown_order(self) -> bool:
        try:
            return self.order is None
        except Unavailable:
            return False  # it is looked up again when the marketplace is back

    def wrong_at(self, step: str) -> dict[str, Any]:
        return {name: said for name, said in self.wrong.items() if name in STEPS[step]}

    @property
    def first_open(self) -> str:
        """The first page with something missing or wrong; the last where there is none."""
        return next((step for step in NAMES if self.wrong_at(step)), NAMES[-1])

    @property
    def remedies(self) -> list[tuple[str, str]]:
        """What can be asked for in this family of complaints."""
        if self.kept.get("type") not in Type.values:
            return []
        return catalogue.remedies(flow_of(self.kept["type"]))

    @property
    def reasonable(self) -> Decimal | None:
        """What a refund of everything would be, to show beside the amount."""
        try:
            kept = self.order.snapshot(clock.now()) if self.order else None
        except Unavailable:
            return None
        return claims.reasonable_up_to(kept, Remedy.REFUND_ONLY) if kept else None


def _filed(request: HttpRequest, told: Told) -> HttpResponse:
    at = clock.now()
    once = Remembering(request, at=at)
    try:
        with transaction.atomic():
            if once.replayed():  # a double click: what was said is filed and forgotten
                return redirect("case-page", reference=once.reference)
        if (step := told.first_open) != NAMES[-1]:
            return _page(request, told, step, errors=told.wrong_at(step), status=422)
        said = dict(told.form.validated_data)
        consumer = consumer_named(told.user, said.pop("consumer", ""))
        complaint = intake.Complaint(**{"contact": "", **{k: v for k, v in said.items() if k != "submit"}})
        draft = "draft" in request.POST and _may_keep(told.user)
        intake.file(complaint, consumer=consumer, actor=person(request)[1], at=at, submit=not draft, recorder=once)
    except DomainError as refusal:
        return _page(request, told, NAMES[-1], refusal=_in_words(refusal), status=refusal.status)
    request.session.pop(KEPT, None)
    return redirect("case-page", reference=once.reference)


def _may_keep(user: User) -> bool:
    """A draft is its author's: a supervisor would not see it again."""
    return user.role != Role.SUPERVISOR


def _in_words(refusal: DomainError) -> DomainError:
    """What is said to programs by the names of fields, said to people."""
    if refusal.code != "evidence_missing":
        return refusal
    missing = ", ".join(str(Slot(slot).label) for slot in refusal.extra["missing"])
    detail = _("Still needed: %(missing)s. Keep a draft and attach it, or go back and say why you cannot.")
    return type(refusal)(refusal.code, detail % {"missing": missing})


class Remembering(FormOnce):
    """Once per form, and it knows which case came of it, this time or the first."""

    reference = ""

    def replayed(self) -> bool:
        if before := self.before():
            self.reference = str(before.value()["reference"])
        return before is not None

    def keep(self, case: Case, made: Any = None) -> None:
        super().keep(case, made)
        self.reference = case.reference


def _page(
    request: HttpRequest, told: Told, step: str, *,
    errors: Any = None, refusal: DomainError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    form, user, kept = FilingInput(context={"request": request}), told.user, told.kept
    asked = {box.name: box for box in forms.boxes(form, posted=as_posted(kept), errors=errors)}
    about_us = kept.get("type") == Type.SERVICE_COMPLAINT
    place = NAMES.index(step)
    shown = {
        "step": step, "number": place + 1, "total": len(NAMES),
        "before": NAMES[place - 1] if place else "", "kept": kept, "asked": asked, "refusal": refusal,
        "boxes": [asked[name] for name in STEPS[step] if name != "parent" or about_us],
        "orders": _orders(user) if step == "order" else [], "files_for": user.role != Role.CONSUMER,
        "families": catalogue.types() if step == "problem" else [], "remedies": told.remedies,
        "reasonable": told.reasonable if step == "wish" else None, "may_keep": _may_keep(user),
        "once": key_for(request, refusal), "advice": catalogue.advice() if step == "story" else [],
    }  # fmt: skip
    return render(request, "disputes/file.html", shown, status=status)


def as_posted(kept: dict[str, str]) -> QueryDict:
    said = QueryDict(mutable=True)
    for name, value in kept.items():
        said[name] = value
    return said


def _orders(user: User) -> list[Order]:
    """The consumer's latest orders, to choose from."""
    if user.role != Role.CONSUMER:
        return []
    return list(Order.objects.filter(buyer=user).select_related("seller").order_by("-pk")[:12])
