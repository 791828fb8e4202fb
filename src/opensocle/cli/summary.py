"""Adds up a run by scheme: who is entitled, how much, for how long, and how many results are unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..engine.results import Result
    from ..law.law import Law

MONTH = "month"
"""A grouping that every run has: its months."""
CONTRIBUTIONS = ("worker_contribution", "employer_contribution", "state_contribution")
_RESERVED = ("eligible", "benefit", "duration", *CONTRIBUTIONS)


@dataclass(frozen=True, slots=True)
class Line:
    """A total of a scheme or variable, of everybody or of a group.

    measure: `month` and `year` (an amount that recurs), `granted` (for a claim, or once), or a unit. Over several months, what is a month's
    is added up, what is a year's is the mean of the months, and `entitled` is the mean for both; claims are counted and added up.
    unknown: results, one a row and month; rows: how many results there are.
    """

    scheme: str
    variable: str
    level: str
    group: tuple[Any, ...]
    measure: str
    entitled: Decimal | None
    amount: Decimal | None
    unknown: int
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """The lines of a run. unsplit: columns by which results of a level could not be split, by level; unsummed: results that are no numbers."""

    benefits: tuple[Line, ...]
    contributions: tuple[Line, ...]
    durations: tuple[Line, ...]
    others: tuple[Line, ...]
    by: tuple[str, ...] = ()
    unsplit: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unsummed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Sum:
    """A variable of a group, over the months."""

    unit: str
    months: int = 0
    total: Decimal | None = None
    positive: Decimal = Decimal(0)
    unknown: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        self.months += 1
        if row["total"] is not None:
            self.total = (self.total or Decimal(0)) + row["total"]
        self.positive += row["positive"]
        self.unknown += row["unknown"]


_Key = tuple[str, str, tuple[Any, ...]]  # scheme, level, group


def totals_by(result: Result, by: Sequence[str]) -> list[dict[str, Any]]:
    """The run's totals (see `Result.totals`), each level split by those columns that it has."""
    rows: list[dict[str, Any]] = []
    for level in result.tables:
        names = [column.name for column in result.columns if column.level == level]
        rows += result.totals([name for name in by if name in columns_of(result, level)], names)
    return rows


def columns_of(result: Result, level: str) -> list[str]:
    """The columns of a level's results, without reading them."""
    found = result.tables[level]
    if isinstance(found, Path):
        import pyarrow.parquet as pq

        return pq.read_schema(found).names
    return found.column_names


def summarise(result: Result, law: Law, by: Sequence[str] = ()) -> Summary:
    """The lines of a run, schemes in the order of the branches. by: columns kept in the run, and `month`."""
    kept = [name for name in by if name != MONTH]
    sums: dict[_Key, dict[str, _Sum]] = {}
    for row in totals_by(result, kept):
        group = tuple(row.get(name, "") for name in by)
        of = sums.setdefault((row["scheme"], row["level"], group), {})
        of.setdefault(row["variable"], _Sum(row["unit"])).add(row)
    months = 1 if MONTH in by else len(result.period)
    rows = {level: number * months for level, number in result.rows.items()}
    maker = _Maker(result.currency, rows)
    keys = _ordered(sums, law)
    return Summary(
        benefits=tuple(line for key in keys for line in maker.benefit(key, sums[key])),
        contributions=tuple(line for key in keys for line in maker.contributions(key, sums[key])),
        durations=tuple(_durations(result)),
        others=tuple(line for key in keys for line in maker.others(key, sums[key])),
        by=tuple(by),
        unsummed=tuple(
            c.name for c in result.columns if c.level in result.tables and not any(c.owner == k[0] and c.variable in sums[k] for k in sums)
        ),
        unsplit={level: missing for level in result.tables if (missing := tuple(n for n in kept if n not in columns_of(result, level)))},
    )


def _ordered(sums: Mapping[_Key, Any], law: Law) -> list[_Key]:
    """By branch, scheme and group; concepts last."""
    from ..vocabulary import labels

    branches = list(labels("branches"))

    def place(key: _Key) -> tuple[Any, ...]:
        scheme = law.schemes.get(key[0])
        position = branches.index(scheme.branch) if scheme else len(branches)
        return position, key[0], key[1], tuple((value is None, str(value)) for value in key[2])

    return sorted(sums, key=place)


@dataclass(frozen=True, slots=True)
class _Maker:
    currency: str
    rows: Mapping[str, int]

    def benefit(self, key: _Key, of: Mapping[str, _Sum]) -> list[Line]:
        benefit, eligible = of.get("benefit"), of.get("eligible")
        first = benefit or eligible
        if first is None or key[0] in ("concepts", "vocabulary"):
            return []
        measure = self.measure(benefit.unit) if benefit else ""
        entitled = (eligible or first).positive
        entitled = entitled if measure == "granted" else entitled / first.months
        amount = benefit.total if benefit else None
        if amount is not None and measure == "year":
            amount = amount / first.months
        unknown = max(found.unknown for found in (benefit, eligible) if found)
        return [Line(key[0], "benefit", key[1], key[2], measure, entitled, amount, unknown, self.rows.get(key[1], 0))]

    def contributions(self, key: _Key, of: Mapping[str, _Sum]) -> list[Line]:
        found = [(name, of[name]) for name in CONTRIBUTIONS if name in of]
        return [
            Line(key[0], name, key[1], key[2], self.measure(one.unit), one.positive / one.months, one.total, one.unknown, self.rows.get(key[1], 0))
            for name, one in found
        ]

    def others(self, key: _Key, of: Mapping[str, _Sum]) -> list[Line]:
        own = key[0] not in ("concepts", "vocabulary")
        found = [(name, one) for name, one in of.items() if not (own and name in _RESERVED)]
        return [Line(key[0], name, key[1], key[2], one.unit, one.positive / one.months, one.total, one.unknown) for name, one in found]

    def measure(self, unit: str) -> str:
        forms = {f"{self.currency}/month": "month", f"{self.currency}/year": "year", self.currency: "granted"}
        return forms.get(unit, unit)


def _durations(result: Result) -> list[Line]:
    """How long the benefits granted run in all: durations of those entitled only, over all months."""
    import duckdb

    lines: list[Line] = []
    for level, found in result.tables.items():
        named = {(c.owner, c.variable, c.month): c for c in result.columns if c.level == level}
        pairs = [
            (c, named[c.owner, "eligible", c.month]) for c in named.values() if c.variable == "duration" and (c.owner, "eligible", c.month) in named
        ]
        if not pairs:
            continue
        weight = 'CAST("weight" AS DECIMAL(18,9))' if "weight" in columns_of(result, level) else "CAST(1 AS DECIMAL(1,0))"
        parts: list[str] = []
        for duration, eligible in pairs:
            value, holds = f'CAST("{duration.name}" AS DECIMAL(20,4))', f'FILTER (WHERE "{eligible.name}")'
            parts += [f"sum({value} * {weight}) {holds}", f"sum({weight}) {holds}", f'count(*) FILTER (WHERE "{eligible.name}" AND {value} IS NULL)']
        with duckdb.connect() as connection:
            relation = f"read_parquet('{str(found).replace(chr(39), chr(39) * 2)}')" if isinstance(found, Path) else "found"
            if relation == "found":
                connection.register("found", found)
            values = connection.execute(f"SELECT {', '.join(parts)} FROM {relation}").fetchall()[0]
        lines += _added([pair[0] for pair in pairs], values, level)
    return lines


def _added(columns: Sequence[Any], values: Sequence[Any], level: str) -> list[Line]:
    """One line a scheme, its months added up."""
    sums: dict[str, list[Any]] = {}
    for position, column in enumerate(columns):
        total, number, unknown = values[3 * position : 3 * position + 3]
        of = sums.setdefault(column.owner, [column.unit, Decimal(0), Decimal(0), 0])
        of[1:] = [of[1] + (total or 0), of[2] + (number or 0), of[3] + unknown]
    return [Line(scheme, "duration", level, (), unit, number, total, unknown) for scheme, (unit, total, number, unknown) in sums.items()]
