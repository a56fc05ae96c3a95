"""The view, and its only address."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.floor.models import Complaint, Deadline, Entry
from casemgmt import clock, references


class FourRows(APIView):
    def post(self, request: Request) -> Response:
        at = clock.now()
        data: Any = request.data
        with transaction.atomic():
            made = Complaint.objects.create(reference=references.make(), description=data["description"], created_at=at)
            Entry.objects.create(complaint=made, at=at, data={"type": data["type"], "subtype": data["subtype"]})
            Deadline.objects.create(complaint=made, kind="initial_response", due_at=at + timedelta(days=3))
            Deadline.objects.create(complaint=made, kind="resolution", due_at=at + timedelta(days=7))
        return Response({"reference": made.reference}, status=201)


urlpatterns = [path("file/", FourRows.as_view())]
