"""The pages of filing as they are shown: each question with what was said, what is wrong with it and what helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from casemgmt.accounts.actors import Actor
from casemgmt.errors import DomainError
from disputes import catalogue
from disputes.api.filing_inputs import FilingInput
from disputes.models import Case, Order
from disputes.states import Channel
from disputes.taxonomy import FAMILIES, Type
from disputes.web import callers, forms
from disputes.web.acting import key_for
from disputes.web.told import FIXED, STEPS, Told, as_posted
from evidence import items, limits
from evidence.models import Item
from evidence.refusals import TAKEN
from evidence.registry import hooks
from evidence.slots import Kind, Slot

SELLERS = frozenset({Slot.PURCHASE_CHAIN, Slot.DISPATCH_PROOF, Slot.SIGNING_PROOF, Slot.REFUND_PROOF})  # theirs to show
LATEST = 12  # orders to choose from; any other one is looked up by its number


def render_page(
    request: HttpRequest, told: Told, step: str, *,
    errors: Mapping[str, Any] | None = None, refusal: DomainError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    said = told.said if errors else {**_known(told, step), **told.said}
    form = FilingInput(context={"request": request})
    asked = {box.name: box for box in forms.boxes(form, posted=as_posted(said), errors=errors)}
    shown = {
        "told": told, "said": said, "step": step, "part": f"disputes/file_{step}.html", "asked": asked,
        "number": told.place(step) + 1, "total": len(told.steps), "before": told.before(step),
        "boxes": [_box(asked[name]) for name in STEPS[step] if name in asked and _fits(told, name)],
        "refusal": refusal, "once": key_for(request, refusal), "files_for": told.user != told.consumer,
        "errors": errors or {}, "then": request.GET.get("then", ""), **_more(request, told, step, asked),
    }  # fmt: skip
    return render(request, "disputes/file.html", shown, status=status)


def _fits(told: Told, name: str) -> bool:
    """A complaint about ourselves says which case it is about; a draft keeps that, and whom it is for."""
    if told.case and name in FIXED:
        return False
    return name != "parent" or told.said.get("type") == Type.SERVICE_COMPLAINT


def _box(box: forms.Box) -> forms.Box:
    """The API lets the contact follow later; here it is asked for now."""
    return replace(box, required=True) if box.name == "contact" else box


def _known(told: Told, step: str) -> dict[str, str]:
    """What we know need not be typed: how the consumer was reached last time, and that callers call."""
    if step == "caller":
        return {"channel": Channel.PHONE}
    if step != "contact" or told.consumer is None:
        return {}
    latest = Case.objects.filter(consumer=told.consumer).exclude(contact="").order_by("-pk")
    return {"contact": latest.values_list("contact", flat=True).first() or told.consumer.phone or told.consumer.email}


def _more(request: HttpRequest, told: Told, step: str, asked: Mapping[str, forms.Box]) -> dict[str, Any]:
    match step:
        case "caller":
            wanted = request.GET.get("q", "")
            return {"q": wanted[: callers.LONGEST], "people": callers.found(wanted)}
        case "order":
            return _orders(told)
        case "problem":
            return {"families": told.families}
        case "story":
            return {"advice": catalogue.advice()}
        case "wish":
            return {"remedies": [(code, label, told.reasonable(code)) for code, label in told.remedies]}
        case "evidence":
            return _evidence(told)
        case "check":
            return {"answers": _answers(told, asked), "order": told.known_order, "exhibits": _exhibits(told)}
    return {}


def _orders(told: Told) -> dict[str, Any]:
    """The latest orders of the one it is for, and which way was chosen: one of them, another one, or none."""
    rows = Order.objects.filter(buyer=told.consumer).select_related("seller").order_by("-pk")[:LATEST]
    orders = list(rows) if told.consumer else []
    number, reason = told.said.get("order_number", ""), told.said.get("no_order_reason", "")
    listed = number in {one.number for one in orders}
    way = number if listed else "other" if number else "none" if reason else ""
    return {"orders": orders, "way": way, "listed": listed}


def _evidence(told: Told) -> dict[str, Any]:
    """What this kind of complaint needs, what is attached, and how much may be."""
    family = FAMILIES[Type(told.said["type"])]
    exhibits = _exhibits(told)
    there = {one.slot for one in exhibits}
    useful = [slot for slot in Slot if slot in (family.mandatory | family.arbitrator_may_ask) - SELLERS]
    useful.sort(key=lambda slot: slot not in family.mandatory)
    needed = [{"slot": slot, "mandatory": slot in family.mandatory, "there": slot in there} for slot in useful]
    missing = [one["slot"] for one in needed if not one["there"]]
    return {
        "needed": [one for one in needed if one["mandatory"] or one["there"]], "exhibits": exhibits,
        "helps": [slot.label for slot in useful if slot not in family.mandatory | there],
        "slots": [*useful, Slot.OTHER], "next_slot": next(iter(missing), Slot.OTHER), "taken": TAKEN,
        "megabytes": {kind.value: limits.BYTES_BY_KIND[kind] // limits.MB for kind in (Kind.PHOTO, Kind.VIDEO)},
        "most": limits.FILES_PER_PARTY,
        "may_hand_in": bool(told.case) and hooks().may_add(Actor.of(told.user), told.case) is None,
    }  # fmt: skip


def _exhibits(told: Told) -> list[Item]:
    if told.case is None:
        return []
    mine = items.of_case(actor=Actor.of(told.user), case=told.case).exclude(status=Item.Status.WITHDRAWN)
    return list(mine.order_by("pk"))


def _answers(told: Told, asked: Mapping[str, forms.Box]) -> list[dict[str, Any]]:
    """Page by page what was said; `step` where it can be changed."""
    found = []
    for step in told.steps[:-1]:
        boxes = [asked[name] for name in STEPS[step] if name in asked and asked[name].value]
        found.append({"step": "" if step == "caller" else step, "name": step, "boxes": boxes})
    return found
