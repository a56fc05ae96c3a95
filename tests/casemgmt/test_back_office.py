"""The back office: each role sees and does its own, and no secret is ever shown."""

from typing import Any

import pytest
from django.test import Client

from casemgmt.accounts.models import Membership, Organisation, Team, User

pytestmark = pytest.mark.django_db

PAGES = ["user", "organisation", "team", "apikey"]
NEW = {
    "username": "newcomer",
    "display_name": "New",
    "role": "agent",
    "language": "en",
    "usable_password": "true",
    "password1": "a long enough pass phrase",
    "password2": "a long enough pass phrase",
}


@pytest.fixture
def inside(person: Any) -> Any:
    def make(role: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(person(f"the-{role}", role=role, is_staff=True))
        return client

    return make


@pytest.mark.parametrize("role", ["supervisor", "auditor", "administrator"])
@pytest.mark.parametrize("page", PAGES)
def test_back_office_roles_see_every_list_and_row(page: str, role: str, inside: Any, person: Any, key_of: Any) -> None:
    user = person("mei")
    rows = {
        "user": user,
        "organisation": Organisation.objects.create(key="s", name="S"),
        "team": Team.objects.create(name="night"),
        "apikey": key_of(user),
    }
    client = inside(role)
    assert client.get("/admin/").status_code == 200
    assert client.get(f"/admin/accounts/{page}/").status_code == 200
    assert client.get(f"/admin/accounts/{page}/{rows[page].pk}/change/").status_code == 200


@pytest.mark.parametrize("role", ["consumer", "seller_staff", "agent", "arbitrator", "reviewer"])
def test_other_roles_do_not_come_in(role: str, person: Any) -> None:
    client = Client()
    client.force_login(person(role=role))
    assert client.get("/admin/accounts/user/").status_code == 302


def test_an_administrator_makes_people_and_the_role_decides_who_comes_in(inside: Any) -> None:
    client = inside("administrator")
    assert client.post("/admin/accounts/user/add/", NEW).status_code == 302
    supervisor = {**NEW, "username": "boss", "role": "supervisor", "is_staff": "", "is_superuser": "on"}
    assert client.post("/admin/accounts/user/add/", supervisor).status_code == 302
    assert not User.objects.get(username="newcomer").is_staff
    boss = User.objects.get(username="boss")
    assert (boss.is_staff, boss.is_superuser) == (True, False)
    assert User.objects.filter(external_ref=None, username__in=["newcomer", "boss"]).count() == 2


def test_a_role_taken_away_closes_the_back_office_at_once(inside: Any, person: Any) -> None:
    boss = person("boss", role="supervisor", is_staff=True)
    away = Client()
    away.force_login(boss)
    assert away.get("/admin/accounts/user/").status_code == 200
    form = {"username": "boss", "display_name": "B", "role": "agent", "language": "en", "is_active": "on"}
    assert inside("administrator").post(f"/admin/accounts/user/{boss.pk}/change/", form).status_code == 302
    assert away.get("/admin/accounts/user/").status_code == 302


def test_nobody_can_be_made_the_system(inside: Any) -> None:
    page = inside("administrator").post("/admin/accounts/user/add/", {**NEW, "role": "system"})
    assert page.status_code == 200
    assert not User.objects.filter(username="newcomer").exists()


@pytest.mark.parametrize("role", ["supervisor", "auditor"])
def test_supervisors_and_auditors_change_nobody(role: str, inside: Any, person: Any) -> None:
    mei = person("mei", role="agent")
    client = inside(role)
    assert client.post("/admin/accounts/user/add/", NEW).status_code == 403
    changed = {"username": "mei", "display_name": "x", "role": "administrator", "language": "en"}
    assert client.post(f"/admin/accounts/user/{mei.pk}/change/", changed).status_code == 403
    password = {"password1": "a long enough pass phrase", "password2": "a long enough pass phrase"}
    assert client.post(f"/admin/accounts/user/{mei.pk}/password/", password).status_code == 403
    assert client.post("/admin/accounts/organisation/add/", {"key": "k", "name": "n"}).status_code == 403
    mei.refresh_from_db()
    assert mei.role == "agent"


@pytest.mark.parametrize(("role", "may"), [("supervisor", True), ("auditor", False), ("administrator", True)])
def test_supervisors_put_staff_off_duty(role: str, may: bool, inside: Any, person: Any) -> None:
    mei = person("mei", role="agent")
    inside(role).post("/admin/accounts/user/", {"action": "put_off_duty", "_selected_action": [mei.pk]})
    mei.refresh_from_db()
    assert mei.on_duty is not may


@pytest.mark.parametrize(("role", "may"), [("supervisor", False), ("auditor", False), ("administrator", True)])
def test_administrators_revoke_keys(role: str, may: bool, inside: Any, person: Any, key_of: Any) -> None:
    key = key_of(person("mei"))
    inside(role).post("/admin/accounts/apikey/", {"action": "revoke", "_selected_action": [key.pk]})
    key.refresh_from_db()
    assert (key.revoked_at is not None) is may


def test_nothing_is_deleted_and_keys_are_not_made_here(inside: Any, person: Any, key_of: Any) -> None:
    client, user = inside("administrator"), person("mei")
    for page, row in (("user", user), ("apikey", key_of(user)), ("team", Team.objects.create(name="t"))):
        assert client.post(f"/admin/accounts/{page}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
        client.post(
            f"/admin/accounts/{page}/", {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        )
        assert type(row).objects.filter(pk=row.pk).exists()
    assert client.get("/admin/accounts/apikey/add/").status_code == 403


def test_no_digest_is_shown(inside: Any, person: Any, key_of: Any) -> None:
    key, client = key_of(person("mei")), inside("administrator")
    for address in ("/admin/accounts/apikey/", f"/admin/accounts/apikey/{key.pk}/change/"):
        assert key.digest not in client.get(address).content.decode()


def test_members_of_a_shop_are_kept_by_administrators(inside: Any, person: Any) -> None:
    shop, mei = Organisation.objects.create(key="s", name="S"), person("mei", role="seller_staff")
    form: dict[str, Any] = {"key": "s", "name": "S", "kind": "brand", "return_address": "{}"}
    form |= {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0}
    form |= {"memberships-0-user": mei.pk, "memberships-0-organisation": shop.pk, "memberships-0-is_active": "on"}
    form["memberships-0-role"] = "owner"
    address = f"/admin/accounts/organisation/{shop.pk}/change/"
    assert inside("supervisor").post(address, form).status_code == 403
    assert inside("administrator").post(address, form).status_code == 302
    assert (Membership.objects.get().user, Membership.objects.get().role) == (mei, "owner")


def test_the_first_account_is_an_administrator(db: None) -> None:
    first = User.objects.create_superuser("root", "root@example.com", "a long enough pass phrase")
    assert (first.role, first.is_staff, first.is_superuser) == ("administrator", True, False)


def test_the_back_office_speaks_both_languages(inside: Any) -> None:
    client = inside("administrator")
    assert '<html lang="en-us"' in client.get("/admin/").content.decode().replace('lang="en"', 'lang="en-us"')
    assert 'lang="zh-hans"' in client.get("/admin/", headers={"accept-language": "zh-CN"}).content.decode()
