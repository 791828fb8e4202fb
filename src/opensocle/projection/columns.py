"""Reads what holds for cells, claims and parts of the people: facts of the vocabulary and variables of the law, each of its type."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..errors import nearest
from ..law.nodes import Node
from ..vocabulary.model import PERSONS, Fact
from .model import OWN_EARNINGS, Column
from .reading import AMOUNT, Limits, Reader
from .tables import DIMENSIONS

RESERVED = ("person_id", "household_id", "weight", "age", "sex", "labour_status", "status_in_employment", "informal", "insured", "earnings")
"""What the cells themselves fill."""


@dataclass(frozen=True, slots=True)
class ColumnReader:
    """Reads `{name: value}`: constants, and numbers as one value, a yearly value or a table."""

    reader: Reader
    dimensions: Collection[str] = DIMENSIONS

    def facts(self, node: Node | None, path: str, table: str = PERSONS, inherited: str = "", keep: Collection[str] = RESERVED) -> tuple[Column, ...]:
        """Facts of a table of the vocabulary, those in `keep` excepted."""
        if node is None:
            return ()
        known = self.reader.law.vocabulary.tables[table]
        columns = []
        for name, child in node.as_map(self.reader.found, path).items():
            place, word = node.key_place(name), known.get(name)
            if word is None or name in keep or word.type in ("key", "month"):
                hint = "the cells fill it themselves" if name in keep else nearest(name, [n for n in known if n not in keep])
                self.reader.problem("P065", f"{path}: {name!r} is no fact to be given of {table}", place, hint)
                continue
            column = self._fact(word, child, f"{path}.{name}", inherited)
            columns += [column] if column else []
        return tuple(columns)

    def _fact(self, word: Fact, node: Node, path: str, inherited: str) -> Column | None:
        if word.type in ("integer", "decimal"):
            limits = Limits(word.minimum, word.maximum, f"from {word.minimum} to {word.maximum}")
            digits = self._digits if word.unit.currency else word.digits
            return self._number(word.name, word.type, digits, node, path, limits, bool(word.unit.currency), inherited)
        return self._constant(word.name, word.type, node, path, list(self.reader.law.vocabulary.codes[word.codes].values) if word.codes else [])

    @property
    def _digits(self) -> int:
        return self.reader.law.country.currency.digits

    def given(self, node: Node | None, path: str, inherited: str = "") -> tuple[Column, ...]:
        """Variables of the law's schemes and concepts, by `scheme.variable`, that are given instead of computed."""
        if node is None:
            return ()
        columns = []
        for name, child in node.as_map(self.reader.found, path).items():
            column = self._variable(name, child, node, f"{path}.{name}", inherited)
            columns += [column] if column else []
        return tuple(columns)

    def _variable(self, name: str, child: Node, node: Node, path: str, inherited: str) -> Column | None:
        owner, _, variable = name.partition(".")
        rules, place = self.reader.law.rules, node.key_place(name)
        rule = rules.get((owner, variable))
        if rule is None:
            known = [f"{one}.{other}" for one, other in rules if one != "vocabulary"]
            self.reader.problem("P064", f"the law has no variable {name!r}", place, nearest(name, known))
            return None
        if rule.entity != "person":
            self.reader.problem("P064", f"{name!r} belongs to households, which cells do not have", place, "use a survey (households:)")
            return None
        kind = rule.kind
        if not kind.numeric:
            codes = list(self.reader.law.vocabulary.codes[kind.codes].values) if kind.codes else []
            return self._constant(name, kind.type, child, path, codes)
        money = bool(kind.unit.currency)
        digits = self._digits if money else 6
        return self._number(name, kind.type, digits, child, path, AMOUNT if money else Limits(None), money, inherited)

    def _number(self, name: str, type: str, digits: int, node: Node, path: str, limits: Limits, money: bool, inherited: str) -> Column | None:
        if money and node.plain and node.text == OWN_EARNINGS:
            return Column(name, "decimal", OWN_EARNINGS, digits)
        table = self.reader.table(
            node, path, limits, self.dimensions, unit=self.reader.law.country.currency.code if money else "", inherited=inherited
        )
        if table is None:
            return None
        fraction = any(value != value.to_integral_value() for series in table.rows.values() for _, value in series.points)
        if type == "integer" and fraction:
            self.reader.problem("P062", f"{path} must be a whole number", node.place, "write a number without decimals")
            return None
        return Column(name, type, table, digits if type == "decimal" else 0)

    def _constant(self, name: str, type: str, node: Node, path: str, codes: list[str]) -> Column | None:
        found = self.reader.found
        if node.get("value") is not None:
            node = node.map["value"]
        if type == "boolean":
            truth = node.as_boolean(found, path)
            return None if truth is None else Column(name, "boolean", truth)
        if type == "date":
            day = node.as_date(found, path)
            return None if day is None else Column(name, "date", day)
        word = node.as_choice(found, path, codes) if type == "code" else node.as_text(found, path)
        return None if word is None else Column(name, type, word)
