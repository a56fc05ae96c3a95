"""What belongs to a case, by itself: messages, offers, returns, clocks, timeline, contacts, tracking."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casemgmt import clock
from casemgmt.rest import filters
from casemgmt.timeline import wording
from casemgmt.timeline.models import Event
from disputes import booking, casefile, conversation, holdings
from disputes.api import file_shapes, shapes
from disputes.api.actions import SCOPES
from disputes.api.inputs import MessageInput, TermsInput
from disputes.api.recording import act, who
from disputes.models import Case, ContactLog, Message, Offer, ReturnShipment
from disputes.ports import carriers


class OfCase(APIView):
    """A view below cases/{reference}/: nobody who may not see the case gets past `case`."""

    scopes = SCOPES

    @property
    def case(self) -> Case:
        if not hasattr(self, "_case"):
            self._case = casefile.find(user=who(self.request)[0], reference=self.kwargs["reference"])
        return self._case

    @property
    def side(self) -> str:
        return casefile.side_of(who(self.request)[1], self.case)


class MessageShape(serializers.ModelSerializer[Message]):
    author = serializers.SerializerMethodField()

    class Meta:
        model = Message
        fields = ["thread", "role", "author", "text", "at"]
        read_only_fields = fields

    def get_author(self, message: Message) -> str:
        name = message.author.display_name
        return f"{name[:1]}**" if self.context["side"] == "seller" and message.role == "consumer" else name


class Messages(OfCase, ListAPIView[Message]):
    """The threads that one's side reads; a POST writes into one."""

    lists_rows = True
    queryset = Message.objects.none()
    serializer_class = MessageShape
    orderings = {"at": ("pk",)}
    filterable = {"thread": filters.choice("thread", Message.Thread.values)}

    def get_queryset(self) -> QuerySet[Message]:
        return conversation.messages(self.case, self.side).select_related("author")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "side": self.side}

    @extend_schema(request=MessageInput, responses={200: file_shapes.CaseFile}, operation_id="cases_messages_post")
    def post(self, request: Request, reference: str) -> HttpResponse:
        """The same as the action post_message."""
        return act(request, reference, "post_message", MessageInput)


class Offers(OfCase, GenericAPIView[Offer]):
    """Offers and settlement terms with their history; a POST makes an offer."""

    queryset = Offer.objects.none()
    serializer_class = file_shapes.OfferShape
    pagination_class = None

    @extend_schema(responses=file_shapes.OfferShape(many=True))
    def get(self, request: Request, reference: str) -> Response:
        filters.refuse_unknown(request, ())
        return Response(holdings.offers(self.case.offers.order_by("pk")))

    @extend_schema(request=TermsInput, responses={200: file_shapes.CaseFile}, operation_id="cases_offers_make")
    def post(self, request: Request, reference: str) -> HttpResponse:
        """The same as the action offer."""
        return act(request, reference, "offer", TermsInput)


class Returns(OfCase, GenericAPIView[ReturnShipment]):
    """Goods on their way back, the latest first."""

    queryset = ReturnShipment.objects.none()
    serializer_class = file_shapes.ReturnShape
    pagination_class = None

    @extend_schema(responses=file_shapes.ReturnShape(many=True))
    def get(self, request: Request, reference: str) -> Response:
        filters.refuse_unknown(request, ())
        return Response(holdings.returns(self.case.returns.order_by("pk")))


class Clocks(OfCase):
    """Every deadline with how it was reckoned."""

    scopes = {"read": "clocks:read"}

    @extend_schema(responses=file_shapes.ClockInFull(many=True))
    def get(self, request: Request, reference: str) -> Response:
        filters.refuse_unknown(request, ())
        return Response(holdings.clocks_for(holdings.clocks(self.case), self.side, steps=True))


class TimeShape(serializers.Serializer[Any]):
    """Seconds that each side used, and how the case's life was booked to them."""

    used = serializers.DictField(child=serializers.FloatField())
    breaches = serializers.ListField(child=serializers.DictField())
    intervals = serializers.ListField(child=serializers.DictField())


class WhoseTime(OfCase):
    """Whose time it was: each interval with the party waited for, the sums, and who used a missed promise."""

    scopes = {"read": "clocks:read"}

    @extend_schema(responses=TimeShape)
    def get(self, request: Request, reference: str) -> Response:
        filters.refuse_unknown(request, ())
        return Response(booking.told(self.case, self.side, at=clock.now()))


class EventShape(serializers.ModelSerializer[Event]):
    """What happened, in words; `text` is what a person said; `data` is for staff."""

    says = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()
    data = serializers.SerializerMethodField()  # type: ignore[assignment]

    class Meta:
        model = Event
        fields = ["seq", "at", "recorded_at", "code", "role", "from_status", "to_status", "says", "text", "data"]
        read_only_fields = fields

    def get_says(self, event: Event) -> str:
        return wording.sentence(event, language=get_language() or "zh-hans")

    def get_text(self, event: Event) -> str:
        return conversation.words_of(event, self.context["side"])

    @extend_schema(responses=serializers.DictField())
    def get_data(self, event: Event) -> dict[str, Any]:
        return event.data if self.context["side"] == holdings.STAFF else {}


class Timeline(OfCase, ListAPIView[Event]):
    """What happened, in order, as far as one's side may know."""

    lists_rows = True
    queryset = Event.objects.none()
    serializer_class = EventShape
    orderings = {"seq": ("seq",)}

    def get_queryset(self) -> QuerySet[Event]:
        return conversation.events(self.case, self.side)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "side": self.side}


class ContactShape(serializers.ModelSerializer[ContactLog]):
    """A contact: when, how, with whom of the platform, what was said, which opinion was given (R1-08)."""

    agent = serializers.CharField(source="agent.display_name")

    class Meta:
        model = ContactLog
        fields = [
            "at", "channel", "direction", "with_party", "agent", "summary", "opinion_given", "call_back_at",
            "called_back_at",
        ]  # fmt: skip
        read_only_fields = fields


class Contacts(OfCase, ListAPIView[ContactLog]):
    """Contacts with one's own side; staff see all."""

    lists_rows = True
    queryset = ContactLog.objects.none()
    serializer_class = ContactShape
    orderings = {"at": ("-pk",)}

    def get_queryset(self) -> QuerySet[ContactLog]:
        return conversation.contacts(self.case, self.side).select_related("agent")


class TrackingStep(shapes.Shape):
    at = serializers.DateTimeField()
    status = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    source = serializers.CharField()  # type: ignore[assignment]


class TrackingShape(shapes.Shape):
    """Where the order's parcel is; `stands_still` when nothing was heard of it for the policy's days."""

    carrier = serializers.CharField(allow_blank=True)
    waybill = serializers.CharField(allow_blank=True)
    stands_still = serializers.BooleanField()
    steps = TrackingStep(many=True)


class Tracking(OfCase):
    """The parcel of the order, step by step (R3-30)."""

    @extend_schema(responses=TrackingShape)
    def get(self, request: Request, reference: str) -> Response:
        filters.refuse_unknown(request, ())
        return Response(carriers.tracking(self.case, at=clock.now()))
