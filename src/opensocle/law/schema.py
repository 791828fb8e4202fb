"""JSON Schemas (2020-12) of the files of a country, so that editors complete words and mark slips while one types.

They describe the form of the files as YAML 1.2 reads them (dates are texts). The loader checks more: formulas, sums, order, names.
"""

from __future__ import annotations

from typing import Any

from ..errors import InputError, nearest
from ..vocabulary import TABLES, TYPES, labels
from .figures import TYPES as PARAMETER_TYPES
from .schemes import PROCEDURE
from .schemes import TYPES as VARIABLE_TYPES

KINDS = ("scheme", "concepts", "country", "cases", "overlay")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
DATE = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
NAME = r"^[a-z][a-z0-9_]{0,62}$"

Schema = dict[str, Any]


def schema(kind: str) -> Schema:
    """The schema of a kind of file: scheme, concepts, country, cases or overlay. Raises InputError P023 for another."""
    makers = {"scheme": scheme_schema, "concepts": concepts_schema, "country": country_schema, "cases": cases_schema, "overlay": overlay_schema}
    if kind not in makers:
        raise InputError("P023", f"{kind!r} is not a kind of file", hint=nearest(kind, KINDS))
    return makers[kind]()


def scheme_schema() -> Schema:
    """The schema of schemes/*.yaml."""
    required = ["scheme", "title", "branch", "kind", "unit", "from", "legal"]
    return _document("A scheme", _object(_scheme_keys(), required, "One benefit or contribution of the law"))


def concepts_schema() -> Schema:
    """The schema of concepts.yaml."""
    return _document("Concepts", _object(_concept_keys(), [], "Figures and formulas that several schemes share"))


def overlay_schema() -> Schema:
    """The schema of an overlay: every key may be left out, and null removes it."""
    scheme = _partial(_object(_scheme_keys(), [], "What changes in a scheme, or a whole new scheme; null repeals it"))
    keys: Schema = {
        "overlay": _name("Name of the reform"),
        "title": _ref("titles"),
        "notes": _ref("titles"),
        "schemes": _map(_or_null(scheme), NAME, "Schemes by name"),
        "concepts": _partial(_object(_concept_keys(), [], "What changes in the concepts")),
    }
    document = _document("A reform", _object(keys, ["overlay"], "Only what changes: maps are merged key by key"))
    for name in ("parameter", "variable", "dated_values", "index", "rounding", "finance"):
        document["$defs"][name] = _partial(document["$defs"][name])
    return document


def country_schema() -> Schema:
    """The schema of country.yaml."""
    codes = _object(
        {"title": _ref("titles"), "source": _text("The standard that it follows"), "values": _map(_ref("titles"), None, "Titles by code")},
        ["values"],
        "A code list that the country adds or replaces",
    )
    fact = _object(
        {
            "type": {"enum": list(TYPES)},
            "unit": _ref("unit"),
            "codes": _text("Name of a code list"),
            "minimum": {"type": "number"},
            "maximum": {"type": "number"},
            "digits": {"type": "integer", "minimum": 0, "maximum": 6, "description": "Decimals"},
            "none": {"type": "boolean", "description": "Whether null means that there is none, rather than unknown"},
            "formula": _ref("formula"),
            "theme": _label("themes", "What a condition that reads the fact is about"),
            "title": _ref("titles"),
            "description": _ref("titles"),
        },
        ["title"],
        "A fact that the country adds to the vocabulary",
    )
    keys = {
        "country": {"type": "string", "pattern": "^[A-Z]{2}$", "description": "ISO 3166-1 alpha-2, or XA to XZ"},
        "title": _ref("titles"),
        "currency": _currency(),
        "languages": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?$"}, "minItems": 1},
        "birthday_29_february": {"enum": ["march_1", "february_28"], "description": "Birthday in other years of those born on 29 February"},
        "codes": _map(codes, NAME, "Code lists by name"),
        "variables": _object({table: _map(fact, NAME, f"Facts of the table {table}") for table in TABLES}, [], "Facts by table"),
    }
    return _document("A country", _object(keys, ["country", "title", "currency"], "The heading of a country's folder"))


def _currency() -> Schema:
    return _object(
        {
            "code": {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217"},
            "digits": {"type": "integer", "minimum": 0, "maximum": 4, "description": "Decimals, for a code that ISO 4217 does not list"},
            "title": _ref("titles"),
        },
        ["code"],
        "The currency of all amounts",
    )


def cases_schema() -> Schema:
    """The schema of cases/*.yaml."""
    facts = _map({"type": ["string", "number", "boolean", "null"]}, None, "Facts by name")
    rows = {"type": "array", "items": facts, "description": "Rows, oldest first; until is exclusive"}
    expected = {"type": ["string", "number", "boolean"], "description": "A value, arithmetic on numbers, or unknown"}
    histories = {table: {"anyOf": [_map(rows, None, "Rows by member"), rows]} for table in TABLES[2:]}
    keys: Schema = {
        "case": _text("The situation, in a sentence"),
        "scheme": _name("The scheme whose variables are expected by their bare names"),
        "source": _ref("text"),
        "period": {"type": "string", "pattern": MONTH, "description": "The month"},
        "person": {"anyOf": [facts, {"type": "null"}]},
        "assumed": _map({"anyOf": [facts, *_scalars()]}, None, "Facts that the source does not state; by member where there are members"),
        "household": {"anyOf": [facts, {"type": "null"}]},
        "members": _map({"anyOf": [facts, {"type": "null"}]}, NAME, "Facts by member"),
        **histories,
        "expect": _map({"anyOf": [expected, _map(expected, None, "Expected values by variable")]}, None, "Expected values, or these by member"),
        "margin": {"type": "number", "minimum": 0, "description": "What a number may differ by"},
        "notes": _ref("text"),
    }
    file_keys: Schema = {
        "scheme": _name("The scheme of all cases of the file"),
        "source": _ref("text"),
        "notes": _ref("text"),
        "cases": {"type": "array", "items": _object(keys, ["case", "period", "expect"], "A worked case")},
    }
    return _document("Worked cases", _object(file_keys, ["cases"], "Situations and what the law gives in them"))


def _scheme_keys() -> Schema:
    return {
        "scheme": _name("The name of the file, without .yaml"),
        "title": _ref("titles"),
        "branch": _label("branches", "Branch"),
        "guarantee": _label("guarantees", "Guarantee of the social protection floor; left out where the scheme is no part of it"),
        "kind": _label("kinds", "Kind of scheme"),
        "contingency": _label("contingencies", "What gives rise to the right: a state or an event"),
        "unit": {"enum": ["person", "household"], "description": "What a right belongs to"},
        "paid": _label("periodicities", "How often a benefit is paid"),
        "from": _date("The first day in force"),
        "until": _date("The first day no longer in force"),
        "as_of": {"enum": ["first_day", "last_day"], "description": "The day of the month on which facts are looked at"},
        "legal": {"type": "array", "items": _article(), "minItems": 1, "description": "Legal basis"},
        "finance": _ref("finance"),
        "procedure": _ref("procedure"),
        "notes": _ref("titles"),
        **_contents("variable"),
    }


def _concept_keys() -> Schema:
    return {
        "title": _ref("titles"),
        "from": _date("The first day in force"),
        "until": _date("The first day no longer in force"),
        "notes": _ref("titles"),
        **_contents("variable"),
    }


def _contents(variable: str) -> Schema:
    return {
        "parameters": _map(_ref("parameter"), NAME, "Figures of the law, by name"),
        "variables": _map(_ref(variable), NAME, "Rules, by name"),
    }


def _document(title: str, content: Schema) -> Schema:
    return {"$schema": DIALECT, "title": title, **content, "$defs": _definitions()}


def _definitions() -> Schema:
    titles = {"type": "object", "additionalProperties": {"type": ["string", "number"]}, "minProperties": 1, "description": "A text in each language"}
    return {
        "titles": titles,
        "text": {"type": ["string", "number"]},
        "unit": {"type": "string", "description": "XMU/month, year, day, month, rate, percent, person …"},
        "formula": {"type": ["string", "number", "boolean"], "description": "One expression of the formula language"},
        "source": {"type": "string", "minLength": 1, "description": "The act and article"},
        "dated_values": _map(_value(), DATE, "Values by the date from which they hold; null from a date on which the figure is repealed"),
        "parameter": _parameter(),
        "variable": _variable(),
        "index": _index(),
        "rounding": _rounding(),
        "finance": _finance(),
        "procedure": _procedure(),
    }


def _value() -> Schema:
    cell = {"type": "number"}
    bracket = _object({"from": cell, "rate": cell, "amount": cell}, ["from"], "From a threshold on: a rate or an amount")
    table = {"type": "object", "additionalProperties": {"anyOf": [cell, {"type": "object", "additionalProperties": cell}]}, "minProperties": 1}
    return {"anyOf": [*_scalars(), table, {"type": "array", "items": bracket, "minItems": 1}]}


def _parameter() -> Schema:
    key = {"type": "string"}
    keys = {
        "title": _ref("titles"),
        "type": {"enum": list(PARAMETER_TYPES), "description": "Left out for numbers"},
        "unit": _ref("unit"),
        "values": _ref("dated_values"),
        "until": _date("The first day without a value"),
        "by": {
            "anyOf": [key, {"type": "array", "items": key, "minItems": 1, "maxItems": 2}],
            "description": "A table's keys: variables or code lists",
        },
        "scale": {"enum": ["marginal", "single"], "description": "marginal: each slice at its rate; single: the whole at its bracket's"},
        "of": _ref("unit"),
        "index": _ref("index"),
        "source": _ref("source"),
        "notes": _ref("titles"),
    }
    return _object(keys, ["values", "source"], "A figure of the law over time")


def _variable() -> Schema:
    formulas = {"anyOf": [_ref("formula"), _map(_ref("formula"), DATE, "Formulas by the date from which they hold")]}
    keys = {
        "title": _ref("titles"),
        "type": {"enum": list(VARIABLE_TYPES), "description": "May be left out where the unit has a currency"},
        "unit": _ref("unit"),
        "of": {"enum": ["person", "household"], "description": "Whose it is, where that differs from the scheme's unit"},
        "formula": formulas,
        "rounding": _ref("rounding"),
        "source": _ref("text"),
        "notes": _ref("titles"),
    }
    return _object(keys, ["formula"], "A step on the way to a right; reserved names say what other parts of the program use")


def _index() -> Schema:
    keys = {
        "by": _label("series", "The series that it follows past its last date"),
        "every": {"enum": ["year", "month"]},
        "month": {"type": "integer", "minimum": 1, "maximum": 12},
    }
    return _object(keys, ["by"], "How the figure moves past its last enacted date")


def _rounding() -> Schema:
    keys = {"to": {"type": "number", "exclusiveMinimum": 0}, "way": {"enum": ["nearest", "up", "down"]}, "source": _ref("source")}
    return _object(keys, ["to", "way", "source"], "How the law rounds, and the article that says so")


def _finance() -> Schema:
    share = {"type": "number", "minimum": 0, "maximum": 1}
    names = labels("sources")
    described = {name: {**share, "description": label.title["en"]} for name, label in names.items()}
    sources = _object(described, [], "Shares that add up to 1")
    administration = _object({"rate": share, "of": {"enum": ["benefits", "gross_expenditure"]}}, ["rate", "of"], "What administration costs")
    return _object({"sources": sources, "administration": administration}, ["sources"], "Who pays")


def _procedure() -> Schema:
    said = {
        "officers": "Officers who decide: 0 automatic, 2 four eyes",
        "answer": "Days within which a claim is decided",
        "reconsideration": "Days within which reconsideration may be asked for",
        "appeal": "Days within which an appeal may be brought",
        "review": "Months after which a right is looked at again",
    }
    bounds = {name: {"type": "integer", "minimum": low, "maximum": high} for name, (low, high) in PROCEDURE.items()}
    keys = {name: {**bounds[name], "description": text} for name, text in said.items()}
    return _object({**keys, "source": _ref("source")}, ["source"], "How a claim is decided and contested")


def _article() -> Schema:
    keys = {"act": _ref("text"), "articles": _ref("text"), "url": {"type": "string", "pattern": "^https?://"}}
    return _object(keys, ["act"], "An act and its articles")


def _label(kind: str, description: str) -> Schema:
    known = labels(kind)
    return {"description": description, "oneOf": [{"const": name, "title": label.title["en"]} for name, label in known.items()]}


def _object(keys: Schema, required: list[str], description: str) -> Schema:
    made: Schema = {"type": "object", "description": description, "properties": keys, "additionalProperties": False}
    return {**made, "required": required} if required else made


def _map(values: Schema, names: str | None, description: str) -> Schema:
    made: Schema = {"type": "object", "description": description, "additionalProperties": values}
    return {**made, "propertyNames": {"pattern": names}} if names else made


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _text(description: str) -> Schema:
    return {"type": "string", "minLength": 1, "description": description}


def _name(description: str) -> Schema:
    return {"type": "string", "pattern": NAME, "description": description}


def _date(description: str) -> Schema:
    return {"type": "string", "pattern": DATE, "description": description}


def _scalars() -> list[Schema]:
    return [{"type": ["number", "string", "boolean", "null"]}]


def _or_null(made: Schema) -> Schema:
    return {"anyOf": [made, {"type": "null"}]}


def _partial(made: Schema) -> Schema:
    """The schema of a change: nothing is required, and null removes a key."""
    changed = {key: value for key, value in made.items() if key not in ("required", "minProperties")}
    if "properties" in changed:
        changed["properties"] = {key: _or_null(_partial(value)) for key, value in changed["properties"].items()}
    if isinstance(changed.get("additionalProperties"), dict):
        changed["additionalProperties"] = _or_null(_partial(changed["additionalProperties"]))
    return changed
