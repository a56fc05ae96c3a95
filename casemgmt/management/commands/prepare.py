"""Make the database and the static files ready: only what has changed since last time."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Migrate, load the rules, collect the static files and, into an empty database, the demo."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--without-demo", action="store_true", help="leave that for a second call")

    def handle(self, *args: Any, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=1)
        call_command("load_rules")
        self._collect_static()
        if settings.DEMO and not options["without_demo"]:
            self._load_demo()

    def _collect_static(self) -> None:
        """Compressing takes seconds, so it is done again only when a file has changed."""
        kept: Path = settings.VAR_DIR / "static.fingerprint"
        present = _fingerprint_of_static_files()
        if not kept.exists() or kept.read_text() != present or not Path(settings.STATIC_ROOT).exists():
            Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            kept.write_text(present)

    def _load_demo(self) -> None:
        """Once: into a database without people, or again where loading was cut short."""
        unfinished: Path = settings.VAR_DIR / "demo-unfinished"
        if get_user_model().objects.exists() and not unfinished.exists():
            return
        unfinished.touch()
        call_command("demo")
        unfinished.unlink()


def _fingerprint_of_static_files() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            seen = Path(storage.path(path)).stat()
            digest.update(f"{path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()
