"""Keeps locale/*/LC_MESSAGES/*.po in step with the texts of the program, and compiles them. No GNU gettext is needed.

`python -m casemgmt.catalogues --update` adds texts that are new, untranslated, and takes out those that are gone.
"""

import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent
APPS = ("casemgmt", "disputes", "evidence", "sla")
CALLS = {"_": None, "gettext": None, "gettext_lazy": None}
TRANSLATE = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"\{%\s*blocktranslate\b([^%]*)%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
COLUMNS = 120
# No dates and no names in it: a catalogue changes only where a text does.
HEADER = r"""# Texts of the product. After a change of texts: python -m casemgmt.catalogues --update
msgid ""
msgstr ""
"Language: {language}\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""


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
        wanting += [str(message.id) for message in catalogue if message.id and not message.string]
        with source.open("wb") as file:
            file.write(HEADER.format(language=catalogue.locale).encode())
            write_po(file, catalogue, width=COLUMNS, sort_by_file=True, include_lineno=False, omit_header=True)
    return wanting


def read(source: Path) -> "Catalog":
    from babel.messages.pofile import read_po

    with source.open("rb") as text:
        return read_po(text)


def texts() -> dict[str, set[str]]:
    """Every text that the program shows, with the files it is in, as paths below the root."""
    found: dict[str, set[str]] = {}
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*")):
            for text in _texts_in(file):
                found.setdefault(text, set()).add(file.relative_to(ROOT).as_posix())
    for text, path in _texts_of_fields():
        found.setdefault(text, set()).add(path)
    return found


def _renewed(old: "Catalog") -> "Catalog":
    from babel.messages.catalog import Catalog

    new = Catalog(locale=old.locale, fuzzy=False)
    for text, files in texts().items():
        known = old.get(text)
        new.add(text, known.string if known else "", locations=[(file, 0) for file in sorted(files)])
    return new


def _texts_in(file: Path) -> Iterator[str]:
    if file.suffix == ".py":
        from babel.messages.extract import extract_python

        for _line, _call, text, _comments in extract_python(BytesIO(file.read_bytes()), CALLS, (), {}):
            if text and isinstance(text, str):
                yield text
    elif file.suffix == ".html":
        yield from _texts_of_page(file.read_text(encoding="utf-8"))


def _texts_of_page(page: str) -> Iterator[str]:
    """As Django's templates look them up: {{ name }} is %(name)s, and `trimmed` makes one line."""
    for double, single in TRANSLATE.findall(page):
        yield double or single
    for options, body in BLOCK.findall(page):
        text = VARIABLE.sub(r"%(\1)s", body.replace("%", "%%"))
        yield " ".join(line.strip() for line in text.strip().splitlines()) if "trimmed" in options else text


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
