"""The nine roles, in words only."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    CONSUMER = "consumer", _("Consumer")
    SELLER_STAFF = "seller_staff", _("Seller staff")
    AGENT = "agent", _("Agent")
    ARBITRATOR = "arbitrator", _("Arbitrator")
    REVIEWER = "reviewer", _("Reviewer")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
    SYSTEM = "system", _("System")


PLATFORM_STAFF = frozenset({Role.AGENT, Role.ARBITRATOR, Role.REVIEWER, Role.SUPERVISOR})
