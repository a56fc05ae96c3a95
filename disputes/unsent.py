"""Forms of actions that were typed into and not sent: kept for their writer alone, on any device, until they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from casemgmt.accounts.models import User
from casemgmt.errors import Invalid
from disputes.models import Case, UnsentForm

MOST_BYTES = 64 * 1024
MOST_NAMES = 200
MOST_FORMS = 50  # of one person: the oldest ones make room


def keep(
    *, user_id: int, case: Case, action: str, fields: Mapping[str, Sequence[str]], at: datetime
) -> UnsentForm | None:
    """Keep what was typed in place of what was kept before; nothing typed is nothing kept (None).

    Raises Invalid for more than a form can hold.
    """
    said = {name: [_text(one) for one in values] for name, values in fields.items() if any(values)}
    if len(said) > MOST_NAMES or _size(said) > MOST_BYTES:
        raise Invalid("too_long_to_keep", _("This is more than can be kept. Send it in several parts."))
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user_id)  # two windows at once: one after the other
        if not said:
            drop(user_id=user_id, case_id=case.pk, action=action)
            return None
        kept, _new = UnsentForm.objects.update_or_create(
            user_id=user_id, case=case, action=action, defaults={"fields": said, "kept_at": at}
        )
        rows = UnsentForm.objects.filter(user_id=user_id).order_by("-kept_at", "-pk")
        UnsentForm.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[MOST_FORMS:])).delete()
    return kept


def kept(*, user_id: int, case: Case) -> dict[str, UnsentForm]:
    """What this person has not sent on this case, by action."""
    return {one.action: one for one in UnsentForm.objects.filter(user_id=user_id, case=case)}


def drop(*, user_id: int, case_id: int, action: str) -> None:
    """It was sent, or is not wanted any more."""
    UnsentForm.objects.filter(user_id=user_id, case_id=case_id, action=action).delete()


def _text(typed: str) -> str:
    """As it is sent later, without what the database cannot hold."""
    return typed.replace("\r\n", "\n").replace("\0", "")


def _size(said: Mapping[str, Sequence[str]]) -> int:
    return sum(len(text.encode(errors="replace")) for name, values in said.items() for text in (name, *values))
