"""Facts as the registry keeps them, canonical text, read as the law's vocabulary has them: in Python for one household, in SQL for a registry.

Text that this law's vocabulary cannot read (a code that it no longer has, a figure out of bounds) is unknown to it. Both ways agree.
"""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

from ...errors import InputError
from ...periods import Month
from ...vocabulary.model import Fact, Vocabulary

PEOPLE = ("spouse_id", "mother_id", "father_id", "breadwinner_id", "child_id", "deceased_id")
"""Words whose value is the reference of a person."""
_INTEGER, _DAY, _MONTH = r"-?[0-9]{1,18}", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]{4}-[0-9]{2}"


class _Unknown:
    """What a text says that cannot be read."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()


def read(word: Fact, text: object, vocabulary: Vocabulary) -> Any:
    """The value of a canonical text; None where it is empty and the word has "there is none"; UNKNOWN where it cannot be read."""
    if text is None or text == "":
        return None if word.none else UNKNOWN
    try:
        return _value(word, text if isinstance(text, str) else json.dumps(text), vocabulary)
    except (InputError, ArithmeticError, ValueError):
        return UNKNOWN


def _value(word: Fact, text: str, vocabulary: Vocabulary) -> Any:
    match word.type:
        case "boolean":
            return {"true": True, "false": False}.get(text, UNKNOWN)
        case "integer":
            return _within(word, int(text)) if re.fullmatch(_INTEGER, text) else UNKNOWN
        case "decimal":
            return _within(word, Decimal(text)) if re.fullmatch(_decimal(word), text) else UNKNOWN
        case "date":
            return date.fromisoformat(text) if re.fullmatch(_DAY, text) else UNKNOWN
        case "month":
            return Month.parse(text) if re.fullmatch(_MONTH, text) else UNKNOWN
        case "code":
            codes = vocabulary.codes.get(word.codes)
            return text if not codes or not codes.values or text in codes.values else UNKNOWN
    return text


def _decimal(word: Fact) -> str:
    return rf"{_INTEGER}(\.[0-9]{{1,{word.digits}}})?" if word.digits else _INTEGER


def _within(word: Fact, number: int | Decimal) -> Any:
    low, high = word.minimum, word.maximum
    return number if (low is None or number >= low) and (high is None or number <= high) else UNKNOWN


def write(value: Any) -> str:
    """A value as canonical text; "" for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def sql(word: Fact, text: str, vocabulary: Vocabulary) -> str:
    """The same in DuckDB's SQL, of a column of texts; null where it is unknown or none."""
    match word.type:
        case "boolean":
            return f"CASE {text} WHEN 'true' THEN true WHEN 'false' THEN false END"
        case "integer":
            return _bounded(word, text, f"TRY_CAST({text} AS BIGINT)", _INTEGER)
        case "decimal":
            return _bounded(word, text, f"TRY_CAST({text} AS DECIMAL(18,{word.digits}))", _decimal(word))
        case "date":
            return f"CASE WHEN regexp_full_match({text}, '{_DAY}') THEN TRY_CAST({text} AS DATE) END"
        case "month":
            return f"CASE WHEN regexp_full_match({text}, '{_MONTH}') THEN TRY_CAST({text} || '-01' AS DATE) END"
        case "code":
            codes = vocabulary.codes.get(word.codes)
            if codes and codes.values:
                listed = ", ".join(_quoted(code) for code in codes.values)
                return f"CASE WHEN {text} IN ({listed}) THEN {text} END"
    return f"nullif({text}, '')"


def _bounded(word: Fact, text: str, value: str, pattern: str) -> str:
    low = f" AND {value} >= {word.minimum}" if word.minimum is not None else ""
    high = f" AND {value} <= {word.maximum}" if word.maximum is not None else ""
    return f"CASE WHEN regexp_full_match({text}, {_quoted(pattern)}){low}{high} THEN {value} END"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def plain(facts: Any) -> Any:
    """Facts for JSON, in the form that the engine reads again: decimals, days and months as text."""
    if isinstance(facts, dict):
        return {str(key): plain(value) for key, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [plain(value) for value in facts]
    if isinstance(facts, Decimal):
        return f"{facts:f}"
    return facts if facts is None or isinstance(facts, bool | int | str) else str(facts)
