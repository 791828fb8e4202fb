"""The tree of areas in a file: code, name_en, name_fr, kind, parent."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO

from ...errors import InputError, Problems, SocleError, nearest

KINDS = ("country", "region", "district", "locality", "site")
COLUMNS = ("code", "name_en", "name_fr", "kind", "parent")


def read_areas(text: str, at: str) -> list[dict[str, str]]:
    """The rows of a CSV file of areas, parents before their parts. Raises Problems O010 with every fault."""
    reader = csv.DictReader(StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise InputError("O010", f"the columns {', '.join(missing)} are missing", at=at, hint=f"the first line is {','.join(COLUMNS)}")
    rows = [{name: (row[name] or "").strip() for name in COLUMNS} for row in reader]
    problems = [problem for line, row in enumerate(rows, start=2) for problem in _faults(row, f"{at}:{line}")]
    codes = [row["code"] for row in rows]
    problems += [InputError("O010", f"the area {code!r} stands twice", at=at) for code in sorted({c for c in codes if codes.count(c) > 1})]
    for line, row in enumerate(rows, start=2):
        if row["parent"] and row["parent"] not in codes:
            problems.append(InputError("O010", f"there is no area {row['parent']!r}", at=f"{at}:{line}", hint=nearest(row["parent"], codes)))
    if problems:
        raise Problems(problems)
    return _in_order(rows, at)


def _faults(row: Mapping[str, str], at: str) -> list[SocleError]:
    found: list[SocleError] = [InputError("O010", f"{name} is empty", at=at) for name in ("code", "name_en", "name_fr") if not row[name]]
    if row["kind"] not in KINDS:
        found.append(InputError("O010", f"there is no kind {row['kind']!r}", at=at, hint=f"write {', '.join(KINDS)}"))
    if "/" in row["code"]:
        found.append(InputError("O010", f"the code {row['code']!r} has a /", at=at))
    if (row["kind"] == "country") == bool(row["parent"]):
        found.append(InputError("O010", "a country has no parent, every other area has one", at=at))
    return found


def _in_order(rows: list[dict[str, str]], at: str) -> list[dict[str, str]]:
    done: set[str] = {""}
    found: list[dict[str, str]] = []
    while len(found) < len(rows):
        ready = [row for row in rows if row["code"] not in done and row["parent"] in done]
        if not ready:
            raise InputError("O010", "areas are parts of each other in a circle", at=at)
        found += ready
        done |= {row["code"] for row in ready}
    return found
