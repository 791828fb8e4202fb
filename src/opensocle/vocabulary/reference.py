"""The reference page of the vocabulary, written from its data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from .checking import DECIMAL_LIMIT, INTEGER_LIMIT
from .loading import LABELS, labels, vocabulary
from .model import TABLES, CodeList, Fact

HEAD = f"""# The vocabulary

The facts, code lists and labels that every country has. Generated from the package's data: do not edit. To refresh it:
`python -m opensocle.vocabulary > docs/reference/vocabulary.md`.

A country adds its own facts and code lists in `country.yaml` (see [files](files.md)). *currency* stands for the currency of the country; money has
its decimals. Where no bounds are given, an integer lies within ±{INTEGER_LIMIT:,} and a decimal within ±{DECIMAL_LIMIT:,} (weights: ±999,999,999).
*none*: an empty value means that there is none, not that it is unknown. A formula derives the fact where it is not given.
*Theme*: what a condition that reads the fact is about (see [themes](#themes-of-conditions)).
"""

TABLE_TITLES = {
    "persons": "Persons",
    "households": "Households",
    "contributions": "Contributions, by month",
    "residence": "Spells of residence",
    "employment": "Spells of employment",
    "benefits_in_payment": "Benefits in payment",
    "events": "Events",
}
LABEL_TITLES = {
    "branches": "Branches",
    "guarantees": "Guarantees of the floor",
    "kinds": "Kinds of schemes",
    "contingencies": "Contingencies",
    "periodicities": "Periodicities",
    "sources": "Sources of finance",
    "series": "Series of indexation",
    "themes": "Themes of conditions",
}


def page() -> str:
    """The page in Markdown."""
    words = vocabulary()
    parts = [HEAD]
    for table in TABLES:
        parts.append(f"## {TABLE_TITLES[table]} (`{table}`)\n")
        parts.append(_rows(("fact", "type", "unit or codes", "bounds", "theme", "meaning"), map(_fact, words.tables[table].values())))
    parts.append("## Code lists\n")
    for found in sorted(words.codes.values(), key=lambda codes: codes.name):
        parts.append(_code_list(found))
    parts.append("## Labels of schemes\n")
    for kind in LABELS:
        natures = any(label.nature for label in labels(kind).values())
        heads = ("label", "meaning", "French", *(["nature", "themes"] if natures else []), "source")
        lines = [
            (f"`{label.name}`", label.title["en"], label.title["fr"], *([label.nature, ", ".join(label.themes)] if natures else []), label.source)
            for label in labels(kind).values()
        ]
        parts.append(f"### {LABEL_TITLES[kind]}\n")
        parts.append(_rows(heads, lines))
    return "\n".join(parts)


def _rows(heads: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    """A table of Markdown."""

    def rows() -> Iterator[str]:
        columns = tuple(heads)
        yield "| " + " | ".join(columns) + " |"
        yield "|" + "---|" * len(columns)
        for line in lines:
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |"

    return "\n".join(rows()) + "\n"


def _fact(fact: Fact) -> tuple[str, ...]:
    measure = f"[{fact.codes}](#{fact.codes})" if fact.codes else fact.unit_text.replace("XXX", "*currency*")
    notes = [fact.title["en"]]
    if fact.description:
        notes.append(fact.description["en"])
    if fact.formula:
        notes.append(f"`{fact.formula}`")
    kind = fact.type + (", none" if fact.none else "")
    if fact.type == "decimal" and not fact.unit.currency:
        kind += f", {fact.digits} decimals"
    return f"`{fact.name}`", kind, measure, _bounds(fact), fact.theme, ". ".join(notes)


def _bounds(fact: Fact) -> str:
    """`0 to 168`, `from 0`, or nothing where the bounds are the widest."""

    def told(bound: Decimal | None) -> str:
        wide = bound is None or abs(bound) in (INTEGER_LIMIT, DECIMAL_LIMIT, 10 ** (18 - fact.digits) - 1)
        return "" if wide else str(bound)

    low, high = told(fact.minimum), told(fact.maximum)
    return f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}" if high else ""


def _code_list(found: CodeList) -> str:
    source = f" Source: {found.source}." if found.source else ""
    head = f"### {found.name}\n\n{found.title['en']}.{source}"
    if found.name == "country":
        return f"{head} {len(found.values)} codes with the titles of CLDR.\n"
    if not found.values:
        return f"{head} Empty: the country gives its own.\n"
    standard = bool(found.standard_codes)
    heads = ("code", "meaning", "French", *(["standard"] if standard else []))
    lines = [
        (f"`{code}`", titles["en"], titles["fr"], *([found.standard_codes.get(code, "")] if standard else []))
        for code, titles in found.values.items()
    ]
    return f"{head}\n\n{_rows(heads, lines)}"
