"""The SQL that turns a source's values into the types of the vocabulary, exactly, and says what is wrong with each value.

Every value goes through text, so that CSV, Excel, Stata and Parquet obey the same rules: a number is read as DECIMAL(38,18) (a double by its
shortest text), multiplied by a whole fraction in 128-bit integers, and rounded (half away from zero) only where the mapping says `round: true`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ..vocabulary.model import Fact, Vocabulary
from .mapping import Rule
from .sources import Raw, quoted
from .survey.describing import REPLICATE

WIDE = "DECIMAL(38,18)"
GIVEN_DECIMAL = "DECIMAL(28,10)"
"""The type of a scheme.variable that the source holds as a double or as text."""
MOST_DECIMALS = 12
"""Decimals of a source value that a factor takes into account."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a column must become."""

    kind: str  # boolean | integer | decimal | date | month | text | code | key
    sql: str
    digits: int = 0
    codes: tuple[str, ...] = ()
    code_list: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    rounds: bool = False  # weights are rounded to 9 decimals without asking: they are quotients


@dataclass(frozen=True, slots=True)
class Check:
    """One way in which a row can be wrong: an SQL condition on the columns of `Conversion.layers`."""

    column: str
    reason: str
    condition: str
    value: str  # SQL expression: what to show, or NULL


@dataclass(slots=True)
class Conversion:
    """The select lists of a table's conversion, each on top of the one before: texts s, then coded texts t and numbers n, then values v."""

    texts: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # target -> v0, v1, …
    targets: dict[str, Target] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)  # target -> raw column, where it comes from one
    checks: list[Check] = field(default_factory=list)

    def text(self, target: str) -> str:
        """The column of a target's text, before it has a type."""
        return "t" + self.names[target][1:]

    def query(self, raw: Raw, rows: str = "") -> str:
        """All columns (seq, s…, t…, n…, v…) of the rows of a raw table; `rows` is FROM's continuation, such as WHERE."""
        texts = f'SELECT {", ".join([f"{raw.row_id} AS seq", *self.texts])} FROM "{raw.name}" {rows}'
        numbers = f"SELECT *{''.join(', ' + n for n in self.numbers)} FROM ({texts})"
        return f"SELECT *{''.join(', ' + v for v in self.values)} FROM ({numbers})"


def target_of(fact: Fact, vocabulary: Vocabulary) -> Target:
    """The target of a fact of the vocabulary."""
    if fact.type == "code":
        codes = vocabulary.codes[fact.codes].values if fact.codes in vocabulary.codes else {}
        return Target("code", "VARCHAR", codes=tuple(codes), code_list=fact.codes)
    if fact.type == "decimal":
        if fact.unit.currency is not None:
            sql = f"DECIMAL(18,{vocabulary.currency_digits})"
            return Target("decimal", sql, vocabulary.currency_digits, minimum=fact.minimum, maximum=fact.maximum)
        weight = fact.name == "weight"
        sql = "DECIMAL(18,9)" if weight else "DECIMAL(18,6)"
        return Target("decimal", sql, 9 if weight else fact.digits, minimum=fact.minimum, maximum=fact.maximum, rounds=weight)
    if fact.type == "integer":
        return Target("integer", "INTEGER", minimum=fact.minimum, maximum=fact.maximum)
    return Target(fact.type, {"boolean": "BOOLEAN", "date": "DATE", "month": "DATE"}.get(fact.type, "VARCHAR"))


def target_given(sql_type: str, declared: str) -> Target:
    """The target of a scheme.variable: the type that the mapping declares, or the plain type that the source has."""
    if declared:
        sql = {"boolean": "BOOLEAN", "integer": "BIGINT", "decimal": GIVEN_DECIMAL, "date": "DATE", "month": "DATE"}.get(declared, "VARCHAR")
        return Target(declared, sql, 10 if declared == "decimal" else 0)
    if sql_type == "BOOLEAN":
        return Target("boolean", "BOOLEAN")
    if sql_type.startswith("DECIMAL"):
        return Target("decimal", sql_type, int(sql_type.rstrip(")").partition(",")[2]))
    if sql_type in ("FLOAT", "DOUBLE"):
        return Target("decimal", GIVEN_DECIMAL, 10)
    if sql_type.endswith("INT") or sql_type in ("INTEGER", "UINTEGER"):
        return Target("integer", "INTEGER" if sql_type in ("INTEGER", "SMALLINT", "TINYINT", "USMALLINT", "UTINYINT") else "BIGINT")
    if sql_type == "DATE" or sql_type.startswith("TIMESTAMP"):
        return Target("date", "DATE")
    return Target("text", "VARCHAR")


def text_of(column: str, sql_type: str) -> str:
    """A source column as trimmed text; whole doubles have no point, days are 2026-03-01."""
    if sql_type in ("FLOAT", "DOUBLE"):
        whole = f"CASE WHEN {column} = trunc({column}) AND abs({column}) < 1e15 THEN CAST(CAST({column} AS BIGINT) AS VARCHAR)"
        return f"{whole} WHEN isnan({column}) THEN 'NaN' ELSE CAST({column} AS VARCHAR) END"
    if sql_type.startswith("DECIMAL"):
        return f"CASE WHEN {column} = trunc({column}) THEN CAST(CAST({column} AS HUGEINT) AS VARCHAR) ELSE CAST({column} AS VARCHAR) END"
    if sql_type.startswith("TIMESTAMP"):
        day = f"CAST({column} AS TIMESTAMP)"
        return f"CASE WHEN {day} = date_trunc('day', {day}) THEN CAST(CAST({day} AS DATE) AS VARCHAR) ELSE CAST({column} AS VARCHAR) END"
    return f"nullif(trim({column}), '')" if sql_type == "VARCHAR" else f"CAST({column} AS VARCHAR)"


def plan(rules: list[tuple[Rule, Target]], raw: Raw, decimal_mark: str, day: date | None) -> Conversion:
    """The conversion of a table: one rule and target for each column."""
    conversion = Conversion()
    for number, (rule, target) in enumerate(rules):
        conversion.names[rule.target] = f"v{number}"
        conversion.targets[rule.target] = target
        _plan_text(conversion, number, rule, target, raw, decimal_mark)
        _plan_value(conversion, number, rule, target)
    _between_columns(conversion, day)
    return conversion


def _plan_text(conversion: Conversion, number: int, rule: Rule, target: Target, raw: Raw, decimal_mark: str) -> None:
    """s: the source's text, missing values left out; t: after the mapping's codes."""
    if rule.row_number:
        text = f"CAST({raw.row_id} + 1 AS VARCHAR)"
    elif rule.column is None:
        text = quoted(rule.value) if rule.value is not None else "CAST(NULL AS VARCHAR)"
    else:
        alias = conversion.sources[rule.target] = raw.columns[rule.column]
        text = text_of(alias, raw.types[alias])
        if decimal_mark != "." and target.kind in ("integer", "decimal") and raw.types[alias] == "VARCHAR":
            text = f"CASE WHEN contains({text}, '.') THEN 'a point in ' || {text} ELSE replace({text}, {quoted(decimal_mark)}, '.') END"
    if rule.missing:
        text = f"CASE WHEN {_is_missing(text, rule, target)} THEN NULL ELSE {text} END"
    conversion.texts.append(f"{text} AS s{number}")
    if rule.codes is None:
        conversion.numbers.append(f"s{number} AS t{number}")
        return
    branches = " ".join(f"WHEN {quoted(key)} THEN {quoted(code) if code is not None else 'NULL'}" for key, code in rule.codes.items())
    conversion.numbers.append(f"CASE s{number} {branches} END AS t{number}" if branches else f"CAST(NULL AS VARCHAR) AS t{number}")
    keys = ", ".join(quoted(key) for key in rule.codes)
    unknown = f"s{number} IS NOT NULL AND s{number} NOT IN ({keys})" if keys else f"s{number} IS NOT NULL"
    conversion.checks.append(Check(rule.target, "the code is not in the mapping", unknown, shown(f"s{number}", "code")))


def _is_missing(text: str, rule: Rule, target: Target) -> str:
    """The text is one of the missing values; in a column of numbers -9.0 is -9."""
    words = ", ".join(quoted(word) for word in dict.fromkeys(rule.missing))
    condition = f"{text} IN ({words})"
    numbers = [word for word in dict.fromkeys(rule.missing) if _is_number(word)]
    if numbers and target.kind in ("integer", "decimal"):
        condition += f" OR coalesce(try_cast({text} AS {WIDE}) IN ({', '.join(f'CAST({quoted(n)} AS {WIDE})' for n in numbers)}), false)"
    return condition


def _is_number(text: str) -> bool:
    sign, _, digits = text.rpartition("-")
    whole, _, part = digits.partition(".")
    return not sign and whole.isascii() and whole.isdigit() and len(whole) < 19 and (not part or (part.isdigit() and len(part) < 19))


def _plan_value(conversion: Conversion, number: int, rule: Rule, target: Target) -> None:
    """v: the value in its type; and the checks of the column by itself."""
    t = f"t{number}"
    makers = {"integer": _number, "decimal": _number, "date": _date, "month": _month, "boolean": _boolean}
    if target.kind in makers:
        makers[target.kind](conversion, number, rule, target)
    else:
        conversion.values.append(f"{t} AS v{number}")
    if target.kind == "code":
        words = ", ".join(quoted(code) for code in target.codes)
        outside = f"{t} NOT IN ({words})" if words else f"{t} IS NOT NULL"
        reason = f"is not in the code list {target.code_list}" + ("" if words else ", which is empty")
        conversion.checks.append(Check(rule.target, reason, outside, shown(t, "code")))
    for limit, sign, word in ((target.minimum, "<", "is less than"), (target.maximum, ">", "is more than")):
        if limit is not None:
            check = f"v{number} {sign} CAST({quoted(format(limit, 'f'))} AS {WIDE})"
            conversion.checks.append(Check(rule.target, f"{word} {format(limit, 'f')}", check, shown(f"s{number}", target.kind)))


def shown(text: str, kind: str) -> str:
    """What a report may show of a value: numbers, days and codes; never words that may be a name."""
    pattern = "[A-Za-z0-9_.+-]{1,24}" if kind == "code" else "[-+0-9.,:/ eE]{1,40}"
    words = "true|false|NaN|inf|-inf|nan"
    return f"CASE WHEN regexp_full_match({text}, '{pattern}|{words}') THEN {text} WHEN {text} IS NOT NULL THEN 'a text' END"


def _number(conversion: Conversion, number: int, rule: Rule, target: Target) -> None:
    """A whole or decimal number, exactly."""
    name, value = rule.target, shown(f"s{number}", target.kind)
    t, n, v = f"t{number}", f"n{number}", f"v{number}"
    conversion.numbers.append(f"CASE WHEN NOT contains({t}, '_') THEN try_cast({t} AS {WIDE}) END AS {n}")
    if rule.factor is None:
        conversion.values.append(f"try_cast({n} AS {target.sql}) AS {v}")
        inexact = f"{n} <> {v}"
        if target.kind == "decimal" and target.digits < int(target.sql.rstrip(")").partition(",")[2]):
            inexact = f"{n} <> round({n}, {target.digits})"
        inexact = f"({inexact} OR length({t}) > 20 AND regexp_matches({t}, '\\.[0-9]{{18}}[0-9]*[1-9]'))"
    else:
        scaled, inexact = _times(n, rule.factor, target)
        conversion.values.append(f"{scaled} AS {v}")
    what = "a whole number" if target.kind == "integer" else "a number"
    conversion.checks.append(Check(name, f"is not {what}", f"{t} IS NOT NULL AND {n} IS NULL", value))
    conversion.checks.append(Check(name, "is too large", f"{n} IS NOT NULL AND {v} IS NULL", value))
    if not rule.round and not target.rounds:
        reason = "is not a whole number" if not target.digits else f"has more than {target.digits} decimal{'s' if target.digits > 1 else ''}"
        conversion.checks.append(Check(name, reason + (" after the conversion" if rule.factor else ""), inexact, value))


def _times(n: str, factor: Fraction, target: Target) -> tuple[str, str]:
    """The number times the factor, rounded to the target's decimals; and whether that is inexact. Whole numbers of 128 bits."""
    scale = Fraction(10**target.digits, 10**MOST_DECIMALS) * factor
    above, below = abs(scale.numerator), scale.denominator
    narrow = f"CAST({n} AS DECIMAL(38,{MOST_DECIMALS}))"
    whole = f"TRY(CAST(replace(CAST({narrow} AS VARCHAR), '.', '') AS HUGEINT) * {above}::HUGEINT)"
    rounded = f"TRY((2::HUGEINT * abs({whole}) + {below}::HUGEINT) // {2 * below}::HUGEINT)"
    sign = f"CASE WHEN {n} {'<' if factor > 0 else '>'} 0 THEN -1::HUGEINT ELSE 1::HUGEINT END"
    settled = f"try_cast({rounded} * {sign} AS DECIMAL(18,0))"
    if target.digits:
        settled = f"{settled} * CAST('{Decimal(1).scaleb(-target.digits):f}' AS DECIMAL({target.digits + 1},{target.digits}))"
    return f"try_cast({settled} AS {target.sql})", f"({whole} % {below}::HUGEINT <> 0 OR {narrow} <> {n})"


def _in_calendar(day: str) -> str:
    return f"CASE WHEN {day} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN {day} END"


def _date(conversion: Conversion, number: int, rule: Rule, target: Target) -> None:
    """A day: 2026-03-01, or in the mapping's format."""
    t = f"t{number}"
    if rule.format:
        day = f"CAST(try_strptime({t}, {quoted(rule.format)}) AS DATE)"
    else:
        day = f"CASE WHEN regexp_full_match({t}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') THEN try_cast({t} AS DATE) END"
    conversion.values.append(f"{_in_calendar(day)} AS v{number}")
    reason = f"is not a date as {rule.format}" if rule.format else "is not a date as 2026-03-01"
    wrong = f"{t} IS NOT NULL AND v{number} IS NULL"
    conversion.checks.append(Check(rule.target, reason, wrong, shown(f"s{number}", "date")))


def _month(conversion: Conversion, number: int, rule: Rule, target: Target) -> None:
    """A month: 2026-03, its first day, or in the mapping's format; stored as its first day."""
    t = f"t{number}"
    if rule.format:
        day = f"CAST(try_strptime({t}, {quoted(rule.format)}) AS DATE)"
    else:
        short = f"WHEN regexp_full_match({t}, '[0-9]{{4}}-[0-9]{{2}}') THEN try_cast({t} || '-01' AS DATE)"
        day = f"CASE {short} WHEN regexp_full_match({t}, '[0-9]{{4}}-[0-9]{{2}}-01') THEN try_cast({t} AS DATE) END"
    first = f"CASE WHEN day({day}) = 1 THEN {day} END" if rule.format else day
    conversion.values.append(f"{_in_calendar(first)} AS v{number}")
    reason = f"is not a month as {rule.format}" if rule.format else "is not a month as 2026-03, nor the first day of one"
    conversion.checks.append(Check(rule.target, reason, f"{t} IS NOT NULL AND v{number} IS NULL", shown(f"s{number}", "date")))


def _boolean(conversion: Conversion, number: int, rule: Rule, target: Target) -> None:
    """True or false: true, false, 1 and 0; other words need codes."""
    t = f"t{number}"
    conversion.values.append(f"CASE WHEN lower({t}) IN ('true', '1') THEN true WHEN lower({t}) IN ('false', '0') THEN false END AS v{number}")
    reason = "is neither true, false, 1 nor 0 (map other codes)"
    conversion.checks.append(Check(rule.target, reason, f"{t} IS NOT NULL AND v{number} IS NULL", shown(f"s{number}", "code")))


def _between_columns(conversion: Conversion, day: date | None) -> None:
    """What columns of one row say of each other."""
    names = conversion.names
    if "birth_date" in names and day is not None:
        birth = names["birth_date"]
        after = f"{birth} > DATE '{day.isoformat()}'"
        conversion.checks.append(Check("birth_date", f"is after the population's date {day}", after, f"CAST({birth} AS VARCHAR)"))
    for start, end, words in (("start_date", "end_date", "the start"), ("birth_date", "death_date", "the birth")):
        if start in names and end in names:
            before = f"{names[end]} < {names[start]}"
            conversion.checks.append(Check(end, f"is before {words}", before, f"CAST({names[end]} AS VARCHAR)"))
    for name in names:
        if name == "weight" or name.startswith(REPLICATE):
            conversion.checks.append(Check(name, "is missing", f"{conversion.text(name)} IS NULL", "NULL"))
