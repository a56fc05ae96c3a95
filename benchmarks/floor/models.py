"""Four tables of a few columns each."""

from typing import ClassVar

from django.db import models


class Complaint(models.Model):
    objects: ClassVar[models.Manager["Complaint"]] = models.Manager()
    reference = models.CharField(max_length=16, unique=True)
    description = models.CharField(max_length=2000)
    created_at = models.DateTimeField()


class Entry(models.Model):
    objects: ClassVar[models.Manager["Entry"]] = models.Manager()
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE)
    at = models.DateTimeField()
    data = models.JSONField()


class Deadline(models.Model):
    objects: ClassVar[models.Manager["Deadline"]] = models.Manager()
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE)
    kind = models.CharField(max_length=24)
    due_at = models.DateTimeField(db_index=True)
