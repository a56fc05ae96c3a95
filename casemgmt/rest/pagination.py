"""Pages by keyset: stable while rows come and go, as fast on the last page as on the first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from casemgmt.rest import filters
from casemgmt.rest.problems import Problem

SALT = "casemgmt.rest.cursor"


class Cursor(BasePagination):
    """`?cursor=…&page_size=…` over the view's ordering, whose last column is unique. Answers {"next", "results"}.

    The cursor is signed: one that was made up, cut short or belongs to another ordering is refused.
    """

    page_size = 25
    max_page_size = 100

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        columns = filters.ordering_of(request, view)
        size = self._size(request)
        if (token := _single(request, "cursor")) is not None:
            queryset = queryset.filter(_after(queryset, columns, _read(token, columns)))
        rows = list(queryset.order_by(*columns)[: size + 1])
        page = rows[:size]
        self.next = None
        if len(rows) > size:
            address = request.build_absolute_uri()
            self.next = replace_query_param(address, "cursor", _write(page[-1], columns))
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        following = {"type": "string", "format": "uri", "nullable": True, "description": "The next page, if any."}
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": following, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"},
             "description": "Where the page begins: copied from `next` of the page before."},
            {"name": "page_size", "in": "query", "required": False, "schema": size, "description": "Rows on a page."},
        ]  # fmt: skip

    def _size(self, request: Request) -> int:
        text = _single(request, "page_size")
        if text is None:
            return self.page_size
        if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= self.max_page_size):
            detail = _("A page has 1 to %(most)d rows.") % {"most": self.max_page_size}
            raise Problem(400, "bad_page_size", detail, allowed=[1, self.max_page_size])
        return int(text)


def _single(request: Request, name: str) -> str | None:
    values = request.query_params.getlist(name)
    if len(values) > 1:
        raise Problem(400, "bad_parameter", _("A query parameter is given too often."), parameter=name)
    return values[0] if values else None


def _write(row: Any, columns: Sequence[str]) -> str:
    """The place of `row` in the ordering."""
    place = [_plain(_value(row, column.removeprefix("-"))) for column in columns]
    return signing.dumps([list(columns), place], salt=SALT, compress=False)


def _read(token: str, columns: Sequence[str]) -> list[Any]:
    try:
        made_for, place = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        made_for, place = None, []
    if made_for != list(columns):
        raise Problem(400, "bad_cursor", _("This page does not exist. Begin again without the cursor."))
    return list(place)


def _value(row: Any, column: str) -> Any:
    for name in column.split("__"):
        row = getattr(row, name) if row is not None else None
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _after(queryset: QuerySet[Any], columns: Sequence[str], place: Sequence[Any]) -> Q:
    """Rows that come after `place`, NULL being the greatest value, as PostgreSQL orders it."""
    condition = Q()
    for column, text in zip(reversed(columns), reversed(place), strict=True):
        name = column.removeprefix("-")
        field = _field(queryset, name)
        beyond, at_or_beyond, same = _sides(name, _typed(field, text), field, descending=column != name)
        condition = beyond if not condition else at_or_beyond & (beyond | (same & condition))
    return condition


def _sides(name: str, value: Any, field: Field[Any, Any] | None, *, descending: bool) -> tuple[Q, Q, Q]:
    """(strictly after, at or after, equal) for one column. The middle one is redundant, but an index can use it."""
    empty = Q(**{f"{name}__isnull": True})
    if value is None:
        filled, all_rows, no_row = Q(**{f"{name}__isnull": False}), Q(pk__isnull=False), Q(pk__isnull=True)
        return (filled, all_rows, empty) if descending else (no_row, empty, empty)
    side = "lt" if descending else "gt"
    beyond, from_here = Q(**{f"{name}__{side}": value}), Q(**{f"{name}__{side}e": value})
    if not descending and (field is None or field.null or "__" in name):
        beyond, from_here = beyond | empty, from_here | empty
    return beyond, from_here, Q(**{name: value})


def _field(queryset: QuerySet[Any], name: str) -> Field[Any, Any] | None:
    """The column's field; None for an annotation."""
    model: Any = queryset.model
    field: Any = None
    for part in name.split("__"):
        if part == "pk":
            return model._meta.pk  # type: ignore[no-any-return]
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        model = field.related_model or model
    return field  # type: ignore[no-any-return]


def _typed(field: Field[Any, Any] | None, text: Any) -> Any:
    if field is None or text is None:
        return text
    try:
        return field.to_python(text)
    except ValidationError:
        raise Problem(400, "bad_cursor", _("This page does not exist. Begin again without the cursor.")) from None
