"""The grammar of formulas: text in, a syntax tree out, or a LawError with the place of the fault.

    or < and < not < comparison < + - < * / < unary - < x[y], calls, (…)

Only what docs/reference/language.md shows can be written, so there is nothing to forbid afterwards. Every node keeps the
characters it came from, so that later checks and explanations can point at them. Chains of operators are read in loops; whatever
calls the grammar anew (brackets, arguments, keys, cases) passes through `either`, which counts the levels.
"""

from __future__ import annotations

from decimal import Decimal

from ..errors import LawError
from .model import Place
from .syntax import Between, Binary, Call, Case, Index, IsNull, Member, Name, Node, Number, Text, Truth, Unary, depths
from .words import WORDS, Token, fault, tokens

DEEPEST = 60
"""Levels of a formula's tree. A chain `a + b + c + …` and a `case` with many branches are deep trees too."""

_FORMULA = Place("formula", 1, 1)
_HINTS = {
    "null": "ask with x is null, or give a value with if_unknown(x, y)",
    "if": "write if(condition, a, b)",
    "as": "a type cannot be forced here; declare the variable's type",
    "select": "a formula has no queries; see the functions of tables",
    "=": "write = once",
    ".": "a name has at most two parts: scheme.name",
}


def parse(text: str, place: Place = _FORMULA) -> Node:
    """The syntax tree of a formula. Raises LawError F001 (words), F002 (grammar) or F003 (too long or too deep) at the first fault."""
    return _Parser(text, place).whole()


class _Parser:
    """Precedence climbing over the tokens of one formula."""

    def __init__(self, text: str, place: Place) -> None:
        self.text, self.place = text, place
        self.tokens = tokens(text, place)
        self.position, self.level = 0, 0

    def fail(self, code: str, what: str, at: int, hint: str) -> LawError:
        return fault(code, what, self.text, at, self.place, hint)

    # --- reading tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def sees(self, *texts: str) -> bool:
        token = self.token
        return token.text in texts if token.kind == "sign" else token.kind == "word" and token.text.lower() in WORDS.intersection(texts)

    def take(self) -> Token:
        token = self.token
        self.position += 1
        return token

    def accept(self, *texts: str) -> bool:
        found = self.sees(*texts)
        if found:
            self.position += 1
        return found

    def expect(self, text: str) -> Token:
        if not self.sees(text):
            raise self.unexpected(f"{text!r} is expected before it")
        return self.take()

    def unexpected(self, hint: str) -> LawError:
        token = self.token
        shown = token.text if token.kind == "end" else repr(token.text[:40])
        if token.kind in ("sign", "word"):
            hint = _HINTS.get(token.text.lower(), hint)
        return self.fail("F002", f"{shown} was not expected here", token.at, hint)

    def too_deep(self, at: int) -> LawError:
        return self.fail("F003", "the formula is nested too deeply", at, f"split it into variables; {DEEPEST} levels is the limit")

    # --- the grammar, weakest operators first

    def whole(self) -> Node:
        if self.token.kind == "end":
            raise self.fail("F002", "the formula is empty", 0, "write an expression, such as age < 18")
        node = self.either()
        if self.token.kind != "end":
            raise self.unexpected("an operator, or the end of the formula, is expected before it")
        for part, level in depths(node):
            if level > DEEPEST:
                raise self.too_deep(part.at)
        return node

    def either(self) -> Node:
        self.level += 1
        if self.level > DEEPEST:
            raise self.too_deep(self.token.at)
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
        while self.sees("=", "!=", "<>", "<", "<=", ">", ">=", "is", "in", "between", "not"):
            if compared:
                raise self.fail("F002", "comparisons do not chain", self.token.at, "write a < b and b < c, or use brackets")
            compared = True
            if self.sees("is"):
                node = self.is_null(node)
            elif self.sees("in", "between", "not"):
                node = self.membership(node)
            else:
                op = self.take().text
                right = self.addition()
                node = Binary(node.at, right.end, "!=" if op == "<>" else op, node, right)
        return node

    def is_null(self, x: Node) -> Node:
        self.take()
        negated = self.accept("not")
        if not self.sees("null"):
            raise self.unexpected("'null' is expected after 'is'; compare values with =")
        return IsNull(x.at, self.take().end, x, negated)

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
            return Number(token.at, token.end, Decimal(token.text), "." not in token.text)
        if token.kind == "text":
            self.take()
            return Text(token.at, token.end, token.text[1:-1].replace("''", "'"))
        if self.accept("("):
            node = self.either()
            self.expect(")")
            return node
        word = token.text.lower() if token.kind == "word" else ""
        if word in ("true", "false"):
            self.take()
            return Truth(token.at, token.end, word == "true")
        if word == "case":
            return self.case()
        if not word or (word in WORDS and word not in ("if", "period", "reference_date")):
            raise self.unexpected("a value, a name or a function is expected")
        return self.named()

    def case(self) -> Node:
        start = self.take()
        whens: list[tuple[Node, Node]] = []
        while self.accept("when"):
            condition = self.either()
            self.expect("then")
            whens.append((condition, self.either()))
        if not whens:
            raise self.unexpected("'when' is expected after 'case'")
        if not self.accept("else"):
            raise self.unexpected("a case needs an 'else': say what holds otherwise")
        otherwise = self.either()
        return Case(start.at, self.expect("end").end, tuple(whens), otherwise)

    def named(self) -> Node:
        token = self.take()
        if self.sees("("):
            return self.call(token)
        if token.text.lower() == "if":
            raise self.fail("F002", "'if' was not expected here", token.at, _HINTS["if"])
        name = self.dotted(token) if self.accept(".") else Name(token.at, token.end, "", token.text)
        if not self.accept("["):
            return name
        keys = [self.either()]
        while self.accept(","):
            keys.append(self.either())
        return Index(token.at, self.expect("]").end, name, tuple(keys))

    def dotted(self, owner: Token) -> Name:
        part = self.token
        if part.kind != "word":
            raise self.unexpected("a name is expected after the point")
        self.take()
        if self.sees("("):
            raise self.fail("F002", f"{owner.text}.{part.text} is not a function", owner.at, "write the function's bare name")
        return Name(owner.at, part.end, owner.text, part.text)

    def call(self, token: Token) -> Node:
        self.take()
        args: list[Node] = []
        named: dict[str, Node] = {}
        while not self.sees(")"):
            if (args or named) and not self.accept(","):
                raise self.unexpected("',' or ')' is expected before it")
            following = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
            if self.token.kind == "word" and following.text == "=>" and following.kind == "sign":
                key = self.take()
                self.take()
                if key.text in named:
                    raise self.fail("F002", f"{key.text!r} is given twice", key.at, "keep one")
                named[key.text] = self.either()
            elif named:
                raise self.unexpected("arguments with a name come last")
            else:
                args.append(self.either())
        return Call(token.at, self.expect(")").end, token.text.lower(), tuple(args), tuple(named.items()))
