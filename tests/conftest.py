"""The servers first, Django second, fixtures third."""

import os
from collections.abc import Iterator

import django
import pytest
from pytest_django import DjangoDbBlocker

from tests import servers

# `make accept` says where the real files are; without them these tests have nothing to look at.
collect_ignore = [] if "ACCEPT_DATA" in os.environ else ["acceptance"]

# Tests sign staff in by their session alone; those about the second factor turn it on.
os.environ["STAFF_MFA"] = "0"
servers.start()
django.setup()


def pytest_unconfigure() -> None:
    servers.stop()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database with the rules in it, which every test finds, after a flush too."""
    from tests import seeds

    with django_db_blocker.unblock():
        seeds.load()
    seeds.come_back_after_a_flush()
    yield
