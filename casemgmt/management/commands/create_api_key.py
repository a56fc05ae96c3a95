"""Make an API key for a person; its secret is printed once."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casemgmt import clock
from casemgmt.accounts import keys
from casemgmt.accounts.models import User
from casemgmt.errors import Invalid


class Command(BaseCommand):
    help = "Make an API key. The last line of the output is the key; it is not kept and cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="api", help="what the key is for")
        parser.add_argument("--scopes", required=True, help=f"comma-separated, of: {', '.join(keys.SCOPES)}; or all")
        parser.add_argument("--days", type=int, default=90, help="life of the key in days, 1 to 366 (default 90)")

    def handle(self, *, username: str, name: str, scopes: str, days: int, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username!r}. See the accounts in the admin.")
        wanted = keys.SCOPES if scopes == "all" else [part.strip() for part in scopes.split(",") if part.strip()]
        try:
            key, secret = keys.make(user=user, name=name, scopes=wanted, ttl=timedelta(days=days), at=clock.now())
        except Invalid as refusal:
            raise CommandError(str(refusal.detail)) from refusal
        self.stderr.write(f"Key {key.prefix} of {username}, until {key.expires_at:%Y-%m-%d %H:%M %Z}. Keep it now:")
        self.stdout.write(secret)
