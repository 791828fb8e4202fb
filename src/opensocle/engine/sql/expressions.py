"""A node of the plan as a SQL expression over the columns at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ...law.model import Band
from ...money import DIGITS
from ...periods import Month
from ..plan import Graph, Node
from ..ranges import hull, of_number
from .dialect import Dialect
from .types import BIGINT, BOOLEAN, DATE, INTEGER, NARROW, VARCHAR, Sql, Type, common_type, product_type, sum_type, type_for, type_of

SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "add": "+", "sub": "-", "mul": "*"}


def weight(graph: Graph, node: Node, position: int) -> int:
    """How often the text of an argument appears in the text of its operator."""
    if node.op in ("least", "greatest"):
        return 2 * (len(node.args) - 1) if node.nullable else 1
    if node.op == "div":
        return 1 if _reciprocal(graph, node) else 3 + 4 * position
    if node.op in ("round", "settle"):
        return 2
    if node.op in ("marginal", "bracket", "on_date"):
        return len(node.data)
    if node.op == "lookup":
        return len(node.data) if node.data.banded or len(node.args) > 1 else 1
    if node.op == "rows" and node.data[1] != "members":
        return 3
    if node.op in ("age", "months_between", "add_months", "add_days"):
        return 2
    return 1


def _reciprocal(graph: Graph, node: Node) -> Decimal | None:
    """The exact inverse of a constant divisor, where multiplying by it gives the same as dividing."""
    divisor = graph[node.args[1]]
    if not divisor.constant or divisor.data is None or not divisor.data:
        return None
    value = Decimal(divisor.data)
    inverse = Decimal(1) / value
    size = graph[node.args[0]].range
    assert size is not None
    exact = inverse * value == 1 and len(inverse.as_tuple().digits) <= 12
    return inverse if exact and size.decimals + of_number(inverse).decimals <= DIGITS else None


class Expressions:
    """Writes nodes as SQL; what `columns` holds is used by its name."""

    def __init__(self, graph: Graph, dialect: Dialect, columns: Mapping[int, Sql]) -> None:
        self.graph, self.dialect, self.columns = graph, dialect, columns

    def of(self, id: int) -> Sql:
        """The expression of a node, with its narrowest type or a narrower one of the same kind."""
        if id in self.columns:
            return self.columns[id]
        node = self.graph[id]
        return self.write(node)

    def write(self, node: Node) -> Sql:
        if node.op == "const":
            return self.dialect.literal(node.data, type_of(node))
        writer = getattr(self, f"_{node.op}", None)
        if writer is not None:
            return writer(node)
        if node.op in ("eq", "ne", "lt", "le", "gt", "ge"):
            a, b = (self.of(arg) for arg in node.args)
            return Sql(f"({a.text} {SIGNS[node.op]} {b.text})", BOOLEAN)
        raise AssertionError(f"no SQL for {node.op}")

    def fit(self, x: Sql, node: Node) -> Sql:
        """The value in the node's type where its own would spill over 64 bits."""
        want = type_of(node)
        return self.dialect.cast(x, want) if x.type.decimal and x.type.width > NARROW >= want.width else x

    # --- logic

    def _and(self, node: Node) -> Sql:
        return Sql("(" + f" {node.op.upper()} ".join(self.of(arg).text for arg in node.args) + ")", BOOLEAN)

    _or = _and

    def _not(self, node: Node) -> Sql:
        return Sql(f"(NOT {self.of(node.args[0]).text})", BOOLEAN)

    def _in(self, node: Node) -> Sql:
        x, *items = (self.of(arg).text for arg in node.args)
        return Sql(f"({x} IN ({', '.join(items)}))", BOOLEAN)

    def _is_null(self, node: Node) -> Sql:
        return Sql(f"({self.of(node.args[0]).text} IS NULL)", BOOLEAN)

    def branches(self, node: Node, args: list[Sql]) -> list[Sql]:
        """Values brought to the node's type where their own differ."""
        want = type_of(node)
        return [self.dialect.cast(arg, want) for arg in args] if node.type in ("integer", "decimal") else args

    def _if(self, node: Node) -> Sql:
        condition = self.graph[node.args[0]]
        then, otherwise = self.branches(node, [self.of(arg) for arg in node.args[1:]])
        text = self.of(node.args[0]).text
        if condition.nullable:
            return Sql(f"CASE {text} WHEN TRUE THEN {then.text} WHEN FALSE THEN {otherwise.text} END", then.type)
        return Sql(f"CASE WHEN {text} THEN {then.text} ELSE {otherwise.text} END", then.type)

    def _if_unknown(self, node: Node) -> Sql:
        first, second = self.branches(node, [self.of(arg) for arg in node.args])
        return Sql(f"coalesce({first.text}, {second.text})", first.type)

    # --- numbers

    def _add(self, node: Node) -> Sql:
        a, b = (self.of(arg) for arg in node.args)
        want = type_of(node)
        if node.type == "integer":
            return Sql(f"({self.dialect.cast(a, want).text} {SIGNS[node.op]} {self.dialect.cast(b, want).text})", want)
        a, b = self._small(a, node.args[0]), self._small(b, node.args[1])
        if sum_type(a.type, b.type).width > NARROW:
            a, b = self._narrow(a, b, node)
        return self.fit(Sql(f"({a.text} {SIGNS[node.op]} {b.text})", sum_type(a.type, b.type)), node)

    def _narrow(self, a: Sql, b: Sql, node: Node) -> tuple[Sql, Sql]:
        """Both sides with no more digits than their values have, where that keeps the sum within 64 bits."""
        digits = max(self._digits(arg) for arg in node.args)
        scale = max(a.type.as_decimal().scale, b.type.as_decimal().scale)
        want = Type("DECIMAL", digits + scale, scale)
        return (self.dialect.cast(a, want), self.dialect.cast(b, want)) if want.width < NARROW else (a, b)

    _sub = _add

    def _small(self, x: Sql, id: int) -> Sql:
        """A 64-bit whole number as a decimal no wider than its values."""
        return self.dialect.cast(x, Type("DECIMAL", self._digits(id), 0)) if x.type == BIGINT else x

    def _digits(self, id: int) -> int:
        size = self.graph[id].range
        assert size is not None
        return max(size.digits, 1)

    def _mul(self, node: Node) -> Sql:
        a, b = (self.of(arg) for arg in node.args)
        want = type_of(node)
        if node.type == "integer":
            return Sql(f"({self.dialect.cast(a, want).text} * {self.dialect.cast(b, want).text})", want)
        a, b = self._small(a, node.args[0]), self._small(b, node.args[1])
        if want.width > NARROW and product_type(a.type, b.type).width <= NARROW:
            a = self.dialect.cast(a, Type("DECIMAL", 38, a.type.as_decimal().scale))
        return self.fit(Sql(f"({a.text} * {b.text})", product_type(a.type, b.type)), node)

    def _settle(self, node: Node) -> Sql:
        return self.dialect.round(self.of(node.args[0]), DIGITS, "nearest", type_of(node))

    def _decimal(self, node: Node) -> Sql:
        return self.dialect.cast(self.of(node.args[0]), Type("DECIMAL", self._digits(node.args[0]), 0))

    def _integer(self, node: Node) -> Sql:
        return self.dialect.cast(self.of(node.args[0]), type_of(node))

    def _neg(self, node: Node) -> Sql:
        x = self.of(node.args[0])
        return Sql(f"(- {x.text})", x.type)

    def _abs(self, node: Node) -> Sql:
        x = self.of(node.args[0])
        return Sql(f"abs({x.text})", x.type)

    def _div(self, node: Node) -> Sql:
        a, b = (self.of(arg) for arg in node.args)
        inverse = _reciprocal(self.graph, node)
        if inverse is not None:
            size = of_number(inverse)
            factor = Sql(f"{inverse:f}" if inverse > 0 else f"({inverse:f})", Type("DECIMAL", size.digits + size.decimals, size.decimals))
            a = self._small(a, node.args[0])
            want = type_of(node)
            if want.width - want.scale + a.type.as_decimal().scale + size.decimals > NARROW:
                a = self.dialect.cast(a, Type("DECIMAL", 38, a.type.as_decimal().scale))
            return Sql(f"({a.text} * {factor.text})", product_type(a.type, factor.type))
        top, bottom = (self.graph[arg].range for arg in node.args)
        assert top is not None and bottom is not None
        return self.dialect.divide(a, b, (top, bottom), type_of(node))

    def _round(self, node: Node) -> Sql:
        to, way = node.data
        x, want = self.of(node.args[0]), type_of(node)
        if not x.type.decimal:
            x = self.dialect.cast(x, Type("DECIMAL", self._digits(node.args[0]), 0))
        step = to.normalize()
        if step.as_tuple().digits == (1,) and step <= 1:
            return self.dialect.round(x, -int(step.as_tuple().exponent), way, want)
        share = self.graph.op("div", (node.args[0], self.graph.const(to, "decimal")), "decimal")
        whole = self.graph.op("round", (share,), "decimal", (Decimal(1), way))
        times = self.graph.op("mul", (whole, self.graph.const(to, "decimal")), "decimal")
        return self.dialect.cast(self.of(times), want)

    def _extreme(self, node: Node) -> Sql:
        args = [self.of(arg) for arg in node.args]
        if node.type in ("integer", "decimal"):
            sizes = [size for size in (self.graph[arg].range for arg in node.args) if size is not None]
            widest = type_for(node.type, hull(sizes))
            args = [self.dialect.cast(arg, widest) for arg in args]
        text = f"{node.op}({', '.join(arg.text for arg in args)})"
        unknown = [arg.text for arg, id in zip(args, node.args, strict=True) if self.graph[id].nullable]
        if unknown:
            text = f"CASE WHEN {' OR '.join(f'{x} IS NULL' for x in unknown)} THEN NULL ELSE {text} END"
        return Sql(text, common_type([arg.type for arg in args]))

    _least = _greatest = _extreme

    # --- figures of the law

    def figure(self, value: object, node: Node) -> str:
        return self.dialect.cast(self.dialect.literal(value, self._literal_type(value, node)), type_of(node)).text

    def _literal_type(self, value: object, node: Node) -> Type:
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            size = of_number(value)
            return Type("DECIMAL", max(size.digits + size.decimals, 1), size.decimals) if node.type == "decimal" else INTEGER
        return type_of(node)

    def _lookup(self, node: Node) -> Sql:
        keys = [self.of(arg) for arg in node.args]
        table = node.data
        if len(keys) == 1 and not table.banded:
            whens = " ".join(f"WHEN {self.key(key[0])} THEN {self.figure(value, node)}" for key, value in table.items())
            return Sql(f"CASE {keys[0].text} {whens} END", type_of(node))
        return Sql(self._cases([key.text for key in keys], list(table.items()), node), type_of(node))

    def _cases(self, keys: Sequence[str], rows: Sequence[tuple[tuple[object, ...], object]], node: Node) -> str:
        """Rows of (parts, value) as CASE … END: by the first key where its parts are single values, and so on."""
        if len(keys) > 1 and not any(isinstance(parts[0], Band) for parts, _ in rows):
            groups: dict[object, list[tuple[tuple[object, ...], object]]] = {}
            for parts, value in rows:
                groups.setdefault(parts[0], []).append((parts[1:], value))
            whens = [f"WHEN {self.key(part)} THEN {self._cases(keys[1:], group, node)}" for part, group in groups.items()]
            return f"CASE {keys[0]} {' '.join(whens)} END"
        whens = []
        for parts, value in rows:
            tests = [self.matches(key, part) for key, part in zip(keys, parts, strict=True)]
            whens.append(f"WHEN {' AND '.join(tests)} THEN {self.figure(value, node)}")
        return f"CASE {' '.join(whens)} END"

    def key(self, part: object) -> str:
        return self.dialect.literal(part, VARCHAR if isinstance(part, str) else INTEGER).text

    def matches(self, key: str, part: object) -> str:
        if isinstance(part, Band):
            return f"{key} >= {part.low}" if part.high is None else f"{key} BETWEEN {part.low} AND {part.high}"
        return f"{key} = {self.key(part)}"

    def _marginal(self, node: Node) -> Sql:
        """Each threshold adds what lies above it at the change of rate."""
        x, source = self.of(node.args[0]), self.graph[node.args[0]]
        parts, before = [], Decimal(0)
        want = type_of(node)
        for threshold, rate in node.data:
            step, before = rate - before, rate
            if not step:
                continue
            size = of_number(threshold)
            above = x.text if not threshold else f"({x.text} - {self.dialect.literal(threshold, INTEGER).text})"
            type = x.type if not threshold else sum_type(x.type, Type("DECIMAL", max(size.digits + size.decimals, 1), size.decimals))
            if want.width > NARROW:
                above = self.dialect.cast(Sql(above, Type("none")), Type("DECIMAL", 38, type.as_decimal().scale)).text
            factor = self.dialect.literal(step, INTEGER).text
            if source.range and source.range.low >= threshold:
                parts.append(f"{above} * {factor}")
            else:
                parts.append(f"CASE WHEN {x.text} > {self.dialect.literal(threshold, INTEGER).text} THEN {above} * {factor} ELSE 0 END")
        text = " + ".join(parts) or "0"
        total = f"CAST({text} AS {self.dialect.type_name(want)})"
        return Sql(f"CASE WHEN {x.text} IS NULL THEN NULL ELSE {total} END" if source.nullable else total, want)

    def _bracket(self, node: Node) -> Sql:
        x = self.of(node.args[0]).text
        whens = [
            f"WHEN {x} >= {self.dialect.literal(threshold, INTEGER).text} THEN {self.figure(figure, node)}"
            for threshold, figure in reversed(node.data)
        ]
        return Sql(f"CASE {' '.join(whens)} END", type_of(node))

    def _on_date(self, node: Node) -> Sql:
        day = self.of(node.args[0]).text
        whens = [f"WHEN {day} >= {self.dialect.literal(since, DATE).text} THEN {self.figure(value, node)}" for since, value in node.data]
        return Sql(_halved(whens), type_of(node))

    # --- the calendar

    def _age(self, node: Node) -> Sql:
        a, b = (self.of(arg) for arg in node.args)
        end = self.graph[node.args[1]]
        known = end.data if end.constant else None
        if self.graph[node.args[0]].type == "month":
            return Sql(f"CAST({self.dialect.month_index(b.text)} - {self.dialect.month_index(a.text)} AS INTEGER)", INTEGER)
        function = self.dialect.age if node.op == "age" else self.dialect.months_between
        return function(a, b, known, node.data == "february_28")

    _months_between = _age

    def _days_between(self, node: Node) -> Sql:
        return self.dialect.days_between(*(self.of(arg).text for arg in node.args))

    def _add_months(self, node: Node) -> Sql:
        return self.dialect.add_months(*(self.of(arg).text for arg in node.args))

    def _add_days(self, node: Node) -> Sql:
        return self.dialect.add_days(*(self.of(arg).text for arg in node.args))

    def _year(self, node: Node) -> Sql:
        return Sql(f"CAST({self.dialect.year(self.of(node.args[0]).text)} AS INTEGER)", INTEGER)

    def _month_number(self, node: Node) -> Sql:
        return Sql(f"CAST({self.dialect.month_number(self.of(node.args[0]).text)} AS INTEGER)", INTEGER)

    def _month_of(self, node: Node) -> Sql:
        return Sql(self.dialect.month_of(self.of(node.args[0]).text), DATE)

    def _first_day(self, node: Node) -> Sql:
        return self.of(node.args[0])

    def _last_day(self, node: Node) -> Sql:
        return Sql(self.dialect.last_day(self.of(node.args[0]).text), DATE)


FEW = 6
"""Tests that are made one after the other; more are halved until few are left."""


def _halved(whens: Sequence[str]) -> str:
    """CASE … END of tests `WHEN x >= limit THEN value`, from the least limit on: the last that holds counts."""
    if len(whens) <= FEW:
        return f"CASE {' '.join(reversed(whens))} END"
    middle = len(whens) // 2
    test = whens[middle].split(" THEN ", 1)[0]
    return f"CASE {test} THEN {_halved(whens[middle:])} ELSE {_halved(whens[:middle])} END"


def month_literal(month: Month, dialect: Dialect) -> str:
    """The first day of a month."""
    return dialect.literal(month.first_day, DATE).text
