"""My shop: who speaks for it, inviting more, and the page behind an invitation's link."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import groupby
from typing import Any

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casemgmt import clock
from casemgmt.accounts import members
from casemgmt.accounts.forms import MemberForm
from casemgmt.accounts.models import Membership, User
from casemgmt.accounts.roles import Role
from casemgmt.errors import DomainError, NotFound, NotPermitted
from casemgmt.web.me import person

View = Callable[..., HttpResponse]


def answering(view: View) -> View:
    """A refusal leads back to the shop, which says why; what one may not know of is not there."""

    @wraps(view)
    def answered(request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            return view(request, **named)
        except NotFound as refusal:
            raise Http404(str(refusal.detail)) from refusal
        except NotPermitted as refusal:
            raise PermissionDenied(str(refusal.detail)) from refusal
        except DomainError as refusal:
            messages.error(request, str(refusal.detail))
            return redirect("shop")

    return answered


@login_required
@never_cache
@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    """The shops one speaks for, each with its people, and for its owners the open invitations."""
    return _page(request)


@login_required
@never_cache
@require_POST
@sensitive_variables()
@answering
def invite(request: HttpRequest, *, shop_id: int) -> HttpResponse:
    """A link for one person; it is on this answer, and nowhere else."""
    role = request.POST.get("role", "")
    made, secret = members.invite(shop_id=shop_id, role=role, by=person(request), at=clock.now())
    link = request.build_absolute_uri(reverse("join", args=[secret]))
    return _page(request, link=link, link_of=made.organisation_id)


@login_required
@require_POST
@answering
def take_back(request: HttpRequest, *, invitation_id: int) -> HttpResponse:
    members.take_back(invitation_id=invitation_id, by=person(request), at=clock.now())
    messages.success(request, _("The invitation is taken back."))
    return redirect("shop")


@login_required
@require_POST
@answering
def change_role(request: HttpRequest, *, membership_id: int) -> HttpResponse:
    members.change_role(membership_id=membership_id, role=request.POST.get("role", ""), by=person(request))
    messages.success(request, _("Kept."))
    return redirect("shop")


@login_required
@require_POST
@answering
def take_out(request: HttpRequest, *, membership_id: int) -> HttpResponse:
    row = members.take_out(membership_id=membership_id, by=person(request), at=clock.now())
    messages.success(request, _("%(name)s does not speak for the shop any more.") % {"name": row.user})
    return redirect("shop")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
@answering
def join(request: HttpRequest, *, secret: str) -> HttpResponse:
    """Behind the link: a new account, or the one that somebody is signed in with, comes to speak for the shop."""
    at = clock.now()
    found = members.invited(secret=secret, at=at)
    user = request.user if isinstance(request.user, User) else None
    form = MemberForm(request.POST if request.method == "POST" else None) if user is None else None
    if request.method == "POST" and user is not None:
        members.join(secret=secret, user=user, at=at)
        messages.success(request, _("You speak for %(shop)s now.") % {"shop": found.organisation.name})
        return redirect("shop")
    if request.method == "POST" and form is not None and form.is_valid():
        made: User = form.save(commit=False)
        made.role, made.language = Role.SELLER_STAFF, getattr(request, "LANGUAGE_CODE", "zh-hans")
        members.join(secret=secret, user=made, at=at)
        entered: HttpResponse = perform_login(request, made, redirect_url=reverse("shop"))
        return entered
    wrong = form is not None and form.is_bound
    shown = {"form": form, "invitation": found, "seller": user is not None and user.role == Role.SELLER_STAFF}
    return render(request, "join.html", shown, status=422 if wrong else 200)


def _page(request: HttpRequest, *, link: str = "", link_of: int = 0) -> HttpResponse:
    user = person(request)
    if user.role != Role.SELLER_STAFF:
        raise Http404
    rows = members.of_shops(user)
    shops = [
        {"shop": shop, "members": (people := list(of)), "owned": any(_owns(one, user) for one in people)}
        for shop, of in groupby(rows, key=lambda row: row.organisation)
    ]
    owned = [one["shop"].pk for one in shops if one["owned"]]
    waiting = members.open_invitations(at=clock.now()).filter(organisation__in=owned).order_by("pk")
    shown = {
        "shops": shops, "waiting": waiting.select_related("invited_by") if owned else (), "link": link,
        "link_of": link_of, "roles": Membership.Role.choices,
    }  # fmt: skip
    return render(request, "shop.html", shown)


def _owns(row: Membership, user: User) -> bool:
    return row.user_id == user.pk and row.role == Membership.Role.OWNER
