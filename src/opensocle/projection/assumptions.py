"""A country's assumptions: read safely, checked as a whole, immutable, hashed, each figure with its source.

API: `read_assumptions(country_folder, name, law, data_root=None) -> Assumptions`; `Assumptions.with_(changes, law=None) -> Assumptions`;
`.sourced(years) -> tuple[SourcedValues, …]`; `.take_up_of(scheme, year)`, `.compliance_of(scheme, year) -> Decimal`; `.hash`; `.warnings`.
Format: docs/reference/projection.md.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import InputError, Problems, SocleError
from ..law.law import Law
from ..law.model import Place
from ..law.names import titles
from ..law.nodes import Findings, Node, check_keys, plain_data
from ..law.reading import read_file
from .changing import changed
from .checks import check_figures
from .columns import ColumnReader
from .model import Claim, Column, Demography, Homes, Macro, Pay, SourcedValues, Split, Titles, Work
from .reading import Leaf, Reader
from .sections import read_claims, read_demography, read_disability, read_group, read_homes, read_macro, read_pay, read_shares, read_work
from .series import NO_LEVELS, Levels
from .tables import Table

FOLDER = "assumptions"
DATA_ROOT = "OPENSOCLE_DATA"
"""Environment variable: the folder in which data are looked for that are not in the country's own folder."""
OF_BASE_YEAR = ("economy.gdp", "earnings.mean")
"""Paths whose value is the base year's: what the years after make of it is computed, not assumed."""
REQUIRED = ("assumptions", "title", "base_year", "horizon", "demography")
OPTIONAL = (
    "labour", "earnings", "disability", "groups", "facts", "given", "economy", "contingencies", "take_up", "compliance", "households", "notes"
)  # fmt: skip


@dataclass(frozen=True)
class Assumptions:
    """What is assumed of a country's future. Parts that a file leaves out are None or empty."""

    name: str
    title: Titles
    base_year: int
    horizon: int
    demography: Demography
    work: Work | None = None
    pay: Pay | None = None
    splits: tuple[Split, ...] = ()
    facts: tuple[Column, ...] = ()
    given: tuple[Column, ...] = ()
    macro: Macro | None = None
    claims: tuple[Claim, ...] = ()
    take_up: Mapping[str, Table] = field(default_factory=dict)
    compliance: Mapping[str, Table] = field(default_factory=dict)
    homes: Homes | None = None
    leaves: tuple[Leaf, ...] = field(default=(), repr=False)
    changes: Mapping[str, str] = field(default_factory=dict)  # who changed what, by path
    folder: Path = Path()
    data_root: Path | None = None
    law: Law | None = field(default=None, repr=False, compare=False)
    tree: Node = field(default=Node({}), repr=False, compare=False)
    warnings: tuple[Exception, ...] = field(default=(), compare=False)

    @property
    def years(self) -> tuple[int, ...]:
        """Base year to horizon."""
        return tuple(range(self.base_year, self.horizon + 1))

    @cached_property
    def hash(self) -> str:
        """SHA-256 (64 hexadecimal digits) of the content; comments, order and layout do not count. The data have their own."""
        text = json.dumps(plain_data(self.tree), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def with_(
        self, changes: Mapping[str, object], *, law: Law | None = None, source: str = "", places: Mapping[str, Place] | None = None
    ) -> Assumptions:
        """These assumptions with other values at these paths, checked again. Raises Problems.

        Values are nodes of a file, or Python's own maps, texts, whole numbers and Decimals. `law`: the reformed law, whose schemes may be named.
        `source` stands for the source of what is changed without one.
        """
        used = law or self.law
        assert used is not None
        found = Findings()
        tree = changed(self.tree, changes, found, places)
        said = {**self.changes, **{path: source or "changed by the caller" for path in changes}}
        return _build(tree, self.name, used, self.folder, self.data_root, found, said)

    def take_up_of(self, scheme: str, year: int, levels: Levels = NO_LEVELS) -> Decimal:
        """Share of those entitled who are paid; 1 where nothing is assumed."""
        return _share(self.take_up, scheme, year, levels)

    def compliance_of(self, scheme: str, year: int, levels: Levels = NO_LEVELS) -> Decimal:
        """Share of the contributions due that are paid; 1 where nothing is assumed."""
        return _share(self.compliance, scheme, year, levels)

    def sourced(self, years: Iterable[int], levels: Levels = NO_LEVELS) -> tuple[SourcedValues, ...]:
        """Every figure: one row a path and group, with its values in these years; of OF_BASE_YEAR only the base year's.

        What follows a series needs the economy's levels.
        """
        wanted = tuple(years)
        rows = []
        for leaf in self.leaves:
            for label, series in leaf.table.items():
                path = f"{leaf.path}[{label}]" if label else leaf.path
                meant = [year for year in wanted if year == self.base_year or leaf.path not in OF_BASE_YEAR]
                values = {year: series.value(year, levels) for year in meant}
                rows.append(SourcedValues(path, leaf.title, values, leaf.unit, leaf.table.source))
        return tuple(rows)

    def data_path(self, path: str) -> Path:
        """Where a data path of the assumptions is: below the country's folder, or below the data root. Raises InputError P068."""
        roots = [self.folder, *([self.data_root] if self.data_root else []), *([Path(os.environ[DATA_ROOT])] if os.environ.get(DATA_ROOT) else [])]
        for root in roots:
            if (root / path).exists():
                return root / path
        hint = f"pass data_root, or set {DATA_ROOT} to the folder that holds it"
        raise InputError("P068", f"there are no data at {path!r}", at=f"{FOLDER}/{self.name}.yaml", hint=hint)


def distinct(problems: Iterable[SocleError]) -> list[SocleError]:
    """Each problem once, in order."""
    return list({(problem.at, problem.what): problem for problem in problems}.values())


def _share(shares: Mapping[str, Table], scheme: str, year: int, levels: Levels) -> Decimal:
    table = shares.get(scheme)
    return table.rows[()].value(year, levels) if table else Decimal(1)


def read_assumptions(country_folder: str | Path, name: str, law: Law, data_root: str | Path | None = None) -> Assumptions:
    """The assumptions of `assumptions/<name>.yaml`. Raises Problems with everything that is wrong with them.

    data_root: where data are looked for that the country's folder does not hold; else the environment variable OPENSOCLE_DATA.
    """
    folder, found = Path(country_folder), Findings()
    root = Path(data_root) if data_root is not None else None
    file = f"{FOLDER}/{name}.yaml"
    node = read_file(folder / file, file, found, inside=folder)
    if node is None:
        raise Problems(found.problems)
    return _build(node, name, law, folder, root, found, {})


def _build(node: Node, name: str, law: Law, folder: Path, root: Path | None, found: Findings, said: Mapping[str, str]) -> Assumptions:
    """Typed data of a tree. Raises Problems."""
    reader = Reader(found, law, said)
    read = _read(node, name, reader) if node.is_map(found, f"{FOLDER}/{name}.yaml") else None
    if found.problems or read is None:
        raise Problems(distinct(found.problems))
    parts: dict[str, Any] = read | {"folder": folder, "data_root": root, "law": law, "tree": node, "leaves": tuple(reader.leaves), "changes": said}
    made = Assumptions(**parts)
    check_figures(made, reader)
    if found.problems:
        raise Problems(distinct(found.problems))
    object.__setattr__(made, "warnings", tuple(found.warnings))
    return made


def _read(node: Node, name: str, reader: Reader) -> dict[str, Any] | None:
    found = reader.found
    check_keys(node, found, f"{FOLDER}/{name}.yaml", REQUIRED, OPTIONAL)
    heading = node.get("assumptions")
    if heading is not None and heading.text != name:
        reader.problem("L018", f"the assumptions are called {heading.shown}, the file {name}.yaml", heading.place, "give both the same name")
    base, last = (reader.year(child, key) if (child := node.get(key)) else None for key in ("base_year", "horizon"))
    if base and last and last < base:
        reader.problem("P068", f"the horizon {last} is before the base year {base}", node.map["horizon"].place, "write a later year")
    parts: dict[str, Any] = {
        "name": name,
        "title": titles(node.get("title"), found, reader.law.country.languages, "title"),
        "base_year": base,
        "horizon": last,
    }
    demography = node.get("demography")
    parts["demography"] = read_demography(demography, reader) if demography else None
    parts |= _people(node, reader)
    economy, claims, homes = node.get("economy"), node.get("contingencies"), node.get("households")
    parts["macro"] = read_macro(economy, reader) if economy else None
    parts["claims"] = read_claims(claims, reader) if claims else ()
    parts["homes"] = read_homes(homes, reader) if homes else None
    for section in ("take_up", "compliance"):
        child = node.get(section)
        parts[section] = read_shares(child, section, reader) if child else {}
    return parts if base and last and parts["demography"] else None


def _people(node: Node, reader: Reader) -> dict[str, Any]:
    """Labour, earnings, and the divisions of the people: disability, groups, insured."""
    labour, earnings, disability, groups = (node.get(key) for key in ("labour", "earnings", "disability", "groups"))
    work, insured = read_work(labour, reader) if labour else (None, None)
    splits = [insured, read_disability(disability, reader) if disability else None]
    for name, child in (groups.as_map(reader.found, "groups") if groups else {}).items():
        splits.append(read_group(name, child, reader, f"groups.{name}"))
    columns = ColumnReader(reader)
    return {
        "work": work,
        "pay": read_pay(earnings, reader) if earnings else None,
        "splits": tuple(split for split in splits if split),
        "facts": columns.facts(node.get("facts"), "facts"),
        "given": columns.given(node.get("given"), "given"),
    }
