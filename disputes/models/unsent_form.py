"""What a person typed into the form of an action and has not sent yet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class UnsentForm(models.Model):
    """One per person, case and action; nobody else reads it. `fields` is {name: [value, …]}, as a browser posts it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="unsent_forms", on_delete=models.CASCADE)
    case = models.ForeignKey("disputes.Case", related_name="unsent_forms", on_delete=models.CASCADE)
    action = models.CharField(max_length=48)
    fields = models.JSONField(default=dict)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("unsent form")
        verbose_name_plural = _("unsent forms")
        constraints = [
            models.UniqueConstraint(fields=["user", "case", "action"], name="one_unsent_form_per_person_and_action")
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.kept_at:%Y-%m-%d %H:%M}"
