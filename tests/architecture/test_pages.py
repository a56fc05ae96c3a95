"""Pages that are made from the code say what the code says."""

import ast
import re

from casemgmt.env import ROOT
from disputes import rulebook
from tests.architecture import promised

REFERENCE = ROOT / "docs" / "reference"


def test_the_rulebook_is_what_the_laws_are() -> None:
    written = (REFERENCE / "rulebook.md").read_text(encoding="utf-8")
    assert written == rulebook.page(), "run: manage.py rulebook"


def test_the_promises_are_what_the_tests_show() -> None:
    written = promised.PAGE.read_text(encoding="utf-8")
    assert written == promised.page(), "run: python -m tests.architecture.promised"


def test_no_test_shows_a_promise_that_does_not_exist() -> None:
    assert set(promised.shown()) <= set(promised.MEANINGS)


def test_every_promise_that_is_due_is_shown_by_a_test() -> None:
    assert sorted(promised.DUE - set(promised.shown())) == []


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    page = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", page, re.MULTILINE))
    assert documented == _settings_read()


def _settings_read() -> set[str]:
    """Names that the code asks the environment for: env.text("NAME"), os.environ.get("NAME"), os.environ["NAME"]."""
    found = set()
    for top in ("casemgmt", "disputes", "evidence", "sla"):
        for path in (ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = _asked(node)
                if name and re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
                    found.add(name)
    return found - {"DJANGO_SETTINGS_MODULE", "PYTHONPATH", "PATH"}


def _asked(node: ast.AST) -> str | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        asks_env = isinstance(node.func.value, ast.Name) and node.func.value.id == "env"
        asks_environ = isinstance(node.func.value, ast.Attribute) and node.func.value.attr == "environ"
        first = node.args[0]
        if (asks_env or (asks_environ and node.func.attr == "get")) and isinstance(first, ast.Constant):
            return str(first.value)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "environ":
        return str(node.slice.value) if isinstance(node.slice, ast.Constant) else None
    return None
