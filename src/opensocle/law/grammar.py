"""The grammar of formulas: text in, a small syntax tree out, or a LawError with the place of the fault.

    or < and < not < comparison < + - < * / < unary - < x[y], calls, (…)

Only what docs/reference/language.md shows can be written, so there is nothing to forbid afterwards. Every node keeps the
characters it came from (`at`, `end`), so that later checks and explanations can point at them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ..errors import LawError
from .model import Place

LONGEST = 4_000
"""Characters in a formula."""
DEEPEST = 60
"""Levels of a formula's tree."""

WORDS = frozenset("and or not if case when then else end in between is null true false period reference_date".split())
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>(?:\d+(?:\.\d+)?|\.\d+))|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>'(?:[^'\n]|'')*')"
    r"|(?P<sign>=>|<=|>=|<>|!=|[-+*/=<>()\[\],.])",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a formula, from character `at` to `end` (exclusive)."""

    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Number(Node):
    value: Decimal
    whole: bool


@dataclass(frozen=True, slots=True)
class Text(Node):
    value: str


@dataclass(frozen=True, slots=True)
class Truth(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class Name(Node):
    """`name`, or `owner.name`."""

    owner: str
    name: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    name: str
    args: tuple[Node, ...]
    named: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Index(Node):
    """`table[key]` or `table[key, key]`."""

    base: Name
    keys: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unary(Node):
    op: str  # not | neg
    x: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    op: str  # and or = != < <= > >= + - * /
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Member(Node):
    x: Node
    items: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Between(Node):
    x: Node
    low: Node
    high: Node
    negated: bool


@dataclass(frozen=True, slots=True)
class IsNull(Node):
    x: Node
    negated: bool


@dataclass(frozen=True, slots=True)
class Case(Node):
    whens: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # number word text sign end
    text: str
    at: int
    end: int


def locate(place: Place, text: str, offset: int) -> Place:
    """The place of a character of a formula whose first character stands at `place`."""
    before = text[:offset]
    line = before.count("\n")
    column = offset - (before.rfind("\n") + 1)
    return Place(place.file, place.line + line, column + (1 if line else max(place.column, 1)))


def parse(text: str, place: Place = Place("formula", 1, 1)) -> Node:
    """The syntax tree of a formula. Raises LawError F001-F005, placed at the first fault."""
    return _Parser(text, place).whole()


class _Parser:
    """Precedence climbing over the tokens of one formula."""

    def __init__(self, text: str, place: Place) -> None:
        self.text, self.place, self.level = text, place, 0
        if len(text) > LONGEST:
            raise LawError("F003", f"a formula of {len(text):,} characters", at=str(place), hint=f"split it into variables; {LONGEST:,} is the limit")
        self.tokens = self._tokens()
        self.position = 0

    def fail(self, code: str, what: str, at: int, hint: str = "") -> LawError:
        return LawError(code, what, at=str(locate(self.place, self.text, at)), hint=hint)

    def _tokens(self) -> list[_Token]:
        tokens, at = [], 0
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            if not match:
                raise self._bad_character(at)
            kind, end = str(match.lastgroup), match.end()
            if kind == "number" and end < len(self.text) and re.match(r"[A-Za-z_.]", self.text[end]):
                raise self.fail("F001", f"{self.text[at : end + 1]!r} is not a number", at, "write 1000 or 0.05: no separators, no exponent")
            if kind != "space":
                tokens.append(_Token(kind, match.group(), at, end))
            at = end
        tokens.append(_Token("end", "the end of the formula", at, at))
        return tokens

    def _bad_character(self, at: int) -> LawError:
        character = self.text[at]
        hints = {
            '"': "write text between single quotes: 'female'",
            "'": "the text has no closing quote",
            ";": "a formula is one expression",
            ":": "a type cannot be forced here; declare the variable's type",
            "%": "write 3 % as 0.03",
            "^": "write a product instead",
            "&": "write and",
            "|": "write or",
            "!": "write not, or !=",
        }
        return self.fail("F001", f"{character!r} cannot stand in a formula", at, hints.get(character, "see docs/reference/language.md"))

    # --- reading tokens

    @property
    def token(self) -> _Token:
        return self.tokens[self.position]

    def sees(self, *texts: str) -> bool:
        token = self.token
        return (token.kind == "sign" and token.text in texts) or (token.kind == "word" and token.text.lower() in WORDS and token.text.lower() in texts)

    def take(self) -> _Token:
        token = self.token
        self.position += 1
        return token

    def accept(self, *texts: str) -> bool:
        found = self.sees(*texts)
        if found:
            self.position += 1
        return found

    def expect(self, text: str) -> _Token:
        if not self.sees(text):
            raise self.unexpected(f"{text!r} is expected before it")
        return self.take()

    def unexpected(self, hint: str) -> LawError:
        token = self.token
        shown = token.text if token.kind == "end" else repr(token.text)
        if token.kind == "sign" and token.text == ".":
            hint = "a name has at most two parts: scheme.name"
        return self.fail("F002", f"{shown} was not expected here", token.at, hint)

    def at_most(self) -> None:
        if self.level > DEEPEST:
            raise self.fail("F003", "the formula is nested too deeply", self.token.at, f"split it into variables; {DEEPEST} levels is the limit")

    # --- the grammar, weakest operators first

    def whole(self) -> Node:
        if self.token.kind == "end":
            raise self.fail("F002", "the formula is empty", 0, "write an expression, such as age < 18")
        node = self.either()
        if self.token.kind != "end":
            raise self.unexpected("an operator, or the end of the formula, is expected before it")
        _check_depth(node, self)
        return node

    def either(self) -> Node:
        self.level += 1
        self.at_most()
        node = self.both()
        while self.accept("or"):
            right = self.both()
            node = Binary(node.at, right.end, "or", node, right)
        self.level -= 1
        return node

    def both(self) -> Node:
        node = self.negation()
        while self.accept("and"):
            right = self.negation()
            node = Binary(node.at, right.end, "and", node, right)
        return node

    def negation(self) -> Node:
        nots: list[int] = []
        while self.sees("not"):
            nots.append(self.take().at)
        node = self.comparison()
        for at in reversed(nots):
            node = Unary(at, node.end, "not", node)
        return node

    def comparison(self) -> Node:
        node = self.addition()
        compared = False
        while True:
            if self.sees("=", "!=", "<>", "<", "<=", ">", ">="):
                if compared:
                    raise self.fail("F002", "comparisons do not chain", self.token.at, "write a < b and b < c")
                op = self.take().text
                right = self.addition()
                node = Binary(node.at, right.end, "!=" if op == "<>" else op, node, right)
            elif self.sees("is"):
                node = self.is_null(node)
            elif self.sees("in", "between", "not"):
                node = self.membership(node)
            else:
                return node
            compared = True

    def is_null(self, x: Node) -> Node:
        self.take()
        negated = self.accept("not")
        return IsNull(x.at, self.expect("null").end, x, negated)

    def membership(self, x: Node) -> Node:
        negated = self.accept("not")
        if self.accept("between"):
            low = self.addition()
            self.expect("and")
            high = self.addition()
            return Between(x.at, high.end, x, low, high, negated)
        if not self.accept("in"):
            raise self.unexpected("'in' or 'between' is expected after 'not'")
        self.expect("(")
        items = [self.addition()]
        while self.accept(","):
            items.append(self.addition())
        return Member(x.at, self.expect(")").end, x, tuple(items), negated)

    def addition(self) -> Node:
        node = self.product()
        while self.sees("+", "-"):
            op = self.take().text
            right = self.product()
            node = Binary(node.at, right.end, op, node, right)
        return node

    def product(self) -> Node:
        node = self.signed()
        while self.sees("*", "/"):
            op = self.take().text
            right = self.signed()
            node = Binary(node.at, right.end, op, node, right)
        return node

    def signed(self) -> Node:
        minuses: list[int] = []
        while self.sees("-"):
            minuses.append(self.take().at)
        node = self.primary()
        for at in reversed(minuses):
            node = Unary(at, node.end, "neg", node)
        return node

    def primary(self) -> Node:
        token = self.token
        if token.kind == "number":
            self.take()
            return self.number(token)
        if token.kind == "text":
            self.take()
            return Text(token.at, token.end, token.text[1:-1].replace("''", "'"))
        if self.accept("("):
            node = self.either()
            self.expect(")")
            return node
        if token.kind != "word":
            raise self.unexpected("a value, a name or a function is expected")
        word = token.text.lower()
        if word in ("true", "false"):
            self.take()
            return Truth(token.at, token.end, word == "true")
        if word == "case":
            return self.case()
        if word in WORDS and word not in ("if", "period", "reference_date"):
            raise self.unexpected("a value, a name or a function is expected")
        return self.named()

    def number(self, token: _Token) -> Number:
        if len(token.text.replace(".", "")) > 28 or len(token.text.partition(".")[2]) > 10:
            raise self.fail("F001", "a number with too many digits", token.at, "at most 28 digits, 10 of them decimals")
        return Number(token.at, token.end, Decimal(token.text), "." not in token.text)

    def case(self) -> Node:
        start = self.take()
        whens: list[tuple[Node, Node]] = []
        while self.accept("when"):
            condition = self.either()
            self.expect("then")
            whens.append((condition, self.either()))
        if not whens:
            raise self.unexpected("'when' is expected after 'case'")
        if not self.sees("else"):
            raise self.unexpected("a case needs an 'else': say what holds otherwise")
        self.take()
        otherwise = self.either()
        return Case(start.at, self.expect("end").end, tuple(whens), otherwise)

    def named(self) -> Node:
        token = self.take()
        if self.sees("("):
            return self.call(token)
        name = Name(token.at, token.end, "", token.text)
        if self.accept("."):
            part = self.token
            if part.kind != "word":
                raise self.unexpected("a name is expected after the point")
            self.take()
            name = Name(token.at, part.end, token.text, part.text)
            if self.sees("("):
                raise self.fail("F002", f"{token.text}.{part.text} is not a function", token.at, "write the function's bare name")
        if self.sees(".") or (self.sees("(")):
            raise self.unexpected("a name has at most two parts: scheme.name")
        if self.accept("["):
            keys = [self.either()]
            while self.accept(","):
                keys.append(self.either())
            return Index(token.at, self.expect("]").end, name, tuple(keys))
        return name

    def call(self, token: _Token) -> Node:
        self.take()
        args: list[Node] = []
        named: list[tuple[str, Node]] = []
        while not self.sees(")"):
            if args or named:
                self.expect(",")
            following = self.tokens[self.position + 1] if self.position + 1 < len(self.tokens) else self.token
            if self.token.kind == "word" and following.kind == "sign" and following.text == "=>":
                key = self.take()
                self.take()
                if any(key.text == other for other, _ in named):
                    raise self.fail("F002", f"{key.text!r} is given twice", key.at)
                named.append((key.text, self.either()))
            elif named:
                raise self.unexpected("arguments with a name come last")
            else:
                args.append(self.either())
        return Call(token.at, self.expect(")").end, token.text.lower(), tuple(args), tuple(named))


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node."""
    match node:
        case Call():
            return (*node.args, *(value for _, value in node.named))
        case Index():
            return node.keys
        case Unary() | IsNull():
            return (node.x,)
        case Binary():
            return (node.left, node.right)
        case Member():
            return (node.x, *node.items)
        case Between():
            return (node.x, node.low, node.high)
        case Case():
            return (*(part for when in node.whens for part in when), node.otherwise)
    return ()


def _check_depth(root: Node, parser: _Parser) -> None:
    """Long chains are deep trees too: a + b + c + … leans to the left."""
    level = [root]
    for _ in range(DEEPEST):
        level = [child for node in level for child in children(node)]
        if not level:
            return
    raise parser.fail("F003", "the formula is nested too deeply", level[0].at, f"split it into variables; {DEEPEST} levels is the limit")
