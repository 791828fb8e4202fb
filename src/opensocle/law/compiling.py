"""From formulas as text to rules: typed trees in an order in which each can be computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from ..errors import LawError
from ..money import Rounding
from ..vocabulary.model import Vocabulary
from ..vocabulary.units import TIME, Unit
from .checking import Scope, Typer
from .grammar import parse
from .kinds import fits, join
from .model import AMOUNTS, Country, DatedFormula, Parameter, Place, Scheme, Titles, Variable
from .positions import locate
from .resolving import kind_of_fact
from .syntax import Node
from .tree import BOOLEAN, ERROR, Entity, Expr, Kind

RuleName = tuple[str, str]
"""Owner (a scheme, `concepts` or `vocabulary`) and variable."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in force from `since` on: its text, its typed tree and its place."""

    since: date
    text: str
    expr: Expr
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A variable that can be computed."""

    owner: str
    name: str
    entity: Entity
    kind: Kind
    formulas: tuple[Formula, ...]
    rounding: Rounding | None = None
    title: Titles = field(default_factory=dict)
    source: str = ""

    @property
    def key(self) -> RuleName:
        return self.owner, self.name

    def __str__(self) -> str:
        return self.name if self.owner in ("concepts", "vocabulary") else f"{self.owner}.{self.name}"

    def on(self, day: date) -> Formula | None:
        """The formula in force on a day."""
        return next((formula for formula in reversed(self.formulas) if formula.since <= day), None)


_LENGTHS = tuple(((base, 1),) for base in TIME)
_NO_PLACES: Mapping[str, Place] = MappingProxyType({})
_OWN_TABLES: tuple[tuple[str, Entity], ...] = (("persons", "person"), ("households", "household"))


@lru_cache(maxsize=4096)
def _parse(text: str, place: Place) -> Node:
    return parse(text, place)


class _Needed(Exception):
    """A formula needs the kind of a variable that only that variable's own formula tells: type this one first."""

    def __init__(self, key: RuleName) -> None:
        self.key = key


class Compiler:
    """Types all formulas of a law; `problems` gathers the faults, `run` gives the rules in an order of calculation.

    places: where the formulas of facts that the country adds to the vocabulary stand, by name.
    """

    def __init__(
        self,
        country: Country,
        vocabulary: Vocabulary,
        schemes: Mapping[str, Scheme],
        contingency_is_event: Mapping[str, bool],
        places: Mapping[str, Place] = _NO_PLACES,
    ) -> None:
        self.country, self.vocabulary, self.schemes, self.is_event = country, vocabulary, schemes, contingency_is_event
        self.problems: list[LawError] = []
        self.edges: dict[RuleName, dict[RuleName, None]] = {}
        self.typed: dict[RuleName, tuple[Formula, ...]] = {}
        self.kinds: dict[RuleName, Kind] = {}
        self.doing: dict[RuleName, None] = {}
        self.derived: dict[str, Variable] = {}
        for table, entity in _OWN_TABLES:
            for fact in vocabulary.tables[table].values():
                if fact.formula:
                    formula = DatedFormula(date.min, fact.formula, places.get(fact.name, Place(f"vocabulary/{fact.name}", 1, 1)))
                    self.derived[fact.name] = Variable(fact.name, fact.type, fact.unit, (formula,), entity, title=fact.title, place=formula.place)
                    self.kinds["vocabulary", fact.name] = kind_of_fact(fact)

    def run(self) -> dict[RuleName, Rule]:
        for name in self.derived:
            self.formulas(("vocabulary", name))
        for scheme in self.schemes.values():
            for variable in scheme.variables:
                self.formulas((scheme.name, variable))
            self.check_reserved(scheme)
        return {key: self.rule(key) for key in self.order()}

    # --- what typing asks (the protocol Names)

    def parameter(self, owner: str, name: str) -> Parameter | None:
        return self.schemes[owner].parameters.get(name) if owner in self.schemes else None

    def variable(self, owner: str, name: str) -> tuple[Kind, Entity] | None:
        found = self.find((owner, name))
        if not found:
            return None
        if self.doing:
            self.edges.setdefault(next(reversed(self.doing)), {})[owner, name] = None
        return self.kind((owner, name)), found.entity

    def owners(self) -> list[str]:
        return list(self.schemes)

    def known(self, owner: str) -> list[str]:
        scheme = self.schemes.get(owner)
        return [*scheme.parameters, *scheme.variables] if scheme else []

    # --- kinds and formulas

    def find(self, key: RuleName) -> Variable | None:
        owner, name = key
        if owner == "vocabulary":
            return self.derived.get(name)
        return self.schemes[owner].variables.get(name) if owner in self.schemes else None

    def kind(self, key: RuleName) -> Kind:
        """The declared kind, completed by the formula's where the law leaves it out."""
        if key in self.kinds:
            return self.kinds[key]
        variable = self.find(key)
        assert variable is not None
        declared = variable.type
        if declared in ("money", "rate") or (declared is None and variable.unit and variable.unit.currency):
            declared = "decimal"
        if declared in ("boolean", "date", "month", "text"):
            self.kinds[key] = Kind(declared)
        elif declared in ("integer", "decimal") and (variable.unit is not None or variable.type == "rate"):
            self.kinds[key] = Kind(declared, variable.unit or Unit())
        elif key in self.typed:
            found = ERROR
            for formula in self.typed[key]:
                found = join(found, formula.expr.kind) or found
            unit = variable.unit if variable.unit is not None else Unit() if found.free else found.unit
            self.kinds[key] = Kind(declared or found.type, unit, codes=found.codes)
        elif key in self.doing:
            return ERROR  # a cycle: reported by `order`
        else:
            raise _Needed(key)
        return self.kinds[key]

    def formulas(self, key: RuleName) -> tuple[Formula, ...]:
        """The typed formulas of a variable. Those whose kind it needs are typed before it: in a loop, as chains of variables may be long."""
        self.doing = {key: None}
        while self.doing:
            current = next(reversed(self.doing))
            try:
                if current not in self.typed:
                    self.type(current)
                del self.doing[current]
            except _Needed as needed:
                self.doing[needed.key] = None
        return self.typed[key]

    def type(self, key: RuleName) -> None:
        """Types the formulas of a variable. Raises _Needed."""
        variable = self.find(key)
        assert variable is not None
        scheme = self.schemes.get(key[0])
        scope = Scope(key[0], variable.entity, bool(scheme and self.is_event.get(scheme.contingency)))
        typed: list[Formula] = []
        problems: list[LawError] = []
        for dated in variable.formulas:
            try:
                expr = Typer(self, scope, dated.text, dated.place, problems).of(_parse(dated.text, dated.place))
                typed.append(Formula(dated.since, dated.text, expr, dated.place))
            except LawError as error:
                problems.append(error)
        self.typed[key] = tuple(typed)
        self.problems += problems
        self.check_declared(key, variable)

    def check_declared(self, key: RuleName, variable: Variable) -> None:
        kind = self.kind(key)
        for formula in self.typed[key]:
            wrong = fits(formula.expr.kind, kind)
            if wrong:
                place = locate(formula.place, formula.text, formula.expr.at)
                self.problem("F024", f"{variable.name}: {wrong}", place, "change the formula, or the declared type or unit")
        if variable.rounding and kind != ERROR and not kind.numeric:
            self.problem("F020", f"{variable.name} is {kind}: it cannot be rounded", variable.place, "leave the rounding out")

    def problem(self, code: str, what: str, place: Place, hint: str) -> None:
        self.problems.append(LawError(code, what, at=str(place), hint=hint))

    def check_reserved(self, scheme: Scheme) -> None:
        """Reserved names have the type that other parts of the program rely on."""
        for name, variable in scheme.variables.items():
            kind, wrong = self.kind((scheme.name, name)), ""
            if kind == ERROR:
                continue
            if name == "eligible" and kind != BOOLEAN:
                wrong = f"eligible must be boolean, it is {kind}"
            elif name in AMOUNTS and not (kind.numeric and kind.unit.currency):
                wrong = f"{name} must be money, it is {kind}"
            elif name == "duration" and not (kind.numeric and kind.unit.powers in _LENGTHS):
                wrong = f"duration must be a length of time (unit: day, week, month or year), it is {kind}"
            elif name in ("eligible", "benefit", "duration") and variable.entity != scheme.unit:
                wrong = f"{name} belongs to a {variable.entity}, the scheme's unit is {scheme.unit}"
            if wrong:
                self.problem("L040", wrong, variable.place, "use another name, or change the declaration")
        if self.is_event.get(scheme.contingency) and scheme.unit == "household":
            self.problem("L041", f"{scheme.contingency} is an event, which a person claims", scheme.place, "write unit: person")

    # --- order

    def order(self) -> list[RuleName]:
        """All rules, each after those it needs. A cycle is a problem, shown as a path."""
        done: dict[RuleName, None] = {}
        state: dict[RuleName, int] = {}
        for start in [*(("vocabulary", name) for name in self.derived), *((s.name, name) for s in self.schemes.values() for name in s.variables)]:
            path: list[RuleName] = []
            stack: list[tuple[RuleName, bool]] = [(start, False)]
            while stack:
                key, leaving = stack.pop()
                if leaving:
                    state[key] = 2
                    done[key] = None
                    path.pop()
                elif state.get(key) == 1:
                    self.cycle([*path[path.index(key) :], key])
                elif key not in state:
                    state[key] = 1
                    path.append(key)
                    stack.append((key, True))
                    stack.extend((needed, False) for needed in reversed(self.edges.get(key, {})))
        return list(done)

    def cycle(self, path: list[RuleName]) -> None:
        shown = [name if owner in ("concepts", "vocabulary") else f"{owner}.{name}" for owner, name in path]
        what = f"{shown[0]} needs itself" if len(path) == 2 else f"variables need each other: {' → '.join(shown)}"
        variable = self.find(path[0])
        place = variable.place if variable else Place()
        self.problem("F030", what, place, "break the circle: let one use an amount before the other's deduction")

    def rule(self, key: RuleName) -> Rule:
        variable = self.find(key)
        assert variable is not None
        return Rule(*key, variable.entity, self.kind(key), self.typed[key], variable.rounding, variable.title, variable.source)
