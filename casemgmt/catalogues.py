"""Keeps locale/*/LC_MESSAGES/*.po in step with the texts of the program, and compiles them. No GNU gettext is needed.

`python -m casemgmt.catalogues --update` adds texts that are new, untranslated, and takes out those that are gone.
"""

import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parent.parent
APPS = ("casemgmt", "disputes", "evidence", "sla")
# As Babel wants it: which arguments are texts, and which one ("c") is the context.
CALLS = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip
QUOTED = r"""(?:"([^"]*)"|'([^']*)')"""
TRANSLATE = re.compile(rf"\{{%\s*translate\s+{QUOTED}(?:\s+context\s+{QUOTED})?")
CONTEXT = re.compile(rf"\bcontext\s+{QUOTED}")
BLOCK = re.compile(r"\{%\s*blocktranslate\b([^%]*)%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
PLURAL = re.compile(r"\{%\s*plural\s*%\}")
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
COLUMNS = 120
# No dates and no names in it: a catalogue changes only where a text does.
HEADER = r"""# Texts of the product. After a change of texts: python -m casemgmt.catalogues --update
msgid ""
msgstr ""
"Language: {language}\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plurals}\n"

"""


class Text(NamedTuple):
    """What is looked up: one text, or the singular and the plural; and what tells it from others that read the same."""

    id: str | tuple[str, str]
    context: str | None = None


def compile_stale(folder: Path = ROOT / "locale") -> list[Path]:
    """The catalogues written anew, because they were newer than their .mo."""
    stale = [source for source in _sources(folder) if _is_stale(source)]
    if stale:
        from babel.messages.mofile import write_mo

        for source in stale:
            # Written beside and renamed: a process that starts meanwhile reads the old one or the new one, or does the
            # same under a name of its own.
            beside = source.with_suffix(f".{os.getpid()}.mo")
            with beside.open("wb") as binary:
                write_mo(binary, read(source))
            beside.replace(source.with_suffix(".mo"))
    return stale


def update(folder: Path = ROOT / "locale") -> list[str]:
    """Write every catalogue anew from the texts of the program; the texts that still want a translation."""
    from babel.messages.pofile import write_po

    wanting: list[str] = []
    for source in _sources(folder):
        catalogue = _renewed(read(source))
        wanting += [str(message.id) for message in catalogue if message.id and not all(forms(message))]
        with source.open("wb") as file:
            file.write(HEADER.format(language=catalogue.locale, plurals=catalogue.plural_forms).encode())
            write_po(file, catalogue, width=COLUMNS, sort_by_file=True, include_lineno=False, omit_header=True)
    return wanting


def read(source: Path) -> "Catalog":
    from babel.messages.pofile import read_po

    with source.open("rb") as text:
        return read_po(text)


def forms(message: "Message") -> list[str]:
    """The translations of a text: one, or one for each plural form of the language."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def texts() -> dict[Text, set[str]]:
    """Every text that the program shows, with the files it is in, as paths below the root."""
    found: dict[Text, set[str]] = {}
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*")):
            for text in _texts_in(file):
                found.setdefault(text, set()).add(file.relative_to(ROOT).as_posix())
    for said, path in _texts_of_fields():
        found.setdefault(Text(said), set()).add(path)
    for text in [text for text in found if isinstance(text.id, tuple)]:  # one entry serves both ways of asking
        found[text] |= found.pop(Text(text.id[0], text.context), set())
    return found


def _renewed(old: "Catalog") -> "Catalog":
    from babel.messages.catalog import Catalog

    new = Catalog(locale=old.locale, fuzzy=False)
    for text, files in texts().items():
        known = old.get(text.id, text.context)
        said = forms(known) if known else [""]
        string = said[0] if isinstance(text.id, str) else (said * new.num_plurals)[: new.num_plurals]
        new.add(text.id, string, locations=[(file, 0) for file in sorted(files)], context=text.context)
    return new


def _texts_in(file: Path) -> Iterator[Text]:
    if file.suffix == ".py":
        from babel.messages.extract import extract

        for _line, text, _comments, context in extract("python", BytesIO(file.read_bytes()), CALLS):
            yield Text(text if isinstance(text, str) else (text[0], text[1]), context)
    elif file.suffix == ".html":
        yield from _texts_of_page(file.read_text(encoding="utf-8"))


def _texts_of_page(page: str) -> Iterator[Text]:
    """As Django's templates look them up: {{ name }} is %(name)s, and `trimmed` makes one line."""
    for *said, in_double, in_single in TRANSLATE.findall(page):
        yield Text("".join(said), in_double or in_single or None)
    for options, body in BLOCK.findall(page):
        one, *more = [VARIABLE.sub(r"%(\1)s", part.replace("%", "%%")) for part in PLURAL.split(body)]
        if "trimmed" in options:
            one, *more = [" ".join(line.strip() for line in part.strip().splitlines()) for part in (one, *more)]
        context = CONTEXT.search(options)
        yield Text((one, more[0]) if more else one, "".join(context.groups("")) if context else None)


def _texts_of_fields() -> Iterator[tuple[str, str]]:
    """Django knows them once its models are loaded, for which it needs no database."""
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgmt.settings")
        django.setup()
    from casemgmt import field_names

    yield from field_names.texts()


def _sources(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/LC_MESSAGES/*.po"))


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


if __name__ == "__main__":
    if "--update" in sys.argv[1:]:
        for missing in update():
            sys.stdout.write(f"wants a translation: {missing}\n")
    compile_stale()
