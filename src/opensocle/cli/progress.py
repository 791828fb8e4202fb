"""A bar on stderr for what takes longer than two seconds, where somebody is looking."""

from __future__ import annotations

import sys
import time
from types import TracebackType

WAIT, WIDTH = 2.0, 30


class Progress:
    """Call it with 0 to 100. `always`: from the start, and even where stderr is no terminal."""

    def __init__(self, what: str, always: bool = False) -> None:
        self.what, self.always = what, always
        self.visible = always or sys.stderr.isatty()
        self.start = time.monotonic()
        self.shown = ""

    def __call__(self, percent: float) -> None:
        if not self.visible or (not self.always and time.monotonic() - self.start < WAIT):
            return
        done = round(WIDTH * max(0.0, min(percent, 100.0)) / 100)
        text = f"{self.what} [{'#' * done}{'.' * (WIDTH - done)}] {min(percent, 100):3.0f} %"
        if text != self.shown:
            self.shown = text
            sys.stderr.write(f"\r{text}")
            sys.stderr.flush()

    def of(self, done: int, wanted: int) -> None:
        """The same with what is done and what is wanted."""
        self(100 * done / wanted if wanted else 100)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.shown:
            sys.stderr.write("\n")
            sys.stderr.flush()
