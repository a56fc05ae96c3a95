"""The house rules that a machine can read."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from casemgmt.env import ROOT
from tests.architecture.test_laws import sources

# Who may ask what time it is: views, commands, tasks, the processes, and what keeps books of its own.
EDGES = re.compile(
    r"/(api|web|live|management|rest|tests)/|/(views|tasks|admin|clock|supervisor|processes|health|middleware|attempts|keys"
    r"|forms|backends|back_office|idempotency|throttles|authentication)\.py$"
)
FORBIDDEN_NAMES = {"utils", "helpers", "services", "managers", "core", "common", "base", "extras", "misc"}


def test_layers_and_purity_are_kept() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_longer_than_it_should_be() -> None:
    tests = (ROOT / "tests").rglob("*.py")
    long = {str(p.relative_to(ROOT)): n for p in sources() if (n := _lines(p)) > 300}
    long |= {str(p.relative_to(ROOT)): n for p in tests if (n := _lines(p)) > 400}
    assert long == {}


def test_no_function_is_longer_than_forty_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {name} has {length}"
        for path in sources()
        for name, length in _functions(path)
        if length > 40
    ]
    assert long == []


def test_only_the_edges_ask_what_time_it_is() -> None:
    asking = re.compile(r"\bclock\.now\(\)|\btimezone\.now\(\)|datetime\.now\(")
    inside = [
        str(path.relative_to(ROOT))
        for path in sources()
        if asking.search(path.read_text(encoding="utf-8")) and not EDGES.search(f"/{path.relative_to(ROOT).as_posix()}")
    ]
    assert inside == []


def test_no_room_is_named_for_nothing() -> None:
    named = {path.stem for path in sources()} | {
        part for path in sources() for part in path.relative_to(ROOT).parts[:-1]
    }
    assert named & FORBIDDEN_NAMES <= {"services"}  # casemgmt.services: the processes that `make run` starts


def test_nothing_is_left_to_do() -> None:
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|raise NotImplementedError)\b|pytest\.(mark\.)?(skip|xfail)")
    paths = [*sources(), *(p for p in (ROOT / "tests").rglob("*.py") if p != Path(__file__))]
    assert [str(p.relative_to(ROOT)) for p in paths if unfinished.search(p.read_text(encoding="utf-8"))] == []


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1
