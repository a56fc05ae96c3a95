"""How often signing in may be tried. Kept in PostgreSQL, so that emptying Redis gives nobody another try.

An account may be tried ten times in fifteen minutes; then nobody gets in by password until the fifteen minutes are
over, whether or not such an account exists. A device on which its owner has signed in before has ten tries of its own,
so that a stranger's guesses do not keep the owner out. Codes of the second factor are counted apart, by the same
limits: the right password gives nobody ten more tries at the code.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from unicodedata import normalize

from django.db import transaction
from django.db.models import F

from casemgmt.accounts.models import SignInAttempts

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 100  # many people may share an address; somebody who tries many accounts from one is slowed


def buckets(*, username: str, address: str, device: str | None, step: str = "") -> dict[str, int]:
    """Which buckets an attempt falls into, and what each holds. `device` is the id of one known to be the owner's."""
    name = normalize("NFKC", username).casefold()
    whose = f"{step}device:{device}:{name}" if device else f"{step}account:{name}"
    return {_bucket(whose): PER_ACCOUNT, _bucket(f"address:{address}"): PER_ADDRESS}


def admit(limits: Mapping[str, int], *, at: datetime) -> bool:
    """Count one attempt and say whether it may go on. A refused attempt is not counted and prolongs nothing."""
    with transaction.atomic():
        fresh = [SignInAttempts(bucket=bucket, began_at=at, count=0) for bucket in sorted(limits)]
        SignInAttempts.objects.bulk_create(fresh, ignore_conflicts=True)
        rows = list(SignInAttempts.objects.select_for_update().filter(bucket__in=limits).order_by("bucket"))
        for row in rows:
            if at - row.began_at >= WINDOW:
                row.began_at, row.count = at, 0
        if any(row.count >= limits[row.bucket] for row in rows):
            return False
        for row in rows:
            row.count += 1
            row.save(update_fields=["began_at", "count"])
    return True


def is_first(name: str, *, at: datetime) -> bool:
    """Whether `name` was not used before in this window; from now on it was."""
    return admit({_bucket(f"once:{name}"): 1}, at=at)


def forgive(limits: Mapping[str, int]) -> None:
    """The attempt was right: the account or device begins afresh, the address is as if it had not tried."""
    own = [bucket for bucket, most in limits.items() if most == PER_ACCOUNT]
    SignInAttempts.objects.filter(bucket__in=own).delete()
    SignInAttempts.objects.filter(bucket__in=set(limits) - set(own), count__gt=0).update(count=F("count") - 1)


def wait_until(limits: Mapping[str, int], *, at: datetime) -> datetime | None:
    """When the next attempt will be admitted; None if now."""
    rows = SignInAttempts.objects.filter(bucket__in=limits, began_at__gt=at - WINDOW)
    ends = [row.began_at + WINDOW for row in rows if row.count >= limits[row.bucket]]
    return max(ends, default=None)


def purge(*, at: datetime) -> int:
    """Forget windows that are over; how many."""
    return SignInAttempts.objects.filter(began_at__lte=at - WINDOW).delete()[0]


def _bucket(name: str) -> str:
    """Hashed: people type passwords into the field for the name."""
    return sha256(name.encode()).hexdigest()
