"""The rules that every deployment has (calendars, policies, clauses), for tests that may empty every table."""

from collections.abc import Callable

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

_KEPT = "kept_by_the_tests"
_REMADE_BY_FLUSH = {"django_content_type", "auth_permission", "django_migrations"}


def load() -> None:
    """Load the rules into the new test database and keep a copy beside them."""
    call_command("load_rules", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {_KEPT}")
        for table in _filled(cursor):
            cursor.execute(f'CREATE TABLE {_KEPT}."{table}" AS TABLE "{table}"')


def restore() -> None:
    """Put the copy back: a few milliseconds, where loading anew would take a second."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [_KEPT])
        copy = "; ".join(
            f'INSERT INTO "{table}" OVERRIDING SYSTEM VALUE TABLE {_KEPT}."{table}" ON CONFLICT DO NOTHING'
            for (table,) in cursor.fetchall()
        )
        # As a replica, so that the order of the tables does not matter to their foreign keys.
        cursor.execute(f"SET session_replication_role = replica; {copy}; SET session_replication_role = origin")


def come_back_after_a_flush() -> None:
    """A transactional test ends by emptying all tables; from now on the rules return right after."""
    empty: Callable[[TransactionTestCase], None] = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: TransactionTestCase) -> None:
        empty(self)
        restore()

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]


def _filled(cursor: CursorWrapper) -> list[str]:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    found = []
    for table in sorted(tables - _REMADE_BY_FLUSH):
        cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
        if cursor.fetchone() == (True,):
            found.append(table)
    return found
