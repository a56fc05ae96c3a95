"""Compiles locale/*/LC_MESSAGES/*.po with Babel, where they are newer than their .mo: no GNU gettext is needed."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def compile_stale(folder: Path = ROOT / "locale") -> list[Path]:
    """The catalogues written anew."""
    stale = [source for source in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]
    if stale:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for source in stale:
            # Written beside and renamed: a process that starts meanwhile reads the old one or the new one.
            beside = source.with_suffix(".mo.making")
            with source.open("rb") as text, beside.open("wb") as binary:
                write_mo(binary, read_po(text))
            beside.replace(source.with_suffix(".mo"))
    return stale


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


if __name__ == "__main__":
    compile_stale()
