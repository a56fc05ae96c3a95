"""`manage.py rulebook`: write docs/reference/rulebook.md anew from the laws."""

from typing import Any

from django.core.management.base import BaseCommand

from casemgmt.env import ROOT
from disputes.rulebook import page


class Command(BaseCommand):
    help = "Write docs/reference/rulebook.md anew from the declared moves."

    def handle(self, **_options: Any) -> None:
        path = ROOT / "docs" / "reference" / "rulebook.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(), encoding="utf-8")
        self.stdout.write(f"Wrote {path.relative_to(ROOT)}.")
