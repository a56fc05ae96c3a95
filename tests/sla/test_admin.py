"""Calendars and policies in the back office: administrators edit drafts and days; nobody edits what is published."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from casemgmt.accounts.models import User
from sla import guard, policies
from sla.models import Calendar, Day, Halt, Outage, Policy, Target

from .conftest import DAY, FILED, HOUR, Desk

PAGES = ["calendar", "day", "policy", "clock", "pause", "heartbeat", "outage", "halt"]


def inside(role: str) -> Client:
    user = User.objects.create(username=f"the-{role}", role=role, display_name=role, is_staff=True)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def draft(desk: Desk) -> Policy:
    return policies.draft_next(policies.current(FILED), at=FILED)


def form(policy: Policy, **changes: Any) -> dict[str, Any]:
    """The page's own form, with changes to the first target."""
    targets = list(policy.targets.order_by("kind", "variant"))
    data: dict[str, Any] = {
        "code": policy.code, "version": policy.version, "name": policy.name, "calendar": policy.calendar_id,
        "effective_from_0": "2026-12-01", "effective_from_1": "00:00", "effective_to_0": "", "effective_to_1": "",
        "settings": "{}", "is_default": "on",
        "targets-TOTAL_FORMS": 1, "targets-INITIAL_FORMS": 1,
        "targets-0-id": targets[0].pk, "targets-0-policy": policy.pk, "targets-0-kind": targets[0].kind,
        "targets-0-variant": targets[0].variant, "targets-0-unit": targets[0].unit, "targets-0-due": targets[0].due,
        "targets-0-windows": "[]", "targets-0-warnings": "[]",
    }  # fmt: skip
    return {**data, **changes}


@pytest.mark.parametrize("role", ["supervisor", "auditor", "administrator"])
def test_every_page_opens_for_whom_it_should(role: str, desk: Desk) -> None:
    case = desk.start("offer")
    desk.do("pause", case, kinds=None, reason="suspended", at=FILED)
    client = inside(role)
    for page in PAGES:
        allowed = role != "administrator" or page not in ("clock", "pause")  # no case content for administrators
        assert client.get(f"/admin/sla/{page}/").status_code == (200 if allowed else 403), page
    clock = desk.clock(case, "offer")
    answer = client.get(f"/admin/sla/clock/{clock.pk}/change/")
    assert answer.status_code == (403 if role == "administrator" else 200)
    assert client.post(f"/admin/sla/clock/{clock.pk}/change/", {"status": "met"}).status_code == 403


def test_an_administrator_announces_a_holiday_and_nobody_else_does(desk: Desk) -> None:
    calendar = Calendar.objects.get(code="cn")
    day = {"calendar": calendar.pk, "date": "2027-02-09", "name": "春节", "source": "gov.cn"}
    assert inside("supervisor").post("/admin/sla/day/add/", day).status_code == 403
    assert inside("administrator").post("/admin/sla/day/add/", day).status_code == 302
    assert not policies.calendar(calendar.pk).fact(date(2027, 2, 9)).is_working
    assert Day.objects.get(date=date(2027, 2, 9)).source == "gov.cn"


def test_a_draft_is_edited_published_and_then_frozen(draft: Policy) -> None:
    client, page = inside("administrator"), f"/admin/sla/policy/{draft.pk}/change/"
    target = draft.targets.order_by("kind", "variant")[0]
    assert client.post(page, form(draft, **{"targets-0-due": 7200})).status_code == 302
    assert Target.objects.get(pk=target.pk).due == 7200
    act = {"action": "publish", "_selected_action": [draft.pk]}
    inside("supervisor").post("/admin/sla/policy/", act)
    assert Policy.objects.get(pk=draft.pk).published_at is None
    client.post("/admin/sla/policy/", act)
    assert Policy.objects.get(pk=draft.pk).published_at is not None
    client.post(page, form(draft, **{"targets-0-due": 60, "name": "another"}))
    assert Target.objects.get(pk=target.pk).due == 7200
    assert Policy.objects.get(pk=draft.pk).name == draft.name
    assert client.get(page).status_code == 200


def test_the_next_version_is_drafted_from_the_list(desk: Desk) -> None:
    act = {"action": "draft_next", "_selected_action": [desk.policy_id]}
    inside("administrator").post("/admin/sla/policy/", act)
    assert Policy.objects.filter(code="taobao_2025", version=2, published_at=None).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"targets-0-warnings": '[{"rung": "x"}]'},
        {"targets-0-warnings": '[{"rung": "x", "percent": -1}]'},
        {"targets-0-warnings": '["60 %"]'},
        {"targets-0-warnings": '[{"rung": "x", "days_before": 1}]'},
        {"targets-0-windows": '[["18:00", "09:00"]]', "targets-0-unit": "windowed"},
        {"targets-0-windows": '["09:00"]', "targets-0-unit": "windowed"},
        {"targets-0-unit": "windowed"},
        {"settings": '{"day_end": "25:00"}'},
        {"settings": "[]"},
    ],
)
def test_what_the_arithmetic_could_not_work_with_is_refused(draft: Policy, change: dict[str, str]) -> None:
    answer = inside("administrator").post(f"/admin/sla/policy/{draft.pk}/change/", form(draft, **change))
    assert answer.status_code == 200
    assert b"errorlist" in answer.content


@pytest.mark.parametrize("change", [{"zone": "Mars/Olympus"}, {"weekend": "[0,1,2,3,4,5,6]"}, {"weekend": "[9]"}])
def test_a_calendar_without_a_zone_or_a_working_day_is_refused(desk: Desk, change: dict[str, str]) -> None:
    calendar = Calendar.objects.get(code="cn")
    data = {"code": "cn", "name": "x", "zone": "Asia/Shanghai", "weekend": "[5, 6]", "statutory": "{}"}
    client, page = inside("administrator"), f"/admin/sla/calendar/{calendar.pk}/change/"
    assert client.post(page, {**data, **change}).status_code == 200
    assert client.post(page, data).status_code == 302
    assert Calendar.objects.get(code="cn").revision > calendar.revision


def test_a_supervisor_lets_go_on_what_an_outage_and_a_jump_of_the_clock_stopped(db: None) -> None:
    outage = Outage.objects.create(from_at=FILED, until_at=FILED + 5 * HOUR)
    guard.halt(at=FILED, jumped=DAY)
    halt = Halt.objects.get()
    for role, done in (("administrator", False), ("supervisor", True)):
        client = inside(role)
        for name, row in (("outage", outage), ("halt", halt)):
            client.post(f"/admin/sla/{name}/", {"action": "release", "_selected_action": [row.pk]})
            row.refresh_from_db()
            assert (row.released_at is not None) is done, (role, name)
