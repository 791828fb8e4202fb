"""Known totals as a table, and a survey's weights moved to them: persons or households of a group, or a sum over them.

    unit,sex,age,region,of,total
    persons,male,0-14,,,510000
    persons,,75+,,,82000
    households,,,north,,90000
    persons,,,,earnings,1250000000

Each row is one total: of those for whom every column that is filled in holds (a code, true or false, a number, a band of numbers); `of` names a
column whose sum is known instead of a number of units. Persons of a household keep one weight.

API: `read_totals(source, vocabulary) -> list of Total`, `calibrate_survey(survey, totals, method, bounds) -> Fitted`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError, Problems, SocleError, nearest
from ...vocabulary.model import HOUSEHOLDS, PERSONS, Vocabulary
from ..tables import Population, Table
from .calibration import BOUNDS, Calibrated, Method, calibrate
from .design import Array, Numbers
from .rows import ages_on, alive_on, homes_of, household_weights, read_table

if TYPE_CHECKING:
    import pyarrow as pa

BAND = re.compile(r"(\d+)(?:-(\d+)|(\+))?")
WEIGHT_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Total:
    """One known total. where: column -> value as text; of: a column to be summed, empty for a number of units; at: its place, for errors."""

    unit: str
    where: Mapping[str, str]
    total: Decimal
    of: str = ""
    at: str = ""


@dataclass(frozen=True)
class Fitted:
    """The survey with its new weights; before and after: what the old and the new weights give for each total."""

    population: Population
    calibrated: Calibrated
    totals: tuple[Total, ...]
    before: Array
    after: Array


def read_totals(source: str | Path | Iterable[Mapping[str, Any]], vocabulary: Vocabulary) -> list[Total]:
    """The totals of a CSV file, or of rows. Raises Problems (D044) with everything that is wrong."""
    if isinstance(source, str | Path):
        path, label = Path(source), Path(source).name
        if not path.is_file():
            raise DataError("D010", "there is no such file", at=str(path))
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows: list[Mapping[str, Any]] = list(csv.DictReader(stream))
    else:
        rows, label = list(source), "totals"
    problems: list[SocleError] = []
    made = [_total(row, f"{label}, row {number}", vocabulary, problems) for number, row in enumerate(rows, 1)]
    if not rows:
        problems.append(DataError("D044", "there are no totals", at=label, hint="write unit,sex,total and a row for each total"))
    if problems:
        raise Problems(problems)
    return [one for one in made if one]


def _total(row: Mapping[str, Any], at: str, vocabulary: Vocabulary, problems: list[SocleError]) -> Total | None:
    def wrong(what: str, hint: str = "") -> None:
        problems.append(DataError("D044", what, at=at, hint=hint))

    before = len(problems)
    cells = {str(name).strip(): str(value).strip() for name, value in row.items() if value is not None and str(value).strip()}
    unit, of = cells.pop("unit", PERSONS), cells.pop("of", "")
    number = _number(cells.pop("total", ""))
    if unit not in (PERSONS, HOUSEHOLDS):
        wrong(f"{unit!r} is no unit", "write persons or households")
        return None
    if number is None or number <= 0:
        wrong("the total is not a number above 0", "write 510000")
    words = vocabulary.tables[unit] if unit == HOUSEHOLDS else {**vocabulary.tables[HOUSEHOLDS], **vocabulary.tables[PERSONS]}
    for name in (*cells, *([of] if of else [])):
        if name not in words:
            wrong(f"{name!r} is not a word of the vocabulary for {unit}", nearest(name, list(words)))
    if of in words and words[of].type not in ("integer", "decimal"):
        wrong(f"{of} is no number: it has no sum", "leave of empty, to count")
    for name, value in cells.items():
        word = words.get(name)
        if word and word.type in ("integer", "decimal") and not BAND.fullmatch(value):
            wrong(f"{value!r} is no band of {name}", "write 0-14, 75+ or 7")
        if word and word.type == "code" and word.codes in vocabulary.codes and value not in vocabulary.codes[word.codes].values:
            wrong(f"{value!r} is not in the code list {word.codes}", nearest(value, list(vocabulary.codes[word.codes].values)))
    return Total(unit, cells, number, of, at) if len(problems) == before and number is not None else None


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def calibrate_survey(survey: Population, totals: Iterable[Total], method: Method = "raking", bounds: tuple[float, float] = BOUNDS) -> Fitted:
    """The survey with weights that add up to the totals, each changed as little as possible and by a factor within the bounds.

    A household starts with the mean of its members' weights. The dead do not count. Replicate weights belong to the old weights, so the design
    goes on without them. Raises Problems (D044): nobody of a group is in the survey, or a column is missing or unknown for some.
    """
    asked = tuple(totals)
    columns = _Columns(survey)
    problems: list[SocleError] = []
    counts = np.stack([columns.counts(one, problems) for one in asked], axis=1) if asked else np.zeros((columns.homes, 0))
    start = household_weights(columns.persons, columns.home_of, columns.homes)
    for place, one in enumerate(asked):
        if not problems and start @ counts[:, place] <= 0:
            problems.append(DataError("D044", "nobody in the survey is in this group, or their sum is not above 0", at=one.at, hint="join groups"))
    if problems or not asked:
        raise Problems(problems or [DataError("D044", "there are no totals")])
    wanted = np.array([float(one.total) for one in asked])
    found = calibrate(start, counts, wanted, method, bounds, level=False)
    made = {name: Table(name, data=read_table(table)) for name, table in survey.tables.items()}
    made[PERSONS] = Table(PERSONS, data=_with_weight(columns.persons, found.weights[columns.home_of]))
    if columns.households is not None and "weight" in columns.households.column_names:
        made[HOUSEHOLDS] = Table(HOUSEHOLDS, data=_with_weight(columns.households, np.where(columns.own >= 0, found.weights[columns.own], 0.0)))
    design = survey.design.without_replicates() if survey.design else None
    population = Population(survey.kind, survey.date, made, survey.currency, survey.digits, design)
    return Fitted(population, found, asked, start @ counts, found.weights @ counts)


def _with_weight(table: pa.Table, weights: Array) -> pa.Table:
    import pyarrow as pa

    last = Decimal(1).scaleb(-WEIGHT_DIGITS)
    rounded = pa.array([Decimal(repr(float(weight))).quantize(last) for weight in weights], pa.decimal128(18, WEIGHT_DIGITS))
    if "weight" in table.column_names:
        return table.set_column(table.column_names.index("weight"), "weight", rounded)
    return table.append_column("weight", rounded)


class _Columns:
    """The columns of persons and households that totals ask for, and each row's household."""

    def __init__(self, survey: Population) -> None:
        self.survey = survey
        self.persons = read_table(survey.tables[PERSONS])
        keys, self.home_of = homes_of(self.persons)
        self.homes = len(keys)
        self.alive = alive_on(self.persons, survey.date)
        self.households = read_table(survey.tables[HOUSEHOLDS]) if HOUSEHOLDS in survey.tables else None
        self.own: Numbers = np.arange(self.homes)
        if self.households is not None:
            at = {key: place for place, key in enumerate(keys.to_pylist())}
            self.own = np.array([at.get(key, -1) for key in self.households.column("household_id").to_pylist()], dtype=np.int64)
        self.kept: dict[tuple[str, str], list[Any]] = {}

    def counts(self, total: Total, problems: list[SocleError]) -> Array:
        """(household,): what each household adds to the total."""
        rows = len(self.home_of) if total.unit == PERSONS else self.homes
        value: Array = self.alive.astype(np.float64) if total.unit == PERSONS else np.ones(rows)
        for name, wanted in total.where.items():
            given = self.values(total.unit, name, total, problems)
            if given is not None:
                value *= _matches(given, wanted)
        if total.of:
            given = self.values(total.unit, total.of, total, problems)
            value *= 1.0 if given is None else np.array([float(one) for one in given])
        if total.unit == HOUSEHOLDS:
            return value
        return np.bincount(self.home_of, value, self.homes).astype(np.float64)

    def values(self, unit: str, name: str, total: Total, problems: list[SocleError]) -> list[Any] | None:
        """The column, one value for each person or household; None, with a problem, where it is not there or unknown for some."""
        if (unit, name) not in self.kept:
            self.kept[unit, name] = self._column(unit, name)
        found = self.kept[unit, name]
        if not found:
            problems.append(DataError("D044", f"the survey has no {name} for {unit}", at=total.at, hint="take a column that it has"))
            return None
        counted = self.alive if unit == PERSONS else np.ones(len(found), dtype=bool)
        unknown = sum(1 for value, inside in zip(found, counted, strict=True) if value is None and inside)
        if unknown:
            what = f"{name} is unknown for {unknown} {unit}, who could be in this group or not"
            problems.append(DataError("D044", what, at=total.at, hint="complete it, or take totals of another column"))
            return None
        return [0 if value is None else value for value in found]

    def _column(self, unit: str, name: str) -> list[Any]:
        """Of the unit's own table; persons may take their household's. Empty where there is none."""
        if unit == PERSONS and name in self.persons.column_names:
            return self.persons.column(name).to_pylist()
        if unit == PERSONS and name == "age" and "birth_date" in self.persons.column_names:
            return [None if age < 0 else age for age in ages_on(self.persons, self.survey.date).tolist()]
        if self.households is None or name not in self.households.column_names:
            return []
        by_home: list[Any] = [None] * self.homes
        for place, value in zip(self.own.tolist(), self.households.column(name).to_pylist(), strict=True):
            if place >= 0:
                by_home[place] = value
        return by_home if unit == HOUSEHOLDS else [by_home[place] for place in self.home_of.tolist()]


def _matches(values: list[Any], wanted: str) -> NDArray[np.bool_]:
    """Whether each value is the one wanted, or in the band."""
    band = BAND.fullmatch(wanted)
    if band and not any(isinstance(value, str) for value in values):
        low = int(band[1])
        high = float("inf") if band[3] else int(band[2] or low)
        return np.array([low <= value <= high for value in values])
    return np.array([str(value).lower() == wanted.lower() if isinstance(value, bool) else str(value) == wanted for value in values])
