"""The vocabulary of a country: the package's own facts, code lists and labels, with what the country adds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import InputError, Problems, nearest
from . import iso
from .checking import Checker, check_currency
from .model import TABLES, CodeList, Fact, Label, Titles, Vocabulary

DATA = Path(__file__).parent / "data"
LABELS = ("branches", "guarantees", "kinds", "contingencies", "periodicities", "sources", "series", "themes")
CLOSED = ("branch", "event")
"""Code lists made of labels: a country cannot replace them."""

Plain = Mapping[str, Any]
NOTHING: Plain = MappingProxyType({})


def vocabulary(
    currency: str = "XXX",
    currency_digits: int | None = None,
    codes: Plain = NOTHING,
    variables: Plain = NOTHING,
) -> Vocabulary:
    """All facts and code lists, with the `codes` and `variables` of a country.yaml as plain data.

    currency_digits: by default those of ISO 4217, or 2 for a currency that it does not list. A code list replaces one of the same name
    (`country` is added to; `branch` and `event` are closed); a variable of the same name keeps what the country does not say.
    Raises Problems with every InputError; `at` is the path in the file: `variables.persons.plot_size.unit`.
    """
    digits = currency_digits
    if digits is None:
        digits = iso.currency_digits(currency) if isinstance(currency, str) else None
        digits = 2 if digits is None else digits
    problems = check_currency(currency, digits)
    if problems:
        raise Problems(problems)
    base = _base(currency, digits)
    if not codes and not variables:
        return base
    checker = Checker(currency, digits, tuple(_labels()["themes"]))
    lists = {**base.codes, **_add_codes(checker, codes)}
    tables = _add_variables(checker, variables, base, lists)
    if checker.problems:
        raise Problems(checker.problems)
    return Vocabulary(tables, lists, currency, digits)


def labels(kind: str) -> Mapping[str, Label]:
    """A closed list: one of LABELS, in its own order. Raises InputError P008."""
    known = _labels()
    if kind not in known:
        raise InputError("P008", f"{kind!r} is not a list of labels", hint=nearest(kind, LABELS))
    return known[kind]


@cache
def _read(name: str) -> dict[str, Any]:
    """A data file of this package; never for files of others."""
    import yaml

    with (DATA / name).open("rb") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def _labels() -> dict[str, dict[str, Label]]:
    return {
        kind: {
            name: Label(name, {k: entry[k] for k in ("en", "fr")}, entry.get("source", ""), entry.get("nature", ""), tuple(entry.get("themes", ())))
            for name, entry in _read("labels.yaml")[kind].items()
        }
        for kind in LABELS
    }


@cache
def _base_codes() -> dict[str, CodeList]:
    """The package's lists, then those made of ISO codes and of labels."""
    checker = Checker("XXX", 2)
    lists = {name: checker.code_list(name, entry) for name, entry in _read("codes.yaml").items()}
    if checker.problems:
        raise Problems(checker.problems)
    known = {name: found for name, found in lists.items() if found}
    known["country"] = CodeList("country", {"en": "Country", "fr": "Pays"}, iso.CountryNames(), "ISO 3166-1 alpha-2, with XA to XZ for users")
    branches, contingencies = _labels()["branches"], _labels()["contingencies"]
    events = {name: label for name, label in contingencies.items() if label.nature == "event"}
    known["branch"] = _from_labels("branch", {"en": "Branch", "fr": "Branche"}, branches)
    known["event"] = _from_labels("event", {"en": "Contingency that is an event", "fr": "Éventualité qui est un événement"}, events)
    return known


def _from_labels(name: str, title: Titles, found: Mapping[str, Label]) -> CodeList:
    sources = {key: label.source for key, label in found.items() if label.source}
    return CodeList(name, title, {key: label.title for key, label in found.items()}, standard_codes=sources)


@lru_cache(maxsize=32)
def _base(currency: str, digits: int) -> Vocabulary:
    """The vocabulary without additions, in a currency."""
    checker, lists = Checker(currency, digits, tuple(_labels()["themes"])), _base_codes()
    tables: dict[str, dict[str, Fact]] = {}
    for table in TABLES:
        facts = {name: checker.fact(table, name, entry, lists) for name, entry in _read("facts.yaml")[table].items()}
        tables[table] = {name: fact for name, fact in facts.items() if fact}
    if checker.problems:
        raise Problems(checker.problems)
    return Vocabulary(tables, lists, currency, digits)


def _add_codes(checker: Checker, codes: object) -> dict[str, CodeList]:
    """The code lists of a country."""
    added: dict[str, CodeList] = {}
    for name, entry in checker.mapping(codes, "codes").items():
        at = f"codes.{name}"
        if name in CLOSED:
            checker.problem("P019", f"the list {name!r} is closed", at, "add a list of another name")
        elif name == "country":
            found = checker.code_list(name, {"title": {"en": "Country", "fr": "Pays"}} | checker.mapping(entry, at))
            if found:
                added[name] = CodeList(name, found.title, iso.CountryNames(found.values), _base_codes()[name].source)
        elif checker.name(name, at):
            title = _base_codes()[name].title if name in _base_codes() else None
            entry = checker.mapping(entry, at)
            found = checker.code_list(name, {"title": title} | entry if title else entry)
            if found:
                added[name] = found
    return added


def _add_variables(checker: Checker, variables: object, base: Vocabulary, lists: Mapping[str, CodeList]) -> dict[str, dict[str, Fact]]:
    """The tables with the variables of a country."""
    tables = {table: dict(facts) for table, facts in base.tables.items()}
    for table, entries in checker.mapping(variables, "variables").items():
        if table not in tables:
            checker.problem("P011", f"{table!r} is not a table", f"variables.{table}", nearest(str(table), TABLES))
            continue
        for name, entry in checker.mapping(entries, f"variables.{table}").items():
            at = f"variables.{table}.{name}"
            if not checker.name(name, at):
                continue
            entry = checker.mapping(entry, at)
            old = base.tables[table].get(name)
            fact = checker.fact(table, name, {**_read("facts.yaml")[table][name], **entry} if old else entry, lists)
            if fact and (not old or checker.same(old, fact, at)):
                tables[table][name] = fact
    return tables
