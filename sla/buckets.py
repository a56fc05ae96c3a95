"""Times in buckets that double, so that counters can tell percentiles to within a factor of two. Pure."""

from math import frexp

QUARTER = 900.0  # seconds: up to a quarter of an hour is bucket 0


def bucket(seconds: float) -> int:
    return max(0, frexp(seconds / QUARTER)[1])


def ends(number: int) -> float:
    """Seconds at which the bucket ends."""
    return QUARTER * 2.0**number
