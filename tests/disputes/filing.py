"""A complaint told page by page, by whoever sits at the browser."""

from __future__ import annotations

from typing import Any

from disputes.models import Case
from disputes.web.told import STEPS
from tests.disputes.screens import Screens, text

NEW = "/cases/new/"
STORY: dict[str, dict[str, str]] = {
    "problem": {"both": "product_quality/damaged"}, "story": {"description": "杯子碎了"},
    "wish": {"remedy": "return_refund"}, "contact": {"contact": "13800138000"},
    "evidence": {"evidence_waiver": "gone"},
}  # fmt: skip


def at(step: str) -> str:
    return f"{NEW}?step={step}"


def of_draft(step: str, case: Case | None = None) -> str:
    """The page of a draft; of the latest one."""
    case = case or Case.objects.filter(status="draft").latest("pk")
    return f"/cases/{case.reference}/filing/?step={step}"


def go_on(browser: Screens, step: str) -> Any:
    """Answer one page; it must be taken. What comes after the wish is asked of the draft."""
    answer = browser.post(at(step) if step == "wish" else of_draft(step), STORY[step])
    assert answer.status_code == 302, text(answer)
    return answer


def tells(browser: Screens, until: str = "check", caller: str = "", **order: str) -> Any:
    """Answer the pages one after another, up to and without this one; its page."""
    said = {
        "caller": {"consumer": caller},
        "order": order or {"order_number": browser.world.order().number},
        **STORY,
    }
    asked = [step for step in STEPS if step != "caller" or caller]
    page = at(asked[0])
    for step in asked[: asked.index(until)]:
        answer = browser.post(page, said[step])
        assert answer.status_code == 302, text(answer)
        page = answer["Location"]
    assert page.endswith(f"step={until}"), page
    return browser.get(page)


def files(browser: Screens, **said: str) -> Any:
    return browser.post(of_draft("check"), said)
