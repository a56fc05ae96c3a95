"""The list of stories, which the modules beside this one fill."""

from collections.abc import Callable

from casemgmt.demo.story import Story

Tale = Callable[[Story], None]
STORIES: dict[str, Tale] = {}


def told(tale: Tale) -> Tale:
    """An entry of the data file names the story by the function's name."""
    STORIES[tale.__name__] = tale
    return tale
