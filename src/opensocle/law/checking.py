"""From the syntax tree to the typed tree: names are resolved, types and units checked, and all faults collected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from ..errors import LawError, nearest
from ..vocabulary.model import HISTORIES, Vocabulary
from . import syntax as s
from . import tree as t
from .functions import SCALARS, Signatures, number_hint
from .kinds import join, product, quotient, same_unit
from .model import Parameter, Place
from .positions import locate
from .resolving import Resolution
from .rows import ROW_FUNCTIONS, row_function
from .tree import BOOLEAN, ERROR, Entity, Expr, Kind

COMPARISONS = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
CONVERTS = 4
"""The least literal factor that may change a unit of time (4 weeks, 7 days, 12 months, 30 days…)."""
ARITHMETIC = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


class Names(Protocol):
    """What a formula may speak of; kept by `law.compiling`."""

    vocabulary: Vocabulary

    def parameter(self, owner: str, name: str) -> Parameter | None: ...
    def variable(self, owner: str, name: str) -> tuple[Kind, Entity] | None: ...
    def owners(self) -> list[str]: ...
    def known(self, owner: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a formula stands: whose it is, what it is about, and which row it looks at."""

    owner: str
    entity: Entity
    event: bool = False
    row: str = ""  # members or a history, inside a table function


class Typer(Resolution, Signatures):
    """Types one formula. `problems` gathers what is wrong; a faulty part has the kind `error`, which causes no further complaint."""

    def __init__(self, names: Names, scope: Scope, text: str, place: Place, problems: list[LawError]) -> None:
        self.names, self.scope, self.text, self.place, self.problems = names, scope, text, place, problems

    def fail(self, code: str, what: str, node: s.Node | Expr, hint: str = "") -> Expr:
        self.problems.append(LawError(code, what, at=str(locate(self.place, self.text, node.at)), hint=hint))
        return t.Const(ERROR, node.at, node.end, False)

    def piece(self, node: s.Node | Expr) -> str:
        """The characters of a part of the formula."""
        return self.text[node.at : node.end]

    def within(self, row: str) -> Typer:
        """A typer for the rows of a table."""
        entity: Entity = "person" if row else self.scope.entity
        return Typer(self.names, replace(self.scope, row=row, entity=entity), self.text, self.place, self.problems)

    def of(self, node: s.Node) -> Expr:
        """The typed tree of a part of the formula."""
        match node:
            case s.Number():
                kind = Kind("integer" if node.whole else "decimal", free=True, loose=node.value >= CONVERTS)
                return t.Const(kind, node.at, node.end, int(node.value) if node.whole else node.value)
            case s.Text():
                return t.Const(Kind("text"), node.at, node.end, node.value)
            case s.Truth():
                return t.Const(BOOLEAN, node.at, node.end, node.value)
            case s.Name():
                return self.name(node)
            case s.Unary():
                return self.unary(node)
            case s.Binary():
                return self.binary(node)
            case s.Member():
                return self.member(node)
            case s.Between():
                return self.between(node)
            case s.IsNull():
                return self.negate(t.Op(BOOLEAN, node.at, node.end, "is_null", (self.of(node.x),)), node.negated)
            case s.Case():
                return self.case(node)
            case s.Index():
                return self.index(node)
            case s.Call():
                return self.call(node)
        raise AssertionError(f"no such node: {node!r}")

    # --- operators

    def negate(self, expr: Expr, negated: bool) -> Expr:
        return t.Op(BOOLEAN, expr.at, expr.end, "not", (expr,)) if negated else expr

    def condition(self, node: s.Node) -> Expr:
        return self.boolean(self.of(node))

    def boolean(self, expr: Expr) -> Expr:
        if expr.kind.type not in ("boolean", "error"):
            return self.fail("F020", f"a condition is expected, this is {expr.kind}", expr, "compare it with something")
        return expr

    def number(self, expr: Expr) -> Expr:
        if not expr.kind.numeric and expr.kind != ERROR:
            return self.fail("F020", f"a number is expected, this is {expr.kind}", expr, number_hint(expr.kind))
        return expr

    def unary(self, node: s.Unary) -> Expr:
        x = self.of(node.x)
        if node.op == "not":
            return t.Op(BOOLEAN, node.at, node.end, "not", (self.boolean(x),))
        x = self.number(x)
        if isinstance(x, t.Const) and isinstance(x.value, int | Decimal) and x.kind != ERROR:
            return t.Const(x.kind, node.at, node.end, -x.value)
        return t.Op(x.kind, node.at, node.end, "neg", (x,))

    def binary(self, node: s.Binary) -> Expr:
        left, right = self.of(node.left), self.of(node.right)
        if node.op in ("and", "or"):
            return t.Op(BOOLEAN, node.at, node.end, node.op, (self.boolean(left), self.boolean(right)))
        if node.op in COMPARISONS:
            return self.compare(COMPARISONS[node.op], left, right, node)
        left, right = self.number(left), self.number(right)
        if ERROR in (left.kind, right.kind):
            return t.Const(ERROR, node.at, node.end, False)
        if node.op in "*/":
            kind = (product if node.op == "*" else quotient)(left.kind, right.kind)
        else:
            unit = same_unit(left.kind, right.kind)
            if unit is None:
                verb = "added to" if node.op == "+" else "subtracted from"
                first, second = (left, right) if node.op == "+" else (right, left)
                return self.fail("F021", f"{_unit(first)} cannot be {verb} {_unit(second)}", node, "bring both to one unit")
            kind = join(left.kind, right.kind)
            assert kind is not None
        return t.Op(kind, node.at, node.end, ARITHMETIC[node.op], (left, right))

    def compare(self, op: str, left: Expr, right: Expr, node: s.Node | Expr) -> Expr:
        a, b = left.kind, right.kind
        if ERROR not in (a, b):
            self.check_codes(left, right)
            if join(a, b) is None:
                return self.fail("F021" if a.numeric and b.numeric else "F020", f"{a} cannot be compared with {b}", node, _compare_hint(a, b))
            if op not in ("eq", "ne") and a.type not in ("integer", "decimal", "date", "month"):
                return self.fail("F020", f"{a} has no order", node, "use = or !=")
        return t.Op(BOOLEAN, node.at, node.end, op, (left, right))

    def check_codes(self, one: Expr, other: Expr) -> None:
        """A literal that stands beside a code must be in the code's list."""
        for code, literal in ((one, other), (other, one)):
            if code.kind.codes and isinstance(literal, t.Const) and isinstance(literal.value, str):
                codes = self.names.vocabulary.codes.get(code.kind.codes)
                if codes and codes.values and literal.value not in codes.values:
                    self.fail("F022", f"{literal.value!r} is not a code of {code.kind.codes}", literal, nearest(literal.value, list(codes.values)))

    def member(self, node: s.Member) -> Expr:
        x = self.of(node.x)
        items = [self.of(item) for item in node.items]
        for item in items:
            self.compare("eq", x, item, item)
        return self.negate(t.Op(BOOLEAN, node.at, node.end, "in", (x, *items)), node.negated)

    def between(self, node: s.Between) -> Expr:
        x = self.of(node.x)
        low = self.compare("ge", x, self.of(node.low), node)
        high = self.compare("le", x, self.of(node.high), node)
        return self.negate(t.Op(BOOLEAN, node.at, node.end, "and", (low, high)), node.negated)

    def case(self, node: s.Case) -> Expr:
        result = self.of(node.otherwise)
        for condition, value in reversed(node.whens):
            result = self.choose(self.condition(condition), self.of(value), result, node)
        return result

    def choose(self, condition: Expr, then: Expr, otherwise: Expr, node: s.Node) -> Expr:
        kind = join(then.kind, otherwise.kind)
        if kind is None:
            code = "F021" if then.kind.numeric and otherwise.kind.numeric else "F020"
            return self.fail(code, f"the branches differ: {then.kind} and {otherwise.kind}", node, "let all branches give the same type and unit")
        self.check_codes(then, otherwise)
        return t.Op(kind, node.at, node.end, "if", (condition, then, otherwise))

    # --- parameters and functions

    def index(self, node: s.Index) -> Expr:
        keys = tuple(self.of(key) for key in node.keys)
        found = self.find_parameter(node.base, "table")
        if not found:
            return t.Const(ERROR, node.at, node.end, False)
        owner, parameter = found
        if len(keys) != len(parameter.by):
            how = f"write {node.base.name}[{', '.join(parameter.by)}]"
            count = len(parameter.by)
            return self.fail("F012", f"{node.base.name} has {count} key{'s' * (count != 1)}, {len(keys)} given", node, how)
        for position, key in enumerate(keys):
            if key.kind != ERROR and not self.is_key(key, parameter, position):
                return t.Const(ERROR, node.at, node.end, False)
        return t.Lookup(Kind(parameter.type, parameter.unit), node.at, node.end, owner, node.base.name, keys)

    def is_key(self, key: Expr, parameter: Parameter, position: int) -> bool:
        """Whether a value can be a key of a table; the fault is reported where it cannot."""
        rows = [row[position] for dated in parameter.values if isinstance(dated.value, dict) for row in dated.value]
        by, before = parameter.by[position], len(self.problems)
        words = [row for row in rows if isinstance(row, str)]
        if bool(words) != (key.kind.type in ("code", "text")):
            self.fail(
                "F020", f"{parameter.name} is a table by {by}; the key is {key.kind}", key, f"write {parameter.name}[{', '.join(parameter.by)}]"
            )
        elif key.kind.type not in ("integer", "code", "text"):
            self.fail("F020", f"the key of {parameter.name} must be a whole number", key, "use floor(…), or a bracket scale")
        elif words and isinstance(key, t.Const) and key.value not in words:
            self.fail("F022", f"{parameter.name} has no row {key.value!r}", key, nearest(str(key.value), words))
        return len(self.problems) == before

    def call(self, node: s.Call) -> Expr:
        if node.name in ROW_FUNCTIONS and self.speaks_of_rows(node):
            return row_function(self, node)
        if node.named and node.name in SCALARS:
            key, argument = node.named[0]
            return self.fail("F012", f"{node.name} takes no {key!r}", argument, "arguments with a name are for functions of tables")
        if node.name in SCALARS:
            return self.scalar(node)
        written = self.text[node.at : node.at + len(node.name)]
        for owner in (self.scope.owner, "concepts"):
            parameter = self.names.parameter(owner, written)
            if parameter and parameter.shape == "scalar":
                return self.ratio(node, owner, parameter)
        return self.fail("F011", f"unknown function {node.name!r}", node, nearest(node.name, [*SCALARS, *ROW_FUNCTIONS]))

    def speaks_of_rows(self, node: s.Call) -> bool:
        """`min` and `max` are functions of values or of rows, by their first argument."""
        if node.name not in ("min", "max"):
            return True
        return bool(node.args) and bool(self.table_of(node.args[0]))

    def table_of(self, node: s.Node) -> str:
        """The table that an argument names (`contributions`) or takes columns from (`contributions.earnings * 2`)."""
        if isinstance(node, s.Name) and not node.owner and (node.name == "members" or node.name in HISTORIES):
            return node.name
        pending = [node]
        while pending:
            part = pending.pop()
            if isinstance(part, s.Name) and part.owner in HISTORIES:
                return part.owner
            if not (isinstance(part, s.Call) and part.name in ROW_FUNCTIONS):
                pending.extend(s.children(part))
        return ""


def _unit(expr: Expr) -> str:
    return str(expr.kind.unit) or "a pure number"


_COMPARE_HINTS = (
    (("date", "month"), "turn the date into its month: month_of(…)"),
    (("date", "text"), "write date('2026-03-01')"),
    (("month", "text"), "write month('2026-03')"),
    (("date", "integer"), "compare age(…), year(…) or days_between(…), or write date('2026-03-01')"),
    (("text", "integer"), "write numbers without quotes"),
    (("code", "integer"), "write a code between single quotes"),
    (("boolean", "integer"), "true or false is a condition by itself"),
    (("boolean", "text"), "true and false are written without quotes"),
)


def _compare_hint(a: Kind, b: Kind) -> str:
    if a.numeric and b.numeric:
        return "bring both to one unit"
    types = {"integer" if kind.numeric else kind.type for kind in (a, b)}
    return next((hint for pair, hint in _COMPARE_HINTS if types == set(pair)), "compare values of one type")
