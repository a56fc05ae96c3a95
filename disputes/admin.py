"""The back office's look at cases; the workflow owns them. Clauses are an administrator's to keep."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from casemgmt.accounts.back_office import ByAdministrators
from casemgmt.accounts.models import User
from casemgmt.readonly import ReadOnlyAdmin
from disputes.models import (
    Appeal,
    Case,
    Claim,
    Clause,
    ContactLog,
    MoneyMovement,
    Obligation,
    Offer,
    Order,
    Ruling,
    SellerAccount,
    SellerMark,
)


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """Shows nobody more than the API does: a supervisor never sees a complaint about their own work here either."""

    list_display = ("reference", "type", "subtype", "status", "priority", "seller", "owner", "submitted_at")
    list_filter = ("status", "type", "priority", "outcome_code", "kind")
    list_select_related = ("seller", "owner")
    search_fields = ("reference", "order_number")
    ordering = ("-id",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return Case.objects.visible_to(request.user) if isinstance(request.user, User) else Case.objects.none()


class OfCase(ReadOnlyAdmin):
    """A row of a case: seen by those who may see the case."""

    list_select_related: ClassVar[Any] = ("case",)
    search_fields = ("case__reference",)
    ordering = ("-id",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        seen = Case.objects.visible_to(request.user) if isinstance(request.user, User) else Case.objects.none()
        return super().get_queryset(request).filter(case__in=seen)


@admin.register(Claim)
class ClaimAdmin(OfCase):
    list_display = ("case", "revision", "remedy", "amount", "status", "created_at")
    list_filter = ("remedy", "status")


@admin.register(Offer)
class OfferAdmin(OfCase):
    list_display = ("case", "kind", "by", "remedy", "amount", "status", "created_at")
    list_filter = ("kind", "status")


@admin.register(ContactLog)
class ContactLogAdmin(OfCase):
    list_display = ("case", "channel", "direction", "with_party", "agent", "at", "call_back_at", "called_back_at")
    list_select_related = ("case", "agent")


@admin.register(Ruling)
class RulingAdmin(OfCase):
    list_display = ("case", "outcome_code", "outcome_reason", "status", "author", "issued_at")
    list_filter = ("status", "outcome_code")
    list_select_related = ("case", "author")


@admin.register(Appeal)
class AppealAdmin(OfCase):
    list_display = ("case", "by", "grounds", "status", "filed_at", "decided_at")
    list_filter = ("status", "grounds")


@admin.register(Obligation)
class ObligationAdmin(OfCase):
    list_display = ("case", "remedy", "amount", "status", "done_by", "done_at")
    list_filter = ("status", "remedy")


@admin.register(MoneyMovement)
class MoneyMovementAdmin(OfCase):
    list_display = ("case", "amount", "currency", "source", "at")
    list_filter = ("source",)


@admin.register(SellerMark)
class SellerMarkAdmin(OfCase):
    list_display = ("seller", "case", "kind", "points", "at")
    list_filter = ("kind",)
    list_select_related = ("case", "seller")


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """What the marketplace sent."""

    list_display = ("number", "seller", "status", "paid_total", "currency", "updated_at")
    list_filter = ("status",)
    list_select_related = ("seller",)
    search_fields = ("number",)
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(SellerAccount)
class SellerAccountAdmin(ReadOnlyAdmin):
    list_display = ("seller", "balance", "deposit")
    list_select_related = ("seller",)
    ordering = ("seller_id",)


@admin.register(Clause)
class ClauseAdmin(ByAdministrators):
    """A change of wording is a new version; the old one ends."""

    list_display = ("code", "version", "source", "document", "effective_from", "effective_to")
    list_filter = ("source", "document")
    search_fields = ("code", "document", "summary_zh", "summary_en")
    ordering = ("code", "-version")
