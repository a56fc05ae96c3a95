"""The ways a case of the demo can go: one function each, by the stage where it stands when the demo is loaded."""

from casemgmt.demo.stories import agreement, closing, hearing, intake, negotiation, ruling
from casemgmt.demo.stories.book import STORIES

__all__ = ["STORIES", "agreement", "closing", "hearing", "intake", "negotiation", "ruling"]
