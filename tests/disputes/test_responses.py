"""What counts as a response: every row of the table, and nothing that is in none."""

import itertools

import pytest

from disputes import responses
from disputes.moves.law import LAWS
from disputes.responses import RESPONSES, Response
from disputes.states import Channel, Party

SIDES = (Party.CONSUMER, Party.SELLER, Party.PLATFORM)


@pytest.mark.promise("R1-25")
@pytest.mark.parametrize("row", RESPONSES, ids=lambda row: f"{row.promise}-{row.action}")
def test_each_row_counts_for_its_sides_only_by_people_and_where_the_consumer_hears_it(row: Response) -> None:
    for side in SIDES:
        found = responses.answered(row.action, side=side, human=True, channel="")
        assert (row.promise in found) is (side in row.sides)
        assert responses.answered(row.action, side=side, human=False) == [], "nothing automatic counts"
    side = next(iter(row.sides))
    for channel in Channel:
        found = responses.answered(row.action, side=side, human=True, channel=channel)
        assert (row.promise in found) is (channel in row.channels)
    unsaid = responses.answered(row.action, side=side, human=True, opinion=False)
    assert (row.promise in unsaid) is not row.needs_opinion


def test_what_is_in_no_row_answers_nothing() -> None:
    listed = {row.action for row in RESPONSES}
    for action, side in itertools.product(LAWS.keys() - listed, SIDES):
        assert responses.answered(action, side=side, human=True) == []


def test_every_row_names_an_act_that_exists_and_a_promise_that_runs() -> None:
    from sla import facts

    kinds = {row["kind"] for row in facts.read("policies.json")["targets"]}
    for row in RESPONSES:
        assert row.action in LAWS
        assert row.promise in kinds
        assert Party.CONSUMER not in row.sides, "nobody answers oneself"
    assert len({(row.promise, row.action) for row in RESPONSES}) == len(RESPONSES)
