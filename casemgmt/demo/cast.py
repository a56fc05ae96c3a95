"""Who lives in the demo marketplace: consumers, shops with their members, and staff of every role."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from casemgmt.accounts.models import Membership, Organisation, Team, User
from casemgmt.accounts.roles import Role
from casemgmt.demo import facts
from casemgmt.demo.facts import Facts
from disputes.models import SellerAccount

MARK = "demo:"  # begins the marketplace id of everybody here: this is how the demo knows its own
_BACK_OFFICE = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR})


@dataclass(frozen=True, kw_only=True)
class Cast:
    """`people` by username, as in the data file; `shops` and `speakers`, a member of each, by the shop's key."""

    people: dict[str, User]
    shops: dict[str, Organisation]
    speakers: dict[str, User]

    def of_role(self, role: Role) -> list[User]:
        """In the order of the data file."""
        return [person for person in self.people.values() if person.role == role]


def assemble() -> Cast:
    """Everybody, made where missing; twice is safe. Nobody can sign in yet: `accounts` gives passwords."""
    told = facts.marketplace()
    with transaction.atomic():
        teams = [Team.objects.get_or_create(name=name)[0] for name in told["teams"]]
        people = {row["key"]: _person(row, Role.CONSUMER) for row in told["consumers"]}
        shops, speakers = {}, {}
        for row in told["shops"]:
            shops[row["key"]] = shop = _shop(row)
            members = {member["key"]: _person(member, Role.SELLER_STAFF) for member in row["members"]}
            for place, member in enumerate(members.values()):
                role = Membership.Role.MEMBER if place else Membership.Role.OWNER
                Membership.objects.get_or_create(organisation=shop, user=member, defaults={"role": role})
            speakers[row["key"]] = next(iter(members.values()))
            people |= members
        for row in told["staff"]:
            team = None if row["team"] is None else teams[row["team"]]
            people[row["key"]] = _person(row, Role(row["role"]), team)
    return Cast(people=people, shops=shops, speakers=speakers)


def strangers() -> bool:
    """Whether people live here whom the demo has not made."""
    return User.objects.exclude(external_ref__startswith=MARK).exists()


def silence_mail() -> None:
    """While the past is told nobody has an address: a history is read on the case, not in 1,500 letters."""
    User.objects.filter(external_ref__startswith=MARK).update(email="")


def restore_mail() -> None:
    """From now on the cast can be written to."""
    for person in User.objects.filter(external_ref__startswith=MARK, email=""):
        person.email = f"{person.username}@people.example"
        person.save(update_fields=["email"])


def _person(row: Facts, role: Role, team: Team | None = None) -> User:
    values = {
        "username": row["key"],
        "display_name": row["name"],
        "role": role,
        "phone": row.get("phone", ""),
        "language": row["language"],
        "team": team,
        "is_staff": role in _BACK_OFFICE,
        "password": "!",
    }
    return User.objects.get_or_create(external_ref=f"{MARK}{row['key']}", defaults=values)[0]


def _shop(row: Facts) -> Organisation:
    values = {"name": row["name"], "kind": row["kind"], "return_address": row["address"]}
    shop, _ = Organisation.objects.get_or_create(key=f"{MARK}{row['key']}", defaults=values)
    money = {"balance": Decimal(row["balance"]), "deposit": Decimal(row["deposit"])}
    SellerAccount.objects.get_or_create(seller=shop, defaults=money)
    return shop
