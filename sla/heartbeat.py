"""Signs of life: who sweeps, and when last; a silent stop is the one failure that nobody reports."""

import os
import socket
from datetime import datetime, timedelta

from django.db.models import F

from sla.models import Clock, Heartbeat

SWEEPERS = ("worker", "loop")  # the names of those who carry out what is due
SILENCE = timedelta(seconds=60)  # without a sign of any of them, it is an outage


def beat(name: str, *, at: datetime, fired: int = 0) -> None:
    """Leave a sign of life under that name, which several processes of one kind share."""
    signs = {"beat_at": at, "host": socket.gethostname()[:100], "pid": os.getpid()}
    if not Heartbeat.objects.filter(name=name).update(**signs, fired=F("fired") + fired):
        Heartbeat.objects.get_or_create(name=name, defaults={**signs, "fired": fired})


def oldest_due(*, at: datetime) -> datetime | None:
    """The deadline or rung that has waited longest to be carried out; None if nothing waits. One indexed look."""
    waiting = Clock.objects.filter(status=Clock.Status.RUNNING, wake_at__lte=at)
    return waiting.order_by("wake_at").values_list("wake_at", flat=True).first()
