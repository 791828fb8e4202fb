"""A second process for what does not wait for the first: where a machine has two processors, a report is ready in little more than half the time."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Protocol

Task = Callable[[], Any]
"""Gives the result of what was begun, or raises what it raised."""


class Beside(Protocol):
    def __call__(self, work: Callable[..., Any], *given: Any) -> Task:
        """Begins the work in the other process; what is given and what comes back can be pickled."""
        ...


@contextmanager
def beside() -> Generator[Beside]:
    """Another process at work; on a single processor the work is done here, when its result is asked for."""
    if processors() < 2:
        yield lambda work, *given: lambda: work(*given)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, get_context("spawn"), _deaf) as pool:
        yield lambda work, *given: pool.submit(work, *given).result


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _deaf() -> None:
    """Ctrl-C ends the first process, which ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
