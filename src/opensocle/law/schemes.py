"""Reads a scheme, or the concepts: the labels, the legal basis, the finance and the variables with their dated formulas."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast

from ..errors import nearest
from ..money import Rounding
from .figures import read_parameters
from .model import AMOUNTS, RESERVED, Article, DatedFormula, Finance, Parameter, Place, Procedure, Scheme, Variable
from .names import Context, check_name, known, read_span, read_unit, titles
from .nodes import Findings, Node, check_keys, read_date
from .words import LONGEST

TYPES = ("boolean", "integer", "decimal", "money", "rate", "date", "month", "text", "code")
REQUIRED = ("title", "branch", "kind", "from", "legal", "unit")
OPTIONAL = ("guarantee", "contingency", "paid", "until", "as_of", "finance", "procedure", "notes", "parameters", "variables")
VARIABLE_KEYS = ("type", "unit", "of", "rounding", "source", "title", "notes")
CLOSED = {"branch": "branches", "guarantee": "guarantees", "kind": "kinds", "contingency": "contingencies", "paid": "periodicities"}

PROCEDURE = {"officers": (0, 2), "answer": (1, 365), "reconsideration": (1, 365), "appeal": (1, 730), "review": (1, 120)}

Entity = Literal["person", "household"]


def read_scheme(name: str, node: Node, context: Context, place: Place | None = None) -> Scheme | None:
    """A scheme of a country; None where it is not even a map. `place` is where its name stands, if that is not the node's place."""
    found = context.found
    if not isinstance(node.value, dict):
        found.problem("L012", f"scheme {name!r} must be a map, not {node.shape}", node.place, "start with title: …")
        return None
    place = place or node.place
    what = f"scheme {name!r}"
    check_name(name, place, found, "a scheme")
    check_keys(node, found, what, REQUIRED, OPTIONAL)
    unit = _choice(node, "unit", ("person", "household"), found, what) or "person"
    parameters, variables = _contents(node, context, cast("Entity", unit))
    _check_reserved(node, variables, found, what, place)
    since, until = read_span(node, found)
    return Scheme(
        name=name,
        title=titles(node.get("title"), found, context.languages, f"title of {what}"),
        parameters=parameters,
        variables=variables,
        since=since or date.min,
        until=until,
        unit=cast("Entity", unit),
        as_of=cast('Literal["first_day", "last_day"]', _choice(node, "as_of", ("first_day", "last_day"), found, what) or "first_day"),
        legal=_read_legal(node.get("legal"), found, what),
        finance=_read_finance(node.get("finance"), found, what),
        procedure=_read_procedure(node.get("procedure"), found, what),
        notes=titles(node.get("notes"), found, context.languages, f"notes of {what}"),
        place=place,
        **_labels(node, found, what),
    )


def read_concepts(node: Node | None, context: Context) -> Scheme:
    """The formulas and figures that several schemes share, as a scheme named `concepts`."""
    found = context.found
    node = node or Node({}, Place("concepts.yaml"))
    if not isinstance(node.value, dict):
        found.problem("L012", f"the concepts must be a map, not {node.shape}", node.place, "write parameters: and variables:")
    check_keys(node, found, "concepts.yaml", (), ("title", "from", "until", "notes", "parameters", "variables"))
    parameters, variables = _contents(node, context, None)
    for name, variable in variables.items():
        if name in RESERVED:
            found.problem("L017", f"{name!r} cannot be a concept: it is reserved for schemes", variable.place, "choose another name")
    since, until = read_span(node, found)
    title = titles(node.get("title"), found, context.languages, "title of the concepts")
    notes = titles(node.get("notes"), found, context.languages, "notes of the concepts")
    return Scheme("concepts", title, parameters, variables, since=since or date.min, until=until, notes=notes, place=node.place)


def _labels(node: Node, found: Findings, what: str) -> dict[str, Any]:
    """The labels with closed lists: branch, guarantee, kind, contingency, paid."""
    values: dict[str, Any] = {key: _choice(node, key, known(kind), found, what) for key, kind in CLOSED.items()}
    for key in ("branch", "kind", "contingency"):
        values[key] = values[key] or ""
    values["paid"] = values["paid"] or "monthly"
    return values


def _choice(node: Node, key: str, words: Collection[str], found: Findings, what: str) -> str | None:
    child = node.get(key)
    return child.as_choice(found, f"{key!r} of {what}", words) if child else None


def _check_reserved(node: Node, variables: Mapping[str, Variable], found: Findings, what: str, place: Place) -> None:
    if not set(variables) & (set(RESERVED) - {"duration"}):
        found.problem("L025", f"{what} gives nothing: no variable has a reserved name", place, f"name one of them {', '.join(RESERVED)}")
    pays = "benefit" in variables or "eligible" in variables
    for key in ("contingency", "paid"):
        if pays and node.get(key) is None:
            found.problem("L011", f"{what} has a benefit but no {key!r}", place, f"add {key}: one of {', '.join(known(CLOSED[key]))}")
    for name, variable in variables.items():
        if name == "eligible" and variable.type not in (None, "boolean"):
            found.problem("L026", f"'eligible' of {what} must be boolean, not {variable.type}", variable.place, "write type: boolean")
        if name in AMOUNTS and (variable.type not in (None, "money") or (variable.unit is not None and variable.unit.currency is None)):
            found.problem("L026", f"{name!r} of {what} must be money", variable.place, "give it a unit with the currency, and leave out 'type'")


def _contents(node: Node, context: Context, unit: Entity | None) -> tuple[dict[str, Parameter], dict[str, Variable]]:
    found = context.found
    parameters = read_parameters(node.get("parameters"), context)
    variables: dict[str, Variable] = {}
    block = node.get("variables")
    if block is not None:
        for name, child in block.as_map(found, "'variables'").items():
            place = block.key_place(name)
            check_name(name, place, found, "a variable")
            if name in parameters:
                found.problem("L017", f"{name!r} is a parameter and a variable", place, "rename one of them")
            variable = _read_variable(name, child, place, context, unit)
            if variable is not None:
                variables[name] = variable
    return parameters, variables


def _read_variable(name: str, node: Node, place: Place, context: Context, unit: Entity | None) -> Variable | None:
    found = context.found
    what = f"variable {name!r}"
    if not node.is_map(found, what):
        return None
    check_keys(node, found, what, ("formula",) if unit else ("formula", "of"), VARIABLE_KEYS)
    of_node, unit_node, type_node, source = (node.get(key) for key in ("of", "unit", "type", "source"))
    entity = of_node.as_choice(found, f"'of' of {what}", ("person", "household")) if of_node else unit
    kind = type_node.as_choice(found, f"the type of {what}", TYPES) if type_node else None
    measure, unit_text = read_unit(unit_node, context, what)
    if kind == "money" and measure.currency is None:
        found.problem("L019", f"{what} is money, but its unit has no currency", place, "write unit: XMU/month, with the country's currency")
    if unit_node and kind in ("boolean", "date", "month", "text", "code"):
        found.problem("L019", f"{what}: a value of type {kind} has no unit", unit_node.place, "leave out 'unit'")
    return Variable(
        name=name,
        type=kind,
        unit=measure if unit_node else None,
        formulas=_read_formulas(node.get("formula"), found, what),
        entity=cast("Entity", entity or "person"),
        source=(source.as_text(found, f"the source of {what}") or "") if source else "",
        rounding=_read_rounding(node.get("rounding"), found, what),
        title=titles(node.get("title"), found, context.languages, f"title of {what}"),
        unit_text=unit_text,
        place=place,
    )


def _read_formulas(node: Node | None, found: Findings, what: str) -> tuple[DatedFormula, ...]:
    if node is None:
        return ()
    if not isinstance(node.value, dict):
        text = _formula_text(node, found, what)
        return (DatedFormula(date.min, text, node.place),) if text else ()
    formulas = []
    if not node.map:
        found.problem("L011", f"{what} has no formula", node.place, 'write formula: {2024-01-01: "…"}')
    for day, child in node.map.items():
        since = read_date(day, node.key_place(day), found, f"a date of {what}")
        text = _formula_text(child, found, f"{what} from {day[:20]}")
        if since is not None and text:
            formulas.append(DatedFormula(since, text, child.place))
    return tuple(sorted(formulas, key=lambda formula: formula.since))


def _formula_text(node: Node, found: Findings, what: str) -> str | None:
    """The formula as written, so that an offset in it is an offset in the file; a problem and None where there is none."""
    if not isinstance(node.value, str) or node.is_null or not node.text.strip():
        found.problem("L012", f"the formula of {what} must be a text, not {node.shape}", node.place, "write one expression")
        return None
    if len(node.text) > LONGEST:
        found.problem("L012", f"the formula of {what} is longer than {LONGEST} characters", node.place, "name its parts as variables of their own")
        return None
    return node.text.rstrip()


def _read_rounding(node: Node | None, found: Findings, what: str) -> Rounding | None:
    if node is None:
        return None
    if not node.is_map(found, f"the rounding of {what}"):
        return None
    check_keys(node, found, f"the rounding of {what}", ("to", "way"), ("source",))
    to_node, way_node, source_node = node.get("to"), node.get("way"), node.get("source")
    to = to_node.as_decimal(found, f"'to' of the rounding of {what}") if to_node else None
    way = way_node.as_choice(found, f"'way' of the rounding of {what}", ("nearest", "up", "down")) if way_node else None
    if to_node and to is not None and to <= 0:
        found.problem("L013", f"{what} is rounded to {to}", to_node.place, "write the smallest step, such as 1 or 0.05")
        to = None
    if source_node is None:
        found.problem("L014", f"the rounding of {what} has no source", node.place, "add source: the article that orders it")
    source = (source_node.as_text(found, f"the source of the rounding of {what}") or "") if source_node else ""
    return Rounding(to, cast('Literal["nearest", "up", "down"]', way), source) if to is not None and way else None


def _read_legal(node: Node | None, found: Findings, what: str) -> tuple[Article, ...]:
    if node is None:
        return ()
    articles = []
    for item in node.as_list(found, f"'legal' of {what}"):
        if not item.is_map(found, f"a legal basis of {what}"):
            continue
        check_keys(item, found, f"a legal basis of {what}", ("act",), ("articles", "url"))
        keys = {key: child for key in ("act", "articles", "url") if (child := item.get(key))}
        texts = {key: child.as_text(found, f"{key!r} of a legal basis of {what}") or "" for key, child in keys.items()}
        url = texts.get("url", "")
        if url and not url.startswith(("https://", "http://")):
            found.problem("L012", f"the url of a legal basis of {what} is {url[:60]!r}", item.map["url"].place, "write https://…")
            texts["url"] = ""
        articles.append(Article(**{"act": "", **texts}))
    if isinstance(node.value, list) and not node.items:
        found.problem("L011", f"{what} has no legal basis", node.place, 'write legal: [{act: "Act 12/2023", articles: "4-7"}]')
    return tuple(articles)


def _read_finance(node: Node | None, found: Findings, what: str) -> Finance | None:
    if node is None or not node.is_map(found, f"'finance' of {what}"):
        return None
    check_keys(node, found, f"'finance' of {what}", ("sources",), ("administration",))
    sources = node.get("sources")
    shares = _read_shares(sources, found, what) if sources else {}
    administration = node.get("administration")
    if administration is None or not administration.is_map(found, f"the administration of {what}"):
        return Finance(shares)
    check_keys(administration, found, f"the administration of {what}", ("rate", "of"))
    rate_node = administration.get("rate")
    rate = _fraction(rate_node, found, f"the administration rate of {what}") if rate_node else None
    base = _choice(administration, "of", ("benefits", "gross_expenditure"), found, f"the administration of {what}")
    return Finance(shares, rate, cast('Literal["benefits", "gross_expenditure"] | None', base))


def _read_procedure(node: Node | None, found: Findings, what: str) -> Procedure:
    if node is None or not node.is_map(found, f"'procedure' of {what}"):
        return Procedure()
    check_keys(node, found, f"'procedure' of {what}", ("source",), tuple(PROCEDURE))
    said: dict[str, Any] = {}
    for name, (low, high) in PROCEDURE.items():
        child = node.get(name)
        number = child.as_integer(found, f"{name!r} in the procedure of {what}", low, high) if child else None
        if number is not None:
            said[name] = number
    source = node.get("source")
    return Procedure(**said, source=(source.as_text(found, f"the source of the procedure of {what}") or "") if source else "")


def _read_shares(node: Node, found: Findings, what: str) -> dict[str, Decimal]:
    """The share of each source of finance; a problem where they do not add up to 1."""
    names, shares, whole = known("sources"), {}, True
    for name, child in node.as_map(found, f"the sources of {what}").items():
        if name not in names:
            found.problem("L015", f"{name[:60]!r} is no source of finance ({what})", node.key_place(name), nearest(name, names))
        share = _fraction(child, found, f"the share of {name[:60]}")
        whole = whole and share is not None
        if share is not None:
            shares[name] = share
    if whole and isinstance(node.value, dict) and sum(shares.values()) != 1:
        found.problem("L020", f"the sources of {what} add up to {sum(shares.values(), Decimal(0))}, not 1", node.place, "mend the shares")
    return shares


def _fraction(node: Node, found: Findings, what: str) -> Decimal | None:
    number = node.as_decimal(found, what)
    if number is not None and not 0 <= number <= 1:
        found.problem("L013", f"{what} is {number}", node.place, "write a fraction: 5 % is 0.05")
        return None
    return number
