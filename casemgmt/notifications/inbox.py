"""What a person does with notices: read them, and say which e-mails to leave out."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casemgmt.accounts.models import User
from casemgmt.errors import NotFound
from casemgmt.notifications.models import Channel, Notice, Preference

MANY = 100


def notices(*, user: User) -> QuerySet[Notice]:
    """A person's own notices in the application; an e-mail is only a copy of one."""
    return Notice.objects.filter(recipient=user, channel=Channel.IN_APP).select_related("case")


def unread(*, user_id: int) -> int:
    """How many wait unread; a hundred stands for any more."""
    rows = Notice.objects.filter(recipient_id=user_id, channel=Channel.IN_APP, read_at=None)
    return rows[:MANY].count()


def read(*, user: User, uid: uuid.UUID, at: datetime) -> Notice:
    """Mark a notice as read; reading it again changes nothing. Raises NotFound for anybody else's."""
    found = notices(user=user).filter(uid=uid).first()
    if found is None:
        raise NotFound("notice_not_found", _("There is no such notice. List yours at /api/v1/notices/."))
    if found.read_at is None:
        found.read_at = at
        found.save(update_fields=["read_at"])
    return found


def preferences(*, user: User) -> list[Preference]:
    """What a person said about e-mails, by prefix."""
    return list(Preference.objects.filter(user=user).order_by("channel", "template_prefix"))


def prefer(*, user: User, emails: Mapping[str, bool]) -> list[Preference]:
    """Replace everything the person said by {template prefix: wanted}; the longest fitting prefix decides."""
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)  # two replacements at once: one after the other
        Preference.objects.filter(user=user).delete()
        Preference.objects.bulk_create(
            Preference(user=user, channel=Channel.EMAIL, template_prefix=prefix, enabled=wanted)
            for prefix, wanted in emails.items()
        )
    return preferences(user=user)
