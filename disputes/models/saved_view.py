"""A list that somebody keeps under a name of their own."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """`query` is what the address of the list says; it is read anew each time, so it may grow old, never wrong."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="saved_views", on_delete=models.CASCADE)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_views_differ_by_name")]

    def __str__(self) -> str:
        return self.name
