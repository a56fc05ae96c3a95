"""Keeping a list under a name, and dropping it again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casemgmt.accounts.models import User
from casemgmt.errors import Conflict, Invalid, NotFound
from disputes.models import SavedView

MOST = 20  # a person
LONGEST_NAME = 40


def of(user: User) -> list[SavedView]:
    """One's own, in the order in which they were kept."""
    return list(SavedView.objects.filter(user=user).order_by("pk"))


def keep(*, user: User, name: str, query: str, at: datetime) -> SavedView:
    """Keep what `query` shows. Raises Invalid for a name that is none, Conflict for one too many or the same name."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or "\0" in name:
        raise Invalid("bad_name", _("Give a name of 1 to 40 characters."))
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two tabs at once: one counts after the other
        kept = [one.name for one in of(user)]
        if name in kept:
            raise Conflict("name_taken", _("You have a view of this name already."))
        if len(kept) >= MOST:
            raise Conflict("too_many_views", _("You keep 20 views. Remove one first."))
        return SavedView.objects.create(user=user, name=name, query=query, created_at=at)


def drop(*, user: User, pk: int) -> None:
    """Raises NotFound for anybody else's."""
    if not SavedView.objects.filter(user=user, pk=pk).delete()[0]:
        raise NotFound("no_such_view", _("There is no such view."))
