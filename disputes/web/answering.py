"""The seller's answers beside what is to be answered: each way to answer with its form, in the page of the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from disputes.models import Case, UnsentForm
from disputes.states import Party
from disputes.web.sheets import Sheet, sheet

PLACE = "answer"
# What the seller is asked for → the ways to answer it.
ANSWERS: dict[str, tuple[str, ...]] = {
    "answer_claim": ("agree", "offer", "refuse"),
    "answer_offer": ("accept_offer", "decline_offer"),
}


def ways(file: Mapping[str, Any], side: str) -> tuple[str, ...]:
    """The actions that answer, if it is the reader's turn to."""
    asked = file["next_action"]
    if side != Party.SELLER or asked["party"] != Party.SELLER:
        return ()
    return tuple(one for one in ANSWERS.get(asked["activity"], ()) if one in file["allowed_actions"])


def sheets(
    case: Case, actions: tuple[str, ...], *, once: str, kept: Mapping[str, UnsentForm], failed: Sheet | None,
    chosen: str = "",
) -> list[Sheet]:  # fmt: skip
    """One form for each; open are those that came back, that were begun, or that the address names."""
    return [
        failed if failed and failed.action == one
        else sheet(case, one, once=once, kept=kept.get(one), place=PLACE, open_=one == chosen or one in kept)
        for one in actions
    ]  # fmt: skip
