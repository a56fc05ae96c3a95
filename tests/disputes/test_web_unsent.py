"""What was typed into a form and not sent: kept for its writer alone, on every device, until it is sent or dropped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from disputes import unsent
from disputes.models import UnsentForm
from tests.disputes.screens import Screens, alerts, text
from tests.journeys.rulings import for_the_buyer
from tests.world import Story, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(world: World) -> Story:
    """The handler looks at it."""
    story = world.files()
    story.does(world.seller, "refuse", reason="goods_fine", text="It was whole")
    story.does(world.buyer, "escalate", reason="seller_refused")
    return story.does(story.handler, "accept_intervention", opinion="We look at it")


def keeps(browser: Screens, story: Story, action: str = "issue_ruling", **form: Any) -> Any:
    return browser.post(f"/cases/{story.case.reference}/keep/{action}/", form)


def form_of(browser: Screens, story: Story, action: str = "issue_ruling") -> str:
    return text(browser.get(f"/cases/{story.case.reference}/do/{action}/"))


def test_what_was_kept_is_there_on_another_device(heard: Story) -> None:
    form: dict[str, Any] = {
        "facts": "The cup was <broken>",
        "outcome": "split",
        "citations": ["cpl-24"],
        "remedies.0.amount": "12.50",
    }
    answer = keeps(Screens(heard.world, heard.handler), heard, **form)
    assert answer.status_code == 302 and answer["Location"].endswith("/do/issue_ruling/")
    page = form_of(Screens(heard.world, heard.handler), heard)  # a session of its own
    assert "The cup was <broken>" in page and 'value="12.50"' in page
    assert 'value="split" required checked' in page and 'value="cpl-24" checked' in page
    assert "is here again" in page


def test_a_script_keeps_it_too_and_is_told_in_words(heard: Story) -> None:
    browser = Screens(heard.world, heard.handler)
    path = f"/cases/{heard.case.reference}/keep/issue_ruling/"
    with heard.world.at(heard.world.now):
        answer = browser.client.post(path, {"facts": "Broken"}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (200, {"detail": "Kept for you on every device until you send it."})


def test_nobody_else_is_shown_it(heard: Story) -> None:
    keeps(Screens(heard.world, heard.world.seller), heard, "propose_terms", terms_text="My last word")
    assert "My last word" in form_of(Screens(heard.world, heard.world.seller), heard, "propose_terms")
    for other in (heard.world.buyer, heard.handler, heard.world.supervisor):
        browser = Screens(heard.world, other)
        for page in (form_of(browser, heard, "propose_terms"), text(browser.get(f"/cases/{heard.case.reference}/"))):
            assert "My last word" not in page


def test_it_is_gone_once_the_action_is_carried_out(heard: Story) -> None:
    browser = Screens(heard.world, heard.handler)
    keeps(browser, heard, facts="Broken")
    keeps(browser, heard, "propose_settlement", terms_text="Half of it")
    said = for_the_buyer()
    form = {name: value for name, value in said.items() if name not in ("liability", "remedies")}
    form |= {f"liability.{side}": share for side, share in said["liability"].items()}
    form |= {f"remedies.0.{name}": value for name, value in said["remedies"][0].items()}
    assert browser.does(heard.case, "issue_ruling", **form).status_code == 302
    assert list(UnsentForm.objects.values_list("action", flat=True)) == ["propose_settlement"]


def test_it_stays_where_the_action_is_refused(heard: Story) -> None:
    browser = Screens(heard.world, heard.handler)
    keeps(browser, heard, facts="Broken")
    assert browser.does(heard.case, "issue_ruling", facts="Broken").status_code == 422
    assert UnsentForm.objects.count() == 1


def test_it_can_be_dropped(heard: Story) -> None:
    browser = Screens(heard.world, heard.handler)
    keeps(browser, heard, facts="Broken")
    assert keeps(browser, heard, facts="Broken", forget="1").status_code == 302
    assert not UnsentForm.objects.exists()
    assert "is here again" not in form_of(browser, heard)


def test_kept_again_is_kept_once_and_nothing_typed_is_nothing_kept(heard: Story) -> None:
    browser = Screens(heard.world, heard.handler)
    for facts in ("One", "Two"):
        keeps(browser, heard, facts=facts)
    assert UnsentForm.objects.get().fields == {"facts": ["Two"]}
    keeps(browser, heard, facts="")
    assert not UnsentForm.objects.exists()


def test_what_a_page_sends_by_itself_is_not_kept(heard: Story) -> None:
    keeps(
        Screens(heard.world, heard.handler), heard, facts="One", once="k", version="3", place="answer", more="remedies"
    )
    assert UnsentForm.objects.get().fields == {"facts": ["One"]}


@pytest.mark.parametrize(("size", "kept"), [(unsent.MOST_BYTES - len("facts"), True), (unsent.MOST_BYTES - 4, False)])
def test_it_has_a_largest_size(heard: Story, size: int, kept: bool) -> None:
    browser = Screens(heard.world, heard.handler)
    with heard.world.at(heard.world.now):
        answer = browser.client.post(
            f"/cases/{heard.case.reference}/keep/issue_ruling/", {"facts": "x" * size}, headers={"Accept": "application/json"}
        )  # fmt: skip
    assert answer.status_code == (200 if kept else 422)
    assert UnsentForm.objects.exists() == kept


def test_too_much_to_keep_is_said_on_the_page(heard: Story) -> None:
    browser = Screens(heard.world, heard.handler)
    answer = keeps(browser, heard, facts="x" * (unsent.MOST_BYTES + 1))
    assert "more than can be kept" in text(browser.get(answer["Location"]))


@pytest.mark.parametrize("said", ["a\0b", "𝕏 👩‍👩‍👧‍👦 שלום", "a\r\nb", "\u202eevil"])
def test_whatever_was_typed_is_kept(heard: Story, said: str) -> None:
    keeps(Screens(heard.world, heard.handler), heard, facts=said)
    assert UnsentForm.objects.get().fields == {"facts": [said.replace("\0", "").replace("\r\n", "\n")]}
    assert said.replace("\0", "").replace("\r\n", "\n") in form_of(Screens(heard.world, heard.handler), heard)


def test_the_oldest_make_room(world: World) -> None:
    story = world.files()
    actions = [f"action_{number}" for number in range(unsent.MOST_FORMS + 2)]
    for number, action in enumerate(actions):
        at = world.now + timedelta(seconds=number)
        unsent.keep(user_id=world.seller.pk, case=story.case, action=action, fields={"text": ["Whole"]}, at=at)
    unsent.keep(user_id=world.buyer.pk, case=story.case, action="urge", fields={"text": ["Please"]}, at=world.now)
    assert set(unsent.kept(user_id=world.seller.pk, case=story.case)) == set(actions[2:])
    assert set(unsent.kept(user_id=world.buyer.pk, case=story.case)) == {"urge"}


def test_a_stranger_keeps_nothing(heard: Story) -> None:
    answer = keeps(Screens(heard.world, heard.world.stranger), heard, facts="Mine")
    assert answer.status_code == 404 and not alerts(answer)
    assert not UnsentForm.objects.exists()
