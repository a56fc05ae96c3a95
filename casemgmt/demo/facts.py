"""The demo's own words: people, shops, goods, complaints and what is said about them, in Chinese and English."""

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"
Facts = dict[str, Any]


@cache
def marketplace() -> Facts:
    """{"consumers", "teams", "staff", "shops"}: who there is, and what the shops sell."""
    found: Facts = _read("marketplace.json")
    return found


@cache
def complaints() -> tuple[Facts, ...]:
    """One entry a case, in the order of filing; `story` names the way it goes, `n` is its number."""
    return tuple(_read("cases.json"))


@cache
def goods() -> dict[str, tuple[str, Facts]]:
    """sku → (the key of its shop, the article)."""
    return {article["sku"]: (shop["key"], article) for shop in marketplace()["shops"] for article in shop["goods"]}


def line(kind: str, *, language: str, turn: int, **places: str) -> str:
    """A sentence of that kind; `turn` chooses among those there are."""
    choice: list[str] = _lines()[language][kind]
    return choice[turn % len(choice)] % places


@cache
def _lines() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = _read("lines.json")
    return found


def _read(name: str) -> Any:
    return json.loads((_FOLDER / name).read_text(encoding="utf-8"))
