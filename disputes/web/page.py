"""The page of one case: whose turn it is and until when, what one can do, and everything one may know."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from disputes import casefile, conversation, holdings, intake, unsent
from disputes.api.inputs import INPUTS
from disputes.models import Case
from disputes.moves.conversation import THREADS
from disputes.states import CLOSED, Party, Status
from disputes.web import answering, blocks, happenings, progress, words
from disputes.web.acting import seen
from disputes.web.sheets import Sheet
from evidence import items
from evidence.registry import hooks
from evidence.slots import Slot
from sla import badges
from sla.models import Clock

# Told in the page itself, not as a button among others.
IN_PLACE = frozenset({"post_message", "rate", "log_contact", "submit"})
# The most usual first: what is handed in unasked is a photo far more often than a number.
SLOTS = sorted(Slot.choices, key=lambda one: one[0] != Slot.PRODUCT_PHOTO)
LATEST = happenings.LATEST  # events and messages on the page
CALLS = 20
MOST_DIGITS = 9
BESIDE = ("contacts", "evidence_requests")


@login_required
@never_cache
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything the reader may know of a case, and what they can do now."""
    found, actor = seen(request, reference)
    if found.reference != reference:
        return redirect("case-page", reference=found.reference)  # typed with spaces or small letters
    return render(request, "disputes/case.html", shown(found, actor, clock.of(request), query=request.GET))


def shown(
    found: Case, actor: Actor, at: datetime, *, query: Mapping[str, str] | None = None, failed: Sheet | None = None
) -> dict[str, Any]:
    """What the template needs; `file` is what the API answers. `failed`: a form of this page that came back."""
    rows = holdings.gathered(found, *BESIDE)
    file = casefile.full(found, actor=actor, at=at, rows=rows)
    side = casefile.side_of(actor, found)
    once = uuid4().hex
    messages = list(conversation.messages(found, side).select_related("author").order_by("-pk")[:LATEST])[::-1]
    contacts = [one for one in reversed(rows["contacts"]) if side in (holdings.STAFF, one.with_party)]
    ways = answering.ways(file, side)
    exhibits = list(items.of_case(actor=actor, case=found).order_by("-pk"))
    return {
        "case": found, "file": file, "side": side, "at": at, "actor_id": actor.id,
        "currency": file["refund"]["currency"],
        "step": step(file, side), "stages": progress.stages(found), "refund": progress.refund(file),
        "goods": progress.goods(file),
        "verbs": verbs(set(file["allowed_actions"]).difference(ways),
                       words.MAIN.get(file["next_action"]["activity"], "")),
        "may": frozenset(file["allowed_actions"]), "later": later(file["blocked_actions"]),
        "clocks": [dressed(one, at) for one in file["clocks"]],
        "past_clocks": sum(one["stopped_at"] is not None for one in file["clocks"]), "now_clock": now_clock(file, at),
        "messages_": messages, "threads": threads(found, side),
        **history(found, side, query or {}, _said(messages, contacts) if side == holdings.STAFF else {}),
        "hands_in_above": "refuse" in ways,
        "own_exhibits": [one for one in exhibits if one.party == side],
        "answers": _answers(found, actor, ways, once, (query or {}).get("answer", ""), failed),
        "exhibits": exhibits,
        "asked": sorted(rows["evidence_requests"], key=lambda one: (one.due_at, one.pk)), "slots": SLOTS,
        "missing": missing(found), "once": once, "may_hand_in": hooks().may_add(actor, found) is None,
        "blocks": blocks.filled(found, until=file["next_action"]["due_at"]) if side == holdings.STAFF else {},
        "contacts": contacts[:CALLS], "patterns": patterns(), "closed": found.status in CLOSED,
    }  # fmt: skip


def history(found: Case, side: str, query: Mapping[str, str], said: Mapping[tuple[str, int], str]) -> dict[str, Any]:
    """A part of the timeline: for staff of one kind, and from an event backwards."""
    kind = query.get("show", "") if side == holdings.STAFF else ""
    kind = kind if kind in happenings.KINDS else ""
    asked = query.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < MOST_DIGITS else None
    events = happenings.told(found, side, before=before, kind=kind, said=said, most=LATEST + 1)
    more = len(events) > LATEST
    return {
        "events": events[:LATEST], "earlier": events[LATEST - 1]["seq"] if more else None, "before": before,
        "kind": kind, "kinds": [(name, one[0]) for name, one in happenings.KINDS.items()],
    }  # fmt: skip


def _said(messages: Iterable[Any], contacts: Iterable[Any]) -> dict[tuple[str, int], str]:
    """What was written and said on the phone, for the events that tell of it."""
    written = {("message", one.pk): one.text for one in messages}
    return written | {("contact", one.pk): one.summary for one in contacts}


def _answers(
    found: Case, actor: Actor, ways: tuple[str, ...], once: str, chosen: str, failed: Sheet | None
) -> list[Sheet]:
    if not ways or actor.id is None:
        return []
    kept = unsent.kept(user_id=actor.id, case=found)
    return answering.sheets(found, ways, once=once, kept=kept, failed=failed, chosen=chosen)


def missing(found: Case) -> list[str]:
    """Exhibits that a draft still needs, in words."""
    return [str(Slot(slot).label) for slot in intake.missing_evidence(found)] if found.status == Status.DRAFT else []


def patterns() -> str:
    """The badges' words, for the page that counts down by itself."""
    return json.dumps(badges.patterns())


def step(file: dict[str, Any], side: str) -> dict[str, Any]:
    """The next step of a case's file or row in words, and whether it is the reader's own."""
    next_action = file["next_action"]
    party, main = next_action["party"], words.MAIN.get(next_action["activity"])
    ours = (party == Party.BOTH and side != holdings.STAFF) or (party == Party.PLATFORM and side == holdings.STAFF)
    mine = party == side or (ours and (main is None or main in file["allowed_actions"]))
    return {
        "mine": mine and next_action["activity"] != "none", "party": str(Party(party).label),
        "activity": words.ACTIVITIES.get(next_action["activity"], ""), "due_at": next_action["due_at"],
        "then": words.TIMEOUTS.get(next_action["on_timeout"] or "", ""),
    }  # fmt: skip


def verbs(allowed: Iterable[str], main: str) -> dict[str, list[tuple[str, words.Verb]]]:
    """The actions the reader may take now: the one that is asked for, others that carry the case on, the grave ones."""
    named = [(name, words.VERBS[name]) for name in words.VERBS if name in set(allowed) & INPUTS.keys() - IN_PLACE]
    return {
        "main": [(name, verb) for name, verb in named if name == main],
        "ways": [(name, verb) for name, verb in named if name not in words.GRAVE and name != main],
        "grave": [(name, verb) for name, verb in named if name in words.GRAVE],
    }


def later(blocked: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What cannot be done yet, but from a known instant on."""
    return [{**entry, "verb": words.VERBS[entry["action"]], "at": datetime.fromisoformat(entry["from"])}
            for entry in blocked if entry["from"] and entry["action"] in words.VERBS]  # fmt: skip


def dressed(one: dict[str, Any], at: datetime) -> dict[str, Any]:
    """A clock of the file with its name and badge."""
    return {**one, "name": words.CLOCKS.get(one["kind"], one["kind"]),
            "badge": badges.badge(_Facts(one), at, paused_for=one["paused_label"])}  # fmt: skip


def now_clock(file: dict[str, Any], at: datetime) -> dict[str, Any] | None:
    """The open clock that the next step is measured by."""
    due = file["next_action"]["due_at"]
    return next(
        (dressed(one, at) for one in file["clocks"] if one["due_at"] == due and one["stopped_at"] is None), None
    )


def threads(found: Case, side: str) -> list[tuple[str, str]]:
    """Where the reader can write."""
    mine = THREADS.get(side, words.THREADS.keys())
    told = found.seller_contacted_at is not None
    return [(name, str(said)) for name, said in words.THREADS.items() if name in mine and (told or name != "parties")]


def named(one: Clock, at: datetime) -> dict[str, Any]:
    """A clock's row with its name and badge."""
    return {"kind": one.kind, "name": words.CLOCKS.get(one.kind, one.kind), "due_at": one.due_at,
            "badge": badges.badge(one, at)}  # fmt: skip


class _Facts:
    """A clock of the file, as a badge reads it."""

    def __init__(self, one: dict[str, Any]) -> None:
        self.status: str = one["status"]
        self.started_at: datetime = one["started_at"]
        self.due_at: datetime = one["due_at"]
        self.stopped_at: datetime | None = one["stopped_at"]
