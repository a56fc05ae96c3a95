"""How far things are, step by step: the case, the money, the goods on their way back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from disputes.models import Case
from disputes.states import CLOSED, MONEY, Stage, Status
from disputes.templatetags.money import money

_STAGES = (Stage.INTAKE, Stage.CONTACT_SELLER, Stage.RETURN_REQUESTED, Stage.PLATFORM_INTERVENTION, Stage.CLOSED)
_GOODS_FIRST = (Status.AWAITING_RETURN, Status.RETURN_IN_TRANSIT)
Step = dict[str, Any]


def stages(found: Case) -> list[Step]:
    """The stepper: stages behind, the one we are in, those ahead. A return only where there is one."""
    now = _STAGES.index(found.stage)
    passed = {stage for stage in _STAGES[:now] if stage != Stage.RETURN_REQUESTED or found.agreed_remedy}
    if not found.intervention_at:
        passed.discard(Stage.PLATFORM_INTERVENTION)
    return [
        {"label": stage.label, "current": stage == found.stage, "done": stage in passed}
        for stage in _STAGES
        if stage == found.stage or stage in passed or _STAGES.index(stage) > now
    ]


def refund(file: Mapping[str, Any]) -> list[Step]:
    """Agreed, on its way, paid, with the amounts; nothing where no money is due to the consumer."""
    owed = [Decimal(one["amount"]) for one in file["obligations"]
            if one["remedy"] in MONEY and one["status"] != "cancelled"]  # fmt: skip
    told = file["refund"]
    pending, paid, currency = Decimal(told["pending"]), Decimal(told["paid"]), told["currency"]
    if not sum(owed) and not paid:
        return []
    waits = file["status"] in _GOODS_FIRST
    return [
        _step(pgettext("money", "Agreed"), done=True, current=bool(pending) and waits,
              says=money(max(sum(owed, Decimal(0)), paid), currency)),
        _step(pgettext("money", "On its way"), done=not pending, current=bool(pending) and not waits,
              says=money(pending, currency) if pending and not waits else ""),
        _step(pgettext("money", "Paid"), done=bool(paid) and not pending, says=money(paid, currency) if paid else ""),
    ]  # fmt: skip


def goods(file: Mapping[str, Any]) -> list[Step]:
    """To be sent back, on their way, checked by the seller; nothing where nothing goes back."""
    one = file["return"]
    if not one:
        return []
    sent, checked = one["shipped_at"], one["received_at"]
    over = file["status"] in CLOSED or (one["closed_at"] and not checked)
    return [
        _step(_("To be sent back"), done=bool(sent), current=not sent and not over),
        _step(pgettext("goods", "On their way"), done=bool(checked), current=bool(sent) and not checked and not over,
              says=_day(sent)),
        _step(pgettext("goods", "Checked"), done=bool(checked), says=one["condition_label"] or _day(checked)),
    ]  # fmt: skip


def _step(label: Any, *, done: bool, current: bool = False, says: str = "") -> Step:
    return {"label": label, "done": done and not current, "current": current, "says": says}


def _day(at: datetime | None) -> str:
    return str(date_format(localtime(at), "SHORT_DATE_FORMAT")) if at else ""
