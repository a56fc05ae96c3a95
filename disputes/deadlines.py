"""What the expiry of each clock does. Other kinds are promises: breached, reported; the case goes on."""

from functools import partial

from disputes import workflow
from disputes.ports import payments
from disputes.states import Party
from disputes.turns import TURNS
from sla import registry
from sla.batch import Batch
from sla.models import Clock

EXPIRY: dict[str, str] = {
    **{turn.clock: turn.on_timeout for turn in TURNS.values() if turn.clock and turn.on_timeout},
    "info": "info_timeout",
    "intervention_accept": "acceptance_timeout",
}
# Whose silence costs them something. The others wait for the platform, a carrier or an outside body.
OF_PARTIES = {
    "info",
    *(turn.clock for turn in TURNS.values() if turn.party in (Party.CONSUMER, Party.SELLER, Party.BOTH)),
} - {None}


def register() -> None:
    for kind, action in EXPIRY.items():
        registry.on_expiry(kind, partial(workflow.carry_out, action), of_party=kind in OF_PARTIES)
    registry.on_expiry("execution", carry_out_payments, of_party=True)


def carry_out_payments(dues: list[Clock], batch: Batch) -> None:
    """The platform pays for many cases at once: it takes hold of all accounts before the first of them."""
    payments.port().prepare(case_ids=[clock.case_id for clock in dues])
    workflow.carry_out(EXPIRY["execution"], dues, batch)
