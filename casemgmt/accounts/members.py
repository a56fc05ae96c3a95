"""Who speaks for a shop. Its owners invite people, change roles and take people out; the last owner stays.

Whoever does not belong to the shop is told that there is none (NotFound), a member who owns nothing that it is not
theirs to do (NotPermitted). What happened is in the back office, in the history of the seller.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from casemgmt.accounts.models import ApiKey, Invitation, Membership, Organisation, User
from casemgmt.accounts.roles import Role
from casemgmt.errors import Conflict, Invalid, NotFound, NotPermitted

LIFE = timedelta(days=7)
MOST_OPEN = 20  # invitations of one shop


def of_shops(user: User) -> QuerySet[Membership]:
    """Everybody who speaks for a shop that `user` speaks for, shop by shop, who came first first."""
    own = user.memberships.filter(is_active=True).values("organisation_id")
    rows = Membership.objects.filter(organisation__in=own, is_active=True).select_related("organisation", "user")
    return rows.order_by("organisation__name", "organisation_id", "pk")


def open_invitations(*, at: datetime) -> QuerySet[Invitation]:
    """Those that still let somebody in. One whose author no longer owns the shop does not."""
    author = Membership.objects.filter(
        organisation=OuterRef("organisation"), user=OuterRef("invited_by"), is_active=True, role=Membership.Role.OWNER
    )
    return Invitation.objects.filter(Exists(author), ended_at=None, expires_at__gt=at, invited_by__is_active=True)


@transaction.atomic
def invite(*, shop_id: int, role: str, by: User, at: datetime) -> tuple[Invitation, str]:
    """An invitation for seven days and the secret of its link, which is nowhere else. Raises Conflict for too many."""
    shop = _own(shop_id, by)
    if open_invitations(at=at).filter(organisation=shop).count() >= MOST_OPEN:
        raise Conflict("too_many_invitations", _("Many invitations are open already. Take one back first."))
    secret = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        organisation=shop, role=_role(role), digest=_digest(secret), invited_by=by, created_at=at, expires_at=at + LIFE
    )
    _log(shop, by, "added", name="invitation", object=str(made.role))
    return made, secret


@transaction.atomic
def take_back(*, invitation_id: int, by: User, at: datetime) -> None:
    """The link lets nobody in any more."""
    found = open_invitations(at=at).filter(pk=invitation_id).first()
    if found is None:
        raise _no_invitation()
    shop = _own(found.organisation_id, by)
    Invitation.objects.filter(pk=invitation_id, ended_at=None).update(ended_at=at)
    _log(shop, by, "deleted", name="invitation", object=str(found.role))


def invited(*, secret: str, at: datetime) -> Invitation:
    """The open invitation of a link, with its shop. Raises NotFound for one that is used, over or made up."""
    found = open_invitations(at=at).select_related("organisation", "invited_by").filter(digest=_digest(secret)).first()
    if found is None:
        raise _no_invitation()
    return found


@transaction.atomic
def join(*, secret: str, user: User, at: datetime) -> Membership:
    """`user` speaks for the shop from now on, and the link is used up. A new account is stored in the same breath.

    Raises NotFound without an open invitation, NotPermitted for an account that is not a seller's, and Conflict for
    somebody who belongs to the shop already.
    """
    Invitation.objects.select_for_update().filter(digest=_digest(secret)).first()  # one at a time, then look
    found = invited(secret=secret, at=at)
    if user.role != Role.SELLER_STAFF:
        raise NotPermitted("not_a_seller", _("This account is not a seller's. Sign out and make one for the shop."))
    if user.pk is None:
        user.save(force_insert=True)
    row, _made = Membership.objects.get_or_create(
        organisation=found.organisation, user=user, defaults={"is_active": False}
    )
    if row.is_active:
        raise Conflict("member_already", _("You speak for this shop already."))
    row.is_active, row.role = True, found.role
    row.save(update_fields=["is_active", "role"])
    found.ended_at = at
    found.save(update_fields=["ended_at"])
    _log(found.organisation, user, "added", name="membership", object=user.username)
    return row


@transaction.atomic
def change_role(*, membership_id: int, role: str, by: User) -> Membership:
    """Owner or member. Raises Conflict where nobody would own the shop."""
    row = _of_own_shop(membership_id, by)
    if _role(role) != Membership.Role.OWNER:
        _keep_an_owner(row)
    row.role = role
    row.save(update_fields=["role"])
    _log(row.organisation, by, "changed", name="membership", object=row.user.username, fields=["role"])
    return row


@transaction.atomic
def take_out(*, membership_id: int, by: User, at: datetime) -> Membership:
    """The person speaks for the shop no more, in whatever they have open. What they did on cases stays theirs.

    Rights are asked at every request and every push, so nothing need be closed. Without any shop left their keys are
    revoked: they would come to life with the next shop. Raises Conflict where nobody would own the shop.
    """
    row = _of_own_shop(membership_id, by)
    _keep_an_owner(row)
    row.is_active = False
    row.save(update_fields=["is_active"])
    if not row.user.memberships.filter(is_active=True).exists():
        ApiKey.objects.filter(user=row.user, revoked_at=None).update(revoked_at=at)
    _log(row.organisation, by, "deleted", name="membership", object=row.user.username)
    return row


def _own(shop_id: int, by: User) -> Organisation:
    """The shop, locked, so that two owners who take each other out come one after the other."""
    shop = Organisation.objects.select_for_update(no_key=True).filter(pk=shop_id).first()
    mine = by.memberships.filter(organisation_id=shop_id, is_active=True).first()
    if shop is None or mine is None:
        raise NotFound("no_such_shop", _("There is no such shop, or you do not speak for it."))
    if mine.role != Membership.Role.OWNER:
        raise NotPermitted("not_an_owner", _("Only an owner of the shop may do this."))
    return shop


def _of_own_shop(membership_id: int, by: User) -> Membership:
    """Read under the lock of its shop."""
    rows = Membership.objects.filter(pk=membership_id, is_active=True)
    shop_id = rows.values_list("organisation_id", flat=True).first()
    if shop_id is not None:
        _own(shop_id, by)
    row = rows.select_related("organisation", "user").first()
    if row is None:
        raise NotFound("no_such_member", _("There is no such member, or you do not speak for the shop."))
    return row


def _keep_an_owner(row: Membership) -> None:
    owners = Membership.objects.filter(
        organisation=row.organisation, role=Membership.Role.OWNER, is_active=True, user__is_active=True
    )
    if row.role == Membership.Role.OWNER and not owners.exclude(pk=row.pk).exists():
        raise Conflict("last_owner", _("A shop needs an owner. Make somebody else one first."))


def _role(said: str) -> str:
    if said not in Membership.Role.values:
        raise Invalid("unknown_role", _("Say whether as an owner or as a member."))
    return said


def _digest(secret: str) -> str:
    return sha256(secret.encode(errors="replace")).hexdigest()


def _no_invitation() -> NotFound:
    said = _("This invitation is used, over or taken back. Ask an owner of the shop for a new one.")
    return NotFound("no_such_invitation", said)


def _log(shop: Organisation, by: User, what: str, **about: Any) -> None:
    """Codes, not words: the history is read in either language."""
    LogEntry.objects.log_actions(by.pk, [shop], CHANGE, change_message=[{what: about}])
