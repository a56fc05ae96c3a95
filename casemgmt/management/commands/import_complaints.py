"""`manage.py import_complaints FILE`: complaints from elsewhere, each once, with a report of every row."""

import csv
from argparse import ArgumentParser
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from casemgmt import clock
from disputes.importing import mapping, reading
from disputes.importing.filing import Importer


class Command(BaseCommand):
    help = "Import complaints from CSV, JSON lines or a JSON document; run it again as often as you like."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD", help="may be repeated")
        parser.add_argument("--mapping", type=Path, metavar="FILE.toml", help="columns, values and constants")
        parser.add_argument("--records", metavar="KEY", help="the key of a JSON document that holds the records")
        parser.add_argument("--encoding", help="guessed between UTF-8 and GB18030 if not given")
        parser.add_argument("--source", help="where the complaints come from; the file's name if not given")
        parser.add_argument("--report", type=Path, help="where to write one line per row")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        source = options["source"] or path.stem
        report = options["report"] or settings.VAR_DIR / "imports" / f"{source}.csv"
        try:
            counts = self._run(path, source, report, options)
        except reading.Unreadable as why:
            raise CommandError(str(why)) from why
        except LookupError as why:
            raise CommandError(
                f"Unknown encoding: {options['encoding']}. Python knows utf-8, gb18030, big5, …"
            ) from why
        total = sum(counts.values())
        said = ", ".join(f"{counts[name]} {name}" for name in ("created", "already there", "refused"))
        self.stdout.write(f"{total} rows: {said}. Report: {report}")

    def _run(self, path: Path, source: str, report: Path, options: dict[str, Any]) -> Counter[str]:
        columns = mapping.load(pairs=options["map"], file=options["mapping"])
        encoding = options["encoding"] or reading.encoding_of(path)
        importer = Importer(source=source, mapping=columns, at=clock.now(), dry_run=options["dry_run"])
        counts: Counter[str] = Counter()
        report.parent.mkdir(parents=True, exist_ok=True)
        with tqdm(total=path.stat().st_size, unit="B", unit_scale=True) as bar, report.open("w", newline="") as out:
            rows = reading.rows(path, encoding=encoding, records=options["records"], progress=partial(_show, bar))
            writer = csv.writer(out)
            writer.writerow(["row", "result", "reference", "key", "reason"])
            for result in importer.file_all(rows):
                counts[result.result] += 1
                writer.writerow([result.row, result.result, result.reference, result.key, result.reason])
                out.flush()
        return counts


def _show(bar: "tqdm[Any]", read: int) -> None:
    bar.update(read - bar.n)
