"""What somebody has begun to tell and not yet filed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Unfinished(models.Model):
    """One person's answers to the pages of filing, until they are a draft; from then on, which case came of them."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.CASCADE)
    answers = models.JSONField(_("answers so far"), default=dict)  # name of the question → what was said
    case = models.ForeignKey("disputes.Case", related_name="+", null=True, on_delete=models.CASCADE)
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("unfinished complaint")
        verbose_name_plural = _("unfinished complaints")

    def __str__(self) -> str:
        return f"{self.person_id} {self.updated_at:%Y-%m-%d %H:%M}"
