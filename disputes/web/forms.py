"""A form for every action, made from the serializer that reads the action's body: one list of fields for both doors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers

from disputes.api.fields import MoneyField, PersonField
from disputes.web import words
from disputes.web.posted import MORE, closed_up, posted_rows

MOST_ROWS = 40  # of a list whose entries have several questions
YES_UNLESS_SAID = frozenset({"mandatory"})
LONG = 300  # a text of more characters gets several lines


@dataclass(frozen=True, kw_only=True)
class Box:
    """One question of a form. `kind`: text, long, number, money, choice, many, check, yesno, when, person."""

    name: str
    label: str
    kind: str
    required: bool
    group: str = ""  # the words over the questions that belong together
    rows: str = ""  # the list of which this question's row is the last one
    within: str = ""  # tells apart the forms of one page
    longest: int | None = None
    least: Any = None
    most: Any = None
    choices: list[tuple[str, str]] = field(default_factory=list)
    value: Any = ""
    errors: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Of the element that holds the answer."""
        return f"f-{self.within}{self.name}"

    @property
    def shown(self) -> str:
        """The answer in words."""
        known = {"true": _("Yes"), "false": _("No"), **dict(self.choices)}
        return str(known.get(self.value, self.value))


def boxes(
    form: serializers.Serializer[Any],
    *,
    posted: QueryDict | None = None,
    errors: Mapping[str, Any] | None = None,
    only: Mapping[str, list[tuple[str, str]]] | None = None,
    within: str = "",
) -> list[Box]:
    """The questions of a form, with what was answered and what is wrong with it.

    `only` narrows the choices of a field to what fits the case. A list has the rows that were filled, at least one,
    and one more if `posted` asks for it.
    """
    said = posted or QueryDict()
    for path in rows_of(form):
        said = closed_up(said, path)
    return [replace(box, within=within) for box in _boxes(form, "", said, errors or {}, only or {})]


def names_in(form: serializers.Serializer[Any]) -> frozenset[str]:
    """The names of all its fields, those of its parts among them."""
    return frozenset(box.name.rpartition(".")[2] for box in boxes(form))


def rows_of(form: serializers.Serializer[Any], prefix: str = "") -> list[str]:
    """The names of lists whose entries have several questions."""
    found = []
    for name, one in form.fields.items():
        if isinstance(one, serializers.ListSerializer):
            found.append(f"{prefix}{name}")
        elif isinstance(one, serializers.Serializer):
            found += rows_of(one, f"{prefix}{name}.")
    return found


def lists_of(form: serializers.Serializer[Any], prefix: str = "") -> frozenset[str]:
    """The names of fields that take several values."""
    found = {f"{prefix}{name}" for name, one in form.fields.items() if isinstance(one, serializers.ListField)}
    for name, one in form.fields.items():
        if isinstance(one, serializers.Serializer):
            found |= lists_of(one, f"{prefix}{name}.")
    return frozenset(found)


def completed(form: serializers.Serializer[Any], said: dict[str, Any]) -> dict[str, Any]:
    """With an empty list and an empty group where none of their questions was answered: a browser cannot send those."""
    found = dict(said)
    for name, one in form.fields.items():
        if isinstance(one, serializers.ListSerializer):
            found.setdefault(name, [])
        elif isinstance(one, serializers.Serializer) and (one.required or name in said):
            inner = found.setdefault(name, {})
            found[name] = completed(one, inner) if isinstance(inner, dict) else inner
    return found


def unplaced(errors: Any, placed: frozenset[str], path: str = "") -> Iterator[str]:
    """What is wrong, but with no question on the page: with the form as a whole, or with what was not asked."""
    if path in placed:
        return
    if isinstance(errors, Mapping):
        for name, said in errors.items():
            whole = name == "non_field_errors"
            yield from unplaced(said, placed, path if whole else f"{path}.{name}" if path else str(name))
    else:
        about = words.FIELDS.get(path.rpartition(".")[2], "")
        yield from (f"{about}: {said}" if about else str(said) for said in errors or ())


def _boxes(
    form: serializers.Serializer[Any], prefix: str, posted: QueryDict, errors: Any, only: Mapping[str, Any]
) -> Iterator[Box]:
    for name, one in form.fields.items():
        if name == "version":
            continue
        wrong = errors.get(name) if isinstance(errors, Mapping) else None
        words_of_group = str(words.FIELDS.get(name, ""))
        if isinstance(one, serializers.ListSerializer):
            path = f"{prefix}{name}"
            shown = _shown_rows(one, path, posted)
            for row in range(shown):  # any of them may stay empty
                inner = _boxes(_child(one), f"{path}.{row}.", posted, _at(wrong, row), only)
                last = path if row == shown - 1 and shown < _most_rows(one) else ""
                group = f"{words_of_group} {row + 1}"
                yield from (replace(box, required=False, group=group, rows=last) for box in inner)
        elif isinstance(one, serializers.Serializer):
            inner = _boxes(one, f"{prefix}{name}.", posted, wrong or {}, only)
            yield from (
                replace(box, group=box.group or words_of_group, required=box.required and one.required) for box in inner
            )
        else:
            yield _box(one, name, f"{prefix}{name}", posted, wrong, only.get(name))


def _box(
    one: serializers.Field[Any, Any, Any, Any], name: str, path: str, posted: QueryDict, wrong: Any, only: Any
) -> Box:
    kind, choices = _kind(one, name)
    value: Any = posted.getlist(path) if kind == "many" else posted.get(path, "")
    return Box(
        name=path, label=str(words.FIELDS.get(name, one.label)), kind=kind, required=one.required, value=value,
        longest=getattr(one, "max_length", None), least=getattr(one, "min_value", None),
        most=getattr(one, "max_value", None), choices=only or choices, errors=_said(wrong),
    )  # fmt: skip


def _kind(one: serializers.Field[Any, Any, Any, Any], name: str) -> tuple[str, list[tuple[str, str]]]:
    match one:
        case serializers.ChoiceField():
            return "choice", _choices(one, name)
        case serializers.ListField(child=serializers.ChoiceField() as child):
            return "many", _choices(child, name)
        case serializers.ListField():
            return "many", []
        case serializers.BooleanField():
            said_no = one.required or one.allow_null or name in YES_UNLESS_SAID  # silence is not a no
            return ("yesno" if said_no and name != "confirm" else "check"), []
        case MoneyField():
            return "money", []
        case serializers.IntegerField():
            return "number", []
        case serializers.DateTimeField():
            return "when", []
        case PersonField():
            return "person", []
    return ("long" if (getattr(one, "max_length", None) or 0) > LONG else "text"), []


def _choices(one: serializers.ChoiceField, name: str) -> list[tuple[str, str]]:
    named = words.CODES.get(name, {})
    return [(str(code), str(named.get(code, label))) for code, label in one.choices.items()]


def _shown_rows(one: serializers.ListSerializer[Any], path: str, posted: QueryDict) -> int:
    """As many as are filled, but one; and one more if that was asked for."""
    filled = len(posted_rows(posted, path))
    return min(max(1, filled) + (posted.get(MORE) == path), _most_rows(one))


def _most_rows(one: serializers.ListSerializer[Any]) -> int:
    return min(getattr(one, "max_length", None) or MOST_ROWS, MOST_ROWS)


def _child(one: Any) -> serializers.Serializer[Any]:
    child: serializers.Serializer[Any] = one.child
    return child


def _at(wrong: Any, row: int) -> Any:
    """What is wrong with one row; the rows come by number, those that are in order left out."""
    return wrong.get(row, {}) if isinstance(wrong, Mapping) else {}


def _said(wrong: Any) -> list[str]:
    if isinstance(wrong, Mapping):
        return [text for one in wrong.values() for text in _said(one)]
    return [str(text) for text in wrong] if wrong else []
