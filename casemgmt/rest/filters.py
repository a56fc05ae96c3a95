"""Filters and orderings by allow-list: a query string can name nothing that the view has not declared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from casemgmt.rest.problems import Problem

ORDERING = "ordering"
PAGING = ("cursor", "page_size")
MOST_VALUES = 50

Rows = QuerySet[Any]
Narrow = Callable[[Rows, Any], Rows]


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One key of the query string: how its text is read and how it narrows the rows.

    `by` is an ORM lookup ("status") or a function (rows, value) -> rows. With `many`, the key may be repeated or hold
    a comma-separated list, and `by` is met by any of the values (a function gets the list).
    """

    by: str | Narrow
    reads: serializers.Field[Any, Any, Any, Any]
    many: bool = False
    says: str = ""

    def narrow(self, rows: Rows, texts: Sequence[str]) -> Rows:
        """Raises ValidationError for a text that cannot be read."""
        values = [self.reads.run_validation(text) for text in texts]
        value = values if self.many else values[0]
        if callable(self.by):
            return self.by(rows, value)
        return rows.filter(**{f"{self.by}__in" if self.many else self.by: value})


def choice(by: str | Narrow, choices: Iterable[Any], *, says: str = "") -> Filter:
    """Any of the listed values; several may be asked for at once."""
    return Filter(by=by, reads=serializers.ChoiceField(choices=list(choices)), many=True, says=says)


def text(by: str | Narrow, *, longest: int = 100, says: str = "") -> Filter:
    return Filter(by=by, reads=serializers.CharField(max_length=longest), says=says)


def instant(by: str | Narrow, *, says: str = "") -> Filter:
    """An ISO 8601 date and time."""
    return Filter(by=by, reads=serializers.DateTimeField(), says=says)


def flag(by: str | Narrow, *, says: str = "") -> Filter:
    return Filter(by=by, reads=serializers.BooleanField(), says=says)


def number(by: str | Narrow, *, least: int = 0, most: int = 2**31 - 1, says: str = "") -> Filter:
    return Filter(by=by, reads=serializers.IntegerField(min_value=least, max_value=most), says=says)


class AllowListed(BaseFilterBackend):
    """Applies the view's `filterable`; refuses every other key of the query string, and any at all on a single row."""

    def filter_queryset(self, request: Request, queryset: Rows, view: Any) -> Rows:
        filterable = filters_of(view)
        refuse_unknown(request, allowed(view))
        for name in request.query_params:
            if name in filterable:
                queryset = _narrowed(queryset, name, filterable[name], request.query_params.getlist(name))
        return queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        described = [_described(name, known) for name, known in filters_of(view).items()]
        if orderings := orderings_of(view):
            values = [sign + name for name in orderings for sign in ("", "-")]
            says = "Order of the rows; a leading minus turns it round."
            described.append(_parameter(ORDERING, says, {"type": "string", "enum": values}))
        return described


def filters_of(view: Any) -> Mapping[str, Filter]:
    """The filters that the view declares for a list."""
    return {} if _is_single(view) else getattr(view, "filterable", {})


def orderings_of(view: Any) -> Mapping[str, tuple[str, ...]]:
    """Name of an ordering → columns, the last of them unique; the first ordering is the one used by default."""
    return {} if _is_single(view) else getattr(view, "orderings", {})


def allowed(view: Any) -> list[str]:
    """Every key that a query string may hold for the view."""
    if _is_single(view):
        return []
    ordering = [ORDERING] if orderings_of(view) else []
    paging = list(PAGING) if getattr(view, "pagination_class", None) is not None else []
    return [*filters_of(view), *ordering, *paging]


def ordering_of(request: Request, view: Any) -> tuple[str, ...]:
    """The columns to order by. Raises Problem 400 for an ordering that the view does not declare."""
    orderings = orderings_of(view)
    asked = request.query_params.getlist(ORDERING)
    if not asked:
        return next(iter(orderings.values()), ("-pk",))
    name = asked[0].removeprefix("-")
    if len(asked) > 1 or name not in orderings or asked[0].startswith("--"):
        detail = _("Rows cannot be ordered so. Order by one of: %(known)s.") % {"known": ", ".join(orderings)}
        raise Problem(400, "unknown_ordering", detail, allowed=list(orderings))
    columns = orderings[name]
    return columns if asked[0] == name else tuple(_turned(column) for column in columns)


def refuse_unknown(request: Request, known: Iterable[str]) -> None:
    """Raises Problem 400 that names the keys which may be asked for. Views without rows call it themselves."""
    names = list(known)
    if unknown := sorted(set(request.query_params) - set(names)):
        listed = ", ".join(names) or "–"
        detail = _("Unknown query parameter. Known here: %(known)s.") % {"known": listed}
        raise Problem(400, "unknown_parameter", detail, unknown=unknown[:MOST_VALUES], allowed=names)


def _narrowed(rows: Rows, name: str, known: Filter, given: list[str]) -> Rows:
    texts = [part for value in given for part in value.split(",")] if known.many else given
    if (len(texts) > 1 and not known.many) or len(texts) > MOST_VALUES:
        raise Problem(400, "bad_parameter", _("A query parameter is given too often."), parameter=name)
    try:
        return known.narrow(rows, texts)
    except serializers.ValidationError as error:
        said = error.detail[0] if isinstance(error.detail, list) else error.detail
        detail = _("The query parameter %(name)s cannot be read: %(said)s") % {"name": name, "said": said}
        raise Problem(400, "bad_parameter", detail, parameter=name) from None


def _turned(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"


def _is_single(view: Any) -> bool:
    """Is the view about one row? Then its query string may hold nothing."""
    if (detail := getattr(view, "detail", None)) is not None:
        return bool(detail) and not getattr(view, "lists_rows", False)
    key = getattr(view, "lookup_url_kwarg", None) or getattr(view, "lookup_field", "")
    return key in getattr(view, "kwargs", {}) and not getattr(view, "lists_rows", False)


def _described(name: str, known: Filter) -> dict[str, Any]:
    schema = _schema(known.reads)
    if known.many:
        schema = {"type": "array", "items": schema}
    return _parameter(name, known.says, schema)


def _parameter(name: str, says: str, schema: dict[str, Any]) -> dict[str, Any]:
    parameter: dict[str, Any] = {"name": name, "in": "query", "required": False, "schema": schema}
    if says:
        parameter["description"] = says
    if schema["type"] == "array":
        parameter.update(explode=False, style="form")
    return parameter


def _schema(field: serializers.Field[Any, Any, Any, Any]) -> dict[str, Any]:
    if isinstance(field, serializers.ChoiceField):
        return {"type": "string", "enum": [str(value) for value in field.choices]}
    if isinstance(field, serializers.DateTimeField):
        return {"type": "string", "format": "date-time"}
    if isinstance(field, serializers.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, serializers.IntegerField):
        return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
    return {"type": "string", "maxLength": getattr(field, "max_length", None) or 100}
