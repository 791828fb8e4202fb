"""A study as tables and files: Arrow tables, CSV, Parquet, JSON. Workbooks and charts are made by `publish` from the same `Impact`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError, nearest
from .labels import CONCEPTS, MEASURES
from .model import Budget, Change, Figure, Impact, Unknown

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = ("figures", "curves", "changes", "causes", "budgets", "unknown")
ENDINGS = (".csv", ".parquet", ".json")
CAUSE = (
    "scheme", "grouping", "group", "kind", "number", "text", "theme", "source", "persons", "share", "se", "low", "high", "observations", "few",
    "unknown", "among",
)  # fmt: skip


def table(impact: Impact, of: str, lang: str = "") -> pa.Table:
    """One of TABLES as an Arrow table; with a language, titles stand beside the names. Raises InputError A078."""
    import pyarrow as pa

    if of not in TABLES:
        raise InputError("A078", f"a study has no table {of!r}", hint=nearest(of, TABLES))
    made = rows(impact, of, lang)
    names = list(made[0]) if made else _names(of)
    return pa.table({name: [row[name] for row in made] for name in names})


def rows(impact: Impact, of: str, lang: str = "") -> list[dict[str, Any]]:
    """The rows of one of TABLES as plain data. An undefined number is None."""
    if of == "curves":
        return [
            {"name": one.name, "of": one.of, "scenario": one.scenario, "x": x, "y": _number(y)}
            for one in impact.curves
            for x, y in zip(one.x, one.y, strict=True)
        ]
    if of == "causes":
        return [_cause(one, lang) for one in impact.causes]
    found: Mapping[str, Sequence[Any]] = {
        "figures": impact.figures, "changes": impact.changes, "budgets": impact.budgets, "unknown": impact.unknown,
    }  # fmt: skip
    made = [{field.name: _number(getattr(one, field.name)) for field in fields(one)} for one in found[of]]
    return [row | _titles(impact, row, lang) for row in made] if lang and of == "figures" else made


def _names(of: str) -> list[str]:
    """The columns of a table without rows."""
    kinds = {"figures": Figure, "changes": Change, "budgets": Budget, "unknown": Unknown}
    if of in kinds:
        return [field.name for field in fields(kinds[of])]
    return list(CAUSE) if of == "causes" else ["name", "of", "scenario", "x", "y"]


def _number(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _cause(one: Any, lang: str) -> dict[str, Any]:
    row = {name: _number(getattr(one, name)) for name in CAUSE}
    row |= {"grouping": ", ".join(one.grouping), "group": ", ".join(str(value) for value in one.group)}
    return row | {"title": said(one.titles, lang, one.text)} if lang else row


def said(titles: Mapping[str, str], lang: str, name: str) -> str:
    """The title in a language, else in English, else the name."""
    return titles.get(lang) or titles.get("en") or name


def _titles(impact: Impact, row: Mapping[str, Any], lang: str) -> dict[str, str]:
    """What a figure's names are called."""
    groupings = {one.name: one for one in impact.groupings}
    grouping = groupings.get(row["grouping"])
    groups = {one.name: one.title for one in grouping.groups} if grouping else {}
    return {
        "measure_title": said(MEASURES.get(row["measure"], {}), lang, row["measure"]),
        "of_title": said(of_title(impact, row["measure"], row["of"]), lang, row["of"]),
        "line_title": said(impact.lines.get(row["line"], {}), lang, row["line"]),
        "scenario_title": said(impact.scenarios.get(row["scenario"], {}), lang, row["scenario"]),
        "grouping_title": said(grouping.title if grouping else {}, lang, row["grouping"]),
        "group_title": said(groups.get(row["group"], {}), lang, row["group"]),
    }


def of_title(impact: Impact, measure: str, of: str) -> Mapping[str, str]:
    """What a measure is of: an income concept, a transfer or a scenario."""
    if measure.startswith("income_"):
        return CONCEPTS.get(of, {})
    return impact.indicators.get(of, {}) if measure == "deprived" else impact.transfers.get(of, impact.scenarios.get(of, {}))


def data(impact: Impact, lang: str = "") -> dict[str, Any]:
    """Everything as plain data, for JSON."""
    return {
        "title": dict(impact.title),
        "country": impact.country,
        "currency": impact.currency,
        "period": impact.period,
        "concept": impact.concept,
        "statement": impact.statement.as_dict(),
        "scenarios": {name: dict(title) for name, title in impact.scenarios.items()},
        "transfers": {name: dict(title) for name, title in impact.transfers.items()},
        "lines": {name: dict(title) for name, title in impact.lines.items()},
        "groupings": [
            {"name": one.name, "title": dict(one.title), "unknown": one.unknown, "groups": {g.name: dict(g.title) for g in one.groups}}
            for one in impact.groupings
        ],
        "households": impact.households,
        "left_out": impact.left_out,
        "level": impact.level,
        "notes": [str(note) for note in impact.notes],
    } | {of: rows(impact, of, lang) for of in TABLES}


def write(impact: Impact, path: Path, lang: str = "") -> Path:
    """Writes the figures (.csv, .parquet) or everything (.json). Raises InputError A078 for another ending."""
    ending = check_ending(path)
    if ending == ".json":
        text = json.dumps(data(impact, lang), ensure_ascii=False, indent=1, default=_plain)
        path.write_text(text + "\n", encoding="utf-8")
        return path
    made = table(impact, "figures", lang)
    if ending == ".parquet":
        import pyarrow.parquet as pq

        pq.write_table(made.replace_schema_metadata({"opensocle": json.dumps(impact.statement.as_dict())}), path)
        return path
    from pyarrow import csv

    csv.write_csv(made, path)
    return path


def check_ending(path: Path, more: tuple[str, ...] = ()) -> str:
    """The ending of a file that can be written. Raises InputError A078. more: other endings to name to a reader."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        hint = f"end the name with {', '.join((*ENDINGS, *more))}"
        raise InputError("A078", f"a study cannot be written as {path.suffix or path.name!r}", hint=hint)
    return ending


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} has no form in JSON")
