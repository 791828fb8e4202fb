"""What differs between SQL engines: the operators of ours that each must say in its own way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Any

from ...money import DIGITS
from ...periods import Month
from ..ranges import Range
from .types import DATE, INTEGER, NARROW, WIDEST, Sql, Type, decimal

SHIFT = 10_000
EXACT, SHORT = 15, 9
"""Digits that a DOUBLE holds exactly, and that an INTEGER does."""
"""Years added before a division and taken off after it, so that rounding down also holds before birth."""


class Dialect(ABC):
    """Common SQL; the engines change what they must."""

    name = ""
    fence = ""
    """What ends a relation that is not to be merged into the next: what it computes would be written out, and computed, at each use."""

    # --- words

    def identifier(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def literal(self, value: Any, type: Type) -> Sql:
        """A constant in its narrowest form."""
        if value is None:
            return Sql(f"CAST(NULL AS {self.type_name(type)})", type)
        if isinstance(value, bool):
            return Sql("TRUE" if value else "FALSE", type)
        if isinstance(value, Month):
            return Sql(f"DATE '{value.first_day:%Y-%m-%d}'" if value.year > 999 else f"DATE '{value.first_day.isoformat()}'", DATE)
        if isinstance(value, date):
            return Sql(f"DATE '{value.isoformat()}'", DATE)
        if isinstance(value, int | Decimal):
            text = f"{value:f}" if isinstance(value, Decimal) else str(value)
            return Sql(f"({text})" if text.startswith("-") else text, type)
        return Sql("'" + str(value).replace("'", "''") + "'", type)

    def type_name(self, type: Type) -> str:
        return f"DECIMAL({type.width},{type.scale})" if type.decimal else type.base

    def cast(self, x: Sql, type: Type) -> Sql:
        return x if x.type == type else Sql(f"CAST({x.text} AS {self.type_name(type)})", type)

    # --- numbers

    @abstractmethod
    def divide(self, a: Sql, b: Sql, ranges: tuple[Range, Range], want: Type) -> Sql:
        """The quotient rounded half away from zero to 10 decimals, unknown where the divisor is zero."""

    def round(self, x: Sql, decimals: int, way: str, want: Type) -> Sql:
        """To so many decimals (0 or more): nearest (half away from zero), up, down."""
        if way == "nearest":
            return self.cast(Sql(f"round({x.text}, {decimals})", Type("DECIMAL", x.type.as_decimal().width, decimals)), want)
        function = "ceil" if way == "up" else "floor"
        if decimals == 0:
            return self.cast(Sql(f"{function}({x.text})", Type("DECIMAL", x.type.as_decimal().width, 0)), want)
        scaled = self.cast(x, decimal(want.width - want.scale + decimals, x.type.as_decimal().scale)).text
        step = f"{Decimal(1).scaleb(-decimals):f}"
        return Sql(f"CAST({function}({scaled} * {10**decimals}) * {step} AS {self.type_name(want)})", want)

    # --- dates

    @abstractmethod
    def year(self, d: str) -> str: ...

    @abstractmethod
    def month_number(self, d: str) -> str: ...

    @abstractmethod
    def day(self, d: str) -> str: ...

    @abstractmethod
    def whole_division(self, a: str, b: int) -> str:
        """A positive whole number divided by another, rounded down."""

    def month_index(self, d: str) -> str:
        """Months since January of year 0."""
        return f"({self.year(d)} * 12 + {self.month_number(d)} - 1)"

    def months_between(self, a: Sql, b: Sql, known: date | None, february_28: bool) -> Sql:
        """Completed months from a to b; `known` is b where it is a constant."""
        end = str(known.year * 12 + known.month - 1) if known else self.month_index(b.text)
        late = f"{self.day(a.text)} > {known.day if known else self.day(b.text)}"
        if february_28 and not (known and (known.month, known.day) != (2, 28)):
            last = str(monthrange(known.year, 2)[1]) if known else self.day(self.last_day(b.text))
            on = "" if known else f" AND {self.month_number(b.text)} = 2 AND {self.day(b.text)} = 28"
            late += f" AND NOT ({self.month_number(a.text)} = 2 AND {self.day(a.text)} = 29{on} AND {last} = 28)"
        return Sql(f"CAST({end} - {self.month_index(a.text)} - CASE WHEN {late} THEN 1 ELSE 0 END AS INTEGER)", INTEGER)

    def age(self, a: Sql, b: Sql, known: date | None, february_28: bool) -> Sql:
        """Completed years from a to b, rounded down."""
        months = self.months_between(a, b, known, february_28).text
        return Sql(f"({self.whole_division(f'({months} + {SHIFT * 12})', 12)} - {SHIFT})", INTEGER)

    def days_between(self, a: str, b: str) -> Sql:
        return Sql(f"CAST({b} - {a} AS INTEGER)", INTEGER)

    def add_months(self, d: str, n: str) -> Sql:
        """The same day so many months later, or the last of a shorter month; unknown outside the years 1 to 9999."""
        literal = n.strip("()")
        count = int(literal) if literal.removeprefix("-").isdigit() else None
        if count is None:
            inside = f"{self.month_index(d)} + {n} BETWEEN 12 AND 119999"
        elif abs(count) > 119_987:
            inside = "FALSE"
        else:
            edge = self.literal(Month.from_index(120_000 - count if count > 0 else 12 - count).first_day, DATE).text if count else ""
            inside = f"{d} {'<' if count > 0 else '>='} {edge}" if count else "TRUE"
        return Sql(f"CASE WHEN {inside} THEN CAST({self.shifted(d, f'CAST({n} AS INTEGER)')} AS DATE) END", DATE)

    @abstractmethod
    def shifted(self, d: str, n: str) -> str:
        """A date some months later, inside the calendar."""

    def add_days(self, d: str, n: str) -> Sql:
        """The day so many days later; unknown outside the years 1 to 9999."""
        inside = f"{n} BETWEEN DATE '0001-01-01' - {d} AND DATE '9999-12-31' - {d}"
        return Sql(f"CASE WHEN {inside} THEN CAST({d} + CAST({n} AS INTEGER) AS DATE) END", DATE)

    def month_of(self, d: str) -> str:
        return f"CAST(date_trunc('month', {d}) AS DATE)"

    @abstractmethod
    def last_day(self, m: str) -> str: ...

    # --- groups of rows

    def filtered(self, aggregate: str, where: str) -> str:
        return f"{aggregate} FILTER (WHERE {where})" if where else aggregate

    def count(self, where: str) -> str:
        return f"CAST({self.filtered('count(*)', where)} AS INTEGER)"

    @abstractmethod
    def best(self, value: str, where: str, count: int) -> tuple[str, str]:
        """The sum of the highest values, and how many there are."""

    @abstractmethod
    def pick(self, value: str, moment: str, where: str, last: bool, unique: bool) -> str:
        """The value of the first or last row in time; of rows at the same time the greatest, and unknown before all."""


class DuckDB(Dialect):
    """DuckDB 1.4 and later."""

    name = "duckdb"

    def literal(self, value: Any, type: Type) -> Sql:
        """A whole amount is written `600.`: DuckDB reads `600` as an INTEGER, ten digits wide, which makes sums and products 128 bits wide."""
        plain = super().literal(value, type)
        if type.decimal and value is not None and "." not in plain.text:
            return Sql(plain.text[:-1] + ".)" if plain.text.endswith(")") else plain.text + ".", type)
        return plain

    def whole(self, x: Sql, digits: int) -> str:
        """A number of so many digits without its point, as a whole number: of 64 bits where they allow it."""
        if not x.type.decimal:
            return f"CAST({x.text} AS {'BIGINT' if digits <= NARROW else 'HUGEINT'})"
        scale = x.type.scale
        if digits <= NARROW and max(x.type.width, digits + scale) <= NARROW and scale <= SHORT:
            return f"CAST({x.text} * {10**scale} AS BIGINT)" if scale else f"CAST({x.text} AS BIGINT)"
        if digits <= EXACT:
            return f"CAST(CAST({x.text} AS DOUBLE) * 1e{scale} AS BIGINT)"
        wide = self.cast(x, Type("DECIMAL", 38, scale)).text
        return f"CAST({wide} * {10**scale} AS {'BIGINT' if digits <= NARROW else 'HUGEINT'})"

    def divide(self, a: Sql, b: Sql, ranges: tuple[Range, Range], want: Type) -> Sql:
        """In 64 bits where the numbers allow: whole part first, then the decimals of the remainder, all at once or half of them before the others.

        128-bit division is many times slower.
        """
        top, bottom = ranges
        more = DIGITS + b.type.scale - a.type.scale
        above, below = top.digits + a.type.scale, bottom.digits + b.type.scale
        half = (more + 1) // 2
        narrow = above <= NARROW and below + half <= NARROW
        n, d = self.whole(a, above if narrow else WIDEST), self.whole(b, below if narrow else WIDEST)
        sign = ""
        if top.low < 0 or bottom.low < 0:
            sign, n, d = f" * sign({n}) * sign({d})", f"abs({n})", f"abs({d})"
        divisor = d if bottom.nonzero else f"nullif({d}, 0)"
        if not narrow:
            quotient = f"((({n} * {10**more}) + {d} // 2) // {divisor})"
            return self._tenths(f"{quotient}{sign}", want)
        rest = f"({n} % {divisor})"
        tail = f"(({rest} * {10**more} + {d} // 2) // {divisor})"
        if below + more > NARROW:
            rest = f"({rest} * {10**half})"
            last = f"((({rest} % {divisor}) * {10 ** (more - half)} + {d} // 2) // {divisor})"
            tail = f"(({rest} // {divisor}) * {10 ** (more - half)} + {last})"
        if want.width - want.scale + DIGITS < NARROW:
            return self._tenths(f"(({n} // {divisor}) * {10**more} + {tail}){sign}", want)
        digits = want.width - want.scale
        head = f"CAST(({n} // {divisor}){sign} AS DECIMAL({max(digits + a.type.scale - b.type.scale, 1)},0))"
        if a.type.scale > b.type.scale:
            head = f"{head} * {Decimal(1).scaleb(b.type.scale - a.type.scale):f}"
        elif b.type.scale > a.type.scale:
            head = f"{head} * {10 ** (b.type.scale - a.type.scale)}"
        return Sql(f"CAST({head} + {self._tenths(f'{tail}{sign}', Type('DECIMAL', 17, DIGITS)).text} AS {self.type_name(want)})", want)

    def _tenths(self, whole: str, want: Type) -> Sql:
        """A whole number of the last decimal as a decimal."""
        result = Type("DECIMAL", min(want.width - want.scale + DIGITS, 38), 0)
        text = f"CAST({whole} AS {self.type_name(result)})"
        if want.width > NARROW and result.width <= NARROW:
            text = f"CAST({text} AS DECIMAL(38,0))"
        return Sql(f"CAST({text} * {Decimal(1).scaleb(-DIGITS):f} AS {self.type_name(want)})", want)

    def round(self, x: Sql, decimals: int, way: str, want: Type) -> Sql:
        """As everywhere; of 128-bit numbers, whose rounding is slow, only what is left of a first guess is rounded, exactly."""
        known = want.width - want.scale + decimals
        if way != "nearest" or x.type.as_decimal().width <= NARROW or known > 14:
            return super().round(x, decimals, way, want)
        guess = f"CAST(CAST(trunc(CAST({x.text} AS DOUBLE) * {10**decimals}) AS BIGINT) AS DECIMAL({known + 1},0))"
        near = f"({guess} * {Decimal(1).scaleb(-decimals):f})" if decimals else guess
        rest = f"round(CAST({x.text} - {near} AS DECIMAL({x.type.scale + 3},{x.type.scale})), {decimals})"
        return Sql(f"CAST({near} + {rest} AS {self.type_name(want)})", want)

    def year(self, d: str) -> str:
        return f"year({d})"

    def month_number(self, d: str) -> str:
        return f"month({d})"

    def day(self, d: str) -> str:
        return f"day({d})"

    def whole_division(self, a: str, b: int) -> str:
        return f"({a} // {b})"

    def shifted(self, d: str, n: str) -> str:
        return f"{d} + to_months({n})"

    def last_day(self, m: str) -> str:
        return f"last_day({m})"

    def count(self, where: str) -> str:
        return f"CAST({f'count(CASE WHEN {where} THEN 1 END)' if where else 'count(*)'} AS INTEGER)"

    def best(self, value: str, where: str, count: int) -> tuple[str, str]:
        top = self.filtered(f"max({value}, {count})", where)
        return f"list_sum({top})", f"len({top})"

    def pick(self, value: str, moment: str, where: str, last: bool, unique: bool) -> str:
        if unique:
            return self.filtered(f"arg_{'max' if last else 'min'}_null({value}, {moment})", where)
        order = f"{moment} {'DESC' if last else 'ASC'}, {value} DESC NULLS FIRST"
        return self.filtered(f"first({value} ORDER BY {order})", where)


class PostgreSQL(Dialect):
    """PostgreSQL 14 and later. Its NUMERIC is exact at any width, so decimals need no casts."""

    name = "postgresql"
    fence = "\nOFFSET 0"

    def cast(self, x: Sql, type: Type) -> Sql:
        if type.decimal:
            return Sql(x.text if x.type.decimal else f"CAST({x.text} AS NUMERIC)", type)
        return super().cast(x, type)

    def type_name(self, type: Type) -> str:
        return "NUMERIC" if type.decimal else type.base

    def divide(self, a: Sql, b: Sql, ranges: tuple[Range, Range], want: Type) -> Sql:
        n = f"(CAST({a.text} AS NUMERIC) * {10 ** (DIGITS + 1)})"
        d = f"CAST({b.text} AS NUMERIC)"
        scale = 10 ** max(a.type.scale, b.type.scale)
        n, d = f"({n} * {scale} / 10)", f"({d} * {scale})"
        step = f"{Decimal(1).scaleb(-DIGITS):f}"
        divisor = d if ranges[1].nonzero else f"nullif({d}, 0)"
        return Sql(f"(sign({n}) * sign({d}) * div(2 * abs({n}) + abs({d}), 2 * abs({divisor})) * {step})", want)

    def year(self, d: str) -> str:
        return f"CAST(extract(year FROM {d}) AS INTEGER)"

    def month_number(self, d: str) -> str:
        return f"CAST(extract(month FROM {d}) AS INTEGER)"

    def day(self, d: str) -> str:
        return f"CAST(extract(day FROM {d}) AS INTEGER)"

    def whole_division(self, a: str, b: int) -> str:
        return f"({a} / {b})"

    def shifted(self, d: str, n: str) -> str:
        return f"{d} + make_interval(months => {n})"

    def last_day(self, m: str) -> str:
        return f"CAST(date_trunc('month', {m}) + INTERVAL '1 month' - INTERVAL '1 day' AS DATE)"

    def best(self, value: str, where: str, count: int) -> tuple[str, str]:
        top = f"({self.filtered(f'array_agg({value} ORDER BY {value} DESC NULLS LAST)', where)})[1:{count}]"
        return f"(SELECT sum(x) FROM unnest({top}) AS x)", f"coalesce(array_length({top}, 1), 0)"

    def pick(self, value: str, moment: str, where: str, last: bool, unique: bool) -> str:
        order = f"{moment} {'DESC' if last else 'ASC'}, {value} DESC NULLS FIRST"
        return f"({self.filtered(f'array_agg({value} ORDER BY {order})', where)})[1]"


DIALECTS: dict[str, Dialect] = {"duckdb": DuckDB(), "postgresql": PostgreSQL()}
