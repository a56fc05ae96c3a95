"""Codes in the row, words on reading."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils.translation import gettext_lazy as _

from casemgmt.timeline import wording


@dataclass
class Happened:
    code: str
    data: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    before = dict(wording._sentences)
    yield
    wording._sentences.clear()
    wording._sentences.update(before)


def test_a_sentence_takes_its_facts_from_the_row_and_from_the_reader() -> None:
    wording.register("test.paid", "%(who)s paid %(amount)s", audience="buyer")
    event = Happened("test.paid", {"amount": "5.00"})
    assert wording.sentence(event, language="en", extra={"who": "Ann"}) == "Ann paid 5.00"
    assert wording.audience("test.paid") == "buyer"


def test_the_same_row_is_read_in_each_readers_language() -> None:
    wording.register("test.yes", _("Yes"))
    event = Happened("test.yes")
    assert [wording.sentence(event, language=tongue) for tongue in ("en", "zh-hans")] == ["Yes", "是"]


def test_codes_are_made_words_in_the_readers_language() -> None:
    wording.register("test.kind", "%(kind)s!", words=lambda facts: {"kind": {"a": _("Yes")}[facts["kind"]]})
    assert wording.sentence(Happened("test.kind", {"kind": "a"}), language="zh-hans") == "是!"


@pytest.mark.parametrize("code", ["test.never", "", "case.%s", "%(code)s"])
def test_an_unknown_code_is_told_generically_and_to_staff_only(code: str) -> None:
    assert code in wording.sentence(Happened(code), language="en")
    assert wording.audience(code) == "staff"


@pytest.mark.parametrize("data", [{}, {"n": "x"}, {"n": None}, {"kind": "unknown"}])
def test_an_old_row_whose_facts_do_not_fit_never_raises(data: dict[str, Any]) -> None:
    wording.register("test.count", "%(n)d of %(kind)s", words=lambda facts: {"kind": {"a": "b"}[facts["kind"]]})
    assert "test.count" in wording.sentence(Happened("test.count", data), language="en")


def test_a_fact_that_is_missing_is_a_dash() -> None:
    wording.register("test.gap", "%(who)s came")
    assert wording.sentence(Happened("test.gap"), language="en") == "— came"
