"""The survey as columns: those that it has, and formulas of the law language over its facts, one value for each person or household.

API: `Facts(survey, law, month)`; `.homes`; `.numbers(term, table)`, `.truths(…)`, `.words(…)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ...engine.data import KnownData, check_columns
from ...engine.lowering import make_plan
from ...engine.plan import HOUSEHOLD
from ...engine.running import column_name, duckdb_store, queries
from ...engine.sql.dialect import DIALECTS
from ...errors import DataError, LawError, Problems, nearest
from ...law.law import Law, load
from ...law.nodes import Node, from_data
from ...law.overlays import Overlay
from ...periods import Month
from ...population.survey.rows import homes_of, read_table
from ...population.tables import Population
from ...vocabulary import currency_digits
from .measured import Array
from .settings import Term, term

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["number", "truth", "word"]
Level = Literal["persons", "households"]


@cache
def no_law(currency: str = "XXX") -> Law:
    """The law of a study without one: the vocabulary alone, in a currency."""
    digits = "" if currency_digits(currency) is not None else ", digits: 2"
    return load({"country.yaml": f"country: XX\ntitle: {{en: Survey}}\ncurrency: {{code: {currency}{digits}}}\n"})


def added_up(positions: NDArray[np.int64], values: Array, count: int) -> Array:
    """Sums of the values at each of `count` positions."""
    return np.bincount(positions, values, count).astype(np.float64, copy=False)


@dataclass(frozen=True, eq=False)
class Homes:
    """The survey's households: their keys, the position of each person's, and which persons are counted (alive on the day)."""

    keys: pa.Array
    of: NDArray[np.int64]
    counted: NDArray[np.bool_]

    @property
    def count(self) -> int:
        return len(self.keys)

    def add(self, column: Array) -> Array:
        """Sums over the counted members; NaN where a member's value is."""
        return added_up(self.of[self.counted], column[self.counted], self.count)

    def of_all(self, column: Array) -> Array:
        """The value of all members, where each has the same; NaN where there is none."""
        made = np.full(self.count, np.nan)
        made[self.of[self.counted]] = column[self.counted]
        return made


class Facts:
    """Columns and formulas of a survey in a month, in the order of its rows of persons, or of `homes` for households."""

    def __init__(self, survey: Population, law: Law | None, month: Month) -> None:
        self.survey, self.law, self.month = survey, law or no_law(survey.currency or "XXX"), month
        self.homes = self._homes()
        self._kept: dict[tuple[str, Level, Kind], Any] = {}

    # --- columns

    def has(self, name: str, table: Level) -> bool:
        return table in self.survey.tables and name in self.survey.tables[table].columns

    def level_of(self, one: Term) -> Level:
        """Whose a term is: a household's where only households have the column, else a person's."""
        if self.has(one.text, "persons"):
            return "persons"
        if self.has(one.text, "households"):
            return "households"
        fact = self.law.vocabulary.fact("households", one.text)
        rule = self.law.rules.get(("concepts", one.text))
        household = (fact and not self.law.vocabulary.fact("persons", one.text)) or (rule is not None and rule.entity == HOUSEHOLD)
        return "households" if household else "persons"

    def column(self, name: str, table: Level) -> pa.ChunkedArray:
        """A column as it is stored; households' in the order of `homes`."""
        found = read_table(self.survey.tables[table], [name] if table == "persons" else ["household_id", name])
        if table == "persons":
            return found.column(name)
        import pyarrow.compute as pc

        at = pc.call_function("index_in", [self.homes.keys], pc.SetLookupOptions(found.column("household_id").combine_chunks()))
        return found.column(name).take(at)

    def numbers(self, one: Term, table: Level) -> Array:
        """The values as numbers; NaN is unknown."""
        return self._values(one, table, "number")

    def truths(self, one: Term, table: Level) -> Array:
        """1 where true, 0 where false, NaN where unknown."""
        return self._values(one, table, "truth")

    def words(self, one: Term, table: Level) -> tuple[NDArray[np.int64], list[Any]]:
        """Codes or texts: positions in a list of the different values; -1 is unknown."""
        return self._values(one, table, "word")

    def _values(self, one: Term, table: Level, kind: Kind) -> Any:
        key = (one.text, table, kind)
        if key not in self._kept:
            found = self.column(one.text, table) if self.has(one.text, table) else self._computed(one, table, kind)
            self._kept[key] = _coded(found) if kind == "word" else _floats(found)
        return self._kept[key]

    # --- formulas

    def _computed(self, one: Term, table: Level, kind: Kind) -> pa.ChunkedArray:
        """A fact that the vocabulary derives, a concept, or a formula."""
        name = one.text
        if ("concepts", name) in self.law.rules or ("vocabulary", name) in self.law.rules:
            owner = "concepts" if ("concepts", name) in self.law.rules else "vocabulary"
            law = self.law
        else:
            owner, name, law = "concepts", "of_this_study", self._with(one, table, kind)
        level = "household" if table == "households" else "person"
        found = evaluate(law, self.survey, self.month, owner, name, level)
        keys = self.homes.keys if table == "households" else self.persons()
        return found.column("value").take(_positions(keys, found.column("key")))

    def _with(self, one: Term, table: Level, kind: Kind) -> Law:
        """The law with the formula as one more concept. Raises Problems: A071 with what is wrong with it."""
        types = {"number": {"unit": f"{self.law.country.currency.code}/month"}, "truth": {"type": "boolean"}, "word": {"type": "text"}}[kind]
        variable = from_data({"of": "household" if table == "households" else "person", **types}).map
        formula = Node({**variable, "formula": one.node if one.node.text else Node(one.text)}, one.node.place)
        tree = Node({"concepts": Node({"variables": Node({"of_this_study": formula})})}, one.node.place)
        try:
            return self.law.with_(Overlay("study", {}, tree))
        except Problems as error:
            if one.text.replace("_", "").replace(".", "").isalnum():
                known = [*(self.survey.tables[table].columns if table in self.survey.tables else ()), *self.law.vocabulary.tables[table]]
                raise self.wrong(one, f"the survey's {table} have no {one.text!r}", nearest(one.text, known)) from error
            raise Problems([self.wrong(one, p.what, p.hint, at=p.at) for p in error.problems]) from error

    def wrong(self, one: Term, what: str, hint: str, code: str = "A071", at: str = "") -> LawError:
        return LawError(code, what, at=at or str(one.node.place), hint=hint)

    def persons(self) -> pa.Array:
        """The persons' keys."""
        return read_table(self.survey.tables["persons"], ["person_id"]).column("person_id").combine_chunks()

    # --- households

    def _homes(self) -> Homes:
        """The households and who is counted. Raises DataError D024 where a person is in none."""
        columns = self.survey.tables["persons"].columns
        keys, of = homes_of(read_table(self.survey.tables["persons"], ["household_id" if "household_id" in columns else "person_id"]))
        every = Homes(keys, of, np.ones(len(of), dtype=bool))
        if "death_date" not in columns and "alive" not in columns:
            return every
        self.homes, self._kept = every, {}
        return Homes(every.keys, of, self.truths(term("alive"), "persons") != 0)


def evaluate(law: Law, survey: Population, month: Month, owner: str, name: str, level: str) -> pa.Table:
    """A variable of the law for every person or household: columns key and value."""
    import duckdb

    plan = make_plan(law, [month], [(owner, name)], KnownData(survey))
    check_columns(law, plan, survey)
    connection = duckdb.connect()
    try:
        found = queries(plan, DIALECTS["duckdb"], duckdb_store(connection, survey))
        if level not in found:
            raise DataError("A071", f"{name} is not a {level}'s", hint="give it among the other's terms")
        key = "household_id" if level == HOUSEHOLD else "person_id"
        column = DIALECTS["duckdb"].identifier(column_name(plan, plan.outputs[0]))
        return connection.sql(f"SELECT {key} AS key, {column} AS value FROM ({found[level]}) AS results").to_arrow_table()
    finally:
        connection.close()


def _positions(wanted: pa.Array, keys: pa.ChunkedArray) -> pa.Array:
    """Where each of the wanted keys stands among the keys; null where it does not."""
    import pyarrow.compute as pc

    return pc.call_function("index_in", [wanted.cast(keys.type)], pc.SetLookupOptions(keys.combine_chunks()))


def _floats(column: pa.ChunkedArray) -> Array:
    """Numbers and truths as floats; NaN is unknown. Raises DataError A071 for other types."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_boolean(kind):
        column = column.cast(pa.int8())
    elif not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        raise DataError("A071", f"a column of {kind} is no number", hint="take a column of numbers")
    return np.asarray(column.cast(pa.float64()).to_numpy()).astype(float)


def _coded(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], list[Any]]:
    array = column.combine_chunks()
    import pyarrow as pa

    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    found = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    values = array.dictionary.to_pylist()
    order = sorted(range(len(values)), key=lambda at: (str(type(values[at])), values[at]))
    place = np.empty(len(values) + 1, dtype=np.int64)
    place[order] = np.arange(len(values))
    place[-1] = -1
    return place[found], [values[at] for at in order]
