"""What a browser posted, as the nested values that the API's serializers read."""

from __future__ import annotations

import re
from typing import Any

from django.http import QueryDict

# What the page itself sends beside the answers.
MORE = "more"  # the button that asks for one more row of a list, which is its value
PLACE = "place"  # where the form stands: on the page of its case, or by itself
OWN = frozenset({"csrfmiddlewaretoken", "once", MORE, PLACE})
DEEPEST = 5  # steps of a name; no form of ours has more, and what follows stays one odd name
_PLACE = re.compile(r"[0-9]{1,3}")


def nested(posted: QueryDict, *, lists: frozenset[str] = frozenset()) -> dict[str, Any]:
    """`a.b` becomes {"a": {"b": …}}, `a.0.b` {"a": [{"b": …}]}; blanks are left out. `lists` take every value."""
    found: dict[str, Any] = {}
    for name in posted:
        values = [value.replace("\r\n", "\n") for value in posted.getlist(name) if value.strip()]
        if name in OWN or not values:
            continue
        _put(found, name.split(".", DEEPEST - 1), values if name in lists else values[-1])
    return {name: _listed(value) for name, value in found.items()}


def posted_rows(posted: QueryDict, path: str) -> list[str]:
    """The numbers of a list's rows in which something is filled in, in order."""
    said = (name.removeprefix(f"{path}.").split(".", 1)[0] for name in posted
            if name.startswith(f"{path}.") and any(value.strip() for value in posted.getlist(name)))  # fmt: skip
    return sorted({place for place in said if _PLACE.fullmatch(place)}, key=int)


def closed_up(posted: QueryDict, path: str) -> QueryDict:
    """With the rows of a list counted from 0, as `nested` reads them: rows that were left empty are gone."""
    found = QueryDict(mutable=True)
    places = {place: str(number) for number, place in enumerate(posted_rows(posted, path))}
    for name in posted:
        place, dot, rest = name.removeprefix(f"{path}.").partition(".")
        inside = name.startswith(f"{path}.") and dot
        if inside and place in places:
            found.setlist(f"{path}.{places[place]}.{rest}", posted.getlist(name))
        elif not inside:
            found.setlist(name, posted.getlist(name))
    return found


def _put(into: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        inner = into.setdefault(step, {})
        into = inner if isinstance(inner, dict) else {}
    into[path[-1]] = value


def _listed(value: Any) -> Any:
    """A dict whose keys are all numbers is a list."""
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(one) for key, one in value.items()}
    if inner and all(_PLACE.fullmatch(key) for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
