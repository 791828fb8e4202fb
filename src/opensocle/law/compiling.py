"""From formulas as text to rules: typed trees in an order in which each can be computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from ..errors import LawError
from ..money import Rounding
from ..vocabulary.model import Vocabulary
from ..vocabulary.units import TIME, Unit
from .checking import Scope, Typer
from .grammar import Node, parse
from .kinds import fits
from .model import AMOUNTS, Country, DatedFormula, Parameter, Place, Scheme, Titles, Variable
from .resolving import kind_of_fact
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


@lru_cache(maxsize=4096)
def _parse(text: str, place: Place) -> Node:
    return parse(text, place)


class Compiler:
    """Types all formulas of a law; `problems` gathers the faults, `rules` is in the order of calculation."""

    def __init__(self, country: Country, vocabulary: Vocabulary, schemes: Mapping[str, Scheme], contingency_is_event: Mapping[str, bool]) -> None:
        self.country, self.vocabulary, self.schemes, self.is_event = country, vocabulary, schemes, contingency_is_event
        self.problems: list[LawError] = []
        self.edges: dict[RuleName, dict[RuleName, None]] = {}
        self.typed: dict[RuleName, tuple[Formula, ...]] = {}
        self.kinds: dict[RuleName, Kind] = {}
        self.doing: list[RuleName] = []
        self.derived = {
            fact.name: Variable(
                fact.name,
                fact.type,
                fact.unit,
                (DatedFormula(date.min, fact.formula, Place(f"vocabulary/{fact.name}", 1, 1)),),
                entity,
                title=fact.title,
            )
            for table, entity in _OWN_TABLES
            for fact in vocabulary.tables[table].values()
            if fact.formula
        }
        for name, variable in self.derived.items():
            fact = vocabulary.fact("persons" if variable.entity == "person" else "households", name)
            assert fact is not None
            self.kinds["vocabulary", name] = kind_of_fact(fact)

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
            self.edges.setdefault(self.doing[-1], {})[owner, name] = None
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
        elif key in self.doing:
            return ERROR  # a cycle: reported by `order`
        else:
            formulas = self.formulas(key)
            found = formulas[0].expr.kind if formulas else ERROR
            loose_literal = found.free and variable.unit is None
            unit = variable.unit if variable.unit is not None else Unit() if loose_literal else found.unit
            self.kinds[key] = Kind(declared or found.type, unit, codes=found.codes)
        return self.kinds[key]

    def formulas(self, key: RuleName) -> tuple[Formula, ...]:
        if key in self.typed:
            return self.typed[key]
        variable = self.find(key)
        assert variable is not None
        owner = key[0]
        scheme = self.schemes.get(owner)
        event = bool(scheme and self.is_event.get(scheme.contingency))
        scope = Scope(owner, variable.entity, event)
        self.doing.append(key)
        typed = []
        for dated in variable.formulas:
            problems: list[LawError] = []
            try:
                tree = _parse(dated.text, dated.place)
                expr = Typer(self, scope, dated.text, dated.place, problems).of(tree)
                typed.append(Formula(dated.since, dated.text, expr, dated.place))
            except LawError as error:
                problems.append(error)
            self.problems.extend(problems)
        self.doing.pop()
        self.typed[key] = tuple(typed)
        self.check_declared(key, variable)
        return self.typed[key]

    def check_declared(self, key: RuleName, variable: Variable) -> None:
        kind = self.kind(key)
        for formula in self.typed[key]:
            wrong = fits(formula.expr.kind, kind)
            if wrong:
                self.problems.append(
                    LawError("F024", f"{variable.name}: {wrong}", at=str(formula.place), hint="change the formula, or the declared type or unit")
                )
        if variable.rounding and kind != ERROR and not kind.numeric:
            self.problems.append(
                LawError("F020", f"{variable.name} is {kind}: it cannot be rounded", at=str(variable.place), hint="leave the rounding out")
            )

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
            elif name == "duration" and not (kind.numeric and any(base in TIME for base, _ in kind.unit.powers)):
                wrong = f"duration must be a length of time (unit: day, week, month or year), it is {kind}"
            elif name in ("eligible", "benefit", "duration") and variable.entity != scheme.unit:
                wrong = f"{name} belongs to a {variable.entity}, the scheme's unit is {scheme.unit}"
            if wrong:
                self.problems.append(LawError("L040", wrong, at=str(variable.place), hint="use another name, or change the declaration"))
        if self.is_event.get(scheme.contingency) and scheme.unit == "household":
            self.problems.append(
                LawError("L041", f"{scheme.contingency} is an event, which a person claims", at=str(scheme.place), hint="write unit: person")
            )

    # --- order

    def order(self) -> list[RuleName]:
        """All rules, each after those it needs. A cycle is a problem, shown as a path."""
        done: dict[RuleName, None] = {}
        state: dict[RuleName, int] = {}
        for start in self.typed:
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
        shown = " → ".join(name if owner in ("concepts", "vocabulary") else f"{owner}.{name}" for owner, name in path)
        variable = self.find(path[0])
        place = str(variable.place) if variable else ""
        self.problems.append(
            LawError(
                "F030", f"variables need each other: {shown}", at=place, hint="break the circle: let one use an amount before the other's deduction"
            )
        )

    def rule(self, key: RuleName) -> Rule:
        variable = self.find(key)
        assert variable is not None
        return Rule(*key, variable.entity, self.kind(key), self.typed[key], variable.rounding, variable.title, variable.source)


_OWN_TABLES: tuple[tuple[str, Entity], ...] = (("persons", "person"), ("households", "household"))
