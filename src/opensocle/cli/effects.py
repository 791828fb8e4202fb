"""The effect of a change of the law on people: totals before and after, and whose amounts differ. Two runs, joined by DuckDB."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import EngineError
from ..law.showing import title_of
from .locating import open_people
from .printing import WORDS
from .reporting import plain
from .tables import count, money, table

if TYPE_CHECKING:
    from ..engine.results import Column, Result
    from ..law.law import Law
    from ..periods import Month

AMOUNTS = ("benefit", "worker_contribution", "employer_contribution", "state_contribution")
_WORDS = {
    "en": {
        "title": "Effect on {} persons and {} households, {}", "amount": "Amount", "before": "before", "after": "after", "more": "more",
        "by": "by", "less": "less", "unknown": "not comparable", "none": "Nobody's amounts differ.",
        "foot": "more, less: persons or households whose amount over the months rises or falls; not comparable: unknown before or after.",
    },
    "fr": {
        "title": "Effet sur {} personnes et {} ménages, {}", "amount": "Montant", "before": "avant", "after": "après", "more": "en plus",
        "by": "de", "less": "en moins", "unknown": "non comparable", "none": "Aucun montant ne change.",
        "foot": "en plus, en moins : personnes ou ménages dont le montant des mois augmente ou diminue ; non comparable : inconnu avant ou après.",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """An amount of a scheme, added over the months and people whose amounts are known: before, after; who gets more or less, and by how much.

    A scheme that one of the laws does not have gives nothing there. unknown: rows unknown before or after; they are in neither sum.
    """

    scheme: str
    variable: str
    level: str
    unit: str
    before: Decimal
    after: Decimal
    gainers: Decimal
    gained: Decimal
    losers: Decimal
    lost: Decimal
    unknown: int


@dataclass(frozen=True)
class Effect:
    """The changes of all amounts. statements: what made both runs; rows: persons and households."""

    laws: tuple[Law, Law]
    statements: tuple[dict[str, Any], dict[str, Any]]
    rows: dict[str, int]
    period: tuple[Month, ...]
    changes: tuple[Change, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; decimals as text."""
        lines = [{name: plain(v) if isinstance(v, Decimal) else v for name, v in asdict(line).items()} for line in self.changes]
        return {"before": self.statements[0], "after": self.statements[1], "changes": lines}

    def as_text(self, lang: str) -> str:
        """A table of the amounts that differ, or that are unknown for some in one law only."""
        words, digits = _WORDS[lang], self.laws[1].country.currency.digits
        rows, months = self.rows, self.period
        when = str(months[0]) if len(months) == 1 else f"{months[0]}:{months[-1]}"
        title = words["title"].format(count(rows.get("person", 0), lang), count(rows.get("household", 0), lang), when)
        told = [line for line in self.changes if line.gainers or line.losers]
        if not told:
            return f"{title}\n  {words['none']}"

        def cash(amount: Decimal) -> str:
            return money(amount, digits, lang)

        lines = [
            (
                self.name(line, lang), WORDS[lang][line.level], cash(line.before), cash(line.after), count(line.gainers, lang), cash(line.gained),
                count(line.losers, lang), cash(line.lost), count(line.unknown, lang),
            )
            for line in told
        ]  # fmt: skip
        currency = self.laws[1].country.currency.code
        headers = (
            f"{words['amount']} ({currency})", WORDS[lang]["for"], words["before"], words["after"], words["more"], words["by"], words["less"],
            words["by"], words["unknown"],
        )  # fmt: skip
        return f"{title}\n{table(headers, lines, range(2, 9))}\n  {words['foot']}"

    def name(self, line: Change, lang: str) -> str:
        old, new = self.laws
        scheme = new.schemes.get(line.scheme) or old.schemes[line.scheme]
        own = title_of(scheme.title, lang, scheme.name)
        return own if line.variable == "benefit" else f"{own}, {WORDS[lang][line.variable]}"


def effect_of(
    old: Law, new: Law, people: str, period: str, memory: str | None = None, threads: int | None = None, bar: Callable[[float], None] | None = None
) -> Effect:
    """The effect of going from one law to another on a population. Raises what a run raises."""
    from ..engine.running import run

    population = open_people(people)
    with tempfile.TemporaryDirectory(prefix="socle-") as folder:
        results = []
        for number, law in enumerate((old, new)):
            half = _half(bar, number)
            out = Path(folder) / str(number)
            results.append(run(law, population, period, _amounts(law), out=out, memory_limit=memory, threads=threads, progress=half))
        before, after = results
        changes = [change for level in ("person", "household") for change in _compared(before, after, level)]
        rows = {
            level: population.tables[name].rows for level, name in (("person", "persons"), ("household", "households")) if name in population.tables
        }
        return Effect((old, new), (before.statement(), after.statement()), rows, after.period, tuple(changes))


def _amounts(law: Law) -> list[str]:
    return [f"{owner}.{name}" for owner, name in law.rules if owner in law.schemes and name in AMOUNTS]


def _half(bar: Callable[[float], None] | None, number: int) -> Callable[[float], None] | None:
    return (lambda percent: bar(50 * number + percent / 2)) if bar else None


def _compared(before: Result, after: Result, level: str) -> list[Change]:
    """The changes of a level's amounts; its rows are the same people in both runs."""
    import duckdb

    columns = [{(c.owner, c.variable): [] for c in r.columns if c.level == level} for r in (before, after)]
    for found, result in zip(columns, (before, after), strict=True):
        for column in result.columns:
            if column.level == level:
                found[column.owner, column.variable].append(column)
    names = list(dict.fromkeys([*columns[0], *columns[1]]))
    sides = [(f"side{n}", r.tables[level]) for n, r in enumerate((before, after)) if level in r.tables]
    if not names or not sides:
        return []
    key = f"{level}_id"
    weight = f'CAST({sides[-1][0]}."weight" AS DECIMAL(18,9))' if after.weighted and _has_weight(sides[-1][1]) else "CAST(1 AS DECIMAL(1,0))"
    relations = [f"read_parquet('{str(path).replace(chr(39), chr(39) * 2)}') AS {side}" for side, path in sides]
    joined = relations[0] if len(relations) == 1 else f"{relations[0]} JOIN {relations[1]} ON side0.{key} = side1.{key}"
    sums = ", ".join(part for name in names for part in _parts(_value("side0", columns[0].get(name)), _value("side1", columns[1].get(name)), weight))
    try:
        with duckdb.connect() as connection:
            values = connection.execute(f"SELECT {sums} FROM {joined}").fetchall()[0]
    except duckdb.Error as error:
        raise EngineError("E001", f"DuckDB could not compare the runs: {str(error).splitlines()[0]}", hint="run both laws with --out") from error
    return [_change(name, (columns[1].get(name) or columns[0][name])[0], values[7 * n : 7 * n + 7]) for n, name in enumerate(names)]


def _has_weight(path: Path) -> bool:
    import pyarrow.parquet as pq

    return "weight" in pq.read_schema(path).names


def _value(side: str, columns: Sequence[Column] | None) -> str:
    """The amount of a row over the months; zero where the law does not have it."""
    if not columns:
        return "CAST(0 AS DECIMAL(1,0))"
    return " + ".join(f'CAST({side}."{column.name}" AS DECIMAL(18,4))' for column in columns)


def _parts(old: str, new: str, weight: str) -> list[str]:
    old, new = f"CAST({old} AS DECIMAL(20,4))", f"CAST({new} AS DECIMAL(20,4))"
    known = f"{old} IS NOT NULL AND {new} IS NOT NULL"
    return [
        f"sum({old} * {weight}) FILTER (WHERE {known})",
        f"sum({new} * {weight}) FILTER (WHERE {known})",
        f"sum({weight}) FILTER (WHERE {new} > {old})",
        f"sum(({new} - {old}) * {weight}) FILTER (WHERE {new} > {old})",
        f"sum({weight}) FILTER (WHERE {new} < {old})",
        f"sum(({old} - {new}) * {weight}) FILTER (WHERE {new} < {old})",
        f"count(*) FILTER (WHERE NOT ({known}))",
    ]


def _change(name: tuple[str, str], column: Column, values: Sequence[Any]) -> Change:
    before, after, gainers, gained, losers, lost = (Decimal(value or 0) for value in values[:6])
    return Change(*name, column.level, column.unit, before, after, gainers, gained, losers, lost, int(values[6]))
