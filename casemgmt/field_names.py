"""What the columns of our tables are called. Where a model says nothing, Django takes the attribute's name, in English.

Here such a name becomes a text of the catalogue, so that the back office and messages about a field speak Chinese too.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Field, Model
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from casemgmt.catalogues import APPS

# Attributes that make no good heading, and words that mean another thing in one model than in the others.
BETTER = {
    "from_at": _("from"),
    "prev_hash": _("previous hash"),
    "seq": _("sequence number"),
    "sha256": _("SHA-256"),
    "summary_en": _("summary in English"),
    "summary_zh": _("summary in Chinese"),
    "uid": _("stable id"),
    "Clock.terms": _("computed from"),
    "Message.author": _("sender"),
    "MoneyMovement.key": _("idempotency key"),
    "Offer.author": _("proposed by"),
    "Rating.target": _("what is rated"),
    "Referral.body": _("outside body"),
}


def translate() -> None:
    """Call once all models are loaded. Migrations see none of it: they ask for the name that the model itself gave."""
    for model, field in _unnamed():
        plain = BETTER.get(field.name, _(field.name.replace("_", " ")))
        field.verbose_name = BETTER.get(f"{model.__name__}.{field.name}", plain)


def texts() -> Iterator[tuple[str, str]]:
    """The English of each name that `translate` made, with the file of its model."""
    with translation.override(None):
        for model, field in _unnamed():
            yield str(field.verbose_name), model.__module__.replace(".", "/") + ".py"


def _unnamed() -> Iterator[tuple[type[Model], "Field[Any, Any]"]]:
    for model in apps.get_models():
        if model.__module__.partition(".")[0] in APPS:
            for field in (*model._meta.fields, *model._meta.many_to_many):
                if not field.primary_key and "verbose_name" not in field.deconstruct()[3]:
                    yield model, field
