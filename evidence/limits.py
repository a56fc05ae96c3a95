"""How much may be handed in. Numbers only, so that a policy can carry others."""

from datetime import timedelta

from evidence.slots import Kind

MB = 1_000_000

BYTES_BY_KIND: dict[str, int] = {
    Kind.PHOTO: 20 * MB,
    Kind.VIDEO: 500 * MB,
    Kind.CHAT_LOG: 50 * MB,
    Kind.DOCUMENT: 20 * MB,
    Kind.OTHER: 20 * MB,
}
STAGED_FILES = 20  # of one party on one case, waiting to be submitted: one submission
FILES_PER_PARTY = 200  # of one party on one case
UPLOADS_PER_PERSON = 300
UPLOADS_WINDOW = timedelta(hours=1)
STATEMENT_LENGTH = 2000
TITLE_LENGTH = 200

ZIP_ENTRIES = 1000
ZIP_BYTES = 200 * MB  # unpacked
ZIP_RATIO = 100

ORPHAN_AGE = timedelta(hours=24)
