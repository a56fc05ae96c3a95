"""A scene in a database of its own: `python -m tests.faults.scene`. Prints what a client outside needs, as JSON.

A consumer with an API key, and refused complaints that lapse while the test goes on.
"""

import json
import sys

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from tests.faults import clients
from tests.faults.falling import Falling
from tests.world import World


def main() -> None:
    world = World()
    deadlines = Falling(world)
    for due_in in range(1, 41):
        deadlines.more(due_in=due_in, many=2)
    sys.stdout.write(
        json.dumps({"key": clients.key_of(world.buyer), "cases": deadlines.case_ids, "buyer": world.buyer.pk})
    )


if __name__ == "__main__":
    main()
