"""How tightly operators bind: the same as in SQL, which another parser is asked about."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import expressions as e

from opensocle.errors import LawError
from opensocle.law import syntax as s
from opensocle.law.grammar import parse
from opensocle.law.words import LONGEST

Tree = tuple[Any, ...]

SQL = {
    e.And: "and", e.Or: "or", e.EQ: "=", e.NEQ: "!=", e.LT: "<", e.LTE: "<=", e.GT: ">", e.GTE: ">=", e.Add: "+", e.Sub: "-", e.Mul: "*", e.Div: "/",
}  # fmt: skip


def ours(node: s.Node) -> Tree:
    match node:
        case s.Number():
            return ("number", node.value)
        case s.Text() | s.Truth():
            return ("value", node.value)
        case s.Name():
            return ("name", node.owner, node.name)
        case s.Unary():
            return (node.op, ours(node.x))
        case s.Binary():
            return (node.op, ours(node.left), ours(node.right))
        case s.Member():
            return negated(("in", ours(node.x), *map(ours, node.items)), node.negated)
        case s.Between():
            return negated(("between", ours(node.x), ours(node.low), ours(node.high)), node.negated)
        case s.IsNull():
            return negated(("is null", ours(node.x)), node.negated)
        case s.Case():
            return ("case", *((ours(when), ours(then)) for when, then in node.whens), ours(node.otherwise))
        case s.Call():
            return ("call", node.name, *map(ours, node.args))
    raise AssertionError(node)


def theirs(node: e.Expression) -> Tree:
    match node:
        case e.Paren():
            return theirs(node.this)
        case e.Literal():
            return ("value", node.this) if node.is_string else ("number", Decimal(node.this))
        case e.Boolean():
            return ("value", node.this)
        case e.Column():
            return ("name", node.table, node.name)
        case e.Neg():
            return ("neg", theirs(node.this))
        case e.Not():
            return ("not", theirs(node.this))
        case e.In():
            return ("in", theirs(node.this), *map(theirs, node.expressions))
        case e.Between():
            return ("between", theirs(node.this), theirs(node.args["low"]), theirs(node.args["high"]))
        case e.Is():
            assert isinstance(node.expression, e.Null)
            return negated(("is null", theirs(node.this)), bool(node.args.get("negate")))
        case e.Case():
            return ("case", *((theirs(branch.this), theirs(branch.args["true"])) for branch in node.args["ifs"]), theirs(node.args["default"]))
        case e.Anonymous():
            return ("call", node.name.lower(), *map(theirs, node.expressions))
    return (SQL[type(node)], theirs(node.this), theirs(node.expression))


def negated(tree: Tree, is_so: bool) -> Tree:
    return ("not", tree) if is_so else tree


LEAVES = ("a", "b", "salary", "contributions.earnings", "1", "30", "0.05", ".5", "'female'", "'l''an'", "true", "false")


class Writer:
    """Writes random expressions of the grammar that both share: every operator at its own level, brackets only around what starts anew."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.choose = self.random.choice

    def chain(self, part: Callable[[int], str], signs: str, depth: int) -> str:
        return part(depth) + "".join(f" {self.choose(signs.split())} {part(depth)}" for _ in range(self.choose((0, 0, 0, 1, 2))))

    def either(self, depth: int) -> str:
        return self.chain(self.both, "or", depth)

    def both(self, depth: int) -> str:
        return self.chain(self.negation, "and", depth)

    def negation(self, depth: int) -> str:
        return self.choose(("", "", "not ", "not not ")) + self.comparison(depth)

    def comparison(self, depth: int) -> str:
        left, no = self.addition(depth), self.choose(("", "not "))
        match self.random.randrange(6):
            case 0:
                return f"{left} {self.choose(['=', '!=', '<>', '<', '<=', '>', '>='])} {self.addition(depth)}"
            case 1:
                return f"{left} {no}between {self.addition(depth)} and {self.addition(depth)}"
            case 2:
                return f"{left} {no}in ({', '.join(self.addition(depth) for _ in range(self.choose((1, 2, 3))))})"
            case 3:
                return f"{left} is {no}null"
        return left

    def addition(self, depth: int) -> str:
        return self.chain(self.product, "+ -", depth)

    def product(self, depth: int) -> str:
        return self.chain(self.signed, "* /", depth)

    def signed(self, depth: int) -> str:
        return self.choose(("{}", "{}", "-{}", "- (- {})")).format(self.primary(depth))

    def primary(self, depth: int) -> str:
        match self.random.randrange(6) if depth else 0:
            case 3:
                return f"({self.either(depth - 1)})"
            case 4:
                branches = "".join(f"when {self.either(depth - 1)} then {self.either(depth - 1)} " for _ in range(self.choose((1, 2))))
                return f"case {branches}else {self.either(depth - 1)} end"
            case 5:
                return f"blend({', '.join(self.either(depth - 1) for _ in range(self.choose((1, 2))))})"
        return self.choose(LEAVES)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 2**32), st.integers(0, 2))
def test_random_formulas_have_the_tree_that_sql_gives_them(seed: int, depth: int) -> None:
    text = Writer(seed).either(depth)
    if len(text) <= LONGEST:
        assert ours(parse(text)) == theirs(sqlglot.parse_one(text, dialect="duckdb")), text


@pytest.mark.parametrize(
    "text",
    [
        "a or b and c",
        "not a and b",
        "not a = b",
        "not a in (1, 2) or b",
        "not not a is not null",
        "a = b + c * -d",
        "- a * b",
        "-a / -b - -c",
        "a - b - c",
        "a / b * c / d",
        "a between 1 and 2 and b",
        "a + 1 between b - 1 and b * 2 or c",
        "not a not between 1 and 2",
        "a in (1 + 2, b * 3) and c is null",
        "case when a or b then 1 else 2 end + 3",
        "case when a then case when b then 1 else 2 end else 3 end",
        "NOT A AND b Or c IS NULL",
    ],
)
@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_formulas_where_precedence_matters_have_the_tree_that_sql_gives_them(text: str, dialect: str) -> None:
    assert ours(parse(text)) == theirs(sqlglot.parse_one(text, dialect=dialect))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = b = c", "comparisons do not chain"),  # SQL: (a = b) = c
        ("a < b = c", "comparisons do not chain"),
        ("a in (1) = true", "comparisons do not chain"),
        ("a is null is null", "comparisons do not chain"),
        ("a = not b", "was not expected here"),  # dialects differ: write a = (not b)
        ("a -- b", "cannot stand in a formula"),  # a comment in SQL
        ("a || b", "cannot stand in a formula"),
        ("a % b", "cannot stand in a formula"),
        ("a = any (b)", ""),  # a function of a table here
        ("case a when 1 then 2 else 3 end", "'when' is expected"),
        ("a like 'x'", "was not expected here"),
        ("a.b.c", "at most two parts"),
    ],
)
def test_what_readers_of_sql_may_expect_is_refused_rather_than_read_otherwise(text: str, why: str) -> None:
    if not why:
        assert ours(parse(text)) == ("=", ("name", "", "a"), ("call", "any", ("name", "", "b")))
        return
    with pytest.raises(LawError, match=why):
        parse(text)
    sqlglot.parse_one(text, dialect="duckdb")
