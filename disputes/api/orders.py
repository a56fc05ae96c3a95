"""Orders over HTTP: the marketplace sends them, their owners see what became of their complaints about them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.roles import Role
from casemgmt.errors import NotPermitted
from casemgmt.rest import filters
from casemgmt.rest.idempotency import Answer, answer_once
from disputes import casefile, holdings, ordering
from disputes.api.file_shapes import RefundShape
from disputes.api.order_inputs import OrderInput, sent_order
from disputes.api.recording import read, who
from disputes.api.shapes import MoneyShape, NextAction, Seller, Shape
from disputes.models import Order
from disputes.states import OrderStatus, Stage, Status

_SCOPES = {"read": "orders:read", "write": "orders:write"}
_FACTS = ["number", "currency", "paid_total", "freight", "free_shipping", "status", "items", "paid_at",
          "promised_ship_by", "shipped_at", "carrier", "waybill", "signed_at", "signed_by", "finished_at",
          "return_policy", "no_reason_eligible", "updated_at"]  # fmt: skip


class OrderShape(serializers.ModelSerializer[Order]):
    """An order as the marketplace told it last."""

    seller = Seller()
    paid_total = MoneyShape()
    freight = MoneyShape()
    items = serializers.ListField(child=serializers.DictField())

    class Meta:
        model = Order
        fields = [*_FACTS, "seller"]
        read_only_fields = fields


class AfterSales(Shape):
    """A complaint about the order: where it stands, and the consumer's money with it."""

    reference = serializers.CharField()
    type = serializers.CharField()
    subtype = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    stage = serializers.ChoiceField(choices=Stage.choices)
    labels = serializers.DictField(child=serializers.CharField())
    remedy = serializers.CharField(allow_blank=True)
    refund = RefundShape()
    next_action = NextAction()


class OrderInFull(OrderShape):
    """With refund and after-sales progress of its complaints (R0-26)."""

    after_sales = serializers.SerializerMethodField()

    class Meta(OrderShape.Meta):
        fields = [*OrderShape.Meta.fields, "after_sales"]
        read_only_fields = fields

    @extend_schema(responses=AfterSales(many=True))
    def get_after_sales(self, order: Order) -> list[dict[str, Any]]:
        return progress(order, self.context["request"])


class OrderList(ListAPIView[Order]):
    """The orders one may see; the marketplace sends its own by POST."""

    scopes = _SCOPES
    queryset = Order.objects.none()
    serializer_class = OrderShape
    orderings = {"updated": ("-pk",)}
    filterable = {
        "status": filters.choice("status", OrderStatus.values),
        "number": filters.text("number", longest=64),
    }

    def get_queryset(self) -> QuerySet[Order]:
        return ordering.visible_to(who(self.request)[0]).select_related("seller")

    @extend_schema(request=OrderInput, responses={201: OrderShape, 200: OrderShape}, operation_id="orders_send")
    def post(self, request: Request) -> HttpResponse:
        """Send an order, new or changed: 201 or 200. For the marketplace's key (an administrator's)."""
        user, _actor = who(request)
        if user.role != Role.ADMINISTRATOR:
            raise NotPermitted("not_permitted", _("Orders are sent by the marketplace, with an administrator's key."))
        sent = sent_order(read(OrderInput, request))
        return answer_once(request, lambda: _received(sent))


class OrderDetail(GenericAPIView[Order]):
    """One order with the progress of its complaints."""

    scopes = _SCOPES
    queryset = Order.objects.none()
    serializer_class = OrderInFull
    lookup_field = "number"

    @extend_schema(responses=OrderInFull)
    def get(self, request: Request, number: str) -> Response:
        filters.refuse_unknown(request, ())
        order = ordering.find(user=who(request)[0], number=number)
        return Response(OrderInFull(order, context={"request": request}).data)


def progress(order: Order, request: Request) -> list[dict[str, Any]]:
    """The complaints about the order that the person may see, in four queries however many they are."""
    user, actor = who(request)
    found = casefile.rows(ordering.cases_of(order, user)).prefetch_related("obligations", "movements")  # type: ignore[arg-type]
    return [_progress(case, actor) for case in found]


def _progress(case: Any, actor: Actor) -> dict[str, Any]:
    head = casefile.head(case, actor, case.waiting)
    owed = [{"amount": row.amount, "status": row.status} for row in case.obligations.all()]
    moved = [{"amount": row.amount} for row in case.movements.all()]
    names = ("reference", "type", "subtype", "status", "stage", "labels", "remedy", "next_action")
    return {**{name: head[name] for name in names}, "refund": holdings.refund(case, owed, moved)}


def _received(sent: ordering.Sent) -> Answer:
    order, created = ordering.receive(sent, at=clock.now())
    return Answer.of(status=201 if created else 200, body=OrderShape(order).data)
