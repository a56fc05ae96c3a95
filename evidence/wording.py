"""Sentences for what happens to evidence."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from casemgmt.timeline import wording
from evidence.slots import Party, Slot


def register() -> None:
    """Hand the sentences over; called once when the apps are ready."""
    # Uploading is not yet handing in, and who looked is the custodian's to know: neither is told to the parties.
    wording.register("evidence.uploaded", _("%(side)s uploaded a file: %(slot)s."), audience="staff", words=_words)
    wording.register("evidence.submitted", _("%(side)s submitted evidence: %(slot)s."), words=_words)
    wording.register("evidence.withdrawn", _("%(side)s withdrew evidence: %(slot)s."), words=_words)
    wording.register("evidence.viewed", _("Evidence was downloaded: %(slot)s."), audience="staff", words=_words)
    wording.register("evidence.waived", _("The request for this evidence was dropped: %(slot)s."), words=_words)


def _words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"side": Party(facts["party"]).label, "slot": Slot(facts["slot"]).label}
