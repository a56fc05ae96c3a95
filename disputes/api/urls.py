"""Addresses below /api/v1/."""

from django.urls import path

from disputes.api import actions, cases, catalogue, orders, parts

_CASE = "cases/<str:reference>/"

urlpatterns = [
    path("orders/", orders.OrderList.as_view(), name="orders"),
    path("orders/<str:number>/", orders.OrderDetail.as_view(), name="order"),
    path("catalogue/", catalogue.Catalogue.as_view(), name="catalogue"),
    path("clauses/", catalogue.Clauses.as_view(), name="clauses"),
    path("cases/", cases.CaseList.as_view(), name="cases"),
    path(_CASE, cases.CaseDetail.as_view(), name="case"),
    path(_CASE + "messages/", parts.Messages.as_view(), name="case-messages"),
    path(_CASE + "offers/", parts.Offers.as_view(), name="case-offers"),
    path(_CASE + "returns/", parts.Returns.as_view(), name="case-returns"),
    path(_CASE + "clocks/", parts.Clocks.as_view(), name="case-clocks"),
    path(_CASE + "time/", parts.WhoseTime.as_view(), name="case-time"),
    path(_CASE + "timeline/", parts.Timeline.as_view(), name="case-timeline"),
    path(_CASE + "contacts/", parts.Contacts.as_view(), name="case-contacts"),
    path(_CASE + "tracking/", parts.Tracking.as_view(), name="case-tracking"),
    *actions.urlpatterns,
]
