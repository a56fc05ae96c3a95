"""What the expiry of each clock does. Other kinds are promises: breached, reported; the case goes on."""

from functools import partial

from disputes import workflow
from disputes.turns import TURNS
from sla import registry

EXPIRY: dict[str, str] = {
    **{turn.clock: turn.on_timeout for turn in TURNS.values() if turn.clock and turn.on_timeout},
    "info": "info_timeout",
    "intervention_accept": "acceptance_timeout",
}


def register() -> None:
    for kind, action in EXPIRY.items():
        registry.on_expiry(kind, partial(workflow.carry_out, action))
