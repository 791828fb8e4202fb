"""The rows of a benchmark: what was measured, its target, and how they are shown and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
HEADING = """# Measured

Each section is one run of `make bench`, the newest first. How each figure is measured: `docs/methods/benchmarks.md`.
"""


@dataclass(frozen=True)
class Figure:
    """One result: what, the figure as text, its spread over the runs, the target and whether it is met (None: there is no target)."""

    what: str
    figure: str
    spread: str = ""
    target: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return "" if self.met is None else "met" if self.met else "MISSED"

    @property
    def cells(self) -> tuple[str, ...]:
        return self.what, self.figure, self.spread, self.target, self.verdict


COLUMNS = ("what", "figure", "range", "target", "")


def table(figures: Sequence[Figure]) -> str:
    """The figures in columns, for a terminal and for Markdown."""
    rows = [COLUMNS, *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def keep(figures: Sequence[Figure], when: datetime, heading: Sequence[str], file: Path = RESULTS) -> None:
    """Puts a run in front of those that were kept before."""
    before = file.read_text(encoding="utf-8") if file.is_file() else HEADING
    first = before.find("\n## ")
    top, rest = (before, "") if first < 0 else (before[:first], before[first + 1 :])
    section = "\n".join([f"## {when:%Y-%m-%d %H:%M} UTC", "", *(f"- {line}" for line in heading), "", table(figures), ""])
    file.write_text("\n".join(part for part in (top.rstrip("\n") + "\n", section, rest) if part), encoding="utf-8")
