"""The cast of these tests, one case, and a rulebook of a few lines over the real timeline."""

from datetime import UTC, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from rest_framework.test import APIClient

from casemgmt import references
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import Membership, Organisation, User
from casemgmt.accounts.roles import Role
from casemgmt.errors import DomainError, WrongState
from casemgmt.timeline.log import Entry, Journal
from casemgmt.timeline.models import Event
from disputes.models import Case
from evidence import items, receiving, registry
from evidence.models import Item
from sla.models import Policy
from tests.evidence import samples

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class House:
    """Buyer, seller, an arbitrator, an auditor and a stranger of each side, around one case."""

    def __init__(self) -> None:
        self.buyer = self._person("buyer", Role.CONSUMER)
        self.stranger = self._person("stranger", Role.CONSUMER)
        self.seller = self._person("seller", Role.SELLER_STAFF)
        self.other_seller = self._person("other_seller", Role.SELLER_STAFF)
        self.arbitrator = self._person("arbitrator", Role.ARBITRATOR)
        self.shop = Organisation.objects.create(key="shop", name="Shop")
        other = Organisation.objects.create(key="other", name="Other")
        Membership.objects.create(organisation=self.shop, user=self.seller)
        Membership.objects.create(organisation=other, user=self.other_seller)
        self.case = new_case(self.buyer, self.shop)
        self.shut = False

    def hooks(self) -> registry.Hooks:
        return registry.Hooks(
            visible_cases=self.visible_cases,
            settle=lambda case_id, at: None,
            lock=lambda case_id, at: (Case.objects.select_for_update(of=("self",)).get(pk=case_id), at),
            may_add=self.may_add,
            may_ask=lambda actor, case: None if actor.role == Role.ARBITRATOR else WrongState("not_yours", "No."),
            may_see=lambda actor, case, item: True,
            party_of=party_of,
            record=record,
        )

    def visible_cases(self, user: User) -> QuerySet[Any]:
        if user.role == Role.CONSUMER:
            return Case.objects.filter(consumer=user)
        if user.role == Role.SELLER_STAFF:
            return Case.objects.filter(seller_id__in=user.organisation_ids())
        return Case.objects.all()

    def may_add(self, actor: Actor, case: Any) -> DomainError | None:
        return WrongState("case_closed", "The case is closed.") if self.shut else None

    def _person(self, name: str, role: str) -> User:
        return User.objects.create(username=name, display_name=name, role=role, language="en", email=f"{name}@a.org")

    def client(self, user: User) -> APIClient:
        client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
        client.force_authenticate(user)
        return client

    def url(self, tail: str = "evidence/") -> str:
        return f"/api/v1/cases/{self.case.reference}/{tail}"

    def send(self, user: User, content: bytes = samples.JPEG, *, name: str = "cup.jpg", **fields: Any) -> Any:
        """POST a file as a form; `mime` is what the client declares."""
        mime = fields.pop("mime", "application/octet-stream")
        headers = fields.pop("headers", {})
        form = {"file": upload(name, content, mime), "slot": "product_photo", "kind": "photo", **fields}
        return self.client(user).post(self.url(), form, format="multipart", headers=headers)

    def hand_in(
        self, content: bytes = samples.JPEG, *, user: User | None = None, at: datetime = NOON, **said: Any
    ) -> Item:
        """The same without HTTP."""
        submit = said.pop("submit", True)
        received = receiving.receive([content], name=said.pop("name", "cup.jpg"), declared="")
        details = items.Details(**{"slot": "product_photo", "kind": "photo", **said})
        actor = Actor.of(user or self.buyer)
        return items.upload(case=self.case, actor=actor, received=received, details=details, submit=submit, at=at)

    def timeline(self) -> list[str]:
        return list(Event.objects.filter(case=self.case).order_by("seq").values_list("code", flat=True))


def upload(name: str, content: bytes, mime: str) -> Any:
    return SimpleUploadedFile(name, content, content_type=mime)


def new_case(buyer: User, shop: Organisation) -> Case:
    """A row to hang exhibits on; this app knows no more of a case than its number."""
    return Case.objects.create(
        reference=references.make(),
        type="product_quality",
        subtype="damaged",
        description="The cup came broken.",
        channel="web",
        consumer=buyer,
        seller=shop,
        policy=Policy.objects.order_by("pk")[0],
        created_at=NOON,
        touched_at=NOON,
    )


def party_of(actor: Actor, case: Any) -> str:
    return {Role.CONSUMER: "consumer", Role.SELLER_STAFF: "seller"}.get(actor.role, "platform")


def record(*, case_id: int, actor: Actor, at: datetime, code: str, data: dict[str, Any], text: str = "") -> None:
    journal = Journal()
    journal.record(Entry(case_id=case_id, at=at, actor=actor, code=code, data=data, text=text))
    journal.write(recorded_at=at)
