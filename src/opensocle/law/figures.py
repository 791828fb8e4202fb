"""Reads the parameters of a scheme: figures over time, tables, bands and bracket scales, each with its source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal, cast

from ..errors import nearest
from ..vocabulary import CodeList, Unit
from .model import Band, Bracket, Dated, Indexation, Key, Parameter, Place, Table, Value
from .names import Context, check_parameter_name, known, read_span, read_unit, titles
from .nodes import Findings, Node, check_keys, read_date

TYPES = ("boolean", "integer", "decimal", "money", "rate", "date", "text", "code")
KEYS = ("title", "type", "unit", "values", "until", "index", "by", "scale", "of", "source", "notes")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})")
_BAND = re.compile(r"(0|[1-9][0-9]{0,8})-(0|[1-9][0-9]{0,8})")
_OVER = re.compile(r"(0|[1-9][0-9]{0,8})\+")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")


@dataclass(frozen=True, slots=True)
class _Form:
    """The part of a parameter that says how its values are written."""

    what: str
    type: str
    by: tuple[str, ...]
    keys: tuple[CodeList | None, ...]  # for each of `by`: the code list of its keys, None for numbers or a key that the law computes
    scale: Literal["marginal", "single"] | None


def read_parameters(node: Node | None, context: Context) -> dict[str, Parameter]:
    """The parameters of a scheme or of the concepts, by name."""
    found = context.found
    if node is None:
        return {}
    result = {}
    for name, child in node.as_map(found, "'parameters'").items():
        check_parameter_name(name, node.key_place(name), found)
        parameter = _read_parameter(name, child, node.key_place(name), context)
        if parameter is not None:
            result[name] = parameter
    return result


def _read_parameter(name: str, node: Node, place: Place, context: Context) -> Parameter | None:
    found, what = context.found, f"parameter {name!r}"
    if not node.is_map(found, what):
        return None
    check_keys(node, found, what, ("values",), KEYS)
    source_node = node.get("source")
    source = (source_node.as_text(found, f"the source of {what}") or "") if source_node else ""
    if source_node is None:
        found.problem("L014", f"{what} has no source", place, "add source: the act and article that set it")
    form = _read_form(node, what, context)
    unit, unit_text = read_unit(node.get("unit"), context, what)
    of_node = node.get("of")
    values = _read_values(node, form, found)
    _, until = read_span(node, found, values[0].since if values else None)
    _check_form(node, form, unit, found)
    return Parameter(
        name=name,
        type=_type(form, unit, values, indexed=node.get("index") is not None),
        unit=unit,
        values=values,
        source=source,
        by=form.by,
        scale=form.scale,
        of=read_unit(of_node, context, f"the thresholds of {what}")[0] if of_node else Unit() if form.scale else None,
        index=_read_index(node.get("index"), what, found),
        until=until,
        title=titles(node.get("title"), found, context.languages, f"title of {what}"),
        unit_text=unit_text,
        place=place,
    )


def _read_form(node: Node, what: str, context: Context) -> _Form:
    found = context.found
    by_node, scale_node, type_node = node.get("by"), node.get("scale"), node.get("type")
    by: list[str] = []
    if by_node is not None:
        for item in by_node.items if isinstance(by_node.value, list) else [by_node]:
            key = item.as_text(found, f"'by' of {what}")
            if key is not None:
                by.append(key)
        if len(by) > 2 or len(set(by)) < len(by):
            found.problem("L012", f"'by' of {what} must name one or two different keys", by_node.place, "write by: region, or by: [region, skill]")
    scale = scale_node.as_choice(found, f"'scale' of {what}", ("marginal", "single")) if scale_node else None
    if by and scale and scale_node:
        found.problem("L012", f"{what} cannot be a table and a scale at once", scale_node.place, "keep 'by' or 'scale'")
        scale = None
    kind = type_node.as_choice(found, f"the type of {what}", TYPES) if type_node else None
    lists = tuple(_code_list(key, by_node.place if by_node else node.place, what, context) for key in by[:2])
    return _Form(what, kind or "", tuple(by[:2]), lists, cast('Literal["marginal", "single"] | None', scale))


def _code_list(key: str, place: Place, what: str, context: Context) -> CodeList | None:
    """The code list of a table's key; None where its keys are numbers, or are computed by the law (looked at once that is read)."""
    word = context.word(key)
    if isinstance(word, CodeList) or word is None or context.vocabulary is None:
        return word if isinstance(word, CodeList) else None
    if word.type == "code":
        return context.vocabulary.codes[word.codes]
    if word.type not in ("integer", "decimal"):
        context.found.problem("L027", f"{what}: {key!r} is of type {word.type}, which cannot be the key of a table", place, "use a code or a number")
    return None


def _check_form(node: Node, form: _Form, unit: Unit, found: Findings) -> None:
    worded = form.type in ("boolean", "date", "text", "code")
    type_node, of_node, unit_node, index_node = (node.get(key) for key in ("type", "of", "unit", "index"))
    if worded and type_node and (form.by or form.scale):
        found.problem("L012", f"{form.what}: a table or a scale holds numbers, not type {form.type}", type_node.place, "leave out 'type'")
    if worded and index_node:
        found.problem("L012", f"{form.what}: only numbers can be indexed", index_node.place, "leave out 'index'")
    if form.type == "integer" and index_node:
        found.problem("L012", f"{form.what}: an index gives decimals, which type integer has not", index_node.place, "leave out 'type', or 'index'")
    if worded and unit_node:
        found.problem("L019", f"{form.what}: a value of type {form.type} has no unit", unit_node.place, "leave out 'unit'")
    if form.type == "money" and unit.currency is None:
        found.problem("L019", f"{form.what} is money, but its unit has no currency", node.place, "write unit: XMU/month, with the country's currency")
    if form.scale and of_node is None:
        found.problem("L011", f"{form.what} has no 'of'", node.place, "add of: the unit of the thresholds, such as XMU/month or year")
    if of_node and not form.scale:
        found.problem("L010", f"{form.what}: 'of' belongs to scales", of_node.place, "leave it out, or add scale: marginal")


def _type(form: _Form, unit: Unit, values: Sequence[Dated], indexed: bool) -> str:
    """The declared type; otherwise integer for whole counts and times written without decimals that no index moves, decimal for the rest."""
    if form.type in ("money", "rate"):
        return "decimal"
    if form.type:
        return form.type
    if form.by or form.scale or unit.currency or indexed:
        return "decimal"
    figures = [dated.value for dated in values if isinstance(dated.value, Decimal)]
    return "integer" if figures and all(figure == int(figure) for figure in figures) and _may_be_whole(unit) else "decimal"


def _may_be_whole(unit: Unit) -> bool:
    return bool(unit.powers) and all(power == 1 for _, power in unit.powers)


def _read_index(node: Node | None, what: str, found: Findings) -> Indexation | None:
    if node is None:
        return None
    if not node.is_map(found, f"'index' of {what}"):
        return None
    check_keys(node, found, f"'index' of {what}", ("by",), ("every", "month"))
    by, every, month = node.get("by"), node.get("every"), node.get("month")
    series = by.as_choice(found, f"the index of {what}", known("series")) if by else None
    rhythm = every.as_choice(found, f"'every' of {what}", ("year", "month")) if every else "year"
    number = month.as_integer(found, f"the month of the index of {what}", 1, 12) if month else 1
    if series is None or rhythm is None or number is None:
        return None
    return Indexation(series, cast('Literal["year", "month"]', rhythm), number)


def _read_values(node: Node, form: _Form, found: Findings) -> tuple[Dated, ...]:
    values = node.get("values")
    if values is None:
        return ()
    if not isinstance(values.value, dict):
        found.problem("L012", f"the values of {form.what} must be dated", values.place, "write values: {2024-01-01: 30}")
        return ()
    if not values.map:
        found.problem("L011", f"{form.what} has no value", values.place, "write values: {2024-01-01: 30}")
    dated = []
    for text, child in values.map.items():
        place = values.key_place(text)
        since = read_date(text, place, found, f"a date of {form.what}")
        value = _read_value(child, form, f"{form.what} from {text[:20]}", found)
        if since is not None:
            dated.append(Dated(since, value, place))
    return tuple(sorted(dated, key=lambda entry: entry.since))


def _read_value(node: Node, form: _Form, what: str, found: Findings) -> Value:
    if node.is_null:
        return None
    if form.scale:
        return _read_brackets(node, form.scale, what, found)
    if form.by:
        return _read_table(node, form.keys, what, found)
    if isinstance(node.value, dict):
        found.problem("L012", f"{what} is a map, but the parameter is no table", node.place, "add by: the name of the key, or write a number")
        return None
    return _read_scalar(node, form.type, what, found)


def _read_scalar(node: Node, kind: str, what: str, found: Findings) -> Decimal | bool | str | date | None:
    if kind == "boolean":
        return node.as_boolean(found, what)
    if kind == "date":
        return node.as_date(found, what)
    if kind in ("text", "code"):
        return node.as_text(found, what)
    if kind == "integer":
        number = node.as_integer(found, what)
        return None if number is None else Decimal(number)
    if node.plain and node.text in ("true", "false"):
        found.problem("L013", f"{what} must be a number, not {node.text}", node.place, "add type: boolean")
        return None
    return node.as_decimal(found, what)


def _read_table(node: Node, lists: Sequence[CodeList | None], what: str, found: Findings) -> Table | None:
    """The cells of a table by their keys (a code, a whole number or a band)."""
    rows = node.as_map(found, f"{what}, a table,")
    if isinstance(node.value, dict) and not rows:
        found.problem("L011", f"{what} is an empty table", node.place, "write key: value")
    keys = _read_keys(node, lists[0], what, found)
    table: dict[tuple[Key, ...], Decimal] = {}
    inner: dict[str, frozenset[str]] = {}
    for text, child in rows.items():
        key = keys[text]
        if len(lists) == 2:
            cells = _read_table(child, lists[1:], f"{what}, {text[:30]}", found) or {}
            inner[text] = frozenset(child.map)
            table.update({(key, *rest): number for rest, number in cells.items()})
        elif (number := child.as_decimal(found, f"{what}, {text[:30]}")) is not None:
            table[(key,)] = number
    _check_rows(node, inner, what, found)
    return table


def _read_keys(node: Node, codes: CodeList | None, what: str, found: Findings) -> Mapping[str, Key]:
    """The keys of a table by their texts: codes of a list, or else numbers, bands or words."""
    if codes is None:
        keys = {text: _read_key(text, node.key_place(text), what, found) for text in node.map}
        _check_bands(node, keys, what, found)
        return keys
    for text in node.map:
        if text not in codes.values:
            hint = nearest(text, list(codes.values)) or f"the list is empty: add codes: {{{codes.name}: …}} to country.yaml"
            found.problem("L021", f"{what}: {text[:40]!r} is not in the code list {codes.name!r}", node.key_place(text), hint)
    return {text: text for text in node.map}


def _check_rows(node: Node, inner: dict[str, frozenset[str]], what: str, found: Findings) -> None:
    every = frozenset().union(*inner.values()) if inner else frozenset()
    for text, keys in inner.items():
        if keys != every:
            missing = ", ".join(sorted(every - keys))
            found.warn(
                "L033", f"{what}: {text[:30]} has no value for {missing}", node.key_place(text), "add it if the law has it: without it, it is unknown"
            )


def _read_key(text: str, place: Place, what: str, found: Findings) -> Key:
    if _WHOLE.fullmatch(text):
        return int(text)
    if over := _OVER.fullmatch(text):
        return Band(int(over[1]), None)
    if band := _BAND.fullmatch(text):
        low, high = int(band[1]), int(band[2])
        if low > high:
            found.problem("L021", f"{what}: the band {text} ends before it starts", place, f"write {high}-{low}")
        return Band(low, high)
    if not _CODE.fullmatch(text):
        found.problem("L021", f"{what}: {text[:40]!r} cannot be a key", place, "write a code, a whole number, a band 60-69, or 90+")
    return text


def _check_bands(node: Node, keys: Mapping[str, Key], what: str, found: Findings) -> None:
    """Report keys that mix words and numbers, and numbers that stand in two rows; warn where a number between two bands is in none."""
    numbers = [(_band(key), text) for text, key in keys.items() if not isinstance(key, str)]
    if numbers and len(numbers) < len(keys):
        word = next(text for text, key in keys.items() if isinstance(key, str))
        found.problem("L021", f"{what}: the keys mix words and numbers ({word[:30]!r})", node.key_place(word), "use one kind")
    numbers.sort(key=lambda entry: entry[0].low)
    for (lower, first), (upper, second) in pairwise(numbers):
        place = node.key_place(second)
        if lower.high is None or upper.low <= lower.high:
            found.problem("L021", f"{what}: {first} and {second} overlap", place, "a number may stand in one row only")
        elif upper.low > lower.high + 1 and (isinstance(keys[first], Band) or isinstance(keys[second], Band)):
            found.warn("L032", f"{what}: nothing between {first} and {second}", place, "close the gap if it is a slip: a number in no row is unknown")


def _band(key: Key) -> Band:
    return key if isinstance(key, Band) else Band(int(key), int(key))


def _read_brackets(node: Node, scale: str, what: str, found: Findings) -> tuple[Bracket, ...] | None:
    """The brackets of a scale by ascending threshold."""
    items = node.as_list(found, f"{what}, a scale,")
    if isinstance(node.value, list) and not items:
        found.problem("L011", f"{what} has no bracket", node.place, "write - {from: 0, rate: 0.1}")
    brackets: list[Bracket] = []
    for item in items:
        bracket = _read_bracket(item, scale, what, found)
        if bracket is None:
            continue
        if brackets and bracket.threshold <= brackets[-1].threshold:
            hint = "write the brackets by ascending 'from'"
            order = f"the bracket from {bracket.threshold} stands after the one from {brackets[-1].threshold}"
            found.problem("L022", f"{what}: {order}", item.place, hint)
        if brackets and (bracket.rate is None) != (brackets[-1].rate is None):
            found.problem("L022", f"{what} mixes rates and amounts", item.place, "use one of them in all brackets")
        brackets.append(bracket)
    return tuple(brackets)


def _read_bracket(item: Node, scale: str, what: str, found: Findings) -> Bracket | None:
    if not item.is_map(found, f"a bracket of {what}"):
        return None
    check_keys(item, found, f"a bracket of {what}", ("from",), ("rate", "amount"))
    start, rate, amount = item.get("from"), item.get("rate"), item.get("amount")
    threshold = start.as_decimal(found, f"'from' in {what}") if start else None
    if (rate is None) == (amount is None):
        found.problem("L022", f"a bracket of {what} must have a rate or an amount", item.place, "write {from: 0, rate: 0.1} or {from: 0, amount: 5}")
        return None
    if amount is not None and scale == "marginal":
        found.problem("L022", f"{what}: a marginal scale has rates, not amounts", amount.place, "write rate: …, or scale: single")
    numbers = (rate.as_decimal(found, f"a rate of {what}") if rate else None, amount.as_decimal(found, f"an amount of {what}") if amount else None)
    if threshold is None or numbers == (None, None):
        return None
    return Bracket(threshold, *numbers)
