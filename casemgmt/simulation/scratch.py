"""A database of the simulation's own, on the same server, gone afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.utils import ProgrammingError
from psycopg import sql

from sla import policies


class NoScratchError(RuntimeError):
    """The server does not let us make a database; the message says what to do."""


@contextmanager
def database(*, keep: bool) -> Iterator[str]:
    """Make, migrate and fill with the rules an empty database, and let everything inside the block use it; its name."""
    home = str(connection.settings_dict["NAME"])
    name = f"{home}_simulation_{os.getpid()}"
    _make(name)
    try:
        _use(name)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_rules", verbosity=0)
        yield name
    finally:
        _use(home)
        if not keep:
            _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _make(name: str) -> None:
    try:
        _execute("CREATE DATABASE {}", name)
    except ProgrammingError as refusal:
        raise NoScratchError(
            f"The database server does not let us make a database ({refusal}). Grant it: ALTER ROLE … CREATEDB."
        ) from refusal
    # Nothing here outlives the run, so no commit has to wait for the disk.
    _execute("ALTER DATABASE {} SET synchronous_commit = off", name)


def _use(name: str) -> None:
    """The connection goes there from now on; what was kept of another database's rules is forgotten."""
    connection.close()
    connection.settings_dict["NAME"] = name
    policies.forget()


def _execute(statement: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)).as_string(cursor.cursor))
