"""File names as people may see them. Nothing is ever stored under such a name."""

import re
import unicodedata

_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)$", re.IGNORECASE)
_LONGEST_BYTES = 200
_LONGEST_EXTENSION = 10
FALLBACK = "file"


def normalise(name: str) -> str:
    """A harmless, readable name of at most 200 bytes: no path, no control, no invisible or turning-around character."""
    # Characters are dropped first and parts are cut afterwards: "..\u200b/" must not become "../" by the cleaning.
    text = unicodedata.normalize("NFC", "".join(char for char in name if not _unseen(char)))
    text = _FORBIDDEN.sub("_", re.split(r"[/\\∕⁄＼／]", text)[-1])
    text = " ".join(text.split()).strip(" .")
    stem, extension = _split(text)
    if _RESERVED.match(text.partition(".")[0].strip()):
        stem = f"_{stem}"
    room = _LONGEST_BYTES - len(extension.encode())
    return (_cut(stem, room).strip(" .") or FALLBACK) + extension


def extension(name: str) -> str:
    """The lower-case extension without its dot; empty where there is none."""
    return _split(name)[1][1:].lower()


def _unseen(char: str) -> bool:
    """Controls, formats (zero width, right-to-left), surrogates, private use, unassigned; a tab is a space later."""
    return unicodedata.category(char)[0] == "C" and char != "\t"


def _split(text: str) -> tuple[str, str]:
    stem, dot, last = text.rpartition(".")
    if dot and stem and last.isascii() and last.isalnum() and len(last) <= _LONGEST_EXTENSION:
        return stem, dot + last
    return text, ""


def _cut(text: str, room: int) -> str:
    return text.encode()[:room].decode(errors="ignore")
