"""What a reading found: rows read, accepted and rejected, and why; never a name, an identifier or any other text of a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import DataError


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why rows of a table were rejected; `examples` are the first (file, row, value), row 1 being the first below the header."""

    table: str
    column: str
    reason: str
    rows: int
    examples: tuple[tuple[str, int, str | None], ...] = ()

    def __str__(self) -> str:
        several = len({file for file, _, _ in self.examples}) > 1
        shown = []
        for file, row, value in self.examples:
            place = f"{file} {row}" if several else str(row)
            shown.append(f"{place} ({value})" if value is not None else place)
        places = f", row {', '.join(shown)}" if shown else ""
        more = ", …" if shown and self.rows > len(shown) else ""
        return f"{self.table}.{self.column}: {self.reason}: {count(self.rows)}{places}{more}"


@dataclass(frozen=True, slots=True)
class TableCount:
    """How many rows of a table were read, and how many of them are in the population."""

    read: int
    accepted: int

    @property
    def rejected(self) -> int:
        return self.read - self.accepted


@dataclass(frozen=True, slots=True)
class Report:
    """The account of a reading, for people (`as_text`) and programs (`as_dict`)."""

    tables: dict[str, TableCount]
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rejected(self) -> int:
        """Rows rejected, in all tables."""
        return sum(table.rejected for table in self.tables.values())

    def as_text(self) -> str:
        """Lines for a reader."""
        lines = [f"{name}: {count(t.read)} read, {t.accepted} accepted, {t.rejected} rejected" for name, t in self.tables.items()]
        lines += [f"  {finding}" for finding in self.findings]
        return "\n".join([*lines, *self.notes])

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        findings = [
            {
                "table": f.table,
                "column": f.column,
                "reason": f.reason,
                "rows": f.rows,
                "examples": [{"file": file, "row": row, "value": value} for file, row, value in f.examples],
            }
            for f in self.findings
        ]
        tables = {name: {"read": t.read, "accepted": t.accepted, "rejected": t.rejected} for name, t in self.tables.items()}
        return {"tables": tables, "findings": findings, "notes": list(self.notes)}


class RejectedRows(DataError):
    """Some rows do not fit and `keep_going` was not asked for; `report` says which."""

    def __init__(self, report: Report) -> None:
        self.report = report
        hint = "mend the source or the mapping; keep_going accepts the other rows and reports these"
        super().__init__("D020", f"{count(report.rejected)} rejected\n{report.as_text()}\n", hint=hint)


def count(rows: int) -> str:
    return f"{rows} row{'' if rows == 1 else 's'}"


def sorted_findings(findings: Sequence[Finding], order: Sequence[str]) -> tuple[Finding, ...]:
    """By table in the order of reading, the most frequent first."""
    return tuple(sorted(findings, key=lambda f: (order.index(f.table), -f.rows, f.column, f.reason)))
