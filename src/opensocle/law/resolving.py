"""What a name in a formula means: a column of the row at hand, a parameter, a variable, a fact of the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import nearest
from ..vocabulary.model import HISTORIES
from ..vocabulary.model import Fact as Word
from . import syntax as s
from . import tree as t
from .model import Parameter
from .tree import Expr, Kind

if TYPE_CHECKING:
    from .checking import Typer


class Resolution:
    """The part of the typer that knows whose a name is, in the order of docs/reference/language.md."""

    def name(self: Typer, node: s.Name) -> Expr:
        return self.dotted(node) if node.owner else self.bare(node)

    def bare(self: Typer, node: s.Name) -> Expr:
        if node.name.lower() == "period":
            return t.Period(t.MONTH, node.at, node.end)
        if node.name.lower() == "reference_date":
            return t.ReferenceDate(t.DATE, node.at, node.end)
        column = self.names.vocabulary.fact(self.scope.row, node.name) if self.scope.row in HISTORIES else None
        if column:
            return self.fact(node, column, self.scope.row)
        for owner in dict.fromkeys((self.scope.owner, "concepts")):
            found = self.owned(node, owner)
            if found:
                return found
        return self.word(node) or self.stranger(node)

    def stranger(self: Typer, node: s.Name) -> Expr:
        """The fault for a bare name that nobody knows."""
        if node.name == "members" or node.name in HISTORIES:
            return self.fail("F012", f"{node.name} is a table", node, f"use a function of its rows, such as count({node.name}, …)")
        words = self.names.vocabulary.tables
        tables = ["persons", "households", *[table for table in (self.scope.row,) if table in HISTORIES], *["events"] * self.scope.event]
        known = [*self.names.known(self.scope.owner), *self.names.known("concepts"), *(name for table in tables for name in words[table])]
        return self.fail("F010", f"unknown name {node.name!r}", node, nearest(node.name, known))

    def dotted(self: Typer, node: s.Name) -> Expr:
        if node.owner in HISTORIES:
            return self.column(node)
        if node.owner not in self.names.owners():
            return self.fail("F010", f"unknown scheme {node.owner!r}", node, nearest(node.owner, [*self.names.owners(), *HISTORIES]))
        found = self.owned(node, node.owner)
        return found or self.fail("F010", f"{node.owner} has no {node.name!r}", node, nearest(node.name, self.names.known(node.owner)))

    def column(self: Typer, node: s.Name) -> Expr:
        """`contributions.earnings`, inside a function of that history's rows."""
        word = self.names.vocabulary.fact(node.owner, node.name)
        if not word:
            known = list(self.names.vocabulary.tables[node.owner])
            return self.fail("F010", f"{node.owner} has no column {node.name!r}", node, nearest(node.name, known))
        if self.scope.row != node.owner:
            hint = f"use a function of its rows, such as sum({node.owner}.{node.name})"
            return self.fail("F023", f"{node.owner}.{node.name} has many rows", node, hint)
        return self.fact(node, word, node.owner)

    def owned(self: Typer, node: s.Name, owner: str) -> Expr | None:
        """A parameter or variable of a scheme or of the concepts."""
        parameter = self.names.parameter(owner, node.name)
        if parameter:
            if parameter.shape != "scalar":
                how = f"scale({node.name}, …)" if parameter.shape == "scale" else f"{node.name}[{', '.join(parameter.by)}]"
                return self.fail("F012", f"{node.name} is a {parameter.shape}", node, f"write {how}")
            return t.Param(Kind(parameter.type, parameter.unit), node.at, node.end, owner, node.name)
        variable = self.names.variable(owner, node.name)
        if not variable:
            return None
        kind, entity = variable
        if entity == "person" and self.scope.entity == "household":
            return self.of_a_person(node)
        return t.Result(kind, node.at, node.end, owner, node.name, entity)

    def word(self: Typer, node: s.Name) -> Expr | None:
        """A fact of the vocabulary: the claim's, the person's or the household's."""
        vocabulary, person = self.names.vocabulary, self.scope.entity == "person"
        if person and self.scope.event and self.scope.row != "members":
            word = vocabulary.fact("events", node.name)
            if word and node.name not in ("person_id", "contingency"):
                return self.fact(node, word, "event")
        for table in ("persons", "households") if person else ("households",):
            word = vocabulary.fact(table, node.name)
            if word:
                return self.fact(node, word, table)
        return self.of_a_person(node) if vocabulary.fact("persons", node.name) else None

    def of_a_person(self: Typer, node: s.Name) -> Expr:
        """The fault for a person's value in a household's formula."""
        what = f"{node.name} belongs to a person, this formula to a household"
        return self.fail("F023", what, node, f"add up the members: sum(members, {self.piece(node)})")

    def fact(self: Typer, node: s.Name, word: Word, table: str) -> Expr:
        kind = kind_of_fact(word)
        if word.formula and table in ("persons", "households"):
            self.names.variable("vocabulary", word.name)  # so that it is known who needs it
            return t.Result(kind, node.at, node.end, "vocabulary", word.name, "person" if table == "persons" else "household")
        return t.Fact(kind, node.at, node.end, table, word.name, word.none)

    def find_parameter(self: Typer, node: s.Name, shape: str) -> tuple[str, Parameter] | None:
        """The table, scale or scalar that a name means; the fault is reported where there is none."""
        owners = [node.owner] if node.owner else list(dict.fromkeys((self.scope.owner, "concepts")))
        if node.owner and node.owner not in self.names.owners():
            self.fail("F010", f"unknown scheme {node.owner!r}", node, nearest(node.owner, self.names.owners()))
            return None
        for owner in owners:
            parameter = self.names.parameter(owner, node.name)
            if parameter and parameter.shape == shape:
                return owner, parameter
            if parameter:
                self.fail("F012", f"{node.name} is a {parameter.shape}, not a {shape}", node, "see the functions of values")
                return None
        known = [name for owner in owners for name in self.names.known(owner) if self.names.parameter(owner, name)]
        self.fail("F010", f"no {shape} parameter {node.name!r}", node, nearest(node.name, known))
        return None


def kind_of_fact(word: Word) -> Kind:
    """The kind of a word of the vocabulary."""
    return Kind(word.type, word.unit, codes=word.codes)
