"""What the people around one case are like, drawn once, and the dice they throw afterwards."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What somebody means to do at an instant: `exhibit` hands in evidence for that slot instead of an action."""

    at: datetime
    person: int
    action: str
    details: dict[str, Any] = field(default_factory=dict)
    exhibit: str = ""


@dataclass(kw_only=True)
class Temper:
    """`seller`: silent, quick, slow, stubborn; `buyer`: patient, insistent, vanishing; `dice`: this case's own."""

    dice: random.Random
    seller: str
    buyer: str
    shown: set[str] = field(default_factory=set)  # the sides that have handed in what was asked for
    heard: bool = False  # evidence was taken once
    done: set[str] = field(default_factory=set)  # what is done at most once
    turn: int = 0  # a plan of an earlier turn is void

    @classmethod
    def of(cls, seed: str, number: int) -> Temper:
        dice = random.Random(f"{seed}:{number}")  # noqa: S311  a simulation, not a secret
        seller = dice.choices(("silent", "quick", "slow", "stubborn"), weights=(18, 42, 28, 12))[0]
        buyer = dice.choices(("patient", "insistent", "vanishing"), weights=(50, 35, 15))[0]
        return cls(dice=dice, seller=seller, buyer=buyer)

    def hours(self, least: float, most: float) -> float:
        return self.dice.uniform(least, most)

    def happens(self, share: float) -> bool:
        return self.dice.random() < share

    def one_of(self, choices: Sequence[tuple[T, float]]) -> T:
        """One of them, by weight."""
        return self.dice.choices([choice for choice, _ in choices], weights=[weight for _, weight in choices])[0]
