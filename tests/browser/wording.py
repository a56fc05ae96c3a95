"""What a reader of one language must not be shown: our own words in the other."""

from __future__ import annotations

import re
from functools import cache

from casemgmt import catalogues

SOURCE = catalogues.ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
_PLACE = re.compile(r"%\(\w+\)[sd]")
_LATIN = re.compile(r"[A-Za-z]{3,}")
_CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")  # a code that nobody gave a name
# Latin in a Chinese page that is nobody's sentence: numbers of cases and orders, usernames, clauses, names of things.
_NO_WORDS = re.compile(
    r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b|\b[A-Z]{2}\d+\b|\b[\w.-]+@[\w.-]+|\b[\w-]+\.(jpg|png|exe|json)\b|\b[a-z]+-\d+\b"
    r"|\b(English|OpenAPI|API|HTTP|CNY|SF|Ctrl)\b|\S*/\S*/\S*"
)

# Every text that is seen, and those that are only heard. What people themselves wrote carries dir="auto" or a lang.
COLLECT = """() => {
  const found = [document.title];
  const ours = (element) => {
    const spoken = element.closest("[lang]");
    return !element.closest("[dir=auto], code") && (!spoken || spoken === document.documentElement);
  };
  const told = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (told.nextNode()) {
    const { parentElement: within, data } = told.currentNode;
    const seen = within.closest("option") ? within.closest("select").checkVisibility() : within.checkVisibility();
    if (data.trim() && seen && ours(within)) found.push(data.replace(/\\s+/g, " ").trim());
  }
  for (const element of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
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
    said = {text.strip() for one in strings for text in ((one,) if isinstance(one, str) else one)}
    return re.compile("|".join(".+".join(map(re.escape, _PLACE.split(text))) for text in said if _PLACE.sub("", text)))
