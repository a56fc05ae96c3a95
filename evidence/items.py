"""Handing in exhibits, looking at them, and taking them back: what a party does with evidence."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.errors import NotPermitted, Unavailable
from evidence import asking, inspection, limits, refusals, rules, storage
from evidence.models import File, Item
from evidence.receiving import Received
from evidence.registry import AnyCase, hooks


@dataclass(frozen=True, kw_only=True)
class Details:
    """What the giver says about a file. `slot` and `kind` are codes of evidence.slots."""

    slot: str
    kind: str
    title: str = ""
    statement: str = ""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """Bytes that lie in the storage and no row speaks of yet."""

    key: str
    sha256: str
    size: int
    name: str
    declared: str
    sniffed: str


def case_seen_by(*, user: User, reference: str) -> AnyCase:
    """The case with this reference. Raises NotFound where it does not exist for this person."""
    found = hooks().visible_cases(user).filter(reference=reference).first()
    if found is None:
        raise refusals.case_not_found()
    return found


def of_case(*, actor: Actor, case: AnyCase) -> QuerySet[Item]:
    """What this actor's side may see of a case they may see."""
    party = hooks().party_of(actor, case)
    return Item.objects.filter(rules.seen_by(party), case_id=case.pk).select_related("file", "answers")


def item_seen_by(*, user: User, uid: uuid.UUID) -> Item:
    """One exhibit. Raises NotFound for what this person may not see."""
    item = Item.objects.filter(uid=uid, case__in=hooks().visible_cases(user)).select_related("file", "case").first()
    actor = Actor.of(user)
    if item is None or not _may_see(actor, item.case, item):
        raise refusals.not_found()
    return item


def refuse_unless_may_add(*, actor: Actor, case: AnyCase, at: datetime) -> None:
    """Before the bytes are read: raises the rulebook's refusal, or TooMany."""
    if (refusal := hooks().may_add(actor, case)) is not None:
        raise refusal
    _refuse_floods(actor, at)


def store(*, received: Received, kind: str) -> Stored:
    """Judge the bytes by their content and put them away, outside of any transaction. Raises Invalid and its kin."""
    try:
        name, found = inspection.inspect(received, kind=kind)
        declared = received.content_type or ""
        key = storage.put(received)
    finally:
        received.discard()
    return Stored(
        key=key, sha256=received.sha256, size=received.glimpse.size, name=name, declared=declared, sniffed=found.mime
    )


def upload(*, case: AnyCase, actor: Actor, received: Received, details: Details, submit: bool, at: datetime) -> Item:
    """Receive one file as an exhibit, staged or submitted at once. Settles what is overdue first."""
    stored = store(received=received, kind=details.kind)
    hooks().settle(case.pk, at)
    return add(case=case, actor=actor, stored=stored, details=details, submit=submit, at=at)


def add(*, case: AnyCase, actor: Actor, stored: Stored, details: Details, submit: bool, at: datetime) -> Item:
    """The row, its events and the lock of the case, in one transaction. Raises the rulebook's refusal, or Conflict."""
    with transaction.atomic():
        locked, at = hooks().lock(case.pk, at)
        if (refusal := hooks().may_add(actor, locked)) is not None:
            raise refusal
        _refuse_floods(actor, at)
        party = hooks().party_of(actor, locked)
        _refuse_repeats_and_excess(locked, party, details, stored)
        item = Item.objects.create(
            case_id=locked.pk,
            party=party,
            slot=details.slot,
            kind=details.kind,
            title=details.title,
            statement=details.statement,
            file=_file(stored, at),
            submitted_by_id=actor.id,
            uploaded_at=at,
        )
        _record(item, actor, at, "evidence.uploaded", size=stored.size, kind=item.kind)
        if submit:
            _submit(item, actor, at)
    return item


def submit(*, case: AnyCase, actor: Actor, uid: uuid.UUID, at: datetime) -> Item:
    """Show a staged exhibit to everyone on the case. Raises WrongState the second time."""
    hooks().settle(case.pk, at)
    with transaction.atomic():
        item, at = _own(case, actor, uid, at)
        if item.stage != Item.Stage.STAGED or item.status:
            raise refusals.wrong_stage(_("It was submitted or withdrawn before. There is nothing left to do."))
        _submit(item, actor, at)
    return item


def withdraw(*, case: AnyCase, actor: Actor, uid: uuid.UUID, reason: str, at: datetime) -> Item:
    """Take an exhibit back: it is kept, and marked. Raises WrongState once it was admitted, rejected or withdrawn."""
    hooks().settle(case.pk, at)
    with transaction.atomic():
        item, at = _own(case, actor, uid, at)
        if item.status not in ("", Item.Status.SUBMITTED):
            raise refusals.wrong_stage(_("It was withdrawn or judged before and stays as it is."))
        item.status, item.withdrawn_at = Item.Status.WITHDRAWN, at
        item.save(update_fields=["status", "withdrawn_at"])
        _record(item, actor, at, "evidence.withdrawn", text=reason)
    return item


def view(*, item: Item, actor: Actor, at: datetime) -> IO[Any]:
    """The sealed bytes, for reading; who looked is on the timeline first. Raises evidence_damaged."""
    handle = storage.open_checked(key=item.file.storage_key, sha256=item.file.sha256, size=item.file.size)
    try:
        with transaction.atomic():
            _case, at = hooks().lock(item.case_id, at)
            _record(item, actor, at, "evidence.viewed")
    except BaseException:
        handle.close()
        raise
    return handle


def _own(case: AnyCase, actor: Actor, uid: uuid.UUID, at: datetime) -> tuple[Item, datetime]:
    """An exhibit of the actor's own side, under the lock of its case."""
    locked, at = hooks().lock(case.pk, at)
    item = Item.objects.filter(uid=uid, case_id=case.pk).select_related("file").first()
    if item is None or not _may_see(actor, locked, item):
        raise refusals.not_found()
    if item.party != hooks().party_of(actor, locked):
        raise NotPermitted("evidence_of_another", _("Only the side that handed it in may do that."))
    if (refusal := hooks().may_add(actor, locked)) is not None:
        raise refusal
    return item, at


def _refuse_floods(actor: Actor, at: datetime) -> None:
    recent = Item.objects.filter(submitted_by_id=actor.id, uploaded_at__gt=at - limits.UPLOADS_WINDOW).count()
    if recent >= limits.UPLOADS_PER_PERSON:
        raise refusals.too_many_uploads(int(limits.UPLOADS_WINDOW.total_seconds()) // 6)


def _may_see(actor: Actor, case: AnyCase, item: Item) -> bool:
    return rules.may_see(hooks().party_of(actor, case), item) and hooks().may_see(actor, case, item)


def _submit(item: Item, actor: Actor, at: datetime) -> None:
    asked = asking.answered_by(item, at=at)
    item.stage, item.status, item.submitted_at = Item.Stage.SUBMITTED, Item.Status.SUBMITTED, at
    item.answers, item.late = asked, asked is not None and at >= asked.due_at
    item.save(update_fields=["stage", "status", "submitted_at", "answers", "late"])
    _record(item, actor, at, "evidence.submitted", late=item.late, request=str(asked.uid) if asked else None)


def _refuse_repeats_and_excess(case: AnyCase, party: str, details: Details, stored: Stored) -> None:
    """Under the lock of the case, so that two at once cannot both pass."""
    mine = Item.objects.filter(case_id=case.pk, party=party)
    same = mine.filter(slot=details.slot, file__sha256=stored.sha256).exclude(status=Item.Status.WITHDRAWN).first()
    if same is not None:
        raise refusals.already_there(same.uid)
    if mine.filter(stage=Item.Stage.STAGED, status="").count() >= limits.STAGED_FILES:
        raise refusals.too_many_files(limits.STAGED_FILES)
    if mine.count() >= limits.FILES_PER_PARTY:
        raise refusals.too_many_files(limits.FILES_PER_PARTY)


def _file(stored: Stored, at: datetime) -> File:
    storage.lock(stored.sha256)
    if not storage.holds(
        stored.key, stored.size
    ):  # the janitor was quicker: nothing is written, and trying again helps
        raise Unavailable("evidence_not_kept", _("The file could not be kept. Send it again."), retry_after=1)
    return File.objects.create(
        sha256=stored.sha256,
        size=stored.size,
        mime_declared=stored.declared[:100],
        mime_sniffed=stored.sniffed,
        original_name=stored.name,
        storage_key=stored.key,
        stored_at=at,
    )


def _record(item: Item, actor: Actor, at: datetime, code: str, *, text: str = "", **more: Any) -> None:
    data = {"item": str(item.uid), "slot": item.slot, "party": item.party, "sha256": item.file.sha256, **more}
    hooks().record(case_id=item.case_id, actor=actor, at=at, code=code, data=data, text=text)
