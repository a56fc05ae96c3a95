"""Who speaks for a shop: invited by a link, made an owner, taken out; and the last owner stays."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from casemgmt import clock
from casemgmt.accounts import members
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import ApiKey, Invitation, Membership, Organisation, User
from tests.casemgmt.conftest import ENGLISH, PASSWORD

pytestmark = pytest.mark.django_db
OWNER, MEMBER = Membership.Role.OWNER, Membership.Role.MEMBER
WEEK = timedelta(days=7)


@pytest.fixture
def shop(db: None) -> Organisation:
    return Organisation.objects.create(key="s-1", name="青瓷小店")


@pytest.fixture
def owner(person: Any, shop: Organisation) -> User:
    return joined(person("wang", role="seller_staff"), shop, OWNER)


@pytest.fixture
def colleague(person: Any, shop: Organisation) -> User:
    return joined(person("li", role="seller_staff"), shop, MEMBER)


def joined(user: User, shop: Organisation, role: str) -> User:
    Membership.objects.create(organisation=shop, user=user, role=role)
    return user


def at_the_screen(user: User | None = None) -> Client:
    client = Client(**ENGLISH)
    if user:
        client.force_login(user)
    return client


def row(user: User) -> Membership:
    return Membership.objects.get(user=user)


def link(shop: Organisation, owner: User, role: str = MEMBER) -> str:
    page = at_the_screen(owner).post(f"/shop/{shop.pk}/invite/", {"role": role}).content.decode()
    found = re.search(r"http://testserver(/join/[\w-]{43}/)", page)
    assert found, page
    return found.group(1)


def told(client: Client) -> str:
    return html.unescape(client.get("/shop/").content.decode())


def new_person(**fields: str) -> dict[str, str]:
    return {"username": "zhao", "display_name": "小赵", "password1": PASSWORD, "password2": PASSWORD, **fields}


def test_a_new_person_comes_by_a_link_with_a_name_and_a_password_of_their_own(owner: User, shop: Organisation) -> None:
    path = link(shop, owner)
    guest = at_the_screen()
    assert "青瓷小店" in guest.get(path).content.decode()
    assert guest.post(path, new_person()).headers["Location"] == "/shop/"
    zhao = User.objects.get(username="zhao")
    assert (zhao.role, zhao.is_staff, zhao.organisation_ids()) == ("seller_staff", False, {shop.pk})
    assert row(zhao).role == MEMBER
    assert zhao.check_password(PASSWORD)
    assert "小赵" in told(guest)
    assert at_the_screen().get(path).status_code == 404  # it is used up


def test_somebody_with_a_seller_account_joins_a_second_shop_with_it(
    owner: User, shop: Organisation, person: Any
) -> None:
    other = Organisation.objects.create(key="s-2", name="别家店")
    sun = joined(person("sun", role="seller_staff"), other, OWNER)
    path = link(shop, owner, OWNER)
    client = at_the_screen(sun)
    assert client.post(path).headers["Location"] == "/shop/"
    assert sun.organisation_ids() == {shop.pk, other.pk}
    assert Membership.objects.get(user=sun, organisation=shop).role == OWNER
    assert client.post(path).status_code == 404


@pytest.mark.parametrize("role", ["consumer", "agent", "supervisor", "administrator"])
def test_nobody_with_another_role_comes_to_speak_for_a_shop(
    owner: User, shop: Organisation, person: Any, role: str
) -> None:
    path, client = link(shop, owner), at_the_screen(person("qian", role=role))
    assert "not a seller's" in html.unescape(client.get(path).content.decode())
    assert client.post(path).status_code == 403
    assert Membership.objects.count() == 1
    assert at_the_screen().get(path).status_code == 200  # and the link is not used up by it


def test_who_is_in_the_shop_already_does_not_use_the_link_up(owner: User, shop: Organisation) -> None:
    path = link(shop, owner)
    client = at_the_screen(owner)
    assert client.post(path).headers["Location"] == "/shop/"
    assert "You speak for this shop already." in told(client)
    assert row(owner).role == OWNER
    assert at_the_screen().get(path).status_code == 200


@pytest.mark.parametrize(("after", "opens"), [(WEEK - timedelta(seconds=1), True), (WEEK, False)])
def test_a_link_lasts_seven_days(owner: User, shop: Organisation, after: timedelta, opens: bool) -> None:
    now = clock.now()
    with clock.standing_at(now):
        path = link(shop, owner)
    with clock.standing_at(now + after):
        assert (at_the_screen().get(path).status_code == 200) == opens
        assert (at_the_screen().post(path, new_person()).status_code == 302) == opens
    assert User.objects.filter(username="zhao").exists() == opens


def test_a_link_opens_nothing_once_it_was_taken_back(owner: User, shop: Organisation) -> None:
    path, client = link(shop, owner), at_the_screen(owner)
    assert client.post(f"/shop/invitations/{Invitation.objects.get().pk}/back/").status_code == 302
    assert at_the_screen().post(path, new_person()).status_code == 404
    assert "Take the link back" not in told(client)


@pytest.mark.parametrize("how", ["taken out", "made a member", "closed"])
def test_a_link_dies_with_its_authors_right_to_make_one(owner: User, shop: Organisation, person: Any, how: str) -> None:
    second = joined(person("sun", role="seller_staff"), shop, OWNER)
    path = link(shop, second)
    match how:
        case "taken out":
            members.take_out(membership_id=row(second).pk, by=owner, at=clock.now())
        case "made a member":
            members.change_role(membership_id=row(second).pk, role=MEMBER, by=owner)
        case _:
            User.objects.filter(pk=second.pk).update(is_active=False)
    assert at_the_screen().post(path, new_person()).status_code == 404


def test_only_a_hash_of_a_link_is_kept(owner: User, shop: Organisation) -> None:
    secret = link(shop, owner).split("/")[2]
    assert secret not in str(list(Invitation.objects.values()))
    assert secret not in at_the_screen(owner).get("/shop/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"password2": "other"}, {"password1": "123", "password2": "123"}, {"username": "WANG"}, {"display_name": ""}],
)
def test_an_account_that_cannot_be_made_leaves_the_link_whole(
    owner: User, shop: Organisation, wrong: dict[str, str]
) -> None:
    path = link(shop, owner)
    answer = at_the_screen().post(path, new_person(**wrong))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert at_the_screen().post(path, new_person()).status_code == 302


def test_who_is_taken_out_loses_the_shop_at_once_in_an_open_session_and_with_a_key(
    owner: User, colleague: User, program: Any
) -> None:
    session, key = at_the_screen(colleague), program(colleague, "me:read")
    assert "青瓷小店" in told(session)
    assert key.get("/api/v1/me/").json()["shops"]
    assert at_the_screen(owner).post(f"/shop/members/{row(colleague).pk}/out/").status_code == 302
    assert "青瓷小店" not in told(session)
    assert Actor.of(colleague).organisation_ids == frozenset()
    assert key.get("/api/v1/me/").status_code == 401
    assert ApiKey.objects.get().revoked_at


def test_who_speaks_for_another_shop_too_keeps_their_keys_for_it(owner: User, colleague: User, program: Any) -> None:
    joined(colleague, Organisation.objects.create(key="s-2", name="Other"), MEMBER)
    key = program(colleague, "me:read")
    members.take_out(
        membership_id=Membership.objects.get(user=colleague, organisation__key="s-1").pk, by=owner, at=clock.now()
    )
    assert [one["key"] for one in key.get("/api/v1/me/").json()["shops"]] == ["s-2"]


def test_who_was_taken_out_can_be_invited_again(owner: User, colleague: User, shop: Organisation) -> None:
    members.change_role(membership_id=row(colleague).pk, role=OWNER, by=owner)
    members.take_out(membership_id=row(colleague).pk, by=owner, at=clock.now())
    at_the_screen(colleague).post(link(shop, owner))
    assert (row(colleague).is_active, row(colleague).role) == (True, MEMBER)


@pytest.mark.parametrize("way", ["role/", "out/"])
def test_the_last_owner_stays_one(owner: User, colleague: User, way: str) -> None:
    client = at_the_screen(owner)
    client.post(f"/shop/members/{row(owner).pk}/{way}", {"role": MEMBER})
    assert (row(owner).is_active, row(owner).role) == (True, OWNER)
    assert "A shop needs an owner" in told(client)
    client.post(f"/shop/members/{row(colleague).pk}/role/", {"role": OWNER})
    client.post(f"/shop/members/{row(owner).pk}/{way}", {"role": MEMBER})
    assert not Membership.objects.filter(user=owner, is_active=True, role=OWNER).exists()


def test_an_owner_whose_account_is_closed_does_not_count(owner: User, person: Any, shop: Organisation) -> None:
    User.objects.filter(pk=joined(person("gone", role="seller_staff"), shop, OWNER).pk).update(is_active=False)
    at_the_screen(owner).post(f"/shop/members/{row(owner).pk}/out/")
    assert row(owner).is_active


def test_a_member_sees_the_people_and_changes_nothing(owner: User, colleague: User, shop: Organisation) -> None:
    made, _secret = members.invite(shop_id=shop.pk, role=MEMBER, by=owner, at=clock.now())
    client = at_the_screen(colleague)
    page = told(client)
    assert "Wang" in page
    assert "/invite/" not in page and "/out/" not in page and "/back/" not in page
    before = list(Membership.objects.values()), list(Invitation.objects.values())
    for way in (f"{shop.pk}/invite/", f"invitations/{made.pk}/back/", f"members/{row(owner).pk}/out/",
                f"members/{row(colleague).pk}/role/"):  # fmt: skip
        assert client.post(f"/shop/{way}", {"role": OWNER}).status_code == 403, way
    assert (list(Membership.objects.values()), list(Invitation.objects.values())) == before


def test_another_shop_does_not_exist(owner: User, person: Any, shop: Organisation) -> None:
    stranger = joined(person("sun", role="seller_staff"), Organisation.objects.create(key="s-2", name="Other"), OWNER)
    made, _secret = members.invite(shop_id=shop.pk, role=MEMBER, by=owner, at=clock.now())
    client = at_the_screen(stranger)
    assert "青瓷小店" not in told(client)
    for way in (f"{shop.pk}/invite/", f"invitations/{made.pk}/back/", f"members/{row(owner).pk}/out/",
                f"members/{row(owner).pk}/role/", "0/invite/", "invitations/0/back/", "members/0/out/"):  # fmt: skip
        assert client.post(f"/shop/{way}", {"role": MEMBER}).status_code == 404, way
    assert at_the_screen(owner).post("/shop/999999999999999999999/invite/").status_code == 404


@pytest.mark.parametrize("role", ["", "king", "OWNER", "seller_staff"])
def test_there_are_two_roles(owner: User, colleague: User, shop: Organisation, role: str) -> None:
    client = at_the_screen(owner)
    for way in (f"{shop.pk}/invite/", f"members/{row(colleague).pk}/role/"):
        assert client.post(f"/shop/{way}", {"role": role}).headers["Location"] == "/shop/"
    assert not Invitation.objects.exists()
    assert row(colleague).role == MEMBER


def test_so_many_links_are_open_at_most(owner: User, shop: Organisation) -> None:
    for _number in range(members.MOST_OPEN):
        link(shop, owner)
    client = at_the_screen(owner)
    assert client.post(f"/shop/{shop.pk}/invite/", {"role": MEMBER}).status_code == 302
    assert "Take one back first" in told(client)
    assert Invitation.objects.count() == members.MOST_OPEN


def test_what_happened_is_in_the_history_of_the_seller(owner: User, colleague: User, shop: Organisation) -> None:
    at_the_screen().post(link(shop, owner), new_person())
    client = at_the_screen(owner)
    client.post(f"/shop/members/{row(colleague).pk}/role/", {"role": OWNER})
    client.post(f"/shop/members/{row(colleague).pk}/out/")
    said = [(one.user.username, one.object_id, one.get_change_message()) for one in LogEntry.objects.order_by("pk")]
    assert [name for name, _shop, _what in said] == ["wang", "zhao", "wang", "wang"]
    assert {of for _name, of, _what in said} == {str(shop.pk)}
    assert "zhao" in said[1][2] and "li" in said[2][2] and "li" in said[3][2]
    assert "http" not in str(said)


def test_the_page_costs_the_same_for_many_people(
    owner: User, person: Any, shop: Organisation, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        joined(person(f"p{number}", role="seller_staff"), shop, MEMBER)
        members.invite(shop_id=shop.pk, role=MEMBER, by=owner, at=clock.now())
    client = at_the_screen(owner)
    told(client)
    with django_assert_max_num_queries(8):
        told(client)
