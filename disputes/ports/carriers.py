"""Carriers: where a parcel is. The embedded form reads what the marketplace sent."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from disputes.models.order import LogisticsEvent

if TYPE_CHECKING:
    from disputes.models import Case


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a parcel."""

    at: datetime
    status: str
    text: str
    source: str


class Carriers(Protocol):
    def track(self, *, carrier: str, waybill: str) -> list[Step]:
        """The steps of the parcel, the latest first. Raises Unavailable when the carrier does not answer."""


def port() -> Carriers:
    return cast(Carriers, import_string(settings.CARRIERS_PORT)())


class EmbeddedCarriers:
    """The steps that came with the orders."""

    def track(self, *, carrier: str, waybill: str) -> list[Step]:
        rows = LogisticsEvent.objects.filter(waybill=waybill).order_by("-at", "-pk") if waybill else ()
        return [Step(at=row.at, status=row.status, text=row.text, source=row.source) for row in rows]


def stands_still(steps: list[Step], *, at: datetime, days: int) -> bool:
    """Has nothing been heard of the parcel for so many days (R3-31)?"""
    return bool(steps) and at - steps[0].at >= timedelta(days=days)


def tracking(case: Case, *, at: datetime) -> dict[str, Any]:
    """The order's parcel: {carrier, waybill, stands_still, steps}. Empty where no parcel is known."""
    carrier, waybill = (case.order.carrier, case.order.waybill) if case.order else ("", "")
    steps = port().track(carrier=carrier, waybill=waybill) if waybill else []
    still = case.is_open and stands_still(steps, at=at, days=case.setting("stale_tracking_days"))
    return {"carrier": carrier, "waybill": waybill, "stands_still": still, "steps": [asdict(step) for step in steps]}
