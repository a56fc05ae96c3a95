"""Many cases at once, for a supervisor: each through the door by itself, and one result a row. Never a ruling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from casemgmt import clock
from casemgmt.accounts.roles import Role
from casemgmt.errors import DomainError
from disputes import casefile, workflow
from disputes.api.inputs import INPUTS
from disputes.web import posted, words
from disputes.web.acting import FormOnce, person

ACTIONS = ("reassign", "hold_promises", "release_promises")
MOST = 100


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one case; `why` is empty where it was done. `known`: there is such a case for the reader."""

    reference: str
    why: str
    known: bool = True


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Carry out one action on the chosen cases, and tell of each."""
    user, _actor = person(request)
    action = request.POST.get("action", "")
    if user.role != Role.SUPERVISOR or action not in ACTIONS:
        raise Http404
    chosen = list(dict.fromkeys(request.POST.getlist("case")))[:MOST]
    fields = INPUTS[action]().fields.keys() - {"version"}
    said = {name: value for name, value in posted.nested(request.POST).items() if name in fields}
    form = INPUTS[action](data=said, context={"request": request})
    wrong = [] if form.is_valid() else [str(text) for one in form.errors.values() for text in one]
    results = [] if wrong else [_done(request, action, one, dict(form.validated_data)) for one in chosen]
    shown = {
        "verb": words.VERBS[action],
        "results": results,
        "wrong": wrong,
        "done": sum(not one.why for one in results),
    }
    return render(request, "disputes/bulk.html", shown, status=422 if wrong else 200)


def _done(request: HttpRequest, action: str, reference: str, details: dict[str, Any]) -> Result:
    user, actor = person(request)
    try:
        case = casefile.find(user=user, reference=reference)
    except DomainError as refusal:
        return Result(reference=reference, why=str(refusal.detail), known=False)
    try:
        at = clock.now()
        once = FormOnce(request, at=at, about=case.reference)
        workflow.perform(action, case_id=case.pk, actor=actor, at=at, recorder=once, details=details)
    except DomainError as refusal:
        return Result(reference=case.reference, why=str(refusal.detail))
    return Result(reference=case.reference, why="")
