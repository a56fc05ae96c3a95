"""Who may look at which exhibit, as far as that is true of any exhibit."""

from django.db.models import Q

from evidence.models import Item
from evidence.slots import Kind
from evidence.sniffing import IMAGES, TEXTS, VIDEOS

TYPES_BY_KIND: dict[str, frozenset[str]] = {
    Kind.PHOTO: IMAGES,
    Kind.VIDEO: VIDEOS,
    Kind.CHAT_LOG: TEXTS | IMAGES | {"zip", "pdf"},
    Kind.DOCUMENT: TEXTS | IMAGES | {"pdf"},
    Kind.OTHER: TEXTS | IMAGES | VIDEOS | {"zip", "pdf"},
}


def seen_by(party: str) -> Q:
    """A side's own exhibits always; anybody else's once they are submitted."""
    return Q(party=party) | Q(stage=Item.Stage.SUBMITTED)


def may_see(party: str, item: Item) -> bool:
    """The same for one exhibit."""
    return item.party == party or item.stage == Item.Stage.SUBMITTED
