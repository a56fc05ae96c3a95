"""A notice leads to its case; where that has gone to somebody else, it is read where it is."""

from __future__ import annotations

import pytest

from casemgmt.notifications.models import Channel, Notice
from tests.disputes.screens import Screens, text
from tests.world import Story, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(world: World) -> Story:
    story = world.files().does(world.seller, "refuse", reason="goods_fine", text="It was whole")
    return story.does(world.buyer, "escalate", reason="seller_refused")


@pytest.mark.parametrize(("language", "said"), [("en", "is not with you any more"), ("zh-hans", "已不由您处理")])
def test_a_notice_of_a_case_that_went_to_another_is_shown_and_says_so(heard: Story, language: str, said: str) -> None:
    first = heard.handler
    notice = Notice.objects.filter(recipient=first, channel=Channel.IN_APP, case=heard.case).latest("pk")
    browser = Screens(heard.world, first, language=language)
    assert browser.post(f"/notices/{notice.uid}/")["Location"] == f"/cases/{heard.case.reference}/"
    heard.does(heard.world.supervisor, "reassign", reason="Ill")
    answer = browser.post(f"/notices/{notice.uid}/")
    assert answer.status_code == 200 and said in text(answer)
    assert heard.case.reference in text(answer)
    assert f"/cases/{heard.case.reference}/" not in text(answer)
    notice.refresh_from_db()
    assert notice.read_at is not None
