"""What a reader of one language must not be shown: our own words in the other."""

from __future__ import annotations

import re
from functools import cache

from casemgmt import catalogues
from evidence.refusals import TAKEN

SOURCE = catalogues.ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
_PLACE = re.compile(r"%\(\w+\)[sd]")
_LATIN = re.compile(r"[A-Za-z]{3,}")
_CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")  # a code that nobody gave a name
# Latin in a Chinese page that is nobody's sentence: numbers of cases and waybills, accounts, clauses, files, keys.
_NO_WORDS = re.compile(
    r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b|\b[A-Z]{2}\d+\b|\S+@\S+|\b[a-z-]+-\d+\b|\b[a-z_]+:[a-z]+\b|[\w-]+\.[a-z]{3}\b"
    rf"|{re.escape(TAKEN)}|（\w+）|\b(English|OpenAPI|API|HTTP|CNY|Ctrl|Enter|Esc)\b|\S*/\S*/\S*"
)

# Every text that is seen, and those that are only heard. What people themselves wrote carries dir="auto" or a lang.
COLLECT = """(within) => {
  const found = [document.title], root = (within && document.querySelector(within)) || document.body;
  const ours = (element) => {
    const spoken = element.closest("[lang]");
    return !element.closest("[dir=auto], code") && (!spoken || spoken === document.documentElement);
  };
  const told = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (told.nextNode()) {
    const { parentElement: box, data } = told.currentNode;
    const folded = box.closest("details:not([open])") || box.closest("option")?.closest("select");
    const seen = (folded || box).checkVisibility();
    if (data.trim() && seen && ours(box)) found.push(data.replace(/\\s+/g, " ").trim());
  }
  for (const element of root.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
    if (!ours(element)) continue;
    for (const name of ["aria-label", "placeholder", "title", "alt"]) if (element.getAttribute(name)) found.push(element.getAttribute(name));
  }
  return found;
}"""


def strange(texts: list[str], *, language: str) -> list[str]:
    """Those of `texts` that are not in the reader's language."""
    if language.startswith("zh"):
        return [text for text in texts if _LATIN.search(_NO_WORDS.sub("", text))]
    chinese = _chinese()
    return [text for text in texts if chinese.fullmatch(text) or _CODE.search(text)]


@cache
def _chinese() -> re.Pattern[str]:
    """Our Chinese texts, with anything in their places."""
    strings = [message.string for message in catalogues.read(SOURCE) if message.id]
    said = {text.strip() for one in strings for text in ((one,) if isinstance(one, str) else one or ())}
    return re.compile("|".join(".+".join(map(re.escape, _PLACE.split(text))) for text in said if _PLACE.sub("", text)))
