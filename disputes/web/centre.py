"""The service centre: one's open complaints, a new one, how to reach us, and answers to what is asked most."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from disputes import casefile, catalogue
from disputes.models import Case
from disputes.states import CLOSED
from disputes.web import page
from disputes.web.desk import line

SHOWN = 5
QUESTIONS: tuple[tuple[Any, Any], ...] = (
    (
        _("How long does it take?"),
        _(
            "We give a first opinion in 1 to 3 working days and come to an end within 7. Your complaint's page "
            "shows each deadline, whose turn it is and what happens if somebody is silent."
        ),
    ),
    (
        _("What should I have at hand?"),
        _(
            "The order, photos or a video that show the problem, and the chat with the seller. Complete "
            "complaints go on at once."
        ),
    ),
    (
        _("Do I have to talk to the seller first?"),
        _(
            "The complaint itself asks the seller, who has to answer in time. If you do not agree, you can ask us"
            " to step in."
        ),
    ),
    (
        _("How do I follow it?"),
        _(
            "Here, in your notices, by e-mail or by phone: every channel shows the same case, and every call is "
            "written down with it."
        ),
    ),
    (
        _("May I ask again before the deadline?"),
        _(
            "You can urge on the complaint's page once in a while. Please be patient in between: both sides need "
            "their time."
        ),
    ),
    (
        _("What if I do not agree with the ruling?"),
        _("You can appeal within 7 days; somebody else looks at the case anew. 12315 and the courts stay open to you."),
    ),
)


@never_cache
@require_safe
def centre(request: HttpRequest) -> HttpResponse:
    """For everybody; who is signed in as a consumer also sees what is open."""
    user = request.user
    rows = _open(user) if isinstance(user, User) and user.role == Role.CONSUMER else []
    shown = {
        "rows": rows, "questions": QUESTIONS, "advice": catalogue.advice(), "patterns": page.patterns(),
        "at": clock.now(),
    }  # fmt: skip
    return render(request, "disputes/centre.html", shown)


def _open(user: User) -> list[dict[str, Any]]:
    """The latest open complaints, those first that wait for the consumer."""
    found = Case.objects.visible_to(user).exclude(status__in=sorted(CLOSED)).order_by("-pk")
    at = clock.now()
    rows = [line(case, Actor.of(user), at) for case in casefile.rows(found)[: 4 * SHOWN]]
    return sorted(rows, key=lambda row: not row["step"]["mine"])[:SHOWN]
