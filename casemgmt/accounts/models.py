"""People, shops, memberships, teams and API keys."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casemgmt.accounts.roles import Role


class Team(models.Model):
    """A group of staff under one supervisor."""

    name = models.CharField(_("name"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class People(UserManager["User"]):
    """Accounts; the first one of an installation is an administrator."""

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """What `manage.py createsuperuser` makes: a person of the role administrator, who may enter the admin."""
        return self.create_user(username, email, password, **{"role": Role.ADMINISTRATOR, "is_staff": True, **fields})


class User(AbstractUser):
    """A person with exactly one role. `external_ref` is the marketplace's own id of the person."""

    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    display_name = models.CharField(_("display name"), max_length=100)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    language = models.CharField(_("language"), max_length=8, default="zh-hans")
    external_ref = models.CharField(_("marketplace id"), max_length=100, null=True, blank=True, unique=True)
    team = models.ForeignKey(Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT)
    on_duty = models.BooleanField(_("on duty"), default=True)
    single_keys = models.BooleanField(_("single keys as shortcuts"), default=True)

    objects: ClassVar[People] = People()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [models.Index(fields=["display_name"], name="user_by_name")]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="user_has_a_known_role"),
            models.CheckConstraint(
                condition=Q(is_staff=False) | Q(role__in=["supervisor", "auditor", "administrator"]),
                name="only_back_office_roles_enter_the_admin",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def organisation_ids(self) -> frozenset[int]:
        """The shops this person may speak for."""
        return frozenset(self.memberships.filter(is_active=True).values_list("organisation_id", flat=True))


class Organisation(models.Model):
    """A seller: a shop on the marketplace. `key` is the marketplace's own id of it."""

    class Kind(models.TextChoices):
        BRAND = "brand", _("Brand store (B2C)")
        SMALL = "small", _("Small shop (C2C)")

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        WARNED = "warned", _("Warned")
        RESTRICTED = "restricted", _("Restricted")
        REMOVED = "removed", _("Removed")

    key = models.CharField(_("marketplace id"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.BRAND)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.ACTIVE)
    # {"recipient", "phone", "line", "region", "mainland": bool}; empty when the shop gave none.
    return_address = models.JSONField(_("return address"), default=dict, blank=True)

    class Meta:
        verbose_name = _("seller")
        verbose_name_plural = _("sellers")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person who may speak for a shop. Owners also decide who else may."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        MEMBER = "member", _("Member")

    organisation = models.ForeignKey(Organisation, related_name="memberships", on_delete=models.CASCADE)
    user = models.ForeignKey(User, related_name="memberships", on_delete=models.CASCADE)
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.MEMBER)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_membership_per_shop_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.organisation_id}"


class Invitation(models.Model):
    """A link by which one person comes to speak for a shop, once. Only a hash of its secret is kept."""

    organisation = models.ForeignKey(Organisation, related_name="invitations", on_delete=models.CASCADE)
    role = models.CharField(_("role"), max_length=8, choices=Membership.Role.choices)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256, hex: 256 random bits need no slow hash
    invited_by = models.ForeignKey(User, related_name="+", on_delete=models.CASCADE)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # used, or taken back

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="invitation_lives_a_while")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.role}"


class ApiKey(models.Model):
    """A key of one person, with scopes and an end. Only a hash of its secret is kept."""

    user = models.ForeignKey(User, related_name="api_keys", on_delete=models.CASCADE)
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)  # SHA-256 of the whole key, hex: 256 random bits need no slow hash
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class SignInAttempts(models.Model):
    """How often signing in was tried under one bucket (a hash of an account, a device or an address) in one window."""

    bucket = models.CharField(max_length=64, unique=True)
    began_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("sign-in attempts")
        verbose_name_plural = _("sign-in attempts")

    def __str__(self) -> str:
        return f"{self.bucket[:8]}…: {self.count}"
