"""Filing a complaint, one question a page. What was said so far lies in the session until it is a draft."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from casemgmt import clock
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from casemgmt.errors import DomainError
from disputes import catalogue, claims, intake
from disputes.api.cases import consumer_named
from disputes.api.filing_inputs import FilingInput
from disputes.models import Case, Order
from disputes.ports import orders
from disputes.states import Remedy
from disputes.taxonomy import REMEDIES, Type, flow_of
from disputes.web import forms, posted
from disputes.web.acting import FormOnce, person

# Step → the answers it asks for, in the order of the pages.
STEPS: dict[str, tuple[str, ...]] = {
    "order": ("consumer", "order_number", "no_order_reason"),
    "problem": ("type", "subtype"),
    "story": ("description", "defect_location", "received_goods", "goods_used"),
    "wish": ("remedy", "amount", "demand_text"),
    "contact": ("contact", "evidence_waiver"),
    "check": (),
}
NAMES = tuple(STEPS)
KEPT = "complaint"


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
        return _page(request, user, step, kept)
    said = {name: request.POST.get(name, "").strip() for name in STEPS[step]}
    if step == "problem":  # chosen together: a subtype belongs to one kind
        said["type"], _slash, said["subtype"] = request.POST.get("both", "").partition("/")
    kept = {**kept, **said}
    request.session[KEPT] = {name: value for name, value in kept.items() if value}
    if step == "check":
        return _filed(request, user, kept)
    if wrong := _wrong(request, kept, step):
        return _page(request, user, step, kept, errors=wrong, status=422)
    return redirect(f"{request.path}?step={NAMES[NAMES.index(step) + 1]}")


def _filed(request: HttpRequest, user: User, kept: dict[str, str]) -> HttpResponse:
    form = _form(request, kept)
    if not form.is_valid():
        first = next(step for step, names in STEPS.items() if not names or set(names) & form.errors.keys())
        return _page(request, user, first, kept, errors=form.errors, status=422)
    said = dict(form.validated_data)
    said.pop("submit", None)
    at = clock.now()
    actor = person(request)[1]
    try:
        consumer = consumer_named(user, said.pop("consumer", ""))
        complaint = intake.Complaint(**{"contact": "", **said})
        keep_draft = "draft" in request.POST
        once = Remembering(request, at=at)
        intake.file(complaint, consumer=consumer, actor=actor, at=at, submit=not keep_draft, recorder=once)
    except DomainError as refusal:
        return _page(request, user, "check", kept, refusal=refusal, status=422)
    request.session.pop(KEPT, None)
    return redirect("case-page", reference=once.reference)


class Remembering(FormOnce):
    """Once per form, and it knows which case came of it, this time or the first."""

    reference = ""

    def replayed(self) -> bool:
        if self._once and (before := self._once.replay()):
            self.reference = str(before.value()["reference"])
            return True
        return False

    def keep(self, case: Case, made: Any = None) -> None:
        super().keep(case, made)
        self.reference = case.reference


def _page(
    request: HttpRequest, user: User, step: str, kept: dict[str, str], *,
    errors: Any = None, refusal: DomainError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    order = _order(user, kept.get("order_number", ""))
    asked = {
        box.name: box
        for box in forms.boxes(FilingInput(context={"request": request}), posted=_as_posted(kept), errors=errors)
    }
    place = NAMES.index(step)
    shown = {
        "step": step, "number": place + 1, "total": len(NAMES), "percent": (place + 1) * 100 // len(NAMES),
        "before": NAMES[place - 1] if place else "", "kept": kept, "asked": asked, "refusal": refusal,
        "boxes": [asked[name] for name in STEPS[step]], "orders": _orders(user) if step == "order" else [],
        "families": catalogue.types() if step == "problem" else [], "order": order,
        "files_for": user.role != Role.CONSUMER,
        "remedies": _remedies(kept), "reasonable": _reasonable(order, kept),
        "once": request.POST.get("once") or uuid4().hex,
        "advice": catalogue.advice() if step == "story" else [],
    }  # fmt: skip
    return render(request, "disputes/file.html", shown, status=status)


def _form(request: HttpRequest, kept: dict[str, str]) -> FilingInput:
    return FilingInput(data=posted.nested(_as_posted(kept)), context={"request": request})


def _wrong(request: HttpRequest, kept: dict[str, str], step: str) -> dict[str, Any]:
    """What is wrong with this step's answers; the other steps are judged on their own pages."""
    form = _form(request, kept)
    form.is_valid()
    wrong = {name: said for name, said in form.errors.items() if name in STEPS[step]}
    if step == "order" and not kept.get("order_number") and not kept.get("no_order_reason"):
        wrong["order_number"] = [_("Choose an order, or say why there is none.")]
    if step == "order" and kept.get("order_number") and _order(None, kept["order_number"]) is None:
        wrong["order_number"] = [_("We find no order with this number. Check it.")]
    return wrong


def _as_posted(kept: dict[str, str]) -> Any:
    from django.http import QueryDict

    said = QueryDict(mutable=True)
    for name, value in kept.items():
        said[name] = value
    return said


def _orders(user: User) -> list[Order]:
    """The consumer's latest orders, to choose from."""
    if user.role != Role.CONSUMER:
        return []
    return list(Order.objects.filter(buyer=user).select_related("seller").order_by("-pk")[:12])


def _order(user: User | None, number: str) -> orders.Found | None:
    """The order of this number, if it is the person's own (or anybody's, for the intake staff)."""
    if not number:
        return None
    try:
        found = orders.port().fetch(number)
    except DomainError:
        return None
    own = user is None or user.role != Role.CONSUMER or (found and found.buyer_id == user.pk)
    return found if own else None


def _remedies(kept: dict[str, str]) -> list[tuple[str, str]]:
    if kept.get("type") not in Type.values:
        return []
    fitting = REMEDIES[flow_of(kept["type"])]
    return [(remedy.value, str(remedy.label)) for remedy in Remedy if remedy in fitting]


def _reasonable(order: orders.Found | None, kept: dict[str, str]) -> Decimal | None:
    """What a refund of everything would be, to show beside the amount."""
    if order is None:
        return None
    return claims.reasonable_up_to(order.snapshot(clock.now()), Remedy.REFUND_ONLY)
