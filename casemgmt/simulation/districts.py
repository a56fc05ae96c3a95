"""Several districts at once, each in a process and a database of its own: they share nothing, and figures add up."""

from __future__ import annotations

import multiprocessing
import os
import signal
from functools import reduce
from operator import add
from queue import Empty
from typing import Any

from django.db import connection

from casemgmt.simulation import worker
from casemgmt.simulation.running import Progress, Result, simulate
from casemgmt.simulation.worker import Setup

_PATIENCE = 1.0  # seconds between two looks whether everybody is still there
_GRACE = 15.0  # seconds to put away a database


class DistrictLostError(RuntimeError):
    """The process of a district ended without a result."""


def simulate_all(setups: list[Setup], *, keep: bool, progress: Progress) -> list[Result]:
    """One result a setup, in their order. Raises DistrictLostError, with what the process said, if one fails."""
    if len(setups) == 1:
        return [simulate(setups[0], keep=keep, progress=progress)]
    connection.close()
    context = multiprocessing.get_context("spawn")
    told: Any = context.Queue()
    processes = [
        context.Process(target=worker.work, args=(place, setup, keep, told), daemon=True)
        for place, setup in enumerate(setups)
    ]
    for process in processes:
        process.start()
    try:
        return _gather(processes, told, progress)
    except BaseException:
        _interrupt(processes)
        raise
    finally:
        for process in processes:
            process.join(timeout=_GRACE)


def _gather(processes: list[Any], told: Any, progress: Progress) -> list[Result]:
    parts, results = [0.0] * len(processes), dict[int, Result]()
    while len(results) < len(processes):
        try:
            place, part, outcome = told.get(timeout=_PATIENCE)
        except Empty:
            _refuse_losses(processes, results)
            continue
        if isinstance(outcome, str):
            raise DistrictLostError(outcome)
        if outcome is not None:
            results[place] = outcome
        parts[place] = part
        progress(reduce(add, parts) / len(parts))
    return [results[place] for place in range(len(processes))]


def _interrupt(processes: list[Any]) -> None:
    """Not by a kill, so that each takes its database with it."""
    for process in processes:
        if process.is_alive() and process.pid:
            os.kill(process.pid, signal.SIGINT)


def _refuse_losses(processes: list[Any], results: dict[int, Result]) -> None:
    for place, process in enumerate(processes):
        if place not in results and not process.is_alive():
            raise DistrictLostError(f"District {place + 1} ended with exit code {process.exitcode}.")
