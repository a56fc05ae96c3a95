"""What a person reads who has just started the product."""

import json
import sys
from pathlib import Path


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def show(var: Path, *, address: str, seconds: float) -> None:
    """The address, the accounts and what to try."""
    say(f"\nReady after {seconds:.1f} s: {address}/")
    say(f"  API            {address}/api/docs/")
    say(f"  Back office    {address}/admin/")
    say(f"  Health         {address}/healthz   Logs: {var / 'log'}")
    accounts = var / "demo-accounts.json"
    if accounts.exists():
        _show_accounts(accounts, address=address)
    say("\nCtrl-C stops everything.")


def _show_accounts(path: Path, *, address: str) -> None:
    say(f"  Accounts       {path} (passwords and API keys):")
    found = json.loads(path.read_text())
    for account in found["accounts"]:
        say(f"                 {account['username']:<16} {account['role']}")
    say("\nTry it: the complaints of one consumer,")
    say(f"  KEY=$(python3 -c \"import json; print(json.load(open('{path}'))['accounts'][0]['api_key'])\")")
    say(f'  curl -H "Authorization: Bearer $KEY" {address}/api/v1/cases/')
